"""A benchmark's summary, held against what was counted: whoever wrote the benchmark, a line that
cannot be is one sentence and no figure of a table."""

from collections.abc import Iterator, Mapping, Sequence
from math import fsum, isclose
from numbers import Real

from uig_cli.benchmarks.plugin_checks import several_of
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import is_text
from uig_cli.errors import UigError
from uig_cli.stats.paired import OVERALL
from uig_cli.stats.stratified import Line, Tally

_NEAR = 1e-6


def summary_lines(benchmark: Benchmark, tallies: Sequence[Tally]) -> list[Line]:
    """Raises UigError for the first line that cannot be of these pictures."""
    lines = list(several_of(Line, benchmark.summary(tallies), benchmark, "summary"))
    fault = next(_odd_fields(lines), None) or next(_faults(lines, tallies), None)
    if fault is not None:
        raise UigError(
            f"the summary of the benchmark {benchmark.name} has {fault}; mend its summary "
            "(docs/adding-a-benchmark.md)."
        )
    return lines


_COUNTS = ("cases", "pictures", "answered", "missing")


def _odd_fields(lines: Sequence[Line]) -> Iterator[str]:
    """What in a line is of another type than it promises; `_faults` relies on these."""
    for number, line in enumerate(lines, 1):
        for name in ("level", "name"):
            if not is_text(getattr(line, name)):
                yield f"{getattr(line, name)!a:.40} as {name} of line {number}, not a text"
        for name in ("score", "low", "high"):
            value = getattr(line, name)
            if value is not None and not isinstance(value, Real):
                yield f"{value!r:.40} as {name} of line {number}, expected a number"
        for name in _COUNTS:
            value = getattr(line, name)
            if type(value) is not int or value < 0:
                yield f"{value!r:.40} as {name} of line {number}, expected a whole number from 0"
        if not isinstance(line.weights, Mapping):
            yield f"{line.weights!r:.40} as weights of line {number}, expected a mapping"


def _faults(lines: Sequence[Line], tallies: Sequence[Tally]) -> Iterator[str]:
    if not lines or lines[-1].level != OVERALL:
        last = f"{lines[-1].level} {lines[-1].name}" if lines else "nothing"
        yield f"{last} as its last line, expected one of the level {OVERALL}"
    known = _shares(tallies)
    seen: set[tuple[str, str]] = set()
    for line in lines:
        what = f"{line.level} {line.name}"
        if (line.level, line.name) in seen:
            yield f"two lines {what}"
        seen.add((line.level, line.name))
        for name, value in (("score", line.score), ("low", line.low), ("high", line.high)):
            if value is not None and not 0 <= value <= 1 + _NEAR:
                yield f"{value:g} as {name} of {what}, expected 0 to 1"
        if lost := sorted(set(line.weights) - set(known)):
            yield f"a weight for {lost[0]} in {what}, which has no answer"
        elif line.weights:
            made = fsum(weight * known[name] for name, weight in line.weights.items())
            if line.score is None or not isclose(made, line.score, abs_tol=_NEAR):
                score = "none" if line.score is None else f"{line.score:g}"
                yield f"the score {score} in {what}, whose weights make {made:g}"


def _shares(tallies: Sequence[Tally]) -> Mapping[str, float]:
    """Right of answered by dimension, where anything is."""
    counts: dict[str, tuple[float, int]] = {}
    for one in tallies:
        correct, answered = counts.get(one.dimension, (0.0, 0))
        counts[one.dimension] = correct + one.correct, answered + one.answered
    return {name: correct / asked for name, (correct, asked) in counts.items() if asked}
