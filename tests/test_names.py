"""Names: no benchmark is named outside its folder, and a public class or alias is defined once."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import ROOT

PACKAGE = ROOT / "uig_cli"
NAMED = re.compile(r"tiif|geneval", re.IGNORECASE)

OWN = ("benchmarks", "training")
"""Where they may be named: the benchmarks; and the lessons of the built-in model, which are made
of the same formats."""


def sources() -> Iterator[Path]:
    for path in sorted(PACKAGE.rglob("*.py")):
        inside = path.relative_to(PACKAGE)
        if inside.parts[0] not in OWN:
            yield path


def docstrings(tree: ast.AST) -> set[int]:
    """Texts that only say something to a reader: a whole statement each."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def named_in(path: Path) -> Iterator[str]:
    tree = ast.parse(path.read_text("utf-8"))
    texts = docstrings(tree)
    for node in ast.walk(tree):
        found: list[str | None] = []
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            found = [] if id(node) in texts else [node.value]
        elif isinstance(node, ast.ImportFrom):
            found = [node.module, *(one.name for one in node.names)]
        elif isinstance(node, ast.Name | ast.FunctionDef | ast.ClassDef):
            found = [node.id if isinstance(node, ast.Name) else node.name]
        yield from (
            f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}: {text}"
            for text in found
            if text and NAMED.search(text)
        )


def test_no_benchmark_is_named_outside_its_folder() -> None:
    assert [line for path in sources() for line in named_in(path)] == []


SHARED = {
    "Reply": "what comes back: from a model, from a scorer; each protocol's own word",
    "Kind": "of a model, which packages offer under this name since 0.1.0; of a finding",
    "Asked": "what a scorer is asked, its protocol's word; a plug-in as it was asked for",
    "Given": "a type variable; what a card's own options hold",
    "Usual": "wordings of the small world; who scores where nobody is named",
}
"""Names that stand twice, and why."""


def public_names(path: Path) -> Iterator[str]:
    """Classes and type aliases that a module defines."""
    for node in ast.parse(path.read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name, value = node.targets[0].id, node.value
            typed = isinstance(value, ast.Call) and "TypeVar" in ast.dump(value.func)
            if name[0].isupper() and not name.isupper() and not typed:
                yield name


def test_a_public_class_or_alias_is_defined_once() -> None:
    found: dict[str, list[str]] = defaultdict(list)
    files = {
        one.resolve() for room in ("uig_cli", "benchmarks") for one in ROOT.glob(f"{room}/**/*.py")
    }
    for path in sorted(files):
        for name in public_names(path):
            if not name.startswith("_"):
                found[name].append(str(path.relative_to(ROOT)))
    twice = {name: places for name, places in found.items() if len(places) > 1}
    assert twice.keys() <= SHARED.keys(), twice
    assert all(len(places) == 2 for places in twice.values()), twice


ROOM_WORDS = {
    "__init__", "__main__",
    "card", "benchmark", "cases", "layout", "published", "built_in", "hard",  # of each benchmark
    "protocol", "registry",  # of rooms that others add to
    "config", "data", "exact", "pictures", "refine",  # a command or judge, and what it is about
}  # fmt: skip
"""File names that rooms share."""


def test_files_have_names_of_their_own() -> None:
    files = {
        one.resolve() for room in ("uig_cli", "benchmarks") for one in ROOT.glob(f"{room}/**/*.py")
    }
    names = [path.stem for path in files]
    assert {name for name in names if names.count(name) > 1} <= ROOM_WORDS
