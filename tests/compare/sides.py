"""Sides of a comparison made of counts, without runs."""

from collections.abc import Sequence

from uig_cli.compare.comparison import Comparison, compare
from uig_cli.compare.run_side import Side
from uig_cli.results.outcomes import PictureScore, Prompt, Results
from uig_cli.stats.stratified import Line, Tally, nested_means

Answers = Sequence[tuple[int, int, int]]
"""Right, answered, missing of each prompt's picture."""


class OneDimension:
    """A benchmark with the dimension `d` alone."""

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        return nested_means(tallies, {"d": ["d"]}, dimension_level="dimension")


def side(name: str, answers: Answers) -> Side:
    prompts = [Prompt(f"d/{n}", str(n), "", "d", 5, 5) for n in range(len(answers))]
    outcomes = [
        PictureScore(prompt.id, 0, "direct", 0, "exact", right, answered, missing, True, 1.0, 1, 1)
        for prompt, (right, answered, missing) in zip(prompts, answers, strict=True)
    ]
    results = Results(
        name, "0", "ours", "", {"direct": {}}, {"exact": {}}, prompts, outcomes, of=OneDimension()
    )
    return Side(results, "direct", None, "exact")


def compared(before: Answers, after: Answers) -> Comparison:
    return compare(side("before", before), side("after", after), "")
