"""Judges, detectors and readers are found, checked and opened the same way."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from types import ModuleType
from typing import Any, ClassVar

import pytest
from PIL import Image

from tests.conftest import ROOT
from tests.scoring_for_tests import Entry, asker, offer
from uig_cli.errors import UigError
from uig_cli.models.protocol import Picture
from uig_cli.scoring import registry
from uig_cli.scoring.parsing import PARSERS, parser_version
from uig_cli.scoring.protocol import Answer, Asked, Kind, Rating, Reply
from uig_cli.scoring.registry import ScorerType, named, names, type_of, usages
from uig_cli.scoring.terms import Terms
from uig_cli.scoring.versions import FIRST, versions

RED = Picture.of(Image.new("RGB", (8, 8), "red"))


@dataclass(frozen=True)
class Dist:
    name: str = "eyes"
    version: str = "1.2"


class Eye:
    """A judge as somebody would write it."""

    name = "eye"
    kind: Kind = "answers"
    batch = None
    identity: ClassVar[Mapping[str, str]] = {"judge": "eye"}

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        yield from ((n, (Answer("yes"),) * len(item.wanted)) for n, item in enumerate(items))


def test_every_group_lists_its_own() -> None:
    assert set(names("judges")) == {"self", "exact", "strict", "openai", "hf"}
    assert set(names("detectors")) == {"mask2former", "exact"}
    assert names("readers") == ["rapidocr"]
    for group in ("judges", "detectors", "readers"):
        listed = usages(group)
        assert "none" in listed and all(listed.values())


def test_nothing_heavy_is_imported_before_it_is_asked_for() -> None:
    code = (
        "import sys; from uig_cli.scoring import registry as r; "
        "[r.usages(g) for g in ('judges', 'detectors', 'readers')]; r.named('judges', 'hf:x'); "
        "heavy = {'torch', 'transformers', 'httpx2', 'pandas', 'rapidocr'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


@pytest.mark.parametrize(
    "offered", [Eye, Eye(), ScorerType("eye", "e", "answers", lambda *_: Eye())]
)
def test_a_package_offers_a_scorer_in_any_of_three_forms(
    offered: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "uig_cli.registry.offered", lambda group: {"eye": Entry("eye", offered, Dist())}
    )
    found = named("judges", "eye")
    scorer = found.open(Terms({}), None)
    assert (scorer.name, scorer.kind, found.kind) == ("eye", "answers", "answers")
    # Another version of the package is another judge.
    assert dict(scorer.identity) == {"judge": "eye", "package": "eyes 1.2"}
    assert dict(scorer.ask([Asked(RED, ("Red?",))])) == {0: (Answer("yes"),)}
    assert "eye" in usages("judges")


def test_what_is_no_scorer_and_a_name_that_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UigError, match=r"scorer x is .*expected an object with name, kind"):
        type_of(42, "x", {})
    taken = asker()
    taken.name = "exact"
    offer(monkeypatch, judges=[taken])
    with pytest.raises(UigError, match="offers a judge exact, which is the name of one of ours"):
        named("judges", "exact")
    assert named("detectors", "exact").kind == "detections"


def test_a_version_joins_an_identity_when_it_is_not_the_first_any_more() -> None:
    assert versions(parser_version=FIRST, reader=FIRST) == {}
    assert versions(parser_version="2") == {"parser version": "2"}
    assert {name: parser_version(name) for name in PARSERS} == {"robust": "2", "strict": FIRST}


@pytest.mark.parametrize("value", [1.5, -1, float("nan")])
def test_a_rating_that_is_none(value: float) -> None:
    with pytest.raises(ValueError, match="expected 0 to 1"):
        Rating(value)


@pytest.fixture(scope="module")
def example() -> ModuleType:
    path = ROOT / "docs" / "examples" / "scorer.py"
    spec = spec_from_file_location("scorer_example", path)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_example_of_the_docs(example: ModuleType) -> None:
    found = type_of(example.ColorJudge, "colors", {"file": "ab" * 32})
    scorer = registry.Named("judges", "colors", found, "").open(Terms({}), None)
    assert scorer.identity["file"] == "ab" * 32
    half = Image.new("RGB", (10, 10), "red")
    half.paste("blue", (0, 0, 5, 10))
    questions = ("Is there red and blue?", "Is anything green?", "Is there a dog?")
    ((_, reply),) = scorer.ask([Asked(Picture.of(half), questions)])
    assert isinstance(reply, tuple)
    told = [one.answer for one in reply if isinstance(one, Answer)]
    assert told == ["yes", "no", None]
