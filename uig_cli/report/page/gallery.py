"""What the gallery shows, as data: an index of all cases that filters and sorting read, and the
cases themselves in small files that the page loads when it comes to them.

A column is a method of a run. The outcome of a loop is told before each judge: by the first picture
and the one kept in the end, right in all or not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from uig_cli.benchmarks.protocol import Check
from uig_cli.cases import Case
from uig_cli.loop.trace import Step
from uig_cli.report.page.opened import PageRun, base_first
from uig_cli.report.page.pictures import PictureFiles
from uig_cli.results.kept_findings import RunScorer
from uig_cli.results.rows import CaseTrace, Scored, score, share, turned

LOOPS_IN_A_FILE = 24
"""About as many loops are in one data file: what a screen or two shows is loaded at once."""

LoopOutcome = Literal["repaired", "broken", "right", "wrong", "missing"]


@dataclass(frozen=True, slots=True)
class Column:
    """A method of a run, by which the gallery sets pictures side by side."""

    run: PageRun
    method: str
    label: str


@dataclass(frozen=True)
class Gallery:
    """columns: in their order, the first one the baseline of wins and losses. judges: whose names
    the data hold. entries: (case, of which run) in the order of the first run that has them."""

    columns: tuple[Column, ...]
    judges: tuple[str, ...]
    entries: tuple["GalleryCase", ...]
    scorers: Mapping[str, Sequence[RunScorer]]

    @property
    def in_a_file(self) -> int:
        """Cases of one data file."""
        loops = sum(one.run.run.manifest.samples for one in self.columns)
        return max(1, LOOPS_IN_A_FILE // max(1, loops))

    @property
    def steps(self) -> int:
        """How many steps a loop may have, as far as its method tells."""
        found = (one.run.run.methods[one.method] for one in self.columns)
        return 1 + max((method.last_step(settings) for method, settings in found), default=0)

    @property
    def files(self) -> int:
        return -(-len(self.entries) // self.in_a_file)


@dataclass(frozen=True, slots=True)
class GalleryCase:
    """A case, and each run's own copy of it: the same id and the same prompt."""

    case: Case
    cases: Mapping[str, Case]


def gallery_of(runs: Sequence[PageRun]) -> Gallery:
    scorers = {one.name: one.run.scorers() if one.scored else [] for one in runs}
    judges = dict.fromkeys(scorer.name for each in scorers.values() for scorer in each)
    columns = tuple(
        Column(one, method, f"{one.name} {method}" if len(runs) > 1 else method)
        for one in runs
        for method in base_first(one.run.manifest.methods)
    )
    found: dict[tuple[str, str], dict[str, Case]] = {}
    for one in runs:
        for case in one.run.cases:
            found.setdefault((case.id, case.prompt), {})[one.name] = case
    entries = tuple(GalleryCase(next(iter(by_run.values())), by_run) for by_run in found.values())
    return Gallery(columns, tuple(judges), entries, scorers)


def data_files(
    gallery: Gallery, pictures: PictureFiles
) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
    """File by file: what it holds of its cases, and what the index holds of them."""
    for number in range(gallery.files):
        entries = gallery.entries[number * gallery.in_a_file :][: gallery.in_a_file]
        loops = [list(_loops(gallery, entry)) for entry in entries]
        whole = [
            {"id": entry.case.id, "loops": [_told(*one, pictures) for one in each]}
            for entry, each in zip(entries, loops, strict=True)
        ]
        index = [
            {
                "id": entry.case.id,
                "dimension": entry.case.dimension,
                "split": entry.case.split,
                "prompt": entry.case.prompt,
                "loops": [_in_index(*one) for one in each],
            }
            for entry, each in zip(entries, loops, strict=True)
        ]
        yield whole, index


Judged = Mapping[str, Sequence[Scored]]
"""A loop's steps before each judge."""


def _loops(gallery: Gallery, entry: GalleryCase) -> Iterator[tuple[int, CaseTrace, Judged]]:
    """Every loop of a case: its column, what was drawn, and what was said of it."""
    for number, column in enumerate(gallery.columns):
        case = entry.cases.get(column.run.name)
        if case is None:
            continue
        run = column.run.run
        for sample in range(run.manifest.samples):
            drawn = run.one(case, column.method, sample)
            judged = {
                scorer.name: list(score(drawn, scorer))
                for scorer in gallery.scorers[column.run.name]
            }
            yield number, drawn, judged


def _in_index(column: int, drawn: CaseTrace, judged: Judged) -> dict[str, Any]:
    found: dict[str, Any] = {"column": column, "sample": drawn.sample}
    if judged:
        found["outcomes"] = {name: outcome(drawn, each) for name, each in judged.items()}
        found["scores"] = {
            name: [share(each[0].tally), share(each[-1].tally)] for name, each in judged.items()
        }
    if not drawn.trace.complete:
        found["missing"] = True
    if any(step.returned for step in drawn.trace.steps):
        found["returned"] = True
    if disagree(judged):
        found["disagree"] = True
    if (verdict := drawn.trace.final.verdict) is not None:
        found["verdict"] = verdict
    return found


def outcome(drawn: CaseTrace, judged: Sequence[Scored]) -> LoopOutcome:
    """From the first picture to the one kept in the end; missing where the end is not known."""
    last = judged[-1].tally
    if not drawn.trace.complete or last.missing or not last.answered:
        return "missing"
    right = last.correct == last.answered
    match turned(judged[0].tally, last):
        case "repaired":
            return "repaired"
        case "broken":
            return "broken"
        case _:
            return "right" if right else "wrong"


def disagree(judged: Judged) -> bool:
    """Whether two judges answered one question about the picture kept in the end differently."""
    said: dict[str, float] = {}
    for each in judged.values():
        for line in each[-1].checks:
            if line.value is None:
                continue
            if said.setdefault(line.question, line.value) != line.value:
                return True
    return False


def _told(column: int, drawn: CaseTrace, judged: Judged, pictures: PictureFiles) -> dict[str, Any]:
    """A loop with all that is known of it."""
    return _without_nothing(
        {
            "column": column,
            "sample": drawn.sample,
            "from": drawn.trace.detailed_prompt,
            "steps": [_step(drawn, step, judged, pictures) for step in drawn.trace.steps],
        }
    )


def _step(drawn: CaseTrace, step: Step, judged: Judged, pictures: PictureFiles) -> dict[str, Any]:
    other = step.made_examination
    return _without_nothing(
        {
            "picture": pictures.of(step.picture),
            "made": pictures.of(step.made) if step.returned else None,
            "returned": step.returned,
            "returnsTo": drawn.returns_to(step.number),
            "comesBackTo": drawn.comes_back_to(step.number),
            "candidates": [
                _without_nothing(
                    {
                        "picture": pictures.of(one.picture),
                        "chosen": step.chosen(one),
                        "score": one.score,
                        "failure": one.failure.reason if one.failure else None,
                    }
                )
                for one in step.candidates
            ],
            "thought": step.thought,
            "verdict": step.verdict,
            "instruction": step.instruction,
            "examination": step.examination,
            "keptBy": step.score,
            "madeVerdict": other.verdict if other else None,
            "madeInstruction": other.instruction if other else None,
            "madeExamination": other.text if other else None,
            "madeKeptBy": other.score if other else None,
            "failure": step.failure.reason if step.failure else None,
            "known": step.picture is not None,
            "judged": {
                name: _judged(each[step.number - 1] if step.number else None, each[step.number])
                for name, each in judged.items()
            },
        }
    )


def _judged(before: Scored | None, found: Scored) -> dict[str, Any]:
    """What one judge says of a step, and what edit and return did to the picture."""
    returned = found.step.returned
    return _without_nothing(
        {
            "score": share(found.tally),
            "missing": found.tally.missing,
            "madeScore": share(found.made_tally) if returned else None,
            "byEdit": turned(before.tally, found.made_tally) if before else None,
            "byReturn": turned(found.made_tally, found.tally) if returned else None,
            "questions": [_question(line) for line in found.checks],
        }
    )


def _question(line: Check) -> list[Any]:
    """Question, wanted, answer, value in 0..1, status, raw text."""
    return [line.question, line.wanted, line.answer, line.value, line.status, line.raw]


def _without_nothing(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without what is empty; a number stays, 0 too."""
    return {
        name: value
        for name, value in fields.items()
        if value not in (None, "", [], {}) and value is not False
    }
