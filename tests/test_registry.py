"""One registry: names, files, entry points; what is in the way of what, and who is to blame."""

import subprocess
import sys
from importlib.metadata import entry_points as real_entry_points
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from uig_cli import faults, registry
from uig_cli.errors import UigError


def offering(folder: Path, group: str, **lines: str) -> Path:
    """Makes a folder in which a package offers things."""
    info = folder / "some_package-1.2.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: some-package\nVersion: 1.2\n")
    told = [f"{name} = {where}" for name, where in lines.items()]
    (info / "entry_points.txt").write_text("\n".join([f"[uig.{group}]", *told, ""]))
    return folder


@pytest.mark.parametrize("group", registry.NOUN)
def test_all_of_ours_are_where_they_are_said_to_be(group: Any) -> None:
    assert registry.ours(group)
    for name in registry.ours(group):
        assert registry.find(group, name).origin is None


def test_names_are_listed_without_anything_imported() -> None:
    code = (
        "import sys\nfrom uig_cli import registry as r\n"
        "found = [r.names(group) for group in r.NOUN]\n"
        "assert all(found), found\n"
        "heavy = {'numpy', 'PIL', 'torch', 'pandas', 'uig_cli.loop', 'uig_cli.models.registry'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)


def test_entry_points_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    read = []

    def counted() -> Any:
        read.append(1)
        return real_entry_points()

    monkeypatch.setattr(registry, "entry_points", counted)
    registry.forget()
    for _ in range(100):
        for group in registry.NOUN:
            registry.names(group)
    assert len(read) == 1


def test_a_name_of_ours_is_nobody_elses(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offering(tmp_path, "methods", uig="some_module:THING", other="some_module:THING")
    (tmp_path / "some_module.py").write_text("THING = 1\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    registry.forget()
    with pytest.raises(UigError, match=r"some-package 1\.2 offers a method uig, which is the name"):
        registry.find("methods", "uig")
    found = registry.find("methods", "other:n=3")
    assert found.origin is not None and found.origin.version == "some-package 1.2"
    assert (found.thing, found.rest) == (1, "n=3")
    assert "other" in registry.completing("methods")("oth")


def test_a_package_that_cannot_be_imported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offering(tmp_path, "methods", broken="broken_module:THING")
    (tmp_path / "broken_module.py").write_text("\n1 / 0\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    registry.forget()
    with pytest.raises(UigError, match="offers method broken, which fails when imported"):
        registry.find("methods", "broken")
    assert registry.find("methods", "direct").thing.name == "direct"


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("nowhere.py:X", "no file nowhere.py"),
        ("nowhere.py", 'method "nowhere.py" is not complete; expected FILE.py:NAME'),
        ("python:nowhere", "is not complete; expected python:FILE.py:NAME"),
        ("dirct", 'Did you mean "direct"'),
    ],
)
def test_what_is_not_there(spec: str, expected: str) -> None:
    with pytest.raises(UigError, match=expected):
        registry.find("methods", spec)


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("\n\nraise SystemExit(3)\n", "SystemExit: 3 at .*own.py:3"),
        ("\nimport nothing_of_that_name\n", "ModuleNotFoundError: .*own.py:2"),
        ("x = (\n", "SyntaxError: .*own.py:1"),
        ("X = 1\n", "own.py has no model Y"),
    ],
)
def test_a_file_that_goes_wrong_says_where(tmp_path: Path, code: str, told: str) -> None:
    (tmp_path / "own.py").write_text(code)
    with pytest.raises(UigError, match=told):
        registry.find("models", f"{tmp_path}/own.py:Y")


def test_files_find_their_own_neighbours(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "neighbour_of_it.py").write_text(f"WHO = {name!r}\n")
        (tmp_path / name / "own.py").write_text("from neighbour_of_it import WHO\n")
    found = [registry.find("models", f"{tmp_path}/{name}/own.py:WHO") for name in ("one", "two")]
    assert [one.thing for one in found] == ["one", "two"]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "own.py"
    versions = []
    for value in (1, 2):
        file.write_text(f"X = {value}\n")
        found = registry.find("models", f"python:{file}:X:a=1,b=2")
        assert (found.thing, found.rest) == (value, "a=1,b=2")
        assert found.origin is not None
        versions.append(found.origin.version)
    assert len(set(versions)) == 2


def test_a_place_is_no_file(tmp_path: Path) -> None:
    assert registry.find("models", "bagel:/somewhere/x.py:Y").rest == "/somewhere/x.py:Y"
    assert registry.short_name("models", "bagel:/somewhere/BAGEL-7B") == "BAGEL-7B"
    assert registry.short_name("models", "python:a/b.py:Mine:checkpoint=/x/y") == "Mine"


def test_nobody_is_blamed_for_what_is_ours() -> None:
    try:
        raise ValueError("ours")
    except ValueError as error:
        assert faults.place(error) is None
        assert faults.told(error) == "ValueError: ours"
