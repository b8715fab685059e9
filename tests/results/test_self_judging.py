"""Where a model judges itself after a loop that stops when it is content, it is said."""

from collections.abc import Mapping

import pytest

from uig_cli.results.self_judging import is_examiner, self_judging, stops_when_content

ONE = {"kind": "bagel", "weights": "a" * 64, "dtype": "float32"}
OTHER = {"kind": "bagel", "weights": "b" * 64, "dtype": "float32"}


def drawing(examiner: Mapping[str, str], *, loops: bool = True) -> dict[str, object]:
    found: dict[str, object] = {f"model.draw.{key}": value for key, value in ONE.items()}
    if loops:
        found |= {"rounds": 2, "verdict": "robust"}
        found |= {f"model.look.{key}": value for key, value in examiner.items()}
    return found


def self_judge(model: Mapping[str, str], before: str = "") -> dict[str, str]:
    fields = {"judge": "self", "template": "t", **{f"model {k}": v for k, v in model.items()}}
    return {f"{before}{key}": value for key, value in fields.items()}


@pytest.mark.parametrize(
    ("judge", "same"),
    [
        (self_judge(ONE), True),
        (self_judge({**ONE, "dtype": "bfloat16"}), True),
        (self_judge(OTHER), False),
        (self_judge(ONE, "answers ") | {"ratings judge": "rater"}, True),
        (self_judge(OTHER, "answers ") | {"ratings judge": "rater"}, False),
        ({"judge": "hf", "model": "a" * 64, "dtype": "float32"}, True),
        ({"judge": "hf", "model": "c" * 64, "dtype": "float32"}, False),
        ({"judge": "exact", "reader": "2"}, False),
        ({"detector": "exact", "reader": "2"}, False),
        ({}, True),  # a folder called self without an identity
    ],
)
def test_the_examiner_is_the_judge(judge: Mapping[str, str], same: bool) -> None:
    assert is_examiner(drawing(ONE), judge, "self" if not judge else "j") is same


def test_a_model_behind_a_server_by_its_name() -> None:
    loop = drawing({"name": "Qwen/Qwen2.5-VL-7B-Instruct"})
    judge = {"judge": "openai", "model": "qwen2.5-vl-7b-instruct"}
    assert is_examiner(loop, judge, "openai-qwen")
    assert not is_examiner(loop, {**judge, "model": "gpt-4o"}, "openai-gpt-4o")


def test_only_methods_that_stop_when_content_are_named() -> None:
    assert stops_when_content(drawing(ONE)) and not stops_when_content(drawing(ONE, loops=False))
    methods = {"direct": drawing(ONE, loops=False), "uig": drawing(ONE), "mine": drawing(OTHER)}
    (note,) = self_judging(methods, {"self": self_judge(ONE), "exact": {"judge": "exact"}})
    assert note.startswith("uig stops when") and "judge self" in note and "uig rejudge" in note
    assert not list(self_judging(methods, {"exact": {"judge": "exact"}}))
