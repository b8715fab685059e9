"""How options travel: declared once as fields of frozen dataclasses, filled by whoever asks.

A command takes groups as parameters; `command` spreads their fields out for Typer and gathers them
again, from the line, the environment and --config. The Python API takes the same groups as they
are. A misspelt field is a type error in either place.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Self, get_args, get_origin, get_type_hints

import typer

from uig_cli.errors import UigError

LINE, CONFIG, ENVIRONMENT, DEFAULT = "line", "config", "environment", "default"
_SOURCES = {"COMMANDLINE": LINE, "DEFAULT_MAP": CONFIG, "ENVIRONMENT": ENVIRONMENT}


@dataclass(frozen=True, slots=True)
class Declared:
    """How a field looks as an option. more: what `typer.Option` takes beside it."""

    flags: tuple[str, ...]
    panel: str
    help: str
    env: str | None
    more: Mapping[str, Any]


def option(
    flags: str | tuple[str, ...],
    panel: str,
    help: str,
    *,
    default: Any = None,
    env: bool = True,
    **more: Any,
) -> Any:
    """A field that is an option. env: it can also come from the environment, under its own name."""
    named = (flags,) if isinstance(flags, str) else flags
    variable = "UIG_" + named[0].removeprefix("--").replace("-", "_").upper() if env else None
    declared = Declared(named, panel, help, variable, MappingProxyType(more))
    return field(default=default, metadata={"option": declared})


@dataclass(frozen=True, kw_only=True)
class Group:
    """Options that belong together.

    sources: where each value came from ("line", "config", "environment", "default"), for the
    fields that the command has; None where the group was made in Python.
    """

    sources: Mapping[str, str] | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        for one in declared(type(self)):
            value = getattr(self, one.name)
            if isinstance(value, str) and "Path" in str(one.type):  # from Python
                object.__setattr__(self, one.name, Path(value))
            if isinstance(one.default, tuple) or isinstance(value, list):
                object.__setattr__(self, one.name, _several(type(self).__name__, one.name, value))

    @property
    def given(self) -> frozenset[str]:
        """The fields that were given, on the line, in --config or in Python. What only stands in
        the environment is not: it may be meant for another command or benchmark."""
        return self._from(LINE, CONFIG)

    @property
    def on_line(self) -> frozenset[str]:
        """The fields that this very call gives: on the command line or in Python."""
        return self._from(LINE)

    def _from(self, *places: str) -> frozenset[str]:
        if self.sources is None:
            own = declared(type(self))
            return frozenset(one.name for one in own if getattr(self, one.name) != one.default)
        return frozenset(name for name, place in self.sources.items() if place in places)

    def unless_exported(self, names: Iterable[str]) -> Self:
        """The group with these fields as by default where they only stand in the environment."""
        by_default = {one.name: one.default for one in declared(type(self))}
        idle = {n: by_default[n] for n in names if n in by_default and n not in self.given}
        return self if not idle else _replaced(self, idle)

    def recorded(self) -> dict[str, Any]:
        """The values as plain JSON, for run.json; what has none is left out."""
        names = self.sources or {one.name: "" for one in declared(type(self))}
        values = {name: _plain(getattr(self, name)) for name in names}
        return {name: value for name, value in values.items() if value is not None}


def declared(group: type[Group]) -> list["Field[Any]"]:
    """The fields of a group that are options."""
    return [one for one in fields(group) if "option" in one.metadata]


def _replaced(group: Any, values: Mapping[str, Any]) -> Any:
    from dataclasses import replace

    return replace(group, **values)


def _several(group: str, name: str, value: Any) -> tuple[Any, ...]:
    if isinstance(value, str):
        raise UigError(f'{group}.{name} is the text "{value}", expected several: ("{value}",).')
    return tuple(value or ())


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [str(each) for each in value] or None
    return str(value) if isinstance(value, Path) else value


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a group that a command has. only, without: its fields; defaults, helps, shown:
    their defaults, texts and told defaults, where they are other ones there."""

    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    helps: Mapping[str, str] = field(default_factory=dict)
    shown: Mapping[str, str] = field(default_factory=dict)

    def holds(self, name: str) -> bool:
        return name in self.only if self.only else name not in self.without


@dataclass(frozen=True, slots=True)
class Several:
    """Annotates a parameter that takes a tuple of groups, one of each of these kinds."""

    groups: tuple[type[Group], ...]


_CONTEXT = inspect.Parameter(
    "context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context
)

Kinds = list[tuple[type[Group], Part]]


def command(
    function: Callable[..., None], more: Mapping[str, Any] = MappingProxyType({})
) -> Callable[..., None]:
    """The function with its groups spread out into options, as Typer reads signatures.

    more: annotations of options, None by default, that work while the line is read and are not
    handed on.
    """
    hints = get_type_hints(function, include_extras=True)
    parameters = inspect.signature(function).parameters
    groups = {name: _kinds(hints[name]) for name in parameters}
    plain = [n for n, kinds in groups.items() if kinds is None and hints[n] is not typer.Context]

    def run(context: typer.Context, **values: Any) -> None:
        made: dict[str, Any] = {n: context for n in groups if hints[n] is typer.Context}
        for name, kinds in groups.items():
            if name in made or name in plain:
                continue
            filled = tuple(_gathered(kind, part, values, context) for kind, part in kinds or ())
            made[name] = filled if _several_groups(hints[name]) else (filled or (None,))[0]
        function(**made | {name: values[name] for name in plain})

    run.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [_CONTEXT, *_spread(parameters.values(), hints, groups), *_working(more)]
    )
    run.__annotations__ = {n: p.annotation for n, p in inspect.signature(run).parameters.items()}
    run.__doc__, run.__name__ = function.__doc__, function.__name__
    return run


def _working(more: Mapping[str, Any]) -> Iterable[inspect.Parameter]:
    for name, annotation in more.items():
        kind = inspect.Parameter.KEYWORD_ONLY
        yield inspect.Parameter(name, kind, default=None, annotation=annotation)


def _spread(
    parameters: Iterable[inspect.Parameter],
    hints: Mapping[str, Any],
    groups: Mapping[str, Kinds | None],
) -> list[inspect.Parameter]:
    """Parameters with options in the place of groups; those without a default come first."""
    found: list[inspect.Parameter] = []
    for parameter in parameters:
        kinds = groups[parameter.name]
        if hints[parameter.name] is typer.Context:
            continue
        if kinds is None:
            found.append(parameter.replace(annotation=hints[parameter.name]))
        else:
            found += (one for kind, part in kinds for one in _parameters(kind, part))
    found.sort(key=lambda one: one.default is not inspect.Parameter.empty)
    return [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in found]


def _kinds(hint: Any) -> Kinds | None:
    """The groups, and the parts of them, that a parameter is annotated with; None for another."""
    more: list[Any] = []
    if get_origin(hint) is Annotated:
        hint, *more = get_args(hint)
    for one in more:
        if isinstance(one, Several):
            return [(group, Part()) for group in one.groups]
    if isinstance(hint, type) and issubclass(hint, Group):
        return [(hint, next((one for one in more if isinstance(one, Part)), Part()))]
    return None


def _several_groups(hint: Any) -> bool:
    return any(isinstance(one, Several) for one in get_args(hint)[1:])


def _parameters(group: type[Group], part: Part) -> list[inspect.Parameter]:
    hints = get_type_hints(group)
    found = []
    for one in declared(group):
        if not part.holds(one.name):
            continue
        how: Declared = one.metadata["option"]
        default = part.defaults.get(one.name, one.default)
        assert default is not MISSING
        kind = hints[one.name]
        if isinstance(one.default, tuple):
            kind, default = (list[str] if default else list[str] | None), list(default) or None
        more = dict(how.more)
        if one.name in part.shown:
            more["show_default"] = part.shown[one.name]
        asked = typer.Option(
            *how.flags,
            help=part.helps.get(one.name, how.help),
            rich_help_panel=how.panel,
            envvar=how.env,
            show_envvar=False,
            **more,
        )
        found.append(
            inspect.Parameter(
                one.name,
                inspect.Parameter.KEYWORD_ONLY,
                default=default,
                annotation=Annotated[kind, asked],
            )
        )
    return found


def source_of(context: typer.Context, name: str) -> str:
    """Where a parameter's value came from: "line", "config", "environment" or "default"."""
    found = context.get_parameter_source(name)
    return _SOURCES.get(found.name, DEFAULT) if found else DEFAULT


def _gathered(group: type[Group], part: Part, values: Mapping[str, Any], context: Any) -> Group:
    names = [one.name for one in declared(group) if part.holds(one.name)]
    sources = {name: source_of(context, name) for name in names}
    return group(**{name: values[name] for name in names}, sources=MappingProxyType(sources))
