"""Who scores the pictures of a run: decided here, for all commands that draw or score.

Options that mean nothing to the benchmark are refused where they were typed, and passed over where
they only stand in the environment: what is exported for one benchmark is in no other's way.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Case
from uig_cli.engine.defaults import check_exact, usual_scorer
from uig_cli.errors import UigError
from uig_cli.models.protocol import UnifiedModel
from uig_cli.options import ScoringOptions
from uig_cli.registry import NOUN
from uig_cli.scoring.protocol import FINDING, Kind, Scorer
from uig_cli.scoring.registry import NONE, STRICT, Named, ScorerGroup, named, refuse_idle_terms
from uig_cli.scoring.terms import Terms
from uig_cli.templates import Template

Option = Literal["judge", "detector", "ocr"]

_GROUP: Mapping[Option, ScorerGroup] = {
    "judge": "judges",
    "detector": "detectors",
    "ocr": "readers",
}
_OPTION: Mapping[Kind, Option] = {
    "answers": "judge",
    "ratings": "judge",
    "detections": "detector",
    "texts": "ocr",
    "faults": "judge",
}
_BY: Mapping[Kind, str] = {
    "answers": "questions",
    "ratings": "ratings",
    "detections": "a detector",
    "texts": "a text reader",
    "faults": "a specification",
}
Usual = Literal["for each kind", "if nobody is named", "never"]
"""When those who usually score do so: always where nobody else is named for a kind of findings, or
only where nobody is named at all."""


def terms_of(options: ScoringOptions, templates: Mapping[str, Template], device: str) -> Terms:
    return Terms(
        templates,
        parser=options.judge_parser,
        temperature=options.judge_temperature,
        repeats=options.judge_repeats,
        concurrency=options.judge_concurrency,
        device=device,
        color_clip=options.color_clip,
    )


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who scores. notes: what a user must know once all is done."""

    scorers: tuple[Named, ...]
    notes: tuple[str, ...] = ()

    @property
    def asks_examiner(self) -> bool:
        """Whether one of them looks through the examined model."""
        return any(one.type.asks_examiner for one in self.scorers)

    def check(self, terms: Terms) -> None:
        """Raises UigError for the first that cannot be had, before any weight is loaded."""
        for one in self.scorers:
            one.check(terms)

    def open(self, terms: Terms, examiner: UnifiedModel | None) -> tuple[Scorer, ...]:
        return tuple(one.open(terms, examiner) for one in self.scorers)


def wanted_kinds(benchmark: Benchmark, cases: Sequence[Case]) -> frozenset[Kind]:
    """What some case has something to look for; more than the benchmark needs for its score."""
    return frozenset(
        kind for kind in FINDING if any(benchmark.wanted(case, kind) for case in cases)
    )


def choose_scorers(
    benchmark: Benchmark,
    set_name: str,
    cases: Sequence[Case],
    options: ScoringOptions,
    usual: Usual = "for each kind",
) -> Chosen:
    """Raises UigError, in one sentence, for a scorer that is not known or that the benchmark has no
    use for, and where nobody is named and nobody is usual."""
    kinds = wanted_kinds(benchmark, cases).union(benchmark.needs)
    useful = {_OPTION[kind] for kind in kinds if kind != "faults"}
    given = {option: _specs(options, option) for option in _GROUP}
    for option in _GROUP:
        if option not in useful and option in options.given:
            _refuse_idle(benchmark, option, given[option])
    specs = {option: given[option] if option in useful else () for option in _GROUP}
    scorers = [
        named(_GROUP[option], spec)
        for option in _GROUP
        for spec in dict.fromkeys(specs[option])
        if spec != NONE
    ]
    scorers = list(_of_kinds(benchmark, kinds, scorers, options.given))
    nobody = _nobody(given["judge"]) and ("judge" in useful or "judge" in options.given)
    if usual == "for each kind" or (
        usual == "if nobody is named" and not scorers and not any(map(_nobody, specs.values()))
    ):
        there = {one.kind for one in scorers}
        scorers += [
            _usual(benchmark, kind, set_name)
            for kind in benchmark.needs
            if kind not in there and not nobody and not _nobody(specs[_OPTION[kind]])
        ]
    strict = named("judges", STRICT)
    if scorers and "faults" in kinds and strict.kind not in {one.kind for one in scorers}:
        scorers.append(strict)  # which costs nothing
    check_exact(benchmark, set_name, scorers)
    refuse_idle_terms(scorers, _unusual_terms(options))
    scorers.sort(key=lambda one: list(FINDING).index(one.kind))
    return Chosen(tuple(scorers), tuple(_notes(options, "texts" in kinds)))


def _specs(options: ScoringOptions, option: Option) -> tuple[str, ...]:
    if option == "judge":
        return tuple(options.judge)
    spec = options.detector if option == "detector" else options.ocr
    return (spec,) if spec else ()


def _nobody(specs: Sequence[str]) -> bool:
    return tuple(specs) == (NONE,)


def _refuse_idle(benchmark: Benchmark, option: Option, specs: Sequence[str]) -> None:
    """Raises UigError for a scorer that was typed and would look for nothing. Words to read are a
    matter of the cases, so that a note is enough; --judge none is nobody, for everything."""
    if option == "ocr":
        for spec in specs:
            if spec != NONE:
                named("readers", spec)
    elif specs and not (option == "judge" and _nobody(specs)):
        needs = [_OPTION[kind] for kind in benchmark.needs]
        instead = f", or give --{needs[0]}" if needs else ""
        raise UigError(
            f"{benchmark.name} is scored by {_by(benchmark)}; leave --{option} out{instead}."
        )


def _by(benchmark: Benchmark) -> str:
    return " and ".join(_BY[kind] for kind in benchmark.needs) or "nobody"


def _usual(benchmark: Benchmark, kind: Kind, set_name: str) -> Named:
    found = usual_scorer(kind, set_name)
    if found is None:
        raise UigError(needs_scorer(benchmark, kind))
    return named(_GROUP[_OPTION[kind]], found)


def needs_scorer(benchmark: Benchmark, kind: Kind) -> str:
    """What is said where nobody is named to score."""
    option = _OPTION[kind]
    who = "a judge that rates" if kind == "ratings" else f"a {NOUN[_GROUP[option]]}"
    example = "mask2former:PATH" if kind == "detections" else "NAME"
    return (
        f"{benchmark.name} needs {who}; got none. Give --{option} {example}, or --{option} none to "
        f"draw now and `uig rejudge RUN --{option} ...` later."
    )


def _of_kinds(
    benchmark: Benchmark, kinds: Collection[Kind], scorers: Iterable[Named], given: Collection[str]
) -> Iterator[Named]:
    """Those that find what is wanted. Raises UigError for another that was typed."""
    typed = {_GROUP[option] for option in _GROUP if option in given}
    for one in scorers:
        if one.kind in kinds:
            yield one
        elif one.group in typed:
            noun = NOUN[one.group]
            raise UigError(
                f"{benchmark.name} is scored by {_by(benchmark)}, and {noun} {one.spec} gives "
                f"{one.kind}; give another {noun}."
            )


def _unusual_terms(options: ScoringOptions) -> list[str]:
    """The terms of asking that were typed, and not as they are anyway."""
    usual = Terms({})
    return [
        name
        for name in ("parser", "temperature", "repeats")
        if f"judge_{name}" in options.given
        and getattr(options, f"judge_{name}") != getattr(usual, name)
    ]


def _notes(options: ScoringOptions, words: bool) -> Iterator[str]:
    if words and options.ocr is None:
        yield "nobody has read the words in the pictures (GNED, recall); give --ocr rapidocr."
    if not words and "ocr" in options.given and options.ocr not in (None, NONE):
        yield f"no case here asks for words in its picture; --ocr {options.ocr} has read nothing."
