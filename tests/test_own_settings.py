"""Settings that things declare: one grammar, typed."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest

from uig_cli import own_settings
from uig_cli.errors import UigError


@dataclass(frozen=True)
class Settings:
    """score: what is counted; keep: whether the best is kept."""

    n: int = field(default=4, metadata={"help": "how many"})
    share: float = 0.5
    keep: bool = False
    score: Literal["verdict", "chance"] = "verdict"
    where: Path | None = None
    text: str = ""


class Built:
    """A model. shade: of the paint.

    More about it.
    """

    def __init__(
        self,
        checkpoint: Path,
        steps: Annotated[int, "how many steps"] = 3,
        shade: float | None = None,
        plain="x",
        *,
        device: str = "auto",
        **more: Any,
    ) -> None: ...


DECLARED = own_settings.of_dataclass(Settings)


def test_values_have_their_types() -> None:
    text = "n=2,share=0.25,keep=true,score=chance,where=/a,b,text=x=y,z"
    given = own_settings.parse(text, DECLARED, "it")
    assert given == {
        "n": 2, "share": 0.25, "keep": True, "score": "chance", "where": Path("/a,b"),
        "text": "x=y,z",
    }  # fmt: skip
    assert own_settings.parse("", DECLARED, "it") == {}
    assert own_settings.parse("where=none", DECLARED, "it") == {"where": None}


def test_only_what_is_not_by_default_is_written_and_in_order() -> None:
    given = own_settings.parse("text=a,n=04,share=0.5,keep=True", DECLARED, "it")
    written = own_settings.written(given, DECLARED)
    assert own_settings.joined(written) == "keep=true,text=a"
    again = own_settings.parse(own_settings.joined(written), DECLARED, "it")
    assert own_settings.written(again, DECLARED) == written


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("n=four", 'it got n="four", expected a whole number'),
        ("keep=maybe", 'it got keep="maybe", expected true or false'),
        ("score=chanse", 'it got score="chanse", expected verdict or chance'),
        ("m=4", 'unknown setting of it "m"; known: keep, n'),
        ("shared=4", 'Did you mean "share"'),
        ("n", 'it got "n", expected settings as KEY=VALUE'),
        ("n=1,n=2", "it got n twice"),
    ],
)
def test_what_cannot_be(text: str, told: str) -> None:
    with pytest.raises(UigError, match=told):
        own_settings.parse(text, DECLARED, "it")


def test_who_has_none_says_so() -> None:
    with pytest.raises(UigError, match="direct has no settings; leave n=3 out"):
        own_settings.parse("n=3", (), "direct")
    assert own_settings.of_constructor(object) == ()


def test_parameters_of_a_constructor() -> None:
    found = own_settings.of_constructor(Built, ("device", "dtype"))
    assert [str(one) for one in found] == [
        "checkpoint=... (a path)",
        "steps=3 (a whole number): how many steps",
        "shade=none (a number or none): of the paint",
        "plain=x (a text)",
    ]
    assert [one.name for one in found if one.is_place] == ["checkpoint"]
    with pytest.raises(UigError, match=r"it needs checkpoint \(a path\); give it:checkpoint=VALUE"):
        own_settings.parse("steps=2", found, "it")


def test_help_of_a_dataclass() -> None:
    told = {one.name: one.help for one in DECLARED}
    assert told["n"] == "how many"
    assert told["score"] == "what is counted" and told["keep"] == "whether the best is kept"


def test_a_type_that_nobody_can_write_down() -> None:
    class Odd:
        def __init__(self, words: list[str], more: dict[str, int] | None = None) -> None: ...

    with pytest.raises(UigError, match="setting words is declared as"):
        own_settings.of_constructor(Odd)
