"""Code that is none of ours, and its part in a run: which it was, and how it is found again.

A run is continued, replayed and scored by the code that made it or not at all. Its identity holds a
file's SHA-256 or a distribution's version; run.json says beside that where the code was. What runs
of version 0.1.0 did not record is taken as it is found now.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from uig_cli.benchmarks import registry as benchmarks
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.errors import UigError
from uig_cli.loop.methods import FIRST, Method, method
from uig_cli.models.protocol import Role
from uig_cli.registry import Origin
from uig_cli.runs.identity import Drawing, Record

if TYPE_CHECKING:
    from uig_cli.runs.manifest import Manifest


class MissingPlugin(UigError):
    """Code that a run was made by is gone, or another one now."""


class CodeSource(Record):
    """given: as the user asked for it; path: of its file; version: as in `Origin`."""

    given: str
    version: str
    path: str = ""

    @classmethod
    def of(cls, origin: Origin) -> "CodeSource":
        return cls(given=origin.source, version=origin.version, path=origin.path)

    def asked(self, settings: str = "") -> str:
        """How it is asked for now: where it was said to be, else where it was."""
        given = self.given
        file, colon, rest = given.partition(".py:")
        if self.path and colon and not Path(f"{file}.py").expanduser().is_file():
            given = f"{self.path}:{rest}"
        return f"{given}:{settings}" if settings else given


Asked = tuple[Origin | None, Mapping[str, str]]
"""A model's origin, and its settings that are not as by default."""


def fields(
    methods: Sequence[Method], models: Mapping[Role, Asked], benchmark: Benchmark
) -> dict[str, str]:
    """What identities hold beside what things say of themselves. models: by role."""
    return dict(_fields(methods, models, benchmark))


def _fields(
    methods: Sequence[Method], models: Mapping[Role, Asked], benchmark: Benchmark
) -> Iterator[tuple[str, str]]:
    for of in methods:
        if of.version != FIRST:
            yield f"version.method.{of.name}", of.version
    for name, origin in _origins(methods, models, benchmark):
        yield f"code.{name}", origin.version
    for role, (_, settings) in models.items():
        yield from ((f"setting.model.{role}:{key}", value) for key, value in settings.items())
    if benchmark.origin is not None:
        settings_text = benchmark.origin.source.partition(".py:")[2].partition(":")[2]
        if settings_text:
            yield "setting.benchmark:given", settings_text


def sources(
    methods: Sequence[Method], models: Mapping[Role, Asked], benchmark: Benchmark
) -> dict[str, CodeSource]:
    """Where code that is none of ours is found, by what it is: method.NAME, model.ROLE,
    benchmark."""
    found = _origins(methods, models, benchmark)
    return {name: CodeSource.of(origin) for name, origin in found}


def _origins(
    methods: Sequence[Method], models: Mapping[Role, Asked], benchmark: Benchmark
) -> Iterator[tuple[str, Origin]]:
    for of in methods:
        if of.origin is not None:
            yield f"method.{of.name}", of.origin
    for role, (origin, _) in models.items():
        if origin is not None:
            yield f"model.{role}", origin
    if benchmark.origin is not None:
        yield "benchmark", benchmark.origin


def unknown_before(field: str, was: object) -> bool:
    """Whether a run of version 0.1.0 could not say which code made it."""
    return was is None and field.startswith("code.")


def method_of(manifest: "Manifest", label: str) -> Method:
    """The method that a run calls so, as it was. Raises MissingPlugin where it is not there."""
    name, _, settings = label.partition(":")
    what = f"method.{name}"
    source = manifest.sources.get(what)
    try:
        found = method(source.asked(settings) if source else label)
    except UigError as error:
        raise MissingPlugin(_gone(f"method {name}", source, str(error))) from error
    if found.name != name:
        raise MissingPlugin(_gone(f"method {name}", source, f"{found.name} is there instead"))
    _check(manifest.drawing, what, found.origin, source)
    was = manifest.drawing.plugins.get(f"version.{what}", FIRST)
    if found.version != was:
        raise MissingPlugin(
            f"this run is of version {was} of method {name}, which is {found.version} now; use the "
            "uig that drew it, or draw again."
        )
    return found


def benchmark_of(manifest: "Manifest") -> Benchmark:
    """The benchmark of a run, as it was. Raises MissingPlugin where it is not there."""
    name, source = manifest.drawing.benchmark.name, manifest.sources.get("benchmark")
    try:
        found = benchmarks.benchmark(source.asked() if source else name)
    except UigError as error:
        raise MissingPlugin(_gone(f"benchmark {name}", source, str(error))) from error
    _check(manifest.drawing, "benchmark", found.origin, source)
    return found


def _check(drawing: Drawing, what: str, origin: Origin | None, source: CodeSource | None) -> None:
    was = drawing.plugins.get(f"code.{what}")
    now = origin.version if origin else None
    if now != was and was is not None:
        told = source.given if source else what
        raise MissingPlugin(
            f"{told} is not the code any more that this run was made by ({_short(was)}, now "
            f"{_short(now)}); restore it, or draw again."
        )


def _short(version: str | None) -> str:
    if version is None:
        return "none"
    return version[:12] if len(version) == 64 else version


def _gone(what: str, source: CodeSource | None, why: str) -> str:
    where = f" of {source.given}" if source else ""
    return f"{what}{where}, which this run was made by, is not here: {why}"
