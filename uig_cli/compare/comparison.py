"""Two sides over the cases both have: what changed, how sure one may be, and what it cost."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from uig_cli.benchmarks import registry
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Place
from uig_cli.compare.run_side import FINAL, MeanCost, Round, Side, cost, rounds
from uig_cli.errors import UigError
from uig_cli.results.outcomes import PictureScore, Prompt, Results
from uig_cli.results.summary_lines import summary_lines
from uig_cli.stats.paired import Counts, Difference, Pair, differences
from uig_cli.stats.stratified import Tally


@dataclass(frozen=True, slots=True)
class AtStep:
    """The differences where each side stands at that step, or at its last one before it."""

    step: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """A picture that was right and is not any more, or the other way round; scores in 0..1."""

    case: str
    sample: int
    dimension: str
    before: float
    after: float
    picture_before: str | None
    picture_after: str | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """One split, one baseline, one candidate.

    cases: those that both sides chose, equal on both; pictures: their samples that both chose;
    missing: those of them that lack an answer on either side, be it that the side does not hold
    them at all. left_out: cases that only one side chose, or has by another prompt; only_before,
    only_after: those that the other side did not choose. samples: of each case that are compared;
    all_samples: that the wider side has. final: at the step asked for; steps: at every step, where
    none was asked for, over those that both sides have all answers for at all of them. Costs and
    rounds are of those that `final` compares.
    """

    benchmark: str
    split: str
    before: Side
    after: Side
    cases: int
    pictures: int
    missing: int
    left_out: int
    only_before: int
    only_after: int
    samples: int
    all_samples: int
    final: AtStep
    steps: tuple[AtStep, ...]
    cost_before: MeanCost
    cost_after: MeanCost
    rounds_before: tuple[Round, ...]
    rounds_after: tuple[Round, ...]
    newly_wrong: tuple[Change, ...]
    newly_right: tuple[Change, ...]

    @property
    def where(self) -> str:
        return f"{self.benchmark}/{self.split}" if self.split else self.benchmark

    @property
    def overall(self) -> Difference:
        """The headline; a benchmark's last line, if that has a score on both sides."""
        return self.final.differences[-1]


def shared_splits(before: Results, after: Results) -> list[str]:
    """The splits both sides have cases of, in the baseline's order; UigError without any."""
    there = {prompt.split for prompt in after.prompts}
    splits = list(dict.fromkeys(prompt.split for prompt in before.prompts))
    shared = [split for split in splits if split in there]
    if not shared:
        raise UigError(
            f"{after.name} cannot be compared with {before.name}: split "
            f"({', '.join(splits) or 'none'} against {', '.join(sorted(there)) or 'none'})."
        )
    return shared


def compare(before: Side, after: Side, split: str) -> Comparison:
    """Raises UigError where the sides have no case in common that both have all answers for."""
    common = _common(before.results, after.results, split)
    samples = before.results.samples, after.results.samples
    places = [(case, sample) for case in common for sample in range(min(samples))]
    at_last = _at(FINAL, before, before.last, after, after.last, places)
    if not at_last.differences:
        raise UigError(
            f"{after.label} and {before.label} have no {split} case that is answered in full on "
            "both sides; compare runs of the same cases."
        )
    steps: list[AtStep] = []
    if before.step is None and after.step is None and max(before.last, after.last) > 0:
        steady = [place for place in places if _steady(before, place) and _steady(after, place)]
        steps = [
            _at(str(step), before, min(step, before.last), after, min(step, after.last), steady)
            for step in range(max(before.last, after.last) + 1)
        ]
    was, is_now = before.at(before.last), after.at(after.last)
    held = [place for place in places if place in was and place in is_now]
    shared = [place for place in held if was[place].whole and is_now[place].whole]
    known = [
        (_change(was[at], is_now[at], common[at[0]]), was[at].right, is_now[at].right)
        for at in shared
    ]
    ids = [{p.id for p in side.results.prompts if p.split == split} for side in (before, after)]
    return Comparison(
        benchmark=before.results.benchmark,
        split=split,
        before=before,
        after=after,
        cases=len(common),
        pictures=len(places),
        missing=len(places) - len(shared),
        left_out=len(ids[0] | ids[1]) - len(common),
        only_before=len(ids[0] - ids[1]),
        only_after=len(ids[1] - ids[0]),
        samples=min(samples),
        all_samples=max(samples),
        final=at_last,
        steps=tuple(steps),
        cost_before=cost(before, shared),
        cost_after=cost(after, shared),
        rounds_before=tuple(rounds(before, shared)),
        rounds_after=tuple(rounds(after, shared)),
        newly_wrong=_worst_first(change for change, was, now in known if was and not now),
        newly_right=_worst_first(change for change, was, now in known if now and not was),
    )


def _common(before: Results, after: Results, split: str) -> dict[str, str]:
    """Cases that are the same on both sides, by id, prompt, split and dimension -> dimension."""
    return {
        prompt.id: prompt.dimension
        for prompt in before.prompts
        if prompt.split == split
        and prompt.id in after.by_id
        and _same_case(prompt, after.by_id[prompt.id])
    }


def _same_case(one: Prompt, other: Prompt) -> bool:
    """Questions may have been corrected since."""
    return (one.sha256, one.split, one.dimension) == (other.sha256, other.split, other.dimension)


def _steady(side: Side, place: Place) -> bool:
    """Whether the side has all answers for the place at each of its steps."""
    steps = [side.at(step).get(place) for step in range(side.last + 1)]
    return all(one is not None and one.whole for one in steps)


def _at(
    label: str, before: Side, step: int, after: Side, other: int, places: Sequence[Place]
) -> AtStep:
    found = _differences(before, after, before.at(step), after.at(other), places)
    return AtStep(label, tuple(found))


def _differences(
    before: Side,
    after: Side,
    was: Mapping[Place, PictureScore],
    is_now: Mapping[Place, PictureScore],
    places: Sequence[Place],
) -> list[Difference]:
    pairs = list(_pairs(was, is_now, places, before.results))
    tallies = [
        Tally(pair.case, pair.dimension, pair.before.correct, pair.before.answered, 0)
        for pair in pairs
    ]
    try:
        lines = summary_lines(_benchmark(before, after), tallies) if pairs else []
    except ValueError as error:
        raise UigError(
            f"{before.results.name} and {after.results.name} hold what {before.results.benchmark} "
            f"does not ({error}); export them again."
        ) from error
    return differences(pairs, lines)


def overall_of(
    before: Side,
    after: Side,
    was: Mapping[Place, PictureScore],
    is_now: Mapping[Place, PictureScore],
    places: Sequence[Place],
) -> Difference | None:
    """The headline of these pictures; None where there is none."""
    found = _differences(before, after, was, is_now, places)
    return found[-1] if found else None


def _benchmark(before: Side, after: Side) -> Benchmark:
    """The one of both sides, as a run has it, else the one of that name."""
    found: Benchmark | None = before.results.of or after.results.of
    return found or registry.benchmark(before.results.benchmark)


def _pairs(
    was: Mapping[Place, PictureScore],
    is_now: Mapping[Place, PictureScore],
    places: Sequence[Place],
    results: Results,
) -> Iterator[Pair]:
    """A pair per case, over the samples that are answered in full on both sides. Those answered in
    part are missing: nobody knows any more which questions the two sides share, and where one lacks
    an answer that would have been wrong, its other answers are no match for the other side's."""
    by_case: dict[str, list[tuple[PictureScore, PictureScore]]] = defaultdict(list)
    for place in places:
        if place in was and place in is_now and was[place].whole and is_now[place].whole:
            by_case[place[0]].append((was[place], is_now[place]))
    for case, samples in by_case.items():
        before, after = (
            Counts(
                correct=sum(both[side].correct for both in samples),
                answered=sum(both[side].answered for both in samples),
                right=sum(both[side].right for both in samples),
            )
            for side in (0, 1)
        )
        yield Pair(case, results.by_id[case].dimension, before, after, len(samples))


def _change(was: PictureScore, is_now: PictureScore, dimension: str) -> Change:
    return Change(
        case=was.case,
        sample=was.sample,
        dimension=dimension,
        before=was.correct / max(1, was.answered),
        after=is_now.correct / max(1, is_now.answered),
        picture_before=was.picture,
        picture_after=is_now.picture,
    )


def _worst_first(changes: Iterable[Change]) -> tuple[Change, ...]:
    """By how much the score changed, then by id."""
    return tuple(
        sorted(changes, key=lambda one: (-abs(one.after - one.before), one.case, one.sample))
    )
