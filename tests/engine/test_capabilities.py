"""What models say of themselves: numbers and words, or functions that are asked where they live."""

import pickle
import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.models_for_tests import Quick
from tests.tiny_bagel import write_tiny_checkpoint
from uig_cli.engine.capabilities import most_passes, unknown_words
from uig_cli.errors import UigError
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import (
    ROLES,
    Capabilities,
    Draw,
    Edit,
    Look,
    Passes,
    Picture,
    Request,
    Role,
    UnifiedModel,
)
from uig_cli.models.registry import load_model
from uig_cli.models.where import Where

KEY = NoiseKey(0, "c")
WHITE = Picture.of(Image.new("RGB", (1, 1)))
SETTINGS: list[dict[str, object]] = [
    {"num_timesteps": 2},
    {"num_timesteps": 13, "interval": (0.2, 0.7)},
    {"text_scale": 1.0},
    {"image_scale": 3.0, "shift": 1.0},
    {"num_timesteps": 9, "image_scale": 2.0, "text_scale": 0.5, "interval": (0.0, 0.5)},
]
REQUESTS: list[Request] = [
    Draw("a", KEY), Draw("a", KEY, think="t"), Edit(WHITE, "b", KEY),
    Edit(WHITE, "b", KEY, think="t"), Look("q"), Look("q", choices=("yes", "no")),
    Look("q", sampler={"max_text_tokens": 7}),
]  # fmt: skip
for given in SETTINGS:
    REQUESTS.append(Draw("a", KEY, sampler=given))  # type: ignore[arg-type]
    REQUESTS.append(
        Edit(WHITE, "b", KEY, think="t", sampler={**given, "max_text_tokens": 5})  # type: ignore[dict-item]
    )

# What version 0.1.0 counted by a function of its own.
POCKET = [44, 144, 72, 172, 160, 2, 7, 2, 8, 17, 27, 24, 29, 54, 77, 8, 13]
TINY = [90, 1090, 147, 1147, 1000, 2, 7, 2, 8, 17, 27, 49, 54, 109, 152, 8, 13]


def roles(model: UnifiedModel) -> dict[Role, UnifiedModel]:
    return dict.fromkeys(ROLES, model)


def with_(**given: object) -> UnifiedModel:
    model = Quick()
    model.capabilities = replace(Quick.capabilities, **given)  # type: ignore[arg-type]
    return model


def test_passes_are_counted_as_ever(tmp_path: Path) -> None:
    write_tiny_checkpoint(tmp_path / "tiny")
    tiny = Bagel.load(tmp_path / "tiny", "cpu")
    assert most_passes(REQUESTS, roles(load_model("pocket", Where("cpu", None)))) == POCKET
    assert most_passes(REQUESTS, roles(tiny)) == TINY


def test_what_a_model_says_of_itself_is_data() -> None:
    able = load_model("pocket", Where("cpu", None)).capabilities
    assert pickle.loads(pickle.dumps(able)) == able == able.as_data()
    assert len(pickle.dumps(able)) < 20_000
    functions = with_(passes=lambda request: 1, strange=list).capabilities.as_data()
    assert pickle.loads(pickle.dumps(functions)) == Quick.capabilities


def test_what_is_not_told_is_not_known() -> None:
    draw, look = Draw("a", KEY), Look("q")
    assert most_passes([draw], roles(with_())) == [None]
    told = with_(passes={"draw": Passes(fixed=3)})
    assert most_passes([draw, look], roles(told)) == [3, None]
    steps = with_(passes={"draw": Passes(step=2, token=5), "look": Passes(token=1)})
    five = {"num_timesteps": 5}
    thought = Draw("a", KEY, think="t", sampler=five)
    asked: list[Request] = [
        draw,
        Draw("a", KEY, sampler=five),
        thought,
        look,
        Look("q", choices=("a", "b", "c")),
    ]
    assert most_passes(asked, roles(steps)) == [None, 8, None, None, 3]


def test_functions_are_asked_where_the_model_lives() -> None:
    where: list[str] = []

    def passes(request: Request) -> int:
        where.append(threading.current_thread().name)
        return len(request.role)

    def strange(prompts: Iterable[str]) -> list[str]:
        where.append(threading.current_thread().name)
        return [prompt for prompt in prompts if "cat" in prompt]

    model = with_(passes=passes, strange=strange, world="draws only shapes")
    assert model.capabilities.domain == "draws only shapes"
    assert most_passes([Draw("a", KEY), Look("q")], roles(model)) == [4, 4]
    assert list(unknown_words(["a cat", "a dog"], "draw", roles(model))) == ["a cat"]
    assert set(where) == {"uig worker"}


@pytest.mark.parametrize("function", [lambda _: 1 / 0, lambda _: "many"])
def test_a_function_that_fails_is_told_in_one_sentence(function: Callable[..., int]) -> None:
    with pytest.raises(UigError, match=r"cannot tell its passes or unknown words \(.*Error"):
        most_passes([Draw("a", KEY)], roles(with_(passes=function)))


def test_unknown_words_come_once_in_order() -> None:
    known = frozenset({"a", "red", "circle", "on", "child's"})
    said = ["A red cat on a sofa", "a Sofa, a child's circle, 3 red"]
    model = with_(known_words=known)
    assert unknown_words(said, "draw", roles(model)) == ["cat", "sofa", "3"]
    assert list(unknown_words(said, "draw", roles(with_()))) == []


def test_old_names_make_capabilities() -> None:
    able = Capabilities(roles=frozenset({"draw"}), world="draws dots", strange=lambda _: ["x"])
    assert able.domain == "draws dots" and able.as_data().strange is None
