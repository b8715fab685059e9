"""Sampler settings from the command line, role by role: the model's defaults, then the user's."""

from collections.abc import Iterable, Mapping

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


def resolve(
    capabilities: Capabilities, role: Role, given: Mapping[str, str], model: str
) -> Sampler:
    """The settings of one role. Those the model does not honour in any role are refused."""
    defaults = capabilities.sampler.get(role, {})
    resolved = dict(defaults)
    for key, text in given.items():
        of, dot, name = key.rpartition(".")
        if dot and of not in ROLES:
            raise unknown("role in --sampler", of, ROLES)
        if dot and of != role:
            continue
        if name in defaults:
            resolved[name] = _as(defaults[name], text, key)
        elif dot or not any(name in honoured for honoured in capabilities.sampler.values()):
            known = defaults if dot else {k for kept in capabilities.sampler.values() for k in kept}
            raise unknown(f"sampler setting of {model}", key, known)
    return resolved


def _as(default: Setting, text: str, key: str) -> Setting:
    """The text as the default's type."""
    try:
        if isinstance(default, tuple):
            low, high = (float(part) for part in text.replace("..", ",").split(","))
            return (low, high)
        if isinstance(default, bool) or not isinstance(default, int | float):
            return text
        return int(text) if isinstance(default, int) else float(text)
    except ValueError as error:
        expected = (
            "two numbers such as 0.4,1"
            if isinstance(default, tuple)
            else ("a whole number" if isinstance(default, int) else "a number")
        )
        raise UigError(f'--sampler {key}: got "{text}", expected {expected}.') from error
