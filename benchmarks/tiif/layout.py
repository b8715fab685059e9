"""TIIF's official layout: a folder of pictures, and of judge results, of any number of models.

    <dimension>/<model>/<short or long>_description/<line>.png
    <model>/<dimension>/<short or long>/<line>.json              below the folder of a judge

Lines are those of the prompt file that the sampler was given: what we write numbers testmini by
its own lines, everything else by the full set's.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.external import (
    ExternalAnswers,
    ExternalModel,
    ExternalPictures,
    ImportRequest,
    some,
    unseen,
)
from uig_cli.benchmarks.protocol import Check, Data, FinishedRun, Layout, Source
from uig_cli.benchmarks.tiif.card import BOTH, FULL, MINI, NumberingOptions
from uig_cli.benchmarks.tiif.cases import open_data
from uig_cli.benchmarks.tiif.data import default_folder
from uig_cli.benchmarks.tiif.judgements import answers_of, without_data
from uig_cli.benchmarks.tiif.numbering import line_of
from uig_cli.benchmarks.tiif.pictures import read_pictures
from uig_cli.benchmarks.tiif.result_files import Released, read_released
from uig_cli.benchmarks.writing import put_identity, put_picture, put_text
from uig_cli.cases import Case
from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Failure

RESULTS = "results"


class TiifLayout(Layout):
    def read(self, source: Source, asked: ImportRequest) -> tuple[Data, list[ExternalModel]]:
        """Models in the order of their names. Results without pictures stand for pictures
        unseen."""
        lines = asked.own.of(NumberingOptions).lines
        released = _released(asked)
        data, released = _data(source, released, lines)
        answers = [answers_of(one, data.cases, lines) for one in released]
        if asked.pictures is None:
            return data, [ExternalModel(_unseen(one), one) for one in answers]
        found = read_pictures(asked.pictures, data.cases, asked.name, lines)
        if len(found) == len(answers) == 1:
            return data, [ExternalModel(_with_note(found[0], answers[0]), answers[0])]
        by_name = {one.name: one for one in answers}
        strangers = by_name.keys() - {one.name for one in found}
        if strangers and (asked.name is None or asked.name not in by_name):
            raise UigError(
                f"{asked.judged} judges {some(sorted(strangers))}, of which {asked.pictures} has "
                "no pictures; give --name MODEL, or judgements of the same models."
            )
        return data, [ExternalModel(one, by_name.get(one.name)) for one in found]

    def write(self, run: FinishedRun, folder: Path) -> list[str]:
        for judge, identity in run.scorers.items():
            put_identity(folder / RESULTS / judge, identity)
        for one in run.pictures:
            if one.sample > 0 or one.picture is None:
                continue
            put_picture(folder / picture_path(one.case, one.model), one.picture)
            for judge, checks in one.checks.items():
                if (content := result(one.case, checks)) is not None:
                    path = folder / RESULTS / judge / result_path(one.case, one.model)
                    put_text(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")
        if run.samples > 1:
            return ["TIIF's layout holds one picture per prompt; only sample 0 is written."]
        return []


def _released(asked: ImportRequest) -> list[Released]:
    released = read_released(asked.judged) if asked.judged else []
    if asked.pictures is not None or asked.name is None:
        return released
    if asked.name not in (names := [one.model for one in released]):
        raise unknown(f"model in {asked.judged}", asked.name, names)
    return [one for one in released if one.model == asked.name]


def _data(
    source: Source, released: list[Released], lines: str | None
) -> tuple[Data, list[Released]]:
    official = source.set in (None, MINI, FULL)
    if released and official and source.data is None and not default_folder().is_dir():
        return without_data(released, source.set or MINI, source.split or BOTH, lines)
    return open_data(source), released


def _with_note(pictures: ExternalPictures, answers: ExternalAnswers) -> ExternalPictures:
    """The one model's pictures, with a word where the one model judged is called otherwise."""
    if pictures.name == answers.name:
        return pictures
    note = (
        f"the pictures are of {pictures.name} and the judgements of {answers.name}; they were "
        "taken for the same model's."
    )
    return replace(pictures, notes=(*pictures.notes, note))


def _unseen(one: ExternalAnswers) -> ExternalPictures:
    return ExternalPictures(
        one.name,
        1,
        {
            (case, 0): known
            if isinstance(known, Failure)
            else unseen(one.name, (case, 0), sorted(known.items()))
            for case, known in one.by_case.items()
        },
    )


def picture_path(case: Case, model: str) -> str:
    return f"{case.dimension}/{model}/{case.split}_description/{_line(case)}.png"


def result_path(case: Case, model: str) -> str:
    """Below the folder of a judge."""
    return f"{model}/{case.dimension}/{case.split}/{_line(case)}.json"


def result(case: Case, checks: Sequence[Check]) -> dict[str, Any] | None:
    """A result file: the answered questions only, since the official script takes whatever is no
    right answer for a wrong one. None without any."""
    answered = [line for line in checks if line.answer is not None]
    if not answered:
        return None
    return {
        "attribute": case.dimension,
        "desc": f"{case.split}_description",
        "jsonl_file": f"{case.dimension}_eval_prompts.jsonl",
        "line_idx": _line(case),
        "questions": [line.question for line in answered],
        "gt_answers": [line.wanted for line in answered],
        "model_pred": [line.answer for line in answered],
        "model_output": "\n".join(_said(line) for line in answered),
    }


def _said(line: Check) -> str:
    """One line that begins with the answer, as the official rule reads it."""
    raw = " ".join(line.raw.split())
    if re.match(rf"{line.answer}\b", raw, re.IGNORECASE):
        return raw
    return f"{line.answer}, {raw}" if raw else str(line.answer)


def _line(case: Case) -> int:
    mini: int | None = case.facts.get("mini_line")
    return line_of(case) if mini is None else mini
