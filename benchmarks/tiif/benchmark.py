"""TIIF-Bench: prompts in 39 dimensions, each short and long, scored by yes/no questions.

Paper: arXiv 2506.02161. The score of a dimension pools the answers of all its questions, a group
is the plain mean of its dimensions, the overall the plain mean of the nine groups; short and long
are scored apart. What has no data is left out of the means. The set `built-in` asks in the same
format about the small world of drawn shapes, which has six of the groups; `built-in-hard` has
families of its own.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from uig_cli.benchmarks.cases import judged_questions
from uig_cli.benchmarks.protocol import Benchmark, Check, Data, Found, Source
from uig_cli.benchmarks.tiif.card import CARD
from uig_cli.benchmarks.tiif.cases import groups_of, open_data, specification
from uig_cli.benchmarks.tiif.layout import TiifLayout
from uig_cli.benchmarks.tiif.published import TiifPublished
from uig_cli.benchmarks.tiif.workbook import workbook
from uig_cli.cases import Case
from uig_cli.scoring.kinds import Kind
from uig_cli.stats.stratified import Line, Tally, nested_means


class Tiif(Benchmark):
    """The benchmark behind `uig eval tiif`. Cases of split "both" are those of short, then long."""

    card = CARD
    layout = TiifLayout()
    published = TiifPublished()

    def open(self, source: Source) -> Data:
        return open_data(source)

    def wanted(self, case: Case, kind: Kind) -> tuple[str, ...]:
        """Texts are wanted where the picture shall show words, faults where a prompt of a built-in
        set says all that there is to be."""
        if kind == "faults":
            said = specification(case)
            return () if said is None else (said,)
        if kind == "texts":
            return ("",) if case.facts.get("words") else ()
        return super().wanted(case, kind)

    def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
        return judged_questions(case, found)

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        """Levels "dimension", "group", "overall", for the tallies of one split."""
        groups = groups_of({tally.dimension for tally in tallies})
        return nested_means(tallies, groups, dimension_level="dimension")

    def official_scores(self, tallies: Mapping[str, Sequence[Tally]]) -> Mapping[str, Any]:
        """The official scripts round between their steps."""
        return workbook(tallies)


benchmark = Tiif()
