"""Do the tests notice small changes of the code? Mutants of the packages that make the numbers.

    python -m tests.mutation [--seed 14] [--count 400] [--jobs 2] [--only TEXT]

Every mutant changes one thing (a comparison, an operation, a constant, a condition, a bound, the
value that is returned) and runs against its own package's unit tests alone, the fast ones, in a
process of its own. Those that survive are printed; those that tests/data/equivalent-mutants.txt
holds behave as the code does, for the reason that stands there, and are left out of the share.
Exit code 1 where more than 5 % of the others survive. This takes half an hour, so it is no test.
"""

import argparse
import ast
import contextlib
import copy
import importlib.abc
import importlib.machinery
import importlib.util
import os
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = ROOT / "tests" / "data" / "equivalent-mutants.txt"
MOST_SURVIVING = 0.05
SECONDS = 120
"""A mutant that runs longer than this never ends; that is noticed, too."""

PACKAGES: Sequence[tuple[Sequence[str], Sequence[str]]] = (
    (("uig_cli/loop/*.py",), ("tests/loop",)),
    (("uig_cli/stats/*.py",), ("tests/stats",)),
    (
        (
            "uig_cli/scoring/parsing.py",
            "uig_cli/scoring/json_answers.py",
            "uig_cli/scoring/refusals.py",
            "uig_cli/scoring/repeats.py",
            "uig_cli/scoring/text_metrics.py",
        ),
        (
            "tests/scoring/test_parsing.py",
            "tests/scoring/test_repeats.py",
            "tests/scoring/test_text_metrics.py",
        ),
    ),
    (("benchmarks/geneval/rules.py",), ("tests/benchmarks/geneval",)),
    (
        tuple(
            f"benchmarks/tiif/{name}.py"
            for name in (
                "alignment",
                "judgements",
                "layout",
                "lines",
                "numbering",
                "pictures",
                "quoted",
                "result_files",
                "workbook",
            )
        ),
        ("tests/benchmarks/tiif",),
    ),
)
"""Loop, statistics, parsing, rules, TIIF's scoring path; each with tests that are its own."""

Change = Callable[[ast.AST], None]

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_OPERATIONS: dict[type[ast.operator], tuple[type[ast.operator], ...]] = {
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,),
    ast.FloorDiv: (ast.Mult,), ast.Mod: (ast.FloorDiv,), ast.Pow: (ast.Mult,), ast.BitOr: (),
    ast.BitAnd: (ast.BitOr,),
}  # fmt: skip
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "sum": "len"}


@dataclass(frozen=True)
class Mutant:
    """file: relative to the repository. node, change: which one (in the order of a walk over the
    file), and its how many-th change."""

    file: str
    tests: tuple[str, ...]
    node: int
    change: int
    line: int
    told: str

    @property
    def name(self) -> str:
        return f"{self.file}: {self.told}"


def changes(node: ast.AST) -> Iterator[Change]:
    """Every small change of a node, each made in place."""
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                yield from (_put("ops", other(), place) for other in _COMPARISONS[type(op)])
        case ast.BinOp(op=operator) | ast.AugAssign(op=operator):
            yield from (_put("op", other()) for other in _OPERATIONS.get(type(operator), ()))
        case ast.BoolOp(op=joined):
            yield _put("op", ast.Or() if isinstance(joined, ast.And) else ast.And())
        case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test):
            yield _put("test", ast.UnaryOp(ast.Not(), test))
        case ast.comprehension(ifs=ifs):
            yield from (_put("ifs", ast.Constant(True), place) for place in range(len(ifs)))
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield _put("op", ast.UAdd())
        case ast.Constant(value=bool(value)):
            yield _put("value", not value)
        case ast.Constant(value=int(value)):
            yield _put("value", value + 1)
        case ast.Constant(value=float(value)):
            yield _put("value", value * 1.5 + 0.01)
        case ast.Return(value=ast.expr() as returned) if not _is_none(returned):
            yield _put("value", ast.Constant(None))
        case ast.Call(func=ast.Name(id=called)) if called in _CALLS:
            yield _put("func", ast.Name(_CALLS[called], ast.Load()))
        case ast.Continue():
            yield _put("__class__", ast.Break)


def _put(field: str, value: Any, place: int | None = None) -> Change:
    """Puts a value into a field of a node, or into a place of a field that is a list."""

    def change(node: ast.AST) -> None:
        if place is None:
            setattr(node, field, value)
        else:
            getattr(node, field)[place] = value

    return change


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _walked(tree: ast.Module) -> list[ast.AST]:
    """The nodes that behave, in an order that depends on the text alone: neither annotations nor
    what is only looked at by type checkers."""
    found: list[ast.AST] = []

    def visit(node: ast.AST) -> None:
        found.append(node)
        for name, value in ast.iter_fields(node):
            if name in ("annotation", "returns", "decorator_list", "type_params"):
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _idle(child):
                    visit(child)

    visit(tree)
    return found


def _idle(node: ast.AST) -> bool:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
        return True
    # What aliases of types say, by our custom of names, is no behaviour either.
    return isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("Literal", "Callable")


def mutants() -> Iterator[Mutant]:
    """All there are, file by file."""
    for patterns, tests in PACKAGES:
        for path in (found for pattern in patterns for found in sorted(ROOT.glob(pattern))):
            tree = ast.parse(path.read_text("utf-8"))
            for number, node in enumerate(_walked(tree)):
                for place, _ in enumerate(changes(node)):
                    told, line = _told(tree, number, place)
                    file = path.relative_to(ROOT).as_posix()
                    yield Mutant(file, tuple(tests), number, place, line, told)


def _told(tree: ast.Module, number: int, place: int) -> tuple[str, int]:
    """before => after, as short as tells them apart, and the line."""
    node = _walked(tree)[number]
    whole = node if isinstance(node, ast.expr | ast.stmt) else None
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    around: ast.AST = whole or parents[node]
    while not isinstance(around, ast.stmt) and len(ast.unparse(around)) < 24:
        around = parents[around]
    line = getattr(around, "lineno", 0)
    before = ast.unparse(around).split("\n")[0]
    after = ast.unparse(_changed(copy.deepcopy(around), around, node, place)).split("\n")[0]
    return f"{before} => {after}", line


def _changed(copied: ast.AST, around: ast.AST, node: ast.AST, place: int) -> ast.AST:
    for old, new in zip(ast.walk(around), ast.walk(copied), strict=True):
        if old is node:
            list(changes(new))[place](new)
            return copied
    raise AssertionError("the node is within")


def compiled(mutant: Mutant) -> CodeType:
    path = ROOT / mutant.file
    tree = ast.parse(path.read_text("utf-8"))
    node = _walked(tree)[mutant.node]
    list(changes(node))[mutant.change](node)
    return compile(ast.fix_missing_locations(tree), str(path), "exec")


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives one module its mutated code; every other is found as usual."""

    def __init__(self, mutant: Mutant) -> None:
        self._code = compiled(mutant)
        dotted = mutant.file.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
        self._name = dotted if dotted.startswith("uig_cli.") else f"uig_cli.{dotted}"
        self._path = ROOT / mutant.file

    def find_spec(
        self, name: str, path: object = None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._name:
            return None
        return importlib.util.spec_from_file_location(name, self._path, loader=self)

    def get_code(self, fullname: str) -> CodeType:
        return self._code

    def get_source(self, fullname: str) -> str:
        return self._path.read_text("utf-8")

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


def noticed(mutant: Mutant | None, tests: Sequence[str]) -> bool:
    """Whether some test fails, in a process of its own that begins with what is imported here."""
    child = os.fork()
    if child == 0:
        os.setsid()
        os._exit(_tested(mutant, tests))
    ended = time.monotonic() + SECONDS
    while time.monotonic() < ended:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status) != 0
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def _tested(mutant: Mutant | None, tests: Sequence[str]) -> int:
    import pytest

    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        if mutant is not None:
            sys.meta_path.insert(0, _Mutated(mutant))
        words = [
            "-x",
            "-q",
            "-m",
            "not slow and not cuda",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ]
        return int(pytest.main([*words, *(str(ROOT / test) for test in tests)]) != 0)
    except BaseException:
        return 1


def equivalent() -> dict[str, str]:
    """Name -> why it behaves as the code does. A line of the file: the reason behind " # "."""
    lines = EQUIVALENT.read_text("utf-8").splitlines() if EQUIVALENT.exists() else []
    pairs = (line.rpartition(" # ") for line in lines if line.strip())
    return {name: why for name, _, why in pairs}


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    asked.add_argument("--seed", type=int, default=14)
    asked.add_argument("--count", type=int, default=400)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--only", default="", help="those whose name holds this text")
    given = asked.parse_args()
    # Heavy and never mutated: imported once, inherited by every process.
    for module in ("numpy", "scipy.special", "scipy.stats", "pandas", "hypothesis", "pytest"):
        importlib.import_module(module)
    every = [one for one in mutants() if given.only in one.name]
    drawn = random.Random(given.seed).sample(every, min(given.count, len(every)))
    for _, tests in PACKAGES:
        if any(one.tests == tuple(tests) for one in drawn) and noticed(None, tests):
            print(f"{' '.join(tests)} fail without any change", flush=True)
            return 2
    known, started = equivalent(), time.monotonic()
    drawn.sort(key=lambda one: (one.file, one.line))
    alike = [one for one in drawn if one.name in known]
    tried = [one for one in drawn if one.name not in known]
    with ThreadPoolExecutor(given.jobs) as pool:
        found = list(pool.map(lambda one: noticed(one, one.tests), tried))
    survivors = [one for one, seen in zip(tried, found, strict=True) if not seen]
    for one in survivors:
        print(f"survives: {one.file}:{one.line}: {one.told}")
    share = len(survivors) / max(1, len(tried))
    print(
        f"{len(every)} mutants, {len(drawn)} drawn with seed {given.seed}, {len(alike)} of them "
        f"equivalent; {len(survivors)} of {len(tried)} survive ({100 * share:.1f} %), "
        f"{time.monotonic() - started:.0f} s"
    )
    return int(share > MOST_SURVIVING)


if __name__ == "__main__":
    sys.exit(main())
