"""What a model says of itself is looked at when it is loaded."""

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np
import pytest

from uig_cli.errors import UigError
from uig_cli.models.capability_checks import wrong_capability, wrong_identity
from uig_cli.models.foreign import checked
from uig_cli.models.protocol import Capabilities

SOUND = Capabilities(roles=frozenset({"draw"}), sampler={"draw": {"steps": 4, "span": (0.4, 1)}})


@pytest.mark.parametrize(
    "sound",
    [
        {}, {"size": (64, 64)}, {"size": (np.int64(64), 64)}, {"max_side": 512}, {"batch": 1},
        {"passes": {"draw": 4}}, {"passes": len}, {"known_words": frozenset({"a"})},
        {"one_of": {"mode": ("a", "b")}}, {"note": "é"}, {"tolerance": 0.5}, {"strange": list},
    ],
)  # fmt: skip
def test_sound_capabilities(sound: dict[str, Any]) -> None:
    assert wrong_capability(replace(SOUND, **sound)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("roles", frozenset()), ("roles", {"paint"}), ("roles", "draw"), ("roles", None),
        ("noise", "some"), ("size", "64x64"), ("size", (0, 64)), ("size", (64,)),
        ("size", (10**9, 1)), ("stride", 0), ("stride", 1.5), ("max_side", "big"),
        ("tolerance", float("nan")), ("tolerance", -1), ("choices", 1), ("note", 7),
        ("note", "\ud800"), ("note", "x" * 5_000), ("passes", 4), ("passes", {"paint": 4}),
        ("batch", 0), ("batch", True), ("strange", "words"), ("known_words", "words"),
        ("sampler", {"draw": 4}), ("sampler", {"paint": {}}),
        ("sampler", {"draw": {"a": object()}}),
        ("least", {"steps": "one"}), ("one_of", {"mode": "ab"}), ("aliases", {"a": 1}),
        ("domain", 7), ("sampler", {"draw": {"a": float("inf")}}),
    ],
)  # fmt: skip
def test_an_odd_field_is_named_when_the_model_is_loaded(name: str, value: object) -> None:
    class Odd:
        capabilities = replace(SOUND, **{name: value})  # type: ignore[arg-type]
        identity: ClassVar = {"kind": "odd"}

        def run(self, requests: object) -> object:
            return ()

    with pytest.raises(UigError, match=rf"odd\.py:Odd .* say {name}=.*expected") as error:
        checked(Odd(), "odd.py:Odd")
    assert "\n" not in str(error.value) and len(str(error.value)) < 300


@pytest.mark.parametrize("identity", [None, {}, {"a": 1}, {"\ud800": "a"}, {"a": "x" * 5000}, [1]])
def test_identities(identity: object) -> None:
    assert (wrong_identity(identity) is None) == (identity == {})
