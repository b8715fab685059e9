"""On the CPU the way requests are batched changes no byte of an answer.

Batches of 1, 5 and 16 hold prompts of different lengths, pictures of different sizes and texts
that end at different times.
"""

from collections.abc import Iterator, Sequence

import pytest
import torch
from PIL import Image

from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Draw, Drawn, Edit, Look, Picture, Reply, Request, Said

COUNT = 16
THINK = "Think first, then answer."
SIZES = [(64, 64), (32, 64), (64, 48)]
FLOW = {"num_timesteps": 4, "max_text_tokens": 9}


def noise(i: int, round: int = 0) -> NoiseKey:
    return NoiseKey(0, f"case/{i}", round=round)


def picture(i: int) -> Picture:
    """Smooth, coloured, each of its own size."""
    width, height = 40 + 3 * i, 36 + 5 * (i % 4)
    ramps = [Image.linear_gradient("L").rotate(90 * k).resize((width, height)) for k in (0, 1, i)]
    return Picture.of(Image.merge("RGB", ramps))


def prompts() -> list[str]:
    return ["a red cube" + " and a small green ball" * (i % 5) + "!" * i for i in range(COUNT)]


def draws(think: str | None) -> list[Request]:
    return [
        Draw(text, noise(i), size=SIZES[i % 3], think=think, sampler=FLOW)
        for i, text in enumerate(prompts())
    ]


def edits(think: str | None) -> list[Request]:
    return [
        Edit(picture(i), text, noise(i, 1), think=think, sampler=FLOW)
        for i, text in enumerate(prompts())
    ]


def looks(choices: tuple[str, ...]) -> list[Request]:
    return [
        Look(text, (picture(i // 2),), think=THINK if i % 2 else None, choices=choices,
             sampler={"max_text_tokens": 9})
        for i, text in enumerate(prompts())
    ]  # fmt: skip


KINDS: dict[str, list[Request]] = {
    "draw": draws(None),
    "draw after a thought": draws(THINK),
    "edit": edits(None),
    "edit after a thought": edits(THINK),
    "look": looks(()),
    "look with choices": looks(("yes", "no")),
    "look sampled": [
        Look(text, (picture(1),), sampler={"max_text_tokens": 9, "temperature": 1.5})
        for text in prompts()
    ],
}


def content(reply: Reply) -> object:
    if isinstance(reply, Drawn):
        return reply.picture.sha256, reply.thought
    assert isinstance(reply, Said), reply
    return reply.text, reply.probabilities


def in_batches(bagel: Bagel, requests: Sequence[Request], size: int) -> list[object]:
    found: dict[int, object] = {}
    for start in range(0, len(requests), size):
        for index, reply in bagel.run(requests[start : start + size]):
            found[start + index] = content(reply)
    return [found[index] for index in range(len(requests))]


@pytest.fixture(params=[1, 2])
def threads(request: pytest.FixtureRequest) -> Iterator[int]:
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.parametrize("kind", KINDS)
def test_bytes_do_not_depend_on_the_batch(bagel: Bagel, threads: int, kind: str) -> None:
    requests = KINDS[kind]
    alone = in_batches(bagel, requests, 1)
    assert len(set(alone)) > COUNT // 2, "answers that are all alike would show nothing"
    for size in (5, 16):
        assert in_batches(bagel, requests, size) == alone


def test_costs_do_not_depend_on_the_batch(bagel: Bagel) -> None:
    def costs(size: int) -> list[tuple[int, int]]:
        found = []
        for start in range(0, COUNT, size):
            for _, reply in bagel.run(KINDS["edit after a thought"][start : start + size]):
                assert isinstance(reply, Drawn)
                found.append((reply.cost.passes, reply.cost.tokens))
        return found

    assert costs(1) == costs(16)


def test_one_bad_request_spoils_nobody_elses(bagel: Bagel) -> None:
    good = KINDS["draw"]
    bad = Draw(" ", noise(99), sampler=FLOW)
    mixed = dict(bagel.run([good[0], bad, good[1]]))
    assert type(mixed[1]).__name__ == "Failure"
    alone = in_batches(bagel, good[:2], 1)
    assert [content(mixed[0]), content(mixed[2])] == alone
