"""One picture for many prompts is told."""

from dataclasses import dataclass
from typing import Any

import pytest
from PIL import Image

from uig_cli.cases import Case
from uig_cli.engine.equal_pictures import equal_pictures
from uig_cli.loop.trace import Step, Trace
from uig_cli.models.protocol import Picture
from uig_cli.results.rows import CaseTrace

BLACK, RED = (Picture.of(Image.new("RGB", (2, 2), color)) for color in ("black", "red"))


@dataclass
class Drawn:
    """A run of which only its pictures are known."""

    traces: list[CaseTrace]

    def drawn(self) -> list[CaseTrace]:
        return self.traces


def run(*drawn: tuple[str, Picture | None], method: str = "direct") -> Any:
    found = []
    for number, (prompt, picture) in enumerate(drawn):
        trace = Trace((Step(0, picture),))
        case = Case(f"c/{number}", prompt)
        found.append(CaseTrace(case, method, 0, trace, trace.steps))
    return Drawn(found)


def test_many_prompts_with_one_picture_are_told() -> None:
    (said,) = equal_pictures(run(("x", RED), ("a", BLACK), ("b", BLACK), ("c", BLACK)))
    assert said.startswith("3 different prompts have one and the same picture by direct (e.g. c/1)")


@pytest.mark.parametrize(
    "drawn",
    [
        [("a", BLACK), ("b", BLACK), ("c", RED)],
        [("a", BLACK), ("a", BLACK), ("a", BLACK), ("b", BLACK)],
        [("a", None), ("b", None), ("c", None)],
        [("a", Picture.unseen("x")), ("b", Picture.unseen("x")), ("c", Picture.unseen("x"))],
        [],
    ],
)
def test_what_may_be_alike_is_not(drawn: list[tuple[str, Picture | None]]) -> None:
    assert not list(equal_pictures(run(*drawn)))
