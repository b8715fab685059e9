"""One registry: models, methods, benchmarks and scorers, by name.

A name is one of ours (below: where its code is), one that an installed package offers as an entry
point of the group `uig.<group>`, or FILE.py:NAME, something in a Python file of one's own. What
stands behind a further colon is the thing's own affair: settings, a place. Nothing is imported
before it is asked for, and entry points are read once a process.
"""

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from uig_cli import faults
from uig_cli.errors import UigError, unknown

RegistryGroup = Literal["models", "methods", "benchmarks", "judges", "detectors", "readers"]

NOUN: Mapping[RegistryGroup, str] = {
    "models": "model",
    "methods": "method",
    "benchmarks": "benchmark",
    "judges": "judge",
    "detectors": "detector",
    "readers": "text reader",
}

_METHODS = "uig_cli.loop.methods:OURS"
_MODELS = "uig_cli.models.registry:OURS"
_SCORERS = "uig_cli.scoring.registry"

_OURS: Mapping[RegistryGroup, Mapping[str, str] | str] = {
    "models": dict.fromkeys(("pocket", "bagel", "oracle", "python"), _MODELS),
    "methods": dict.fromkeys(
        (
            "direct",
            "think",
            "decompose",
            "uig",
            "uig-reference",
            "redraw",
            "best-of-n",
            "checklist",
            "uig-empty",
            "uig-partner",
        ),
        _METHODS,
    ),
    "benchmarks": "uig_cli.benchmarks.registry:OURS",
    "judges": dict.fromkeys(("self", "exact", "strict", "openai", "hf"), f"{_SCORERS}:JUDGES"),
    "detectors": dict.fromkeys(("mask2former", "exact"), f"{_SCORERS}:DETECTORS"),
    "readers": {"rapidocr": f"{_SCORERS}:READERS"},
}
"""Name -> MODULE:ATTRIBUTE, the thing itself or a mapping that holds it under its name; or where
such a table stands, for benchmarks, which nobody outside their room names."""

PYTHON = "python"
"""May stand before FILE.py:NAME."""

_FLAG: Mapping[RegistryGroup, str] = {"methods": "--method", "judges": "--judge"}
"""Options that may be given several times, for several things."""
_SERVED = re.compile(
    r"(gpt|o[1-9]|claude|gemini|qwen|internvl|llava|pixtral|[\w.-]+/)", re.IGNORECASE
)
"""How names of models begin that servers have."""

FILE = re.compile(r"(?:python:)?(?P<file>.+?\.py):(?P<name>\w+)(?::(?P<rest>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Origin:
    """Code that is none of ours. source: how it is asked for again; path: of its file, where that
    was; version: the file's SHA-256, or the name and version of the distribution."""

    source: str
    version: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class Located:
    """name: as it was asked for. rest: what stands behind the name; origin: None for ours."""

    name: str
    thing: Any
    rest: str = ""
    origin: Origin | None = None

    @property
    def where(self) -> str:
        """How an error names it."""
        return self.origin.source if self.origin else self.name


def ours(group: RegistryGroup) -> Mapping[str, str]:
    """Where our own things are, by name."""
    table = _OURS[group]
    found: Mapping[str, str] = _attribute(table) if isinstance(table, str) else table
    return found


def names(group: RegistryGroup) -> list[str]:
    """All that have a name, without anything imported."""
    return [*ours(group), *(name for name in offered(group) if name not in ours(group))]


def completing(group: RegistryGroup) -> Callable[[str], list[str]]:
    """What a shell may complete: names that begin as what is typed."""
    return lambda incomplete: [name for name in names(group) if name.startswith(incomplete)]


def is_file(group: RegistryGroup, spec: str) -> bool:
    """Whether this speaks of somebody's Python file."""
    head, colon, _ = spec.partition(":")
    if head == PYTHON and colon:
        return True
    known = bool(colon) and (head in ours(group) or head in offered(group))
    return not known and (FILE.fullmatch(spec) is not None or spec.endswith(".py"))


def find(group: RegistryGroup, spec: str, *, also: tuple[str, ...] = ()) -> Located:
    """What a user named. Raises UigError, with the nearest name, where there is no such thing.

    also: names that are none of the group's and that an error lists all the same.
    """
    if is_file(group, spec):
        return _in_file(group, spec)
    name, _, rest = spec.partition(":")
    entry = offered(group).get(name)
    if name in ours(group):
        if entry is not None:
            raise UigError(_shadowing(group, name, _package(entry)))
        return Located(name, _ours(ours(group)[name], name), rest)
    if entry is None:
        raise unknown(NOUN[group], name, [*names(group), *also], _meant(group, spec))
    return Located(name, _loaded(group, entry), rest, Origin(name, _package(entry)))


def _meant(group: RegistryGroup, spec: str) -> str:
    """What people mean who write it so; nothing where the nearest name says it."""
    flag, parts = _FLAG.get(group), spec.split(",")
    if flag and len(parts) > 1 and not any("=" in part for part in parts):
        return f"Give one {flag} each: {' '.join(f'{flag} {part}' for part in parts)}."
    if group == "judges" and _SERVED.match(spec):
        return f'Did you mean "openai:{spec}"?'
    return ""


def refuse_ours(group: RegistryGroup, name: str, origin: Origin | None) -> None:
    """Raises UigError for a thing from elsewhere that calls itself like one of ours."""
    if origin is not None and name in ours(group):
        if origin.path:
            raise UigError(
                f"{origin.source} calls itself {name}, which is the name of a {NOUN[group]} of "
                f"ours; give it another name in that file."
            )
        raise UigError(_shadowing(group, name, origin.version))


def _shadowing(group: RegistryGroup, name: str, who: str) -> str:
    return (
        f"{who} offers a {NOUN[group]} {name}, which is the name of one of ours; uninstall it, or "
        "have it renamed."
    )


def short_name(group: RegistryGroup, spec: str) -> str:
    """What a thing is called in names of folders; nothing is looked up."""
    read = FILE.fullmatch(spec) if is_file(group, spec) else None
    return read["name"] if read else Path(spec).name.split(":")[-1]


@cache
def _all_entry_points() -> Any:
    return entry_points()


def offered(group: RegistryGroup) -> Mapping[str, EntryPoint]:
    """What installed packages offer, by name."""
    return {entry.name: entry for entry in _all_entry_points().select(group=f"uig.{group}")}


def forget() -> None:
    """Entry points are read again: as in a process that has just begun."""
    _all_entry_points.cache_clear()
    faults.forget()


def _ours(where: str, name: str) -> Any:
    found = _attribute(where)
    return found[name] if isinstance(found, Mapping) else found


def _attribute(where: str) -> Any:
    module, _, name = where.partition(":")
    return getattr(import_module(module), name)


def _package(entry: EntryPoint) -> str:
    return f"{entry.dist.name} {entry.dist.version}" if entry.dist else entry.value


def _loaded(group: RegistryGroup, entry: EntryPoint) -> Any:
    try:
        found = entry.load()
    except (Exception, SystemExit) as error:
        raise UigError(
            f"{_package(entry)} offers {NOUN[group]} {entry.name}, which fails when imported "
            f"({faults.told(error)}); mend or uninstall it."
        ) from error
    top = sys.modules.get(re.split(r"[.:\s]", entry.value)[0])
    if file := getattr(top, "__file__", None):
        faults.lives_in(Path(file).parent if hasattr(top, "__path__") else Path(file))
    return found


def _in_file(group: RegistryGroup, spec: str) -> Located:
    usage = f"{PYTHON}:FILE.py:NAME" if spec.startswith(f"{PYTHON}:") else "FILE.py:NAME"
    noun = NOUN[group]
    read = FILE.fullmatch(spec)
    if read is None:
        raise UigError(f'{noun} "{spec}" is not complete; expected {usage}.')
    file, name, rest = Path(read["file"]).expanduser(), read["name"], read["rest"] or ""
    if not file.is_file():
        raise UigError(
            f"{noun} {PYTHON}:{read['file']}:{name}: there is no file {file}; give the path of a "
            "Python file."
        )
    module, version = _module(file)
    if not hasattr(module, name):
        raise UigError(f"{file} has no {noun} {name}; give the name of one in it.")
    origin = Origin(f"{read['file']}:{name}", version, str(file.resolve()))
    return Located(name, getattr(module, name), rest, origin)


def _module(file: Path) -> tuple[ModuleType, str]:
    """A file's module and SHA-256; run once for each content that it has.

    Its folder comes first while it is run, so that it finds its neighbours, and last after that:
    it hides nothing from anybody else.
    """
    path = file.resolve()
    content = path.read_bytes()
    version = sha256(content).hexdigest()
    name = f"uig_file_{sha256(str(path).encode() + content).hexdigest()[:16]}"
    faults.lives_in(path.parent)
    if name in sys.modules:
        return sys.modules[name], version
    spec = spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None, "a file that ends as Python files do"
    module = sys.modules[name] = module_from_spec(spec)
    _forget_namesakes(path.parent)
    sys.path[:] = [str(path.parent), *(one for one in sys.path if one != str(path.parent))]
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        del sys.modules[name]
        raise UigError(
            f"{file} fails when imported ({faults.told(error)}); mend the file."
        ) from error
    finally:
        sys.path[:] = [*(one for one in sys.path if one != str(path.parent)), str(path.parent)]
    return module, version


_folders: set[Path] = set()
"""Those of files that were run."""


def _forget_namesakes(folder: Path) -> None:
    """Modules of other plug-ins' folders that are called like a neighbour here: each file is to
    find its own."""
    here = {path.stem for path in folder.glob("*.py")}
    here |= {path.parent.name for path in folder.glob("*/__init__.py")}
    for name in here & sys.modules.keys():
        file = getattr(sys.modules[name], "__file__", None)
        home = Path(file).resolve() if file else None
        if home and any(home.is_relative_to(one) for one in _folders - {folder}):
            for part in [one for one in sys.modules if one == name or one.startswith(f"{name}.")]:
                del sys.modules[part]
    _folders.add(folder)
