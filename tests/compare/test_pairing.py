"""RUN[:METHOD[@STEP]]: the run is the longest part that exists."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from uig_cli.compare.pairing import Written, _left_out, parse
from uig_cli.errors import UigError
from uig_cli.results.outcomes import Prompt, Results


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("run", "run:uig", "a:b/c"):
        (tmp_path / name).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("text", "run", "method", "step"),
    [
        ("run", "run", None, None),
        ("run:direct", "run", "direct", None),
        ("run:uig", "run:uig", None, None),
        ("run:uig:uig@2", "run:uig", "uig", 2),
        ("a:b/c:uig@final", "a:b/c", "uig", None),
        ("run:best-of-n:n=4,score=verdict@1", "run", "best-of-n:n=4,score=verdict", 1),
        ("run:best-of-n:judge=hf:a@b", "run", "best-of-n:judge=hf:a@b", None),
        ("gone:uig@1", "gone", "uig", 1),
        ("gone:best-of-n:n=4", "gone", "best-of-n:n=4", None),
    ],
)
def test_a_side(here: Path, text: str, run: str, method: str | None, step: int | None) -> None:
    assert parse(text) == (Path(run), method, step)


@pytest.mark.parametrize("text", ["run:", "run:uig@x", "run:@1", "run:uig@"])
def test_what_is_no_side(here: Path, text: str) -> None:
    with pytest.raises(UigError, match="expected RUN"):
        parse(text)


def results(name: str, splits: Sequence[str], methods: Sequence[str]) -> Results:
    prompts = [Prompt(f"{split}/0", "", split, "d", 1, 1) for split in splits]
    return Results(name, "0", "b", "", {each: {} for each in methods}, {}, prompts, ())


def test_what_one_side_alone_has_is_told() -> None:
    old = results("old", ["short"], ["direct", "uig"])
    new = results("new", ["short", "long"], ["direct", "mine"])
    every, one = Written(Path(), None, None), Written(Path(), "direct", None)
    assert list(_left_out(every, old, every, new)) == [
        "method uig is only in old; it is not compared.",
        "split long is only in new; it is not compared.",
        "method mine is only in new; it is not compared.",
    ]
    assert list(_left_out(one, old, one, new)) == ["split long is only in new; it is not compared."]
    assert not list(_left_out(every, old, every, old))
