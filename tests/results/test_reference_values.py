"""Reference files that hold what cannot be, or have lost what they were written with."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from uig_cli.errors import UigError
from uig_cli.results.reference import read_reference

KEPT = ROOT / "tests" / "data" / "v0.1.0" / "reference-tiif.json"

Change = Callable[[Any], object]


def changed(tmp_path: Path, change: Change) -> Path:
    found = json.loads(KEPT.read_text("utf-8"))
    change(found)
    path = tmp_path / "changed.json"
    path.write_text(json.dumps(found), "utf-8")
    return path


def put(table: str, column: str, value: object, line: int = 1) -> Change:
    def change(found: Any) -> None:
        found[table][line][found[table][0].index(column)] = value

    return change


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("correct", -1, "got -1 as correct of case"),
        ("correct", 999, "expected 0 to "),
        ("correct", True, "got True as correct"),
        ("correct", float("nan"), "got nan as correct"),
        ("correct", float("-inf"), "got -inf as correct"),
        ("correct", "1", "got '1' as correct"),
        ("answered", -2, "got -2 as answered"),
        ("answered", 1.5, "got 1.5 as answered"),
        ("missing", -1, "got -1 as missing"),
        ("missing", False, "got False as missing"),
        ("sample", 10**9, "as sample of case"),
        ("step", 10**9, "as step of case"),
        ("tokens", -1, "got -1 as tokens"),
        ("passes", 10**400, "as passes"),
        ("seconds", float("inf"), "got inf as seconds"),
        ("seconds", -0.5, "got -0.5 as seconds"),
        ("method", "nobody", "got 'nobody' as method"),
        ("judge", "nobody", "got 'nobody' as judge"),
    ],
)
def test_a_value_that_cannot_be(tmp_path: Path, column: str, value: object, said: str) -> None:
    path = changed(tmp_path, put("outcomes", column, value))
    with pytest.raises(UigError) as refused:
        read_reference(path)
    text = str(refused.value)
    assert text.startswith(f"{path}: got ") and said in text and "\n" not in text
    assert "case 'tiif/" in text


def test_prompts_that_want_more_than_they_ask(tmp_path: Path) -> None:
    with pytest.raises(UigError, match=r"got 99 as yes of case 'tiif/.*', expected at most"):
        read_reference(changed(tmp_path, put("prompts", "yes", 99)))


def test_one_place_holds_one_thing(tmp_path: Path) -> None:
    """The same line twice is fine; two results of one picture are not."""

    def again(found: Any) -> None:
        found["outcomes"].append(list(found["outcomes"][1]))

    def other(found: Any) -> None:
        again(found)
        put("outcomes", "seconds", 77.0, -1)(found)

    assert read_reference(changed(tmp_path, again)).last_step("uig")
    with pytest.raises(UigError, match=r"two lines of case 'tiif/.*as seconds, expected one"):
        read_reference(changed(tmp_path, other))


def test_a_file_that_has_lost_lines_is_told_by_its_counts(tmp_path: Path) -> None:
    def lost(found: Any) -> None:
        prompts, outcomes = (len(found[name]) - 1 for name in ("prompts", "outcomes"))
        found["counts"] = {"prompts": prompts, "outcomes": outcomes}
        del found["outcomes"][5:]

    with pytest.raises(UigError, match=r"and 4 outcomes, and was written with \d+ prompts and"):
        read_reference(changed(tmp_path, lost))


def test_a_file_without_counts_that_has_lost_a_last_step_says_so(tmp_path: Path) -> None:
    """Its earlier step would pass for the final one."""

    def lost(found: Any) -> None:
        assert "counts" not in found
        head, *rows = found["outcomes"]
        method, step = head.index("method"), head.index("step")
        found["outcomes"] = [
            head, *(row for row in rows if (row[method], row[step]) != ("uig", 2))
        ]  # fmt: skip

    before = read_reference(changed(tmp_path, lambda found: None))
    torn = read_reference(changed(tmp_path, lost))
    (told,) = set(torn.notes) - set(before.notes)
    assert "has uig up to step 1, and it was run with up to 2 rounds" in told
    assert not any("up to step" in note for note in before.notes)
