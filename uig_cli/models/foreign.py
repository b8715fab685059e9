"""Somebody else's model: a class in a Python file, loaded by its path, no packaging needed."""

import importlib.util
import sys
from collections.abc import Mapping
from hashlib import sha256
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

from uig_cli.errors import UigError
from uig_cli.models.protocol import Capabilities, UnifiedModel
from uig_cli.models.where import Where

USAGE = "python:FILE.py:NAME"


def find_class(rest: str) -> Any:
    """The object NAME of FILE.py, from "FILE.py:NAME". The file is run to find it."""
    file, colon, name = rest.rpartition(":")
    if not colon or not file or not name:
        raise UigError(f'model "python:{rest}" is not complete; expected {USAGE}.')
    path = Path(file).expanduser()
    if not path.is_file():
        raise UigError(f"there is no file {path}; expected {USAGE} with a Python file.")
    module_name = f"uig_model_{sha256(str(path.resolve()).encode()).hexdigest()[:12]}"
    if module_name not in sys.modules:
        spec = importlib.util.spec_from_file_location(module_name, path)
        if spec is None or spec.loader is None:
            raise UigError(f"{path} is not a Python file; expected {USAGE}.")
        module = importlib.util.module_from_spec(spec)
        sys.modules[module_name] = module
        try:
            spec.loader.exec_module(module)
        except (Exception, SystemExit) as error:
            del sys.modules[module_name]
            raise UigError(
                f"{path} fails when imported ({_told(error)}); mend the file."
            ) from error
    found = getattr(sys.modules[module_name], name, None)
    if not callable(found):
        raise UigError(f"{path} has no class {name}; give the name of a model class in it.")
    return found


def load(rest: str, where: Where) -> UnifiedModel:
    """An instance of the class, given `device` and `dtype` where its constructor takes them."""
    found = find_class(rest)
    takes = signature(found).parameters
    takes_all = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in takes.values())
    given: dict[str, str] = {}
    for name, value in (("device", where.device), ("dtype", where.dtype)):
        if takes_all or name in takes:
            given |= {name: value} if value is not None else {}
        elif value not in (None, "auto", "cpu"):
            raise UigError(f"{rest} takes no {name}; leave --{name} out, or let its class take it.")
    try:
        model = found(**given)
    except UigError:
        raise
    except (Exception, SystemExit) as error:
        raise UigError(
            f"{rest} cannot be built ({_told(error)}); it must be callable without arguments "
            "other than device and dtype."
        ) from error
    return checked(model, rest)


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {' '.join(str(error).split())}"


def checked(model: Any, named: str) -> UnifiedModel:
    """The model, if it has the protocol's three parts in the right types."""
    if not isinstance(getattr(model, "capabilities", None), Capabilities):
        raise UigError(
            f"{named} has no `capabilities` of type uig_cli.models.protocol.Capabilities; "
            "see docs/adding-a-model.md."
        )
    identity = getattr(model, "identity", None)
    if not isinstance(identity, Mapping) or not all(
        isinstance(k, str) and isinstance(v, str) for k, v in identity.items()
    ):
        raise UigError(f"{named} has no `identity`, a mapping of strings; add one.")
    if not callable(getattr(model, "run", None)):
        raise UigError(f"{named} has no method `run(requests)`; add one.")
    found: UnifiedModel = model
    return found
