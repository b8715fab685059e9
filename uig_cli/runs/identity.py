"""The drawing identity: everything a picture depends on, and nothing else.

It holds no selection (limit, dimensions, samples, methods: widening them continues the run) and
nothing of how the work was done (device, batch size, shards, paths). A run is continued only under
the same identity.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from uig_cli.loop.methods import Method
from uig_cli.loop.task import MethodSettings
from uig_cli.models.protocol import Role, Sampler
from uig_cli.templates import Template

BEHAVIOUR = "1"
"""Raised when the same settings would give other pictures than the version before."""


class Record(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", validate_by_name=True, serialize_by_alias=True
    )


class TemplateText(Record):
    text: str
    sha256: str
    given: bool


class BenchmarkRecord(Record):
    """set and prompts are empty for a user's own prompts: they may be added to. formerly: hashes
    that older versions knew the same prompts by; they are no part of an identity."""

    name: str
    version: str
    set: str
    prompts: str
    card: str
    formerly: tuple[str, ...] = ()

    @property
    def hashes(self) -> tuple[str, ...]:
        """All that these prompts are known by, the one of now first."""
        return (self.prompts, *self.formerly)


class Drawing(Record):
    """What pictures depend on. models: identity by role; samplers: resolved settings by role.

    plugins: what else is known of code that is none of ours, and of methods that have changed, as
    fields of identities (plugins.py); empty in runs of version 0.1.0.
    """

    benchmark: BenchmarkRecord
    models: dict[Role, dict[str, str]]
    samplers: dict[Role, dict[str, Any]]
    seed: int
    size: tuple[int, int] | None
    rounds: int
    verdict_parser: str | None = Field(validation_alias="reading", serialization_alias="reading")
    templates: dict[str, TemplateText]
    behaviour: str = BEHAVIOUR
    plugins: dict[str, str] = Field(default_factory=dict)

    def method_settings(self, of: Method) -> MethodSettings:
        """The settings of a method's loop."""
        return MethodSettings(
            templates={
                name: Template(name, kept.text, kept.given) for name, kept in self.templates.items()
            },
            rounds=self.rounds if of.loops else 0,
            verdict_parser=of.verdict_parser
            if of.fixed_parser or self.verdict_parser is None
            else self.verdict_parser,
            size=self.size,
            samplers={role: _tuples(settings) for role, settings in self.samplers.items()},
            own_settings=of.own,
        )

    def identity(self, of: Method) -> dict[str, Any]:
        """The identity of one method's pictures, flat: dotted field name -> value."""
        settings = self.method_settings(of)
        fields: dict[str, Any] = {
            "benchmark": f"{self.benchmark.name} {self.benchmark.version}",
            "set": self.benchmark.set,
            "prompts": self.benchmark.prompts,
            "seed": self.seed,
            "size": list(self.size) if self.size else None,
            "behaviour": self.behaviour,
        }
        for role in sorted(of.needs):
            fields |= {f"model.{role}.{k}": v for k, v in self.models[role].items()}
            sampler = self.samplers.get(role, {})
            fields |= {f"sampler.{role}.{k}": _plain(v) for k, v in sampler.items()}
        fields |= {f"template.{name}": self.templates[name].sha256 for name in of.templates}
        if of.loops:
            fields |= {"rounds": settings.rounds, "verdict": settings.verdict_parser}
        fields |= {f"method.{name}": value for name, value in of.chosen.items()}
        used = {"benchmark", f"method.{of.name}", *(f"model.{role}" for role in of.needs)}
        return fields | {k: v for k, v in self.plugins.items() if subject(k) in used}


def subject(field: str) -> str:
    """What a field of `Drawing.plugins` is about: model.draw of setting.model.draw:strength."""
    return field.partition(".")[2].partition(":")[0]


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _tuples(settings: Mapping[str, Any]) -> Sampler:
    """JSON has no tuples: intervals come back as lists."""
    return {k: tuple(v) if isinstance(v, list) else v for k, v in settings.items()}


def digest(fields: Mapping[str, Any]) -> str:
    """A short name for an identity: 16 hex digits over its sorted JSON."""
    return sha256(json.dumps(fields, sort_keys=True).encode()).hexdigest()[:16]
