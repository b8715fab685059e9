"""TIIF-Bench: prompts in 39 dimensions, each short and long, scored by yes/no questions.

Paper: arXiv 2506.02161. The score of a dimension pools the answers of all its questions, a group
is the plain mean of its dimensions, the overall the plain mean of the nine groups; short and long
are scored apart. What has no data is left out of the means. The set `built-in` asks in the same
format about the small world of drawn shapes, which has six of the groups.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from uig_cli.benchmarks.cases import judged_questions
from uig_cli.benchmarks.protocol import Benchmark, Data, Evidence, Judged, Source
from uig_cli.benchmarks.tiif.card import CARD
from uig_cli.benchmarks.tiif.cases import open_data
from uig_cli.benchmarks.tiif.dimensions import GROUPS
from uig_cli.benchmarks.tiif.layout import TiifLayout
from uig_cli.benchmarks.tiif.published import TiifPublished
from uig_cli.benchmarks.tiif.workbook import workbook
from uig_cli.cases import Case
from uig_cli.stats.stratified import Line, Tally, nested_means


class Tiif(Benchmark):
    """The benchmark behind `uig eval tiif`. Cases of split "both" are those of short, then long."""

    card = CARD
    evidence: Evidence = "answers"
    layout = TiifLayout()
    published = TiifPublished()

    def open(self, source: Source) -> Data:
        return open_data(source)

    def judged(self, case: Case, evidence: Any) -> tuple[Judged, ...]:
        return judged_questions(case, evidence)

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        """Levels "dimension", "group", "overall", for the tallies of one split."""
        return nested_means(tallies, GROUPS, dimension_level="dimension")

    def official_scores(self, tallies: Mapping[str, Sequence[Tally]]) -> Mapping[str, Any]:
        """The official scripts round between their steps."""
        return workbook(tallies)


benchmark = Tiif()
