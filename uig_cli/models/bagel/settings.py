"""Sampler settings: their names, the published defaults per role, and what they may be."""

from collections.abc import Callable, Mapping
from typing import Any

from uig_cli.errors import UigError, unknown
from uig_cli.models.bagel.flow import FlowSettings
from uig_cli.models.bagel.text import TextSettings
from uig_cli.models.protocol import Role, Sampler, Setting

RENORMS = ("global", "channel", "text_channel")


def default_samplers(shift: float) -> dict[Role, Sampler]:
    """The settings of the paper's stages, by role; a checkpoint may bring its own `shift`."""
    flow = {"num_timesteps": 50, "shift": shift, "text_scale": 4.0, "renorm_min": 0.0}
    text = {"max_text_tokens": 1000, "temperature": 0.0}
    draw = {"image_scale": 1.0, "interval": (0.4, 1.0), "renorm": "global"}
    edit = {"image_scale": 2.0, "interval": (0.0, 1.0), "renorm": "text_channel"}
    return {"draw": {**flow, **draw, **text}, "look": text, "edit": {**flow, **edit, **text}}


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _count(least: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= least


_EXPECTED: Mapping[str, tuple[Callable[[Any], bool], str]] = {
    "num_timesteps": (_count(2), "a whole number from 2 up"),
    "shift": (lambda v: _number(v) and v > 0, "a number above 0"),
    "text_scale": (_number, "a number"),
    "image_scale": (_number, "a number"),
    "interval": (
        lambda v: isinstance(v, tuple | list) and len(v) == 2 and all(map(_number, v)),
        "two numbers, low and high",
    ),
    "renorm": (lambda v: v in RENORMS, " or ".join(RENORMS)),
    "renorm_min": (lambda v: _number(v) and 0 <= v <= 1, "a number from 0 to 1"),
    "max_text_tokens": (_count(1), "a whole number from 1 up"),
    "temperature": (lambda v: _number(v) and v >= 0, "a number from 0 up"),
}


def complete(role: Role, given: Sampler, defaults: Mapping[Role, Sampler]) -> dict[str, Setting]:
    """`given` over the role's defaults; an unknown name or a wrong value is a UigError."""
    for name, value in given.items():
        if name not in defaults[role]:
            raise unknown(f"sampler setting for {role}", name, defaults[role])
        holds, expected = _EXPECTED[name]
        if not holds(value):
            raise UigError(f'sampler setting "{name}" is {value!r}; expected {expected}')
    return {**defaults[role], **given}


def flow_settings(values: Mapping[str, Any]) -> FlowSettings:
    low, high = values["interval"]
    names = ("num_timesteps", "shift", "text_scale", "image_scale", "renorm", "renorm_min")
    return FlowSettings(interval=(low, high), **{name: values[name] for name in names})


def text_settings(values: Mapping[str, Any]) -> TextSettings:
    return TextSettings(values["max_text_tokens"], values["temperature"])
