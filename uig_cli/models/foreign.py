"""Somebody else's model: a class in a Python file, built with its settings, device and dtype."""

from inspect import Parameter, signature
from typing import Any

from uig_cli import faults, own_settings
from uig_cli.errors import UigError
from uig_cli.models.capability_checks import wrong_capability, wrong_identity
from uig_cli.models.protocol import Capabilities, UnifiedModel
from uig_cli.models.where import Where
from uig_cli.own_settings import DeclaredSetting
from uig_cli.registry import Located

_WHERE = ("device", "dtype")
"""Parameters that options fill."""


def declared(found: Located) -> tuple[DeclaredSetting, ...]:
    """What the class can be told beside device and dtype."""
    if not callable(found.thing):
        raise UigError(f"{found.where} is no class; give the name of a model class in it.")
    return own_settings.of_constructor(found.thing, _WHERE)


def settings_of(found: Located) -> dict[str, Any]:
    """The settings given. Raises UigError for what is none."""
    return own_settings.parse(found.rest, declared(found), found.where)


def written(found: Located) -> dict[str, str]:
    """The settings that are not as by default, but for those that say where something is."""
    known = [one for one in declared(found) if not one.is_place]
    names = {one.name for one in known}
    given = {name: value for name, value in settings_of(found).items() if name in names}
    return own_settings.written(given, known)


def load(found: Located, where: Where) -> UnifiedModel:
    """An instance of the class, given `device` and `dtype` where its constructor takes them."""
    given = settings_of(found)
    takes = signature(found.thing).parameters
    takes_all = any(parameter.kind is Parameter.VAR_KEYWORD for parameter in takes.values())
    for name, value in zip(_WHERE, (where.device, where.dtype), strict=True):
        if takes_all or name in takes:
            given |= {name: value} if value is not None else {}
        elif value not in (None, "auto", "cpu"):
            raise UigError(
                f"{found.where} takes no {name}; leave --{name} out, or let its class take it."
            )
    try:
        model = found.thing(**given)
    except UigError:
        raise
    except (Exception, SystemExit) as error:
        raise UigError(
            f"{found.where} cannot be built ({faults.told(error)}); mend its class, or give it "
            "other settings."
        ) from error
    return checked(model, found.where)


def checked(model: Any, named: str) -> UnifiedModel:
    """The model, if it has the protocol's three parts in the right types."""
    if not isinstance(getattr(model, "capabilities", None), Capabilities):
        raise UigError(
            f"{named} has no `capabilities` of type uig_cli.models.protocol.Capabilities; "
            "see docs/adding-a-model.md."
        )
    wrong = wrong_capability(model.capabilities) or wrong_identity(getattr(model, "identity", None))
    if wrong:
        raise UigError(f"{named} cannot be used: {wrong}; mend its class.")
    if not callable(getattr(model, "run", None)):
        raise UigError(f"{named} has no method `run(requests)`; add one.")
    found: UnifiedModel = model
    return found
