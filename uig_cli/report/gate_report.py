"""What a gate has to tell: one line, then what a person would look at first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from uig_cli.compare.comparison import Change, Comparison
from uig_cli.console import how_many
from uig_cli.errors import UigError, unknown
from uig_cli.options import CompareOptions
from uig_cli.report.phrasing import counted, headline, interval, points, signed
from uig_cli.stats.gate import Outcome, Rule, decide, exceeded, unseen
from uig_cli.stats.paired import OVERALL, Difference

WORST = 5
SHOWN_CASES = 10

NO_VERDICT = 3
REGRESSION = 100

EXIT_CODES: dict[Outcome, int] = {
    "passed": 0,
    "failed": REGRESSION,
    "incomplete": NO_VERDICT,
    "underpowered": NO_VERDICT,
}


@dataclass(frozen=True, slots=True)
class Gate:
    """One gate, decided."""

    rule: Rule
    comparison: Comparison
    difference: Difference
    outcome: Outcome

    @property
    def exit_code(self) -> int:
        if self.outcome == "worse":
            return REGRESSION if exceeded(self.rule, self.difference) else NO_VERDICT
        return EXIT_CODES[self.outcome]

    @property
    def line(self) -> str:
        """GATE FAILED tiif/long overall uig@final: 71.2 -> 66.0, -5.2 [-7.9, -2.6], margin 1.0, ...

        and how many cases, how many missing.
        """
        return (
            f"GATE {self.outcome.upper()} {headline(self.comparison, self.difference)}, "
            f"margin {points(self.rule.margin)}, {counted(self.comparison, self.difference)}"
        )

    def details(self) -> Iterator[str]:
        """Lines of plain text; case ids and paths in them are as they came."""
        yield self._why()
        if worst := self._worst_dimensions():
            yield "worst dimensions:"
        for found in worst:
            yield (
                f"  {found.name}: {points(found.before)} -> {points(found.after)}, "
                f"{signed(found.difference)} {interval(found.low, found.high)}, "
                f"{how_many(found.cases, 'case')}"
            )
        wrong = self._newly_wrong()
        if wrong:
            yield f"newly wrong, {len(wrong)} in all:"
        for change in wrong[:SHOWN_CASES]:
            yield f"  {_told(change)}"

    def _why(self) -> str:
        seen = f"smallest detectable loss {points(self.difference.detectable)} points"
        if self.outcome == "incomplete":
            return (
                f"{self.comparison.missing} of {self.comparison.pictures} pictures lack an answer "
                f"on one side, {points(self.rule.allow_missing)} % are allowed: no verdict."
            )
        if self.outcome == "underpowered":
            return (
                f"{seen}, more than the margin: too few cases for a verdict. Compare more cases, "
                "widen the margin, or give --allow-underpowered."
            )
        if self.outcome == "worse":
            return (
                "worse beyond doubt; by more than the margin not beyond doubt. Compare more cases "
                "to know by how much."
            )
        if self.outcome == "failed":
            return "the loss exceeds the margin beyond doubt."
        return (
            f"{seen}; a true loss of less than {points(unseen(self.rule, self.difference))} points "
            "would have passed this gate more often than in two of ten runs."
        )

    def _worst_dimensions(self) -> list[Difference]:
        """Those of the metric that lost, most first."""
        lost = [
            found
            for found in self.comparison.final.differences
            if found.dimensions == (found.name,)
            and found.name in self.difference.dimensions
            and found.difference < 0
        ]
        return sorted(lost, key=lambda found: found.difference)[:WORST]

    def _newly_wrong(self) -> list[Change]:
        members = set(self.difference.dimensions)
        return [one for one in self.comparison.newly_wrong if one.dimension in members]


def gate(rule: Rule, comparison: Comparison, metric: str) -> Gate:
    """metric: the name of a line of the summary, or LEVEL:NAME. Raises UigError where there is no
    such line, or none with an interval."""
    lines = comparison.final.differences
    named = [found for found in lines if metric in (found.name, f"{found.level}:{found.name}")]
    if not named:
        raise unknown("--metric", metric, [found.name for found in lines])
    if len(named) > 1 and metric != OVERALL:
        told = " or ".join(f"{found.level}:{found.name}" for found in named)
        raise UigError(f"--metric {metric} names {len(named)} lines; give {told}.")
    found = named[-1]
    outcome = decide(rule, found, comparison.missing, comparison.pictures)
    return Gate(rule, comparison, found, outcome)


def one_gate(comparisons: Sequence[Comparison], options: CompareOptions) -> Gate:
    """A gate is one test: of one split, one method, one candidate. Raises UigError for more."""
    if len(comparisons) > 1:
        found = "; ".join(f"{one.where} {one.after.label}" for one in comparisons)
        raise UigError(
            f"a gate is one test, got {len(comparisons)} comparisons ({found}); give RUN:METHOD, "
            "two sides, and --split where there are several."
        )
    margin = (options.gate or 0.0) / 100
    rule = Rule(margin, options.allow_missing, options.allow_underpowered)
    return gate(rule, comparisons[0], options.metric)


def _told(change: Change) -> str:
    """case, sample 1: 100.0 -> 40.0, path of the picture"""
    sample = f", sample {change.sample}" if change.sample else ""
    paths = [path for path in (change.picture_before, change.picture_after) if path]
    where = f", {' -> '.join(paths)}" if paths else ""
    return f"{change.case}{sample}: {points(change.before)} -> {points(change.after)}{where}"
