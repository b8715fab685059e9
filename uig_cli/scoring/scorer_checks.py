"""What a scorer from elsewhere says of itself, looked at when it is opened, before it is asked."""

from typing import Any

from uig_cli import faults
from uig_cli.cases import UnfitCase, check_name
from uig_cli.errors import UigError
from uig_cli.models.capability_checks import wrong_identity
from uig_cli.scoring.protocol import FINDING, Scorer


def checked(scorer: Any, named: str) -> Scorer:
    """The scorer. Raises UigError with what in it is none. named: how a user gave it."""
    with faults.blaming(f"scorer {named}"):
        name, kind, batch = scorer.name, scorer.kind, scorer.batch
        wrong = wrong_identity(scorer.identity)
    try:
        check_name("its name", name)
    except UnfitCase as error:
        wrong = str(error).rstrip(".")
    if not isinstance(kind, str) or kind not in FINDING:
        wrong = f"its kind is {kind!r:.40}, expected {' or '.join(FINDING)}"
    if batch is not None and (type(batch) is not int or batch < 1):
        wrong = f"its batch is {batch!r:.40}, expected a whole number from 1, or None"
    if wrong:
        raise UigError(f"scorer {named} cannot be used: {wrong}; mend its class.")
    found: Scorer = scorer
    return found
