"""Sampler settings: their names, the published defaults per role, and what they may be."""

import math
from collections.abc import Mapping
from typing import Any, get_args

from uig_cli.errors import UigError, unknown
from uig_cli.models.bagel.flow import FlowSettings, Renorm
from uig_cli.models.bagel.text_decoding import TextSettings
from uig_cli.models.protocol import Role, Sampler, Setting

LEAST: Mapping[str, float] = {
    "num_timesteps": 2,
    "max_text_tokens": 1,
    "shift": 0.01,
    "temperature": 0.0,
    "stop_repetition": 0,
}
ALIASES: Mapping[str, str] = {
    "cfg_text_scale": "text_scale",
    "cfg_img_scale": "image_scale",
    "cfg_image_scale": "image_scale",
    "cfg_interval": "interval",
    "cfg_renorm": "renorm",
    "cfg_renorm_type": "renorm",
    "cfg_renorm_min": "renorm_min",
    "timestep_shift": "shift",
    "text_temperature": "temperature",
    "max_think_token_n": "max_text_tokens",
}
"""What BAGEL's published code calls them. Keys and identities hold the names of version 0.1.0."""
UNSAID = frozenset({"stop_repetition"})
"""Settings of the look role that 0.1.0 did not have."""
ONE_OF: Mapping[str, tuple[str, ...]] = {"renorm": get_args(Renorm)}


def default_samplers(shift: float) -> dict[Role, Sampler]:
    """The settings of the paper's stages, by role; a checkpoint may bring its own `shift`."""
    flow: Sampler = {"num_timesteps": 50, "shift": shift, "text_scale": 4.0, "renorm_min": 0.0}
    text: Sampler = {"max_text_tokens": 1000, "temperature": 0.0}
    draw: Sampler = {"image_scale": 1.0, "interval": (0.4, 1.0), "renorm": "global"}
    edit: Sampler = {"image_scale": 2.0, "interval": (0.0, 1.0), "renorm": "text_channel"}
    look: Sampler = {**text, "stop_repetition": 0}
    return {"draw": {**flow, **draw, **text}, "look": look, "edit": {**flow, **edit, **text}}


def complete(role: Role, given: Sampler, defaults: Mapping[Role, Sampler]) -> dict[str, Setting]:
    """`given` over the role's defaults; an unknown name or a wrong value is a UigError."""
    for name, value in given.items():
        if name not in defaults[role]:
            raise unknown(f"sampler setting for {role}", name, defaults[role])
        _check(name, value, defaults[role][name])
    return {**defaults[role], **given}


def flow_settings(values: Mapping[str, Any]) -> FlowSettings:
    return FlowSettings(**{name: values[name] for name in FlowSettings.__dataclass_fields__})


def text_settings(values: Mapping[str, Any]) -> TextSettings:
    known = TextSettings.__dataclass_fields__
    return TextSettings(**{name: values[name] for name in known if name in values})


def _check(name: str, value: Any, default: Setting) -> None:
    """A value must be of its default's kind and, for numbers, not below what makes sense."""
    least = LEAST.get(name, -math.inf)
    if isinstance(default, str):
        expected, holds = " or ".join(ONE_OF[name]), value in ONE_OF[name]
    elif isinstance(default, tuple):
        expected = "two numbers (low, high) that are finite"
        holds = isinstance(value, tuple) and len(value) == 2 and all(map(_finite, value))
    else:
        whole = isinstance(default, int)
        kind, noun = (int, "whole number") if whole else (int | float, "finite number")
        expected = f"a {noun} from {least} up" if name in LEAST else f"a {noun}"
        holds = isinstance(value, kind) and _finite(value) and value >= least
    if not holds:
        raise UigError(f'sampler setting "{name}" is {value!r}; expected {expected}.')


def _finite(value: Any) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and abs(value) < math.inf
