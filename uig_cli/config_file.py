"""The YAML file of --config: its values become the defaults of the command's options."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from uig_cli.errors import UigError, unknown
from uig_cli.files import read_given

MOST_BYTES = 1_000_000


def read_config(context: typer.Context, value: Path | None) -> Path | None:
    """Callback of --config: what the file says holds where line and environment say nothing.

    Raises UigError for a file that cannot be read and for a key that is no option of the command.
    """
    if value is None or context.resilient_parsing:
        return value
    by_flag = {
        flag.lstrip("-"): parameter
        for parameter in context.command.params
        for flag in parameter.opts
    }
    defaults = {}
    for key, setting in _settings(value).items():
        name = str(key).replace("_", "-")
        if name not in by_flag:
            raise unknown("option in --config", str(key), by_flag)
        several = getattr(by_flag[name], "multiple", False) and not isinstance(setting, list)
        defaults[by_flag[name].name] = [setting] if several else setting
    context.default_map = {**(context.default_map or {}), **defaults}
    return value


def _settings(path: Path) -> Mapping[str, str | list[str]]:
    """Texts and lists of texts by name. Options know their own types, so all of it is plain text,
    and `yes` stays a word. Nothing is built from what stands there but these, so that no reference
    can unfold into more than the file holds."""
    import yaml  # only when there is a file

    try:
        top = yaml.compose(read_given(path, MOST_BYTES).decode("utf-8"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise UigError(f"--config {path}: cannot read it ({error.strerror}).") from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UigError(
            f"--config {path}: not YAML ({reason}); write option: value lines."
        ) from error
    except RecursionError:
        raise UigError(
            f"--config {path}: got lists inside lists, hundreds deep; write option: value lines."
        ) from None
    if not isinstance(top, yaml.MappingNode):
        got = "nothing" if top is None else "no lines of that form"
        raise UigError(f"--config {path}: got {got}, expected option: value lines.")
    found: dict[str, str | list[str]] = {}
    for key, value in top.value:
        name = str(key.value) if isinstance(key, yaml.ScalarNode) else "a key"
        if name in found:
            raise UigError(f'--config {path}: "{name}" stands twice; remove one of the two lines.')
        found[name] = _setting(value, f'--config {path}: "{name}"')
    return found


def _setting(node: Any, where: str) -> str | list[str]:
    """A scalar's text, or those of a list of scalars."""
    if node.id == "scalar":
        return str(node.value)
    parts = node.value if node.id == "sequence" else [node]
    if any(part.id != "scalar" for part in parts):
        raise UigError(f"{where} holds more than that; expected a value or a list of values.")
    return [str(part.value) for part in parts]
