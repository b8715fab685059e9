"""GenEval's official results file: somebody else's verdict on each picture, right or wrong.

A line has `filename`, `tag`, `prompt`, `correct`, `reason`, `metadata` (a JSON text) and `details`
(the boxes that counted). No rules can be applied to it again: boxes that did not count and colors
are not in it. So each verdict is taken as it stands, and kept as an answer to what was asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.external import ExternalPictures, ExternalVerdicts, some
from uig_cli.benchmarks.geneval.folders import joined, ranked
from uig_cli.benchmarks.geneval.prompts import clauses_key
from uig_cli.benchmarks.geneval.stored import FileKey, file_key, json_objects, places_by_file
from uig_cli.cases import Case, Place
from uig_cli.errors import UigError
from uig_cli.plain_json import read_json
from uig_cli.scoring.findings import Answer

NAMED = 60


@dataclass(frozen=True, slots=True)
class _Verdict:
    """A line. about: the prompt's metadata."""

    where: str
    filename: str
    about: Mapping[str, Any]
    answer: Answer

    @property
    def file(self) -> FileKey | None:
        return file_key(self.filename)


def holds_verdicts(file: Path) -> bool:
    """Whether this is a results file, by its first line."""
    first = next((row for _, row in json_objects(file)), {})
    return "correct" in first and "detections" not in first


def read_verdicts(
    file: Path, cases: Sequence[Case], pictures: ExternalPictures | None
) -> ExternalVerdicts:
    """A verdict's case is that of its metadata, whatever its file's number; pictures: those that
    were looked at, where they are here: then it is they who say which sample a file is.

    Raises UigError with file and line for what is no verdict, and for two that contradict.
    """
    verdicts: dict[FileKey, _Verdict] = {}
    strangers, again = [], 0
    for where, row in json_objects(file):
        one = _verdict(where, row)
        if one.file is None:
            strangers.append(one)
            continue
        first = verdicts.setdefault(one.file, one)
        if (first.answer, first.about) != (one.answer, one.about):
            raise UigError(
                f"{where}: got another verdict on {one.filename[:NAMED]!r} than {first.where}, "
                "expected one line for each picture; remove one of them."
            )
        again += first is not one
    by_case = {clauses_key(case.facts): case for case in cases}
    known = {key: case for key, one in verdicts.items() if (case := _case(one, by_case))}
    strangers += [one for key, one in verdicts.items() if key not in known]
    places = _here(verdicts, known, pictures) if pictures else _by_rank(known)
    strangers += [verdicts[key] for key in known if key not in places]
    if not places:
        of = "picture that is here" if pictures else "prompt of this set"
        raise UigError(
            f"{file}: none of its verdicts belongs to a {of}; give --set, its own pictures, or "
            "with --prompts-file FILE the rewritten prompts that were used."
        )
    notes = [f"{file.name} holds verdicts, which are taken as they are: no rules are applied."]
    if strangers:
        names = some(ascii(one.filename[:NAMED]) for one in strangers)
        of = "picture that is here" if pictures else "case"
        notes.append(f"{len(strangers)} verdicts belong to no {of}: {names}.")
    if again:
        notes.append(f"{again} verdicts say again what other lines of {file.name} say.")
    return ExternalVerdicts(
        {place: verdicts[key].answer for key, place in places.items()}, tuple(notes)
    )


def _verdict(where: str, row: Mapping[str, Any]) -> _Verdict:
    try:
        filename, correct, reason = row["filename"], row["correct"], row.get("reason", "")
        about = row["metadata"]
        about = read_json(about) if isinstance(about, str) else about
        if not isinstance(filename, str) or not isinstance(reason, str):
            raise ValueError("filename and reason are no texts")
        if not isinstance(correct, bool):
            raise ValueError(f"correct is {correct!r:.40}, not true or false")
        if not isinstance(about, dict) or not isinstance(about.get("prompt"), str):
            raise ValueError("metadata has no prompt")
    except (KeyError, ValueError, RecursionError) as error:
        raise UigError(
            f"{where}: got no verdict ({type(error).__name__}: {error!s:.200}), expected a line of "
            "GenEval's results file with filename, correct (true or false), reason and metadata; "
            "mend or remove the line."
        ) from error
    answer = Answer("yes" if correct else "no", raw=reason)
    return _Verdict(where, filename, about, answer)


def _case(one: _Verdict, by_case: Mapping[str, Case]) -> Case | None:
    """The case that the picture was drawn for: the same is checked, and its prompt is the same."""
    case = by_case.get(clauses_key(one.about))
    return case if case is not None and case.prompt == one.about["prompt"] else None


def _here(
    verdicts: Mapping[FileKey, _Verdict], known: Mapping[FileKey, Case], pictures: ExternalPictures
) -> dict[FileKey, Place]:
    """Places of the pictures that are here. UigError where one was judged as another case's."""
    by_file = places_by_file(pictures)
    for key, case in known.items():
        if key in by_file and by_file[key][0] != case.id:
            one = verdicts[key]
            raise UigError(
                f"{one.where}: got a verdict on {case.id}, but {one.filename[:NAMED]!r} that is "
                f"here is a picture of {by_file[key][0]}; give the verdicts on these pictures."
            )
    return {key: by_file[key] for key in known if key in by_file}


def _by_rank(known: Mapping[FileKey, Case]) -> dict[FileKey, Place]:
    """Their numbers say the same as they would in a folder."""
    numbered: dict[int, dict[int, FileKey]] = {}
    for key in known:
        numbered.setdefault(key[0], {})[key[1]] = key
    folders: dict[str, list[int]] = {}
    for number in sorted(numbered):
        case = known[next(iter(numbered[number].values()))]
        folders.setdefault(case.id, []).append(number)
    by_sample = ranked(numbered)
    return {
        key: (case, sample)
        for case, numbers in folders.items()
        for sample, key in joined([by_sample[number] for number in numbers]).items()
    }
