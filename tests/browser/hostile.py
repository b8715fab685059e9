"""A benchmark and a model whose every text tries to break out of a page, as many cases as
UIG_TEST_CASES says; pictures of UIG_TEST_SIDE pixels."""

import os
from collections.abc import Sequence

from tests.models_for_tests import Quick
from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.cases import data_of, judged_questions
from uig_cli.benchmarks.protocol import Benchmark, Check, Data, Found, Source
from uig_cli.cases import Case, Question
from uig_cli.models.protocol import Capabilities, Cost, Draw, Look, Reply, Request, Said
from uig_cli.stats.stratified import Line, Tally, nested_means

CASES = int(os.environ.get("UIG_TEST_CASES", "24"))
SIDE = int(os.environ.get("UIG_TEST_SIDE", "16"))

MARKUP = "</script><script>window.broken=1</script><img src=x onerror=window.broken=2>&amp;'\"`${1}"
HEBREW = "עיגול אדום משמאל לריבוע כחול"
ARABIC = "دائرة حمراء إلى يسار مربع أزرق"
CHINESE, JAPANESE, KOREAN = (
    "蓝色方块左边的红色圆圈",
    "青い四角の左にある赤い丸",
    "파란 사각형 왼쪽의 빨간 원",
)
TURNED = "red \u202e elcric \u0007 \u2028 end"
TEXTS = (MARKUP, HEBREW, ARABIC, CHINESE, JAPANESE, KOREAN, TURNED, "plain red circle")
DIMENSIONS = ("color", MARKUP, "数量")


class Hostile(Benchmark):
    card = Card("hostile", "texts that try to break out", sets=("built-in",))

    def open(self, source: Source) -> Data:
        return data_of(self.card, source, [_case(number) for number in range(CASES)])

    def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
        return judged_questions(case, found)

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        return nested_means(tallies, {name: [name] for name in DIMENSIONS}, dimension_level="d")


def _case(number: int) -> Case:
    text = TEXTS[number % len(TEXTS)]
    asked = (Question(f"Is it {text}?", "yes"), Question(f"Is there no {MARKUP}?", "no"))
    return Case(
        id=f"hostile/{number}/<b>&",
        prompt=f"{number}: {text}",
        dimension=DIMENSIONS[number % len(DIMENSIONS)],
        questions=asked,
    )


class Hostility(Quick):
    """Never content, so that every round is used; and nothing that it says is harmless."""

    capabilities = Capabilities(
        roles=frozenset({"draw", "look", "edit"}),
        noise="exact",
        size=(SIDE, SIDE),
        stride=8,
        choices=True,
    )

    def answer(self, request: Request) -> Reply:
        if isinstance(request, Look) and not request.choices:
            return Said(f"<think>{MARKUP} {HEBREW}</think>EDIT_NEEDED: {MARKUP}", None, Cost())
        if isinstance(request, Look):
            level = self.level(request)
            return Said("Yes" if level < 0.5 else "No", (level, 1 - level))
        stage = request.stage if isinstance(request, Draw) else "edit-init"
        return self.paint(request.noise.normal(stage, (SIDE, SIDE, 3)))


BENCHMARK = Hostile()
