"""Methods by the name, or the file, and the settings that a user writes."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.methods_for_tests import offered
from uig_cli import registry
from uig_cli.errors import UigError
from uig_cli.loop.methods import BUILT_IN, Method, method, methods
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Step, Trace
from uig_cli.templates import load_all

FILE = """
from dataclasses import dataclass
from uig_cli.loop.first import ask
from uig_cli.loop.methods import Method
from uig_cli.loop.trace import Step, Trace


@dataclass(frozen=True)
class Own:
    n: int = 4
    share: float = 0.5

    def __post_init__(self):
        if self.n < 1:
            raise ValueError("n is less than 1")


class Loose:
    n = 4


def run(task, settings):
    yield []


PLAIN = Method("plain", "", run, frozenset({"draw"}))
SEVERAL = Method("several", "", run, frozenset({"draw"}), settings=Own)
LOOSE = Method("loose", "", run, frozenset({"draw"}), settings=Loose)
BROUGHT = Method("external", "", run, frozenset({"draw"}))
ODD = Method("a:b", "", run, frozenset({"draw"}))
OURS = Method("uig", "", run, frozenset({"draw"}))
NONE = "several"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.py"
    path.write_text(FILE)
    return path


def test_a_method_without_settings_is_called_by_its_name(file: Path) -> None:
    of = method(f"{file}:PLAIN")
    assert (of.label, of.chosen, of.own) == ("plain", {}, None)
    assert of.origin is not None and not of.fixed_parser
    with pytest.raises(UigError, match="plain has no settings"):
        method(f"{file}:PLAIN:n=3")


def test_settings_that_are_not_the_default_stand_in_the_label(file: Path) -> None:
    spec = f"{file}:SEVERAL"
    assert (method(spec).label, method(spec).chosen) == ("several", {})
    of = method(f"{spec}:share=0.25,n=2")
    assert (of.own.n, of.own.share) == (2, 0.25)
    assert (of.label, of.chosen) == ("several:n=2,share=0.25", {"n": "2", "share": "0.25"})
    assert method(f"{spec}:n=4,share=0.5").label == "several"
    with pytest.raises(UigError, match="several:n=0 cannot be: n is less than 1"):
        method(f"{spec}:n=0")
    with pytest.raises(UigError, match="method loose has settings that are no dataclass"):
        method(f"{file}:LOOSE:n=3")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("BROUGHT", 'is a method called "external"; expected a name'),
        ("ODD", 'is a method called "a:b"; expected a name'),
        ("OURS", "uig"),
        ("NONE", "gives str, expected a uig_cli.loop.methods.Method"),
    ],
)
def test_what_can_be_no_method_is_refused(file: Path, name: str, told: str) -> None:
    with pytest.raises(UigError, match=told):
        method(f"{file}:{name}")


def test_a_package_may_offer_a_method_under_another_name_than_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = offered(tmp_path)
    (info,) = folder.glob("*.dist-info")
    (info / "entry_points.txt").write_text(
        "[uig.methods]\nalias = other_methods:SEVERAL\nanother = other_methods:PLAIN\n"
    )
    (tmp_path / "other_methods.py").write_text(FILE)
    monkeypatch.syspath_prepend(str(folder))
    registry.forget()
    assert {"alias", "another"} < set(registry.names("methods"))
    for spec in ("alias", "several"):
        assert method(spec).name == "several" and method(f"{spec}:n=2").own.n == 2
    assert method("plain").name == "plain"
    assert methods().keys() == {"several", "plain", *(one.name for one in BUILT_IN)}
    with pytest.raises(UigError, match='unknown method "sevral"'):
        method("sevral")


def test_what_methods_have_unless_they_say_otherwise() -> None:
    assert MethodSettings(load_all({})).rounds == 4
    assert Trace((Step(0, None),)).complete
    fixed = {one.name for one in BUILT_IN if one.fixed_parser}
    assert fixed == {one.name for one in BUILT_IN if one.verdict_parser == "reference"}
    assert fixed == {"uig-reference"}


def test_a_returned_step_without_a_picture_returns_to_none() -> None:
    first, lost = Step(0, None), replace(Step(1, None), made=None)
    assert Trace((first, lost)).returns_to(1) is None


def test_a_users_own_picture_is_step_0_of_the_published_loop_too() -> None:
    def numbers(of: Method) -> int:
        conversation = of.run(DrawTask("c", "p"), MethodSettings(load_all({})))
        (request,) = next(conversation)
        return int(request.special_tokens)

    assert [numbers(method(name)) for name in ("direct", "think", "uig", "uig-reference")] == [
        0, 0, 0, 1,
    ]  # fmt: skip
