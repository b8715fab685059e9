"""The YAML file of --config: its values become the defaults of the command's options."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typer

from uig_cli.errors import UigError, unknown


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


def _settings(path: Path) -> Mapping[Any, Any]:
    import yaml  # only when there is a file

    try:
        # Plain text all over: options know their own types, and `yes` stays a word.
        found = yaml.load(path.read_text("utf-8"), Loader=yaml.BaseLoader)
    except OSError as error:
        raise UigError(f"--config {path}: cannot read it ({error.strerror}).") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        reason = " ".join(str(error).split())
        raise UigError(
            f"--config {path}: not YAML ({reason}); write option: value lines."
        ) from error
    if not isinstance(found, dict):
        raise UigError(
            f"--config {path}: got {type(found).__name__}, expected option: value lines."
        )
    return found
