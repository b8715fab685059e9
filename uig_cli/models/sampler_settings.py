"""Sampler settings from the command line, role by role: the model's defaults, then the user's."""

from collections.abc import Callable, Iterable, Mapping
from math import isfinite

from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import ROLES, Capabilities, Role, Sampler, Setting


def parse_settings(texts: Iterable[str]) -> dict[str, str]:
    """KEY=VALUE strings, KEY alone or with a role before it ("edit.text_scale")."""
    found: dict[str, str] = {}
    for text in texts:
        key, equals, value = text.partition("=")
        if not equals or not key.strip() or not value.strip():
            raise UigError(f'--sampler "{text}" is not KEY=VALUE; write e.g. text_scale=4.')
        found[key.strip()] = value.strip()
    return found


LONG_LOOKS = {"look.max_text_tokens": "256", "look.stop_repetition": "3"}
"""For hard prompts: 12 of 13 unclear examinations of the built-in model had run into its limit."""

PRESETS: Mapping[str, Mapping[str, str]] = {
    "weak-drawing": {"draw.num_timesteps": "4", "edit.num_timesteps": "10", **LONG_LOOKS},
    "weak-both": {"draw.num_timesteps": "4", "edit.num_timesteps": "4", **LONG_LOOKS},
}


def with_preset(name: str | None, given: Mapping[str, str]) -> dict[str, str]:
    """The settings of a preset, but for those that are given, with a role or without."""
    if name is None:
        return dict(given)
    if name not in PRESETS:
        raise unknown("preset", name, PRESETS)
    kept = {k: v for k, v in PRESETS[name].items() if k.rpartition(".")[2] not in given}
    return {**kept, **given}


def resolve(
    capabilities: Capabilities, role: Role, given: Mapping[str, str], model: str
) -> Sampler:
    """The settings of one role, under their own names; "edit.text_scale" outranks "text_scale".
    What came later than others is left out while it is as by default. Those that the model does not
    honour in any role are refused."""
    defaults, aliases = capabilities.sampler.get(role, {}), capabilities.aliases
    resolved = dict(defaults)
    _refuse_twice(aliases, given)
    for key, text in sorted(given.items(), key=lambda pair: "." in pair[0]):
        of, dot, name = key.rpartition(".")
        name = aliases.get(name, name)
        if dot and of not in ROLES:
            raise unknown("role in --sampler", of, ROLES)
        if dot and of != role:
            continue
        if name in defaults:
            resolved[name] = _as(defaults[name], text, key)
            _check_range(capabilities, name, resolved[name], key)
        elif dot or not any(name in honoured for honoured in capabilities.sampler.values()):
            known = defaults if dot else {k for kept in capabilities.sampler.values() for k in kept}
            raise unknown(f"sampler setting of {model}", key, {*known, *aliases})
    unsaid = {name for name in capabilities.unsaid if resolved.get(name) == defaults.get(name)}
    return {name: value for name, value in resolved.items() if name not in unsaid}


def _refuse_twice(aliases: Mapping[str, str], given: Iterable[str]) -> None:
    """Raises UigError where a setting is given under two of its names."""
    said: dict[tuple[str, str], str] = {}
    for key in given:
        of, _, name = key.rpartition(".")
        other = said.setdefault((of, aliases.get(name, name)), key)
        if other != key:
            raise UigError(f"--sampler {other} and {key} are one setting; leave one out.")


def _check_range(capabilities: Capabilities, name: str, value: Setting, key: str) -> None:
    least, words = capabilities.least.get(name), capabilities.one_of.get(name)
    if least is not None and isinstance(value, int | float) and value < least:
        raise UigError(f"--sampler {key}: got {value}, expected a number from {least:g} up.")
    if words is not None and value not in words:
        raise UigError(f'--sampler {key}: got "{value}", expected {" or ".join(words)}.')


def _as(default: Setting, text: str, key: str) -> Setting:
    """The text as the default's type; numbers must be finite, or no journal could hold them."""
    read: Callable[[str], Setting]
    if isinstance(default, bool):
        expected, read = "true or false", _truth
    elif isinstance(default, tuple):
        expected, read = "two numbers such as 0.4,1", _interval
    elif isinstance(default, int):
        expected, read = "a whole number", int
    elif isinstance(default, float):
        expected, read = "a number", _finite
    else:
        return text
    try:
        return read(text)
    except ValueError as error:
        raise UigError(f'--sampler {key}: got "{text}", expected {expected}.') from error


def _truth(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError(text)
    return text.lower() == "true"


def _interval(text: str) -> tuple[float, float]:
    low, high = map(_finite, text.replace("..", ",").split(","))
    return low, high


def _finite(text: str) -> float:
    if not isfinite(value := float(text)):
        raise ValueError(text)
    return value
