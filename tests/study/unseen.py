"""Lines 24 to 47 of each family of `built-in-hard`: the same recipe, never shipped, for confirming
what was chosen on the others. A benchmark in a file, as anybody can write one."""

from collections.abc import Sequence
from dataclasses import replace

from uig_cli.benchmarks.built_in import HARD
from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.cases import data_of, judged_questions
from uig_cli.benchmarks.protocol import Benchmark, Check, Data, Found, Source
from uig_cli.benchmarks.tiif import hard
from uig_cli.benchmarks.tiif.built_in import PromptLine
from uig_cli.cases import Case, Question
from uig_cli.scoring.kinds import Kind
from uig_cli.shapes.spec_text import text_of
from uig_cli.stats.stratified import Line, Tally, nested_means

LINES = range(24, 48)


class Unseen(Benchmark):
    """One split, the long wording."""

    card = Card(
        name="tiif-unseen",
        summary="further lines of the families of TIIF's set built-in-hard",
        splits=("long",),
        sets=(HARD,),
        needs=("answers",),
    )

    def open(self, source: Source) -> Data:
        return data_of(self.card, replace(source, set=HARD), [_case(*one) for one in _lines()])

    def wanted(self, case: Case, kind: Kind) -> tuple[str, ...]:
        return (case.facts["spec"],) if kind == "faults" else super().wanted(case, kind)

    def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
        return judged_questions(case, found)

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        return nested_means(tallies, hard.GROUPS, dimension_level="dimension")


def _lines() -> list[tuple[int, PromptLine]]:
    made = hard.lines(LINES)
    return [(LINES[n % len(LINES)], line) for n, line in enumerate(made)]


def _case(number: int, line: PromptLine) -> Case:
    return Case(
        id=f"tiif/long/{line.dimension}/{number}",
        prompt=line.long,
        split="long",
        dimension=line.dimension,
        questions=tuple(Question(*asked) for asked in line.asked),
        facts={"spec": text_of(line.spec)},
    )


BENCHMARK = Unseen()
