"""Do the tests notice small changes of the code? Mutants of the packages that make the numbers.

    python -m tests.mutation [--seed 14] [--count 400] [--jobs 2] [--only TEXT] [--again LOG]

Every mutant changes one thing (a comparison, an operation, a constant, a condition, a bound, the
value that is returned) and runs against its own package's unit tests alone, the fast ones, in a
process of its own. Those that survive are printed; those that tests/data/equivalent-mutants.txt
holds behave as the code does, for the reason that stands there, and are left out of the share.
Exit code 1 where more than 5 % of the others survive. This takes a quarter of an hour, so it is no
test; tests/test_mutation.py is that of this script.

Left as they are: texts, annotations, decorators, aliases of types; and `strict=True` of `zip`,
which asserts what holds.
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
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EQUIVALENT = ROOT / "tests" / "data" / "equivalent-mutants.txt"
MOST_SURVIVING = 0.05
CPU_SECONDS = 60
"""A mutant that computes longer than this never ends; that is noticed, too."""
SECONDS = 600
"""The same for one that waits."""
MEMORY = 8 << 30


@dataclass(frozen=True)
class Package:
    """What is changed in a folder, and the tests that are its own; patterns of file names."""

    folder: str
    modules: tuple[str, ...]
    tests: tuple[str, ...]


PACKAGES = (
    Package(
        "uig_cli/loop",
        ("*",),
        # The others of the folder draw with a model.
        tuple(
            f"tests/loop/test_{name}.py"
            for name in (
                "converse", "costs_and_failures", "method_specs", "methods", "trace", "verdict",
            )
        ),
    ),
    Package("uig_cli/stats", ("*",), ("tests/stats/test_*.py",)),
    Package(
        "uig_cli/scoring",
        (
            "json_answers", "parsing", "refusals", "repeats", "spoken", "text_metrics", "thoughts",
            "wording", "wrappings",
        ),
        tuple(
            f"tests/scoring/test_{name}.py"
            for name in ("json_answers", "parsing", "repeats", "spoken", "text_metrics")
        ),
    ),
    Package(
        "benchmarks/geneval",
        ("plausible", "rules", "stored", "verdicts"),
        ("tests/benchmarks/geneval/test_*.py",),
    ),
    Package(
        "benchmarks/tiif",
        (
            "alignment", "benchmark", "judgements", "layout", "lines", "numbering", "pictures",
            "quoted", "result_files", "workbook",
        ),
        ("tests/benchmarks/tiif/test_*.py",),
    ),
)  # fmt: skip
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
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "sum": "max"}


@dataclass(frozen=True)
class Mutant:
    """file: relative to the folder that all lie in. node, change: which one (in the order of a
    walk over the file), and its how many-th change."""

    root: Path
    file: str
    tests: tuple[Path, ...]
    node: int
    change: int
    line: int
    told: str

    @property
    def name(self) -> str:
        return f"{self.file}: {self.told}"

    @property
    def module(self) -> str:
        dotted = self.file.removesuffix(".py").replace("/", ".")
        return f"uig_cli.{dotted}" if dotted.startswith("benchmarks.") else dotted

    def compiled(self) -> CodeType:
        path = self.root / self.file
        tree = ast.parse(path.read_text("utf-8"))
        node = _walked(tree)[self.node]
        list(changes(node))[self.change](node)
        return compile(ast.fix_missing_locations(tree), str(path), "exec")


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
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _put("operand", ast.UnaryOp(ast.Not(), operand))
        case ast.UnaryOp(op=ast.USub()):
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
    """The nodes that behave, in an order that depends on the text alone."""
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
    match node:
        case ast.If(test=test):
            return "TYPE_CHECKING" in ast.unparse(test)
        case ast.Subscript(value=ast.Name(id="Literal" | "Callable")):
            return True
        case ast.keyword(arg="strict", value=ast.Constant(value=True)):
            return True
    return False


def mutants(packages: Sequence[Package] = PACKAGES, root: Path = ROOT) -> Iterator[Mutant]:
    """All there are, file by file. Their names are their own."""
    for package in packages:
        tests = [found for pattern in package.tests for found in sorted(root.glob(pattern))]
        for name in package.modules:
            for path in sorted((root / package.folder).glob(f"{name}.py")):
                yield from _of_file(path, root, tuple(sorted(tests, key=_nearness(path))))


def _nearness(path: Path) -> Callable[[Path], tuple[bool, bool]]:
    """The tests of a module's own name come first, then those that import it."""

    def far(test: Path) -> tuple[bool, bool]:
        return path.stem not in test.stem, f".{path.stem} import" not in test.read_text("utf-8")

    return far


def _of_file(path: Path, root: Path, tests: tuple[Path, ...]) -> Iterator[Mutant]:
    tree, file = ast.parse(path.read_text("utf-8")), path.relative_to(root).as_posix()
    parents = {child: parent for parent in ast.walk(tree) for child in ast.iter_child_nodes(parent)}
    seen: Counter[str] = Counter()
    for number, node in enumerate(_walked(tree)):
        for place, _ in enumerate(changes(node)):
            told, line = _told(node, place, parents)
            seen[told] += 1
            told = f"{told} ({seen[told]})" if seen[told] > 1 else told
            yield Mutant(root, file, tests, number, place, line, told)


def _told(node: ast.AST, place: int, parents: Mapping[ast.AST, ast.AST]) -> tuple[str, int]:
    """function: before => after, as short as tells them apart, and the line."""
    around = node if isinstance(node, ast.expr | ast.stmt) else parents[node]
    while not isinstance(around, ast.stmt) and len(ast.unparse(around)) < 24:
        around = parents[around]
    changed = copy.deepcopy(around)
    (same,) = (n for o, n in zip(ast.walk(around), ast.walk(changed), strict=True) if o is node)
    list(changes(same))[place](same)
    texts = [ast.unparse(one).split("\n") for one in (around, changed)]
    before, after = next(pair for pair in zip(*texts, strict=True) if pair[0] != pair[1])
    within: list[str] = []
    outer = parents.get(around)
    while outer is not None:
        if isinstance(outer, ast.FunctionDef | ast.ClassDef):
            within.insert(0, outer.name)
        outer = parents.get(outer)
    where = f"{'.'.join(within)}: " if within else ""
    line = min(one.lineno for one in ast.walk(around) if isinstance(one, ast.expr | ast.stmt))
    return f"{where}{before.strip()} => {after.strip()}", line


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Gives one module its mutated code; every other is found as usual."""

    def __init__(self, mutant: Mutant) -> None:
        self._code = mutant.compiled()
        self._name = mutant.module
        self._path = mutant.root / mutant.file

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


def noticed(mutant: Mutant | None, tests: Sequence[Path]) -> bool:
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


def _tested(mutant: Mutant | None, tests: Sequence[Path]) -> int:
    import pytest
    from hypothesis import Phase, settings

    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        with contextlib.suppress(ValueError, OSError):  # where a system knows no such bound
            resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        # The examples of tests/conftest.py; which of those that fail is the shortest is not asked.
        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutation", derandomize=True, deadline=None, phases=phases)
        os.environ["HYPOTHESIS_PROFILE"] = "mutation"
        if mutant is not None:
            sys.meta_path.insert(0, _Mutated(mutant))
        words = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
        words += ["-m", "not slow and not cuda", *map(str, tests)]
        return int(pytest.main(words) != 0)
    except BaseException:
        return 1


def equivalent() -> dict[str, str]:
    """Name -> why it behaves as the code does. A line of the file: the reason behind " # "."""
    lines = EQUIVALENT.read_text("utf-8").splitlines()
    pairs = (line.rpartition(" # ") for line in lines if line.strip())
    return {name: why for name, _, why in pairs}


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.mutation")
    asked.add_argument("--seed", type=int, default=14)
    asked.add_argument("--count", type=int, default=400)
    asked.add_argument("--jobs", type=int, default=2)
    asked.add_argument("--only", default="", help="of those drawn, those whose name holds this")
    asked.add_argument("--again", type=Path, help="in place of a draw, the survivors in this log")
    given = asked.parse_args()
    # Heavy and never mutated: imported once, inherited by every process, but for threads.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    for module in ("numpy", "scipy.optimize", "scipy.stats", "hypothesis", "pytest", "typer"):
        importlib.import_module(module)
    every = list(mutants())
    drawn = random.Random(given.seed).sample(every, min(given.count, len(every)))
    if given.again is not None:
        log = given.again.read_text("utf-8")
        drawn = [one for one in every if f": {one.told}\n" in log]
    drawn = [one for one in drawn if given.only in one.name]
    drawn.sort(key=lambda one: (one.file, one.line))
    for tests in {frozenset(one.tests) for one in drawn}:
        if noticed(None, sorted(tests)):
            print(f"{' '.join(map(str, sorted(tests)))} fail without any change", flush=True)
            return 2
    known, started = equivalent(), time.monotonic()
    alike = [one for one in drawn if one.name in known]
    tried = [one for one in drawn if one.name not in known]

    def survives(one: Mutant) -> bool:
        seen = noticed(one, one.tests)
        if not seen:
            print(f"survives: {one.file}:{one.line}: {one.told}", flush=True)
        return not seen

    with ThreadPoolExecutor(given.jobs) as pool:
        survivors = sum(pool.map(survives, tried))
    share = survivors / max(1, len(tried))
    origin = f"of {given.again}" if given.again else f"drawn with seed {given.seed}"
    print(
        f"{len(every)} mutants, {len(drawn)} {origin}, {len(alike)} of them "
        f"equivalent; {survivors} of {len(tried)} survive ({100 * share:.1f} %), "
        f"{time.monotonic() - started:.0f} s"
    )
    return int(share > MOST_SURVIVING)


if __name__ == "__main__":
    sys.exit(main())
