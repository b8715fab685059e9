"""What a run came to, without its pictures: all that a comparison needs.

It is the same whether it was read from a run folder or from a reference file.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.loop.methods import method
from uig_cli.results.rows import Drawn, score
from uig_cli.results.run import Run, evidence_parent, open_run

Place = tuple[str, int]
"""A case and a sample of it."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """A case without its texts. sha256: of the prompt, 16 hex digits; questions, yes: how many it
    has, and how many of them want yes."""

    id: str
    sha256: str
    split: str
    dimension: str
    questions: int
    yes: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """One picture of a method before one judge.

    drawn: the picture was made at this step, not carried along from an earlier one; seconds,
    passes, tokens: what drawing and examining it took. picture: its path, None where it is missing
    or this is a reference file.
    """

    case: str
    sample: int
    method: str
    step: int
    judge: str
    correct: int
    answered: int
    missing: int
    drawn: bool
    seconds: float
    passes: int
    tokens: int
    picture: str | None = None

    @property
    def whole(self) -> bool:
        """All its questions are answered."""
        return self.answered > 0 and self.missing == 0

    @property
    def right(self) -> bool:
        """All its questions are answered, and rightly."""
        return self.whole and self.correct == self.answered


@dataclass(frozen=True)
class Results:
    """name: what tables call it. identities: drawing identity, flat, by method. judges: identity
    by the name of the judge's or detector's folder. uig: the version that wrote it."""

    name: str
    uig: str
    benchmark: str
    set: str
    identities: Mapping[str, Mapping[str, Any]]
    judges: Mapping[str, Mapping[str, Any]]
    prompts: Sequence[Prompt]
    outcomes: Sequence[Outcome]
    notes: Sequence[str] = ()

    @property
    def methods(self) -> list[str]:
        return list(self.identities)

    @cached_property
    def by_id(self) -> Mapping[str, Prompt]:
        return {prompt.id: prompt for prompt in self.prompts}

    @cached_property
    def _by_step(self) -> Mapping[tuple[str, str, int], Mapping[Place, Outcome]]:
        found: dict[tuple[str, str, int], dict[Place, Outcome]] = {}
        for one in self.outcomes:
            found.setdefault((one.method, one.judge, one.step), {})[one.case, one.sample] = one
        return found

    def at(self, method: str, judge: str, step: int) -> Mapping[Place, Outcome]:
        """The pictures of that step by case and sample; none where the method ended before."""
        return self._by_step.get((method, judge, step), {})

    def last_step(self, method: str) -> int:
        """The step that `final` stands for."""
        return max((one.step for one in self.outcomes if one.method == method), default=0)


def prompt_hash(prompt: str) -> str:
    return sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def results_of(run: Run) -> Results:
    """Everything is scored anew from journal and evidence. Raises UigError for a run that nobody
    has judged."""
    manifest = run.manifest
    judges = _judges(run)
    if not judges:
        raise UigError(
            f"{run.folder.root} has no scores; give it some with `uig rejudge {run.folder.root} "
            "--judge J`, or --detector D."
        )
    return Results(
        name=str(run.folder.root),
        uig=manifest.uig,
        benchmark=manifest.drawing.benchmark.name,
        set=manifest.drawing.benchmark.set,
        identities={name: manifest.drawing.identity(method(name)) for name in manifest.methods},
        judges=judges,
        prompts=tuple(
            Prompt(
                case.id,
                prompt_hash(case.prompt),
                case.split,
                case.dimension,
                len(case.questions),
                sum(question.wanted == "yes" for question in case.questions),
            )
            for case in run.cases
        ),
        outcomes=tuple(_outcomes(run)),
        notes=manifest.notes,
    )


def _judges(run: Run) -> dict[str, Mapping[str, Any]]:
    parent = evidence_parent(run.folder, run.benchmark)
    found: dict[str, Mapping[str, Any]] = {}
    for kept in sorted(parent.glob("*/identity.json")):
        try:
            found[kept.parent.name] = dict(json.loads(kept.read_text("utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise UigError(
                f"{kept} cannot be read ({error}); judge the run again with `uig rejudge`."
            ) from error
    return found


def _outcomes(run: Run) -> Iterator[Outcome]:
    evidence = run.evidence()
    for drawn in run.drawn():
        for judge in evidence:
            for scored in score(drawn, run.benchmark, judge):
                step, tally = scored.step, scored.tally
                yield Outcome(
                    case=drawn.case.id,
                    sample=drawn.sample,
                    method=drawn.method,
                    step=step.number,
                    judge=judge.name,
                    correct=tally.correct,
                    answered=tally.answered,
                    missing=tally.missing,
                    drawn=drawn.running(step.number) and step.picture is not None,
                    seconds=round(step.cost.seconds, 4),
                    passes=step.cost.passes,
                    tokens=step.cost.tokens,
                    picture=_path(run, drawn, step.number),
                )


def _path(run: Run, drawn: Drawn, step: int) -> str | None:
    relative = run.picture_path(drawn, step)
    return str(run.folder.root / relative) if relative else None


def open_results(path: Path) -> Results:
    """A run folder, or a reference file. Raises UigError for anything else."""
    from uig_cli.results.reference import read_reference

    return read_reference(path) if path.is_file() else results_of(open_run(path))
