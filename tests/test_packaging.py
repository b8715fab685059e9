"""The package installs whatever way it comes, and holds what it should and nothing else.

A ZIP made by a host and a checkout with core.symlinks=false have text files in place of links.
"""

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from uig_cli import __version__

pytestmark = pytest.mark.xdist_group("packaging")  # one process builds for all

NOT_INSTALLED = "uig_cli.training"
LINKS = {"uig_cli/benchmarks": "../benchmarks", "uig_cli/prompts": "../prompts"}
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]


def package_folders() -> Iterator[tuple[str, Path]]:
    """Every folder with Python files that belongs to the package, under the name it has there."""
    for top, folder in SETTINGS["package-dir"].items():
        for found, folders, files in os.walk(ROOT / folder):  # follows no links
            folders[:] = [name for name in folders if name != "__pycache__"]
            if any(name.endswith(".py") for name in files):
                inner = Path(found).relative_to(ROOT / folder).parts
                yield ".".join((top, *inner)), Path(found)


def test_every_package_is_listed() -> None:
    there = {name for name, _ in package_folders() if not name.startswith(NOT_INSTALLED)}
    listed = SETTINGS["packages"]
    assert listed == sorted(set(listed))
    missing, gone = there - set(listed), set(listed) - there
    assert not missing, f"add to [tool.setuptools] packages in pyproject.toml: {sorted(missing)}"
    assert not gone, f"in [tool.setuptools] packages, but not in the tree: {sorted(gone)}"


def test_every_package_says_that_it_is_one() -> None:
    """An editable install does not find a folder without `__init__.py` that stands elsewhere."""
    assert not [name for name, folder in package_folders() if not (folder / "__init__.py").exists()]


def test_the_version_is_the_same_wherever_it_stands() -> None:
    (cited,) = re.findall(r"^version: (.*)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.M)
    newest = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert newest and cited == newest[1] == __version__


def repository() -> list[str]:
    """The files that git knows or would add, but for the links; skips where this is no checkout."""
    words = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(words, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    names = {name for name in listed.split("\0") if (ROOT / name).is_file()} - set(LINKS)
    if "pyproject.toml" not in names:
        pytest.skip("this is no git checkout")
    return sorted(names)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The working tree as a host's "Download ZIP" gives it: links are files with their text."""
    pytest.importorskip("setuptools", minversion="77", reason="the build needs setuptools 77")
    path = tmp_path_factory.mktemp("download") / "uig-main.zip"
    with zipfile.ZipFile(path, "w") as packed:
        for name in repository():
            packed.write(ROOT / name, f"uig-main/{name}")
        for name, target in LINKS.items():
            packed.writestr(f"uig-main/{name}", target)
    return path


@pytest.fixture(scope="module")
def unpacked(archive: Path) -> Path:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(archive.parent)
    return archive.parent / "uig-main"


@pytest.fixture(scope="module")
def wheel(archive: Path) -> Path:
    pip("wheel", "--wheel-dir", archive.parent, archive)
    (found,) = archive.parent.glob("*.whl")
    return found


def pip(command: str, *words: object) -> None:
    """Without a network: what the package needs is there already."""
    fixed = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    line = [sys.executable, "-m", "pip", command, *fixed, *map(str, words)]
    subprocess.run(line, check=True, env={**os.environ, "PIP_NO_INDEX": "1"})


def elsewhere(installed: Path, code: str, folder: Path) -> str:
    """What Python prints that knows this installation of `uig` and none other."""
    others = [path for path in sys.path if path and Path(path).resolve() != ROOT]
    path = os.pathsep.join([str(installed), *others])
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_wheel_holds_the_package_and_nothing_else(wheel: Path) -> None:
    folders = {folder: top.replace(".", "/") for top, folder in SETTINGS["package-dir"].items()}
    wanted = {
        name.replace(name.split("/")[0], folders[name.split("/")[0]], 1)
        for name in repository()
        if name.split("/")[0] in folders and not name.startswith(NOT_INSTALLED.replace(".", "/"))
    }
    with zipfile.ZipFile(wheel) as packed:
        held = {name for name in packed.namelist() if ".dist-info/" not in name}
    assert held == wanted


@pytest.mark.slow
def test_eval_runs_from_a_wheel(wheel: Path, tmp_path: Path) -> None:
    pip("install", "--target", tmp_path / "installed", wheel)
    code = (
        "import sys; from uig_cli.app import main; sys.argv = ['uig', 'eval', 'tiif', '--limit',"
        " '1', '--method', 'direct', '--num-timesteps', '4', '--out', 'run', '--json']; main()"
    )
    said = json.loads(elsewhere(tmp_path / "installed", code, tmp_path))
    assert said["cases"] == 1
    assert (tmp_path / "run" / "tables" / "summary.csv").is_file()


@pytest.mark.slow
def test_an_editable_install_needs_no_links(unpacked: Path, tmp_path: Path) -> None:
    pip("install", "--target", tmp_path / "installed", "--editable", unpacked)
    code = (
        f"import site; site.addsitedir({str(tmp_path / 'installed')!r})\n"
        "from uig_cli.benchmarks import tiif; print(tiif.__file__)\n"
        "from uig_cli.templates import ours; print(len(ours('examine').text))\n"
        "from uig_cli.benchmarks.published import listed; print(len(listed('geneval')))\n"
        "from uig_cli.training import recipe; print(recipe.__file__)\n"
    )
    module, template, scores, training = elsewhere(
        tmp_path / "installed", code, tmp_path
    ).splitlines()
    assert Path(module) == unpacked / "benchmarks" / "tiif" / "__init__.py"
    assert int(template) > 100 and int(scores) > 100
    assert Path(training) == unpacked / "uig_cli" / "training" / "recipe.py"


def test_make_check_says_that_it_needs_the_links(unpacked: Path) -> None:
    done = subprocess.run(["make", "check"], cwd=unpacked, capture_output=True, text=True)
    assert done.returncode
    assert done.stderr.startswith("make check needs two symbolic links")
    assert not (unpacked / ".venv").exists()


@pytest.mark.slow
def test_a_source_distribution_holds_the_repository(unpacked: Path, tmp_path: Path) -> None:
    code = f"from setuptools import build_meta; build_meta.build_sdist({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", code], cwd=unpacked, check=True, capture_output=True)
    (path,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(path) as packed:
        held = {name.partition("/")[2] for name in packed.getnames()}
    assert set(repository()) - held == set()
