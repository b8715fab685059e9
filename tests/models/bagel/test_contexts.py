"""Keys and values are allocated once per sequence, and never copied while it grows."""

from collections.abc import Iterator

import pytest

from tests.models.bagel.test_batches import FLOW, THINK, noise, picture
from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.protocol import Draw, Edit, Look, Request

LOOK = {"max_text_tokens": 9}
REQUESTS: dict[str, Request] = {
    "draw": Draw("a cat", noise(0), sampler=FLOW),
    "draw after a thought": Draw("a cat", noise(0), think=THINK, sampler=FLOW),
    "edit": Edit(picture(3), "a red cat", noise(0), sampler=FLOW),
    "edit after a thought": Edit(picture(3), "a red cat", noise(0), think=THINK, sampler=FLOW),
    "look with choices": Look(
        "a cat?", (picture(1), picture(2)), choices=("yes", "certainly not"), sampler=LOOK
    ),
    "look": Look("a cat?", (picture(1), picture(2)), think=THINK, sampler=LOOK),
}


@pytest.fixture
def copies(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Lengths of the contexts that had to be copied to make room."""
    found: list[int] = []
    real = Context.reserve

    def reserve(self: Context, tokens: int) -> None:
        before = self.store
        real(self, tokens)
        if self.store is not before and self.length:
            found.append(self.length)

    monkeypatch.setattr(Context, "reserve", reserve)
    yield found


@pytest.mark.parametrize("name", REQUESTS)
def test_nothing_is_copied_while_a_sequence_grows(
    bagel: Bagel, copies: list[int], name: str
) -> None:
    list(bagel.run([REQUESTS[name]]))
    # Random weights think in broken bytes, and each is three tokens when it is read again.
    assert len(copies) <= ("thought" in name)
