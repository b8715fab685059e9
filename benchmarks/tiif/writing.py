"""TIIF's official layout written: where a picture and its judge result go, and what a result says.

Lines are those of the prompt file that the official sampler would have been given: testmini's own
for testmini, the full set's otherwise.
"""

import re
from collections.abc import Sequence
from typing import Any

from uig_cli.benchmarks.protocol import Check
from uig_cli.benchmarks.tiif.numbering import line_of
from uig_cli.cases import Case


def picture_path(case: Case, model: str) -> str:
    return f"{case.dimension}/{model}/{case.split}_description/{_line(case)}.png"


def result_path(case: Case, model: str) -> str:
    """Below the folder of a judge."""
    return f"{model}/{case.dimension}/{case.split}/{_line(case)}.json"


def result(case: Case, judged: Sequence[Check]) -> dict[str, Any] | None:
    """A result file: the answered questions only, since the official script takes whatever is no
    right answer for a wrong one. None without any."""
    answered = [line for line in judged if line.answer is not None]
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
