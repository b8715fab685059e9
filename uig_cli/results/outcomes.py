"""What a run came to, without its pictures: all that a comparison needs.

It is the same whether it was read from a run folder or from a reference file.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from uig_cli.cases import Place
from uig_cli.errors import UigError
from uig_cli.results.rows import score
from uig_cli.results.run import RunReader

FORMERLY = "prompts formerly"
"""Beside the field `prompts` of an identity: hashes that older versions knew the same ones by."""


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
class PictureScore:
    """The picture that a method kept at one step, before one judge.

    drawn: a picture was made at this step, not carried along from an earlier one; seconds,
    passes, tokens, work: what drawing and examining it took; work is None where it is not known.
    correct: whole where the score is made of lines that are right or wrong. picture: its path,
    None where it is missing or this is a reference file. made_...: of the picture made, where
    another one is kept; returns_to: the step that this one was made at; candidates: how many the
    made one is chosen of.
    """

    case: str
    sample: int
    method: str
    step: int
    judge: str
    correct: int | float
    answered: int
    missing: int
    drawn: bool
    seconds: float
    passes: int
    tokens: int
    picture: str | None = None
    made_correct: int | float | None = None
    made_answered: int | None = None
    made_missing: int | None = None
    returns_to: int | None = None
    candidates: int = 0
    work: int | None = None

    @property
    def made(self) -> "PictureScore":
        """The picture made, in place of the one kept."""
        if self.made_answered is None:
            return self
        return replace(
            self,
            correct=self.made_correct or 0,
            answered=self.made_answered,
            missing=self.made_missing or 0,
            picture=None,
        )

    @property
    def returned(self) -> bool:
        """Another picture is kept than the one made."""
        return self.made_answered is not None

    @property
    def pictures(self) -> int:
        """How many were made at this step."""
        return max(self.candidates, int(self.drawn))

    @property
    def whole(self) -> bool:
        """All its questions are answered."""
        return self.answered > 0 and self.missing == 0

    @property
    def right(self) -> bool:
        """All its lines are answered, and right in full."""
        return self.whole and self.correct == self.answered


@dataclass(frozen=True)
class Results:
    """name: what tables call it. identities: drawing identity, flat, by method. judges: identity
    by the name of the judge's or detector's folder. uig: the version that wrote it. of: the
    benchmark itself, where a run knew it; a reference file holds its name alone."""

    name: str
    uig: str
    benchmark: str
    set: str
    identities: Mapping[str, Mapping[str, Any]]
    judges: Mapping[str, Mapping[str, Any]]
    prompts: Sequence[Prompt]
    outcomes: Sequence[PictureScore]
    notes: Sequence[str] = ()
    of: Any = field(default=None, compare=False, repr=False)

    @property
    def methods(self) -> list[str]:
        return list(self.identities)

    @cached_property
    def samples(self) -> int:
        """Pictures per prompt and method, as far as any outcome tells."""
        return 1 + max((one.sample for one in self.outcomes), default=0)

    @cached_property
    def by_id(self) -> Mapping[str, Prompt]:
        return {prompt.id: prompt for prompt in self.prompts}

    @cached_property
    def _by_step(self) -> Mapping[tuple[str, str, int], Mapping[Place, PictureScore]]:
        found: dict[tuple[str, str, int], dict[Place, PictureScore]] = {}
        for one in self.outcomes:
            found.setdefault((one.method, one.judge, one.step), {})[one.case, one.sample] = one
        return found

    def at(self, method: str, judge: str, step: int) -> Mapping[Place, PictureScore]:
        """The pictures of that step by case and sample; none where the method ended before."""
        return self._by_step.get((method, judge, step), {})

    def last_step(self, method: str) -> int:
        """The step that `final` stands for."""
        return max((one.step for one in self.outcomes if one.method == method), default=0)


def prompt_hash(prompt: str) -> str:
    return sha256(prompt.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def results_of(run: RunReader) -> Results:
    """Everything is scored anew from journal and findings. Raises UigError for a run that nobody
    has judged."""
    manifest = run.manifest
    judges = run.identities()
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
        identities=_identities(run),
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
        of=run.benchmark,
    )


def _identities(run: RunReader) -> dict[str, dict[str, Any]]:
    """Drawing identities, and what else their prompts have been known by, if anything."""
    formerly = run.manifest.drawing.benchmark.formerly
    more = {FORMERLY: list(formerly)} if formerly else {}
    return {label: identity | more for label, identity in run.drawing_identities.items()}


def _outcomes(run: RunReader) -> Iterator[PictureScore]:
    scorers = run.scorers()
    for drawn in run.drawn():
        for scorer in scorers:
            for scored in score(drawn, scorer):
                step, tally = scored.step, scored.tally
                made = scored.made_tally if step.returned else None
                yield PictureScore(
                    case=drawn.case.id,
                    sample=drawn.sample,
                    method=drawn.method,
                    step=step.number,
                    judge=scorer.name,
                    correct=tally.correct,
                    answered=tally.answered,
                    missing=tally.missing,
                    drawn=drawn.running(step.number) and step.made is not None,
                    seconds=round(step.cost.seconds, 4),
                    passes=step.cost.passes,
                    tokens=step.cost.tokens,
                    picture=str(step.picture.path) if step.picture and step.picture.path else None,
                    made_correct=made.correct if made else None,
                    made_answered=made.answered if made else None,
                    made_missing=made.missing if made else None,
                    returns_to=drawn.returns_to(step.number),
                    candidates=sum(one.picture is not None for one in step.candidates),
                    work=step.cost.work,
                )
