"""Models that misbehave: `python:tests/campaign/odd_models.py:NAME`, each in a way of its own."""

import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from PIL import Image

from tests.models_for_tests import Quick
from uig_cli.models.protocol import Cost, Drawn, Failure, Look, Picture, Reply, Request, Said

SIDE = (16, 16)


FREE = Cost()


def _of(odd: Callable[[Quick, Request], Any]) -> type[Quick]:
    class Odd(Quick):
        def answer(self, request: Request) -> Any:
            return odd(self, request)

    return Odd


def _painted(cost: Any = FREE, **more: Any) -> Callable[[Quick, Request], Any]:
    return lambda model, request: Drawn(Picture.of(Image.new("RGB", SIDE)), cost=cost, **more)


def _picture(picture: Callable[[], Any]) -> Callable[[Quick, Request], Any]:
    return lambda model, request: Drawn(picture())


def _gone() -> Image.Image:
    raise OSError("the device is gone")


def _says(text: Any, chances: Any = None) -> Callable[[Quick, Request], Any]:
    def answer(model: Quick, request: Request) -> Any:
        if isinstance(request, Look):
            return Said(text, chances)
        return Quick.answer(model, request)

    return answer


def _raises(error: BaseException) -> Callable[[Quick, Request], Any]:
    def answer(model: Quick, request: Request) -> Any:
        raise error

    return answer


def _prints(model: Quick, request: Request) -> Reply:
    print("loading shards")
    os.write(1, b"from below\n")
    return Quick.answer(model, request)


class Unordered(Quick):
    """Answers in its own order, twice, and numbers that nobody asked for."""

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[Any, Reply]]:
        replies = [self.answer(request) for request in requests]
        yield -1, replies[0]
        yield 10**9, replies[0]
        yield "first", replies[0]
        for index in reversed(range(len(requests))):
            yield index, replies[index]
            yield index, replies[index]


class Silent(Quick):
    """Answers nothing."""

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        yield from ()


class Breaks(Quick):
    """Answers one request and breaks."""

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        yield 0, self.answer(requests[0])
        raise RuntimeError("the card fell off the bus\n" * 100)


ODD: dict[str, type[Quick]] = {
    "Unordered": Unordered,
    "Silent": Silent,
    "Breaks": Breaks,
    "Exits": _of(_raises(SystemExit(0))),
    "Interrupts": _of(_raises(KeyboardInterrupt())),
    "Recurses": _of(_raises(RecursionError("too deep"))),
    "MemoryGone": _of(_raises(MemoryError())),
    "StopsEarly": _of(_raises(StopIteration())),
    "SurrogateError": _of(_raises(ValueError("\ud800"))),
    "PrintsAlot": _of(_prints),
    "NoReply": _of(lambda model, request: None),
    "TextForReply": _of(lambda model, request: "a picture"),
    "HugePasses": _of(_painted(Cost(0.0, 10**40, 0))),
    "NegativePasses": _of(_painted(Cost(0.0, -1, 0))),
    "EndlessSeconds": _of(_painted(Cost(float("inf"), 1, 0))),
    "NanSeconds": _of(_painted(Cost(float("nan"), 1, 0))),
    "WordyCost": _of(_painted("cheap")),
    "NumpyCost": _of(_painted(Cost(np.float32(1), np.int64(2), np.int64(3)))),  # type: ignore[arg-type]
    "OddThought": _of(_painted(thought=7)),
    "LongThought": _of(_painted(thought="x" * 200_000)),
    "SurrogateThought": _of(_painted(thought="\ud800\0")),
    "NoPixels": _of(_picture(lambda: Picture.of(Image.new("RGB", (0, 0))))),
    "OtherSize": _of(_picture(lambda: Picture.of(Image.new("RGB", (7, 5))))),
    "NanPixels": _of(_picture(lambda: Picture.of(Image.fromarray(np.full(SIDE, np.nan, "f4"))))),
    "FalseHash": _of(_picture(lambda: Picture("f" * 64, SIDE, lambda: Image.new("RGB", SIDE)))),
    "LostPicture": _of(_picture(lambda: Picture("0" * 64, SIDE, _gone))),
    "WordySize": _of(_picture(lambda: Picture("0" * 64, ("a", "b"), _gone))),  # type: ignore[arg-type]
    "NoPicture": _of(_picture(lambda: "a picture")),
    "OddKind": _of(lambda model, request: Failure("\ud800\n" * 50, "x" * 100_000)),
    "NumberReason": _of(lambda model, request: Failure("lost", 7)),  # type: ignore[arg-type]
    "LongText": _of(_says("MATCH: " + "x" * 200_000, (0.5, 0.5))),
    "NoText": _of(_says(None, (0.5, 0.5))),
    "LoopingText": _of(_says("EDIT_NEEDED: brighter" + "\n>" * 20_000, (0.5, 0.5))),
    "OddChances": _of(_says("MATCH: fine", (-3.0, 7.0))),
    "NanChances": _of(_says("MATCH: fine", (float("nan"), 0.5))),
    "FewChances": _of(_says("MATCH: fine", (1.0,))),
    "WordyChances": _of(_says("MATCH: fine", ("a", "b"))),
    "MarkupText": _of(_says("EDIT_NEEDED: \x1b[2J[red]<script>=cmd|' /C calc'!A0", (0.5, 0.5))),
}


def __getattr__(name: str) -> type[Quick]:
    try:
        return ODD[name]
    except KeyError:
        raise AttributeError(name) from None
