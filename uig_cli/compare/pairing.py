"""From what a user wrote, RUN[:METHOD[@STEP]] twice or more, to comparisons with the first."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from uig_cli.compare.comparison import Comparison, compare, shared_splits
from uig_cli.compare.compatibility import check_prompts, reading_remark, remarks, shared_judge
from uig_cli.compare.run_side import FINAL, Side
from uig_cli.errors import UigError, unknown
from uig_cli.results.outcomes import Results
from uig_cli.results.reference import open_results


class Written(NamedTuple):
    """method: None for all; step: None for the last."""

    path: Path
    method: str | None
    step: int | None


def parse(text: str) -> Written:
    """The run is the longest part that exists, whatever colons a path or a method's settings hold;
    where nothing exists, what stands before the method's name."""
    path, rest = _split(text)
    if rest is None:
        return Written(Path(path), None, None)
    method, at, step = rest.rpartition("@")
    if step != FINAL and not step.isdecimal() and "=" in rest:
        method, at = rest, ""  # the @ of a setting
    elif not at:
        method = rest
    if not method or (at and step != FINAL and not step.isdecimal()):
        raise UigError(f'got "{text}", expected RUN[:METHOD[@STEP]], STEP a number or {FINAL}.')
    return Written(Path(path), method, int(step) if at and step.isdecimal() else None)


def _split(text: str) -> tuple[str, str | None]:
    """The run, and what stands behind it."""
    colons = [place for place, character in enumerate(text) if character == ":"]
    if Path(text).exists() or not colons:
        return text, None
    for place in reversed(colons):
        if text[:place] and Path(text[:place]).exists():
            return text[:place], text[place + 1 :]
    names = [place for place in colons if "=" not in text[place:].partition(",")[0]]
    place = names[-1] if names else colons[0]
    return text[:place], text[place + 1 :]


def paired(texts: Sequence[str], judge: str | None) -> tuple[list[tuple[Side, Side]], list[str]]:
    """Baseline and candidate, for every candidate and method; and what a reader must know of them
    and of what else differs, a sentence each. Raises UigError for what cannot be compared."""
    if len(texts) < 2:
        raise UigError(
            f"got {len(texts)} run to compare, expected a baseline and at least one more."
        )
    written = [parse(text) for text in texts]
    opened = {path: open_results(path) for path in dict.fromkeys(one.path for one in written)}
    return matched(written, [opened[one.path] for one in written], judge)


def matched(
    written: Sequence[Written], everything: Sequence[Results], judge: str | None
) -> tuple[list[tuple[Side, Side]], list[str]]:
    """The same of results that are opened already, one for each that is written."""
    first, baseline = written[0], everything[0]
    pairs: list[tuple[Side, Side]] = []
    said: dict[str, None] = {}
    matches = [
        (other, results, _methods(first, baseline, other, results))
        for other, results in zip(written[1:], everything[1:], strict=True)
    ]
    for _, results, methods in matches:
        check_prompts(baseline, methods[0][0], results, methods[0][1])
    judges = shared_judge(everything, judge)
    for (other, results, methods), name in zip(matches, judges[1:], strict=True):
        for before, after in methods:
            different = remarks(baseline, before, results, after)
            sides = (
                Side(baseline, before, first.step, judges[0]),
                Side(results, after, other.step, name),
            )
            own = (note for side in sides for note in side.self_judging())
            lone = _left_out(first, baseline, other, results)
            read = reading_remark(baseline, judges[0], results, name)
            notes = (*baseline.notes, *results.notes)
            said |= dict.fromkeys((*notes, *different, *read, *lone, *own))
            pairs.append(sides)
    return pairs, list(said)


def _methods(
    first: Written, baseline: Results, other: Written, results: Results
) -> list[tuple[str, str]]:
    """Which method is held against which: those named, the same ones, or the only ones."""
    for one, where in ((first, baseline), (other, results)):
        if one.method is not None and one.method not in where.identities:
            raise unknown(f"method of {where.name}", one.method, where.identities)
    before = [first.method] if first.method else baseline.methods
    after = [other.method] if other.method else results.methods
    if len(before) == len(after) == 1:
        return [(before[0], after[0])]
    same = [(name, name) for name in before if name in after]
    if not same:
        raise UigError(
            f"{baseline.name} ({', '.join(before)}) and {results.name} ({', '.join(after)}) have "
            "no method in common; name them as RUN:METHOD."
        )
    return same


def _left_out(first: Written, baseline: Results, other: Written, results: Results) -> Iterator[str]:
    """What one side alone has and is therefore not compared: splits, and methods where all were
    meant."""
    for has, lacks in ((baseline, results), (results, baseline)):
        there = {prompt.split for prompt in lacks.prompts}
        lone = dict.fromkeys(p.split for p in has.prompts if p.split not in there)
        yield from (f"split {one} is only in {has.name}; it is not compared." for one in lone)
        lone = dict.fromkeys(name for name in has.methods if name not in lacks.methods)
        if first.method is None and other.method is None and len(has.methods) > 1:
            yield from (f"method {one} is only in {has.name}; it is not compared." for one in lone)


def compared(pairs: Sequence[tuple[Side, Side]], split: str | None) -> list[Comparison]:
    """Every pair on every split that both have, or on this one."""
    found = []
    for before, after in pairs:
        shared = shared_splits(before.results, after.results)
        if split is not None and split not in shared:
            raise unknown("split that both sides have", split, shared)
        found += [compare(before, after, name) for name in ([split] if split else shared)]
    return found
