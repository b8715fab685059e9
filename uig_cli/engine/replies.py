"""A model's reply on its arrival: checked, and made what the journal keeps.

Models come from anywhere, and what is journalled must be readable by the next session. A run goes
on with a reply before it is written, so memory and journal must say the same.
"""

from uig_cli.models.protocol import Drawn, Failure, Picture, Reply, Said
from uig_cli.models.reply_checks import pixel_failure, validate_reply
from uig_cli.runs.journal import readable
from uig_cli.runs.pictures import as_kept


def received(reply: Reply) -> Reply:
    """The reply as it is when it is read back from the journal, or the failure to give one."""
    sound = validate_reply(reply)
    if isinstance(sound, Failure):
        return Failure(sound.kind, readable(sound.reason))
    if isinstance(sound, Said):
        return Said(readable(sound.text), sound.probabilities or None, sound.cost)
    try:
        picture = _kept_picture(sound.picture)
    except (OSError, SyntaxError, ValueError) as error:
        return Failure("protocol", f"got a picture that cannot be read ({error})")
    if isinstance(picture, Failure):
        return picture
    thought = None if sound.thought is None else readable(sound.thought)
    return Drawn(picture, thought, sound.cost)


def _kept_picture(picture: Picture) -> Picture | Failure:
    """In RGB where PNG does not know its mode, known by its pixels whatever it said of itself."""
    if (failure := pixel_failure(picture.image)) is not None:
        return failure
    kept = as_kept(picture)
    return picture if kept is picture else kept.detached()
