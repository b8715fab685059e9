"""Settings that a method, model, benchmark or scorer declares: NAME:KEY=VALUE,KEY=VALUE.

They are the fields of a dataclass, or the parameters of a constructor: a name, a type, mostly a
default. What help says of one stands in the field's metadata, in `Annotated`, or in a line
"NAME: ..." of the docstring.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from inspect import Parameter, cleandoc, signature
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from uig_cli.errors import UigError, unknown

_NEXT = re.compile(r",(?=[A-Za-z_]\w*=)")
"""Before a further KEY=: commas may stand in values."""

_TOLD: Mapping[Any, str] = {
    int: "a whole number", float: "a number", bool: "true or false", str: "a text", Path: "a path",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DeclaredSetting:
    """kind: its type; default: MISSING where it must be given."""

    name: str
    kind: Any
    default: Any = MISSING
    help: str = ""

    @property
    def is_place(self) -> bool:
        """Whether it says where something is, not what is done: no part of any identity."""
        return Path in _kinds(self.kind)

    def __str__(self) -> str:
        """A line for lists: n=4 (a whole number): how many pictures."""
        given = "..." if self.default is MISSING else text_of(self.default)
        about = f": {self.help}" if self.help else ""
        return f"{self.name}={given} ({expected(self.kind)}){about}"


def of_dataclass(kind: type[Any]) -> tuple[DeclaredSetting, ...]:
    """The fields of a dataclass that can be given."""
    hints = get_type_hints(kind, include_extras=True)
    notes = _notes(kind.__doc__)
    found = []
    for one in fields(kind):
        made = one.default_factory
        default = one.default if made is MISSING else made()
        told = one.metadata.get("help") or _annotated(hints[one.name])
        found.append(
            DeclaredSetting(
                one.name, _bare(hints[one.name]), default, told or notes.get(one.name, "")
            )
        )
    return tuple(one for one in found if _known(one))


def of_constructor(
    build: Callable[..., Any], without: Sequence[str] = ()
) -> tuple[DeclaredSetting, ...]:
    """The parameters of a class's constructor, or of a function."""
    target = vars(build).get("__init__") if isinstance(build, type) else build
    if target is None:  # of a class that inherits its constructor, or has none
        target = getattr(build, "__init__")  # noqa: B009
        if target is object.__init__:
            return ()
    try:
        hints = get_type_hints(target, include_extras=True)
    except (NameError, TypeError):
        hints = {}
    notes = _notes(build.__doc__) | _notes(target.__doc__)
    found = []
    for name, one in signature(build).parameters.items():
        if name in without or one.kind in (Parameter.VAR_POSITIONAL, Parameter.VAR_KEYWORD):
            continue
        default = MISSING if one.default is Parameter.empty else one.default
        kind = _bare(hints[name]) if name in hints else _type_of(default)
        help = _annotated(hints.get(name)) or notes.get(name, "")
        found.append(DeclaredSetting(name, kind, default, help))
    return tuple(one for one in found if _known(one))


def parse(text: str, declared: Sequence[DeclaredSetting], who: str) -> dict[str, Any]:
    """The values given, by name. Raises UigError, in a sentence, for what is none of `declared`."""
    known = {one.name: one for one in declared}
    given: dict[str, Any] = {}
    for piece in _NEXT.split(text) if text else ():
        key, equals, value = piece.partition("=")
        if not equals:
            raise UigError(f'{who} got "{piece}", expected settings as KEY=VALUE,KEY=VALUE.')
        if key not in known:
            if not known:
                raise UigError(f"{who} has no settings; leave {key}={value} out.")
            raise unknown(f"setting of {who}", key, known)
        if key in given:
            raise UigError(f"{who} got {key} twice; give it once.")
        given[key] = _value(known[key], value, who)
    for one in declared:
        if one.default is MISSING and one.name not in given:
            raise UigError(
                f"{who} needs {one.name} ({expected(one.kind)}); give {who}:{one.name}=VALUE."
            )
    return given


def written(values: Mapping[str, Any], declared: Sequence[DeclaredSetting]) -> dict[str, str]:
    """Those values that are not the defaults, as texts, in the order of their names."""
    usual = {one.name: one.default for one in declared}
    return {
        name: text_of(value) for name, value in sorted(values.items()) if value != usual.get(name)
    }


def joined(texts: Mapping[str, str]) -> str:
    return ",".join(f"{name}={value}" for name, value in texts.items())


def text_of(value: Any) -> str:
    if value is None:
        return "none"
    return str(value).lower() if isinstance(value, bool) else str(value)


def expected(kind: Any) -> str:
    """The type of a setting in words."""
    kinds = _kinds(kind)
    told = [_TOLD.get(one) or _choices(one) for one in kinds if one is not NoneType]
    return " or ".join([*told, *(["none"] if NoneType in kinds else [])])


def _value(one: DeclaredSetting, text: str, who: str) -> Any:
    for kind in _kinds(one.kind):
        found = _converted(kind, text)
        if found is not MISSING:
            return found
    raise UigError(f'{who} got {one.name}="{text}", expected {expected(one.kind)}.')


def _converted(kind: Any, text: str) -> Any:
    """MISSING where the text is none of that type."""
    if kind is NoneType:
        return None if text.lower() == "none" else MISSING
    if kind is bool:
        return {"true": True, "false": False}.get(text.lower(), MISSING)
    if get_origin(kind) is Literal:
        return next((one for one in get_args(kind) if str(one) == text), MISSING)
    try:
        return kind(text)
    except ValueError:
        return MISSING


def _kinds(kind: Any) -> tuple[Any, ...]:
    """The types of a union, those first that are harder to meet."""
    parts = get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)
    order = [NoneType, bool, int, float]
    return tuple(sorted(parts, key=lambda one: order.index(one) if one in order else len(order)))


def _choices(kind: Any) -> str:
    return " or ".join(map(str, get_args(kind)))


def _known(one: DeclaredSetting) -> bool:
    """Whether its values can be written down; TypeError for one that must be given and cannot."""
    able = all(
        kind in _TOLD or kind is NoneType or get_origin(kind) is Literal
        for kind in _kinds(one.kind)
    )
    if not able and one.default is MISSING:
        raise UigError(
            f"setting {one.name} is declared as {one.kind}, expected int, float, bool, str, Path, "
            "a Literal, or one of them or None."
        )
    return able


def _type_of(default: Any) -> Any:
    if default is MISSING:
        return str
    return str | None if default is None else type(default)


def _bare(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is Annotated else hint


def _annotated(hint: Any) -> str:
    """The text beside the type in `Annotated`."""
    if get_origin(hint) is not Annotated:
        return ""
    return next((one for one in get_args(hint)[1:] if isinstance(one, str)), "")


def _notes(text: str | None) -> dict[str, str]:
    """What a docstring says of names: "NAME: what it is", up to the next one, a semicolon or the
    end of a paragraph."""
    found: dict[str, str] = {}
    for paragraph in cleandoc(text or "").split("\n\n"):
        flat = " ".join(paragraph.split())
        for name, about in re.findall(r"(?:^|[.;] )(\w+): (.+?)(?=[.;](?: |$)|$)", flat):
            found.setdefault(name, about)
    return found
