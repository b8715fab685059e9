"""Nothing outside a benchmark's folder names one: not in names, not in texts that are not docs."""

import ast
import re
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
