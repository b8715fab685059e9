"""A model's reply on its arrival: checked, and made what the journal keeps.

Models come from anywhere, and what is journalled must be readable by the next session. A run goes
on with a reply before it is written, so memory and journal must say the same.
"""

from uig_cli.inputs import KEPT_MODES
from uig_cli.models.protocol import Drawn, Failure, Picture, Reply, Said, Size
from uig_cli.models.reply_checks import picture_failure, validate_reply
from uig_cli.runs.journal import readable
from uig_cli.runs.pictures import as_kept

LONGEST_KIND, LONGEST_REASON = 60, 2_000
"""Characters of a failure's kind, a word that tables group by, and of its reason."""


def received(reply: Reply, size: Size | None = None) -> Reply:
    """The reply as it is when it is read back from the journal, or the failure to give one. size:
    of the picture that was asked for, where that was said."""
    sound = validate_reply(reply)
    if isinstance(sound, Failure):
        return Failure(_line(sound.kind, LONGEST_KIND), _line(sound.reason, LONGEST_REASON))
    if isinstance(sound, Said):
        return Said(readable(sound.text), sound.probabilities or None, sound.cost)
    try:
        picture = _kept_picture(sound.picture, size)
    except (OSError, SyntaxError, ValueError) as error:
        return Failure("protocol", f"got a picture that cannot be read ({error})")
    if isinstance(picture, Failure):
        return picture
    thought = None if sound.thought is None else readable(sound.thought)
    return Drawn(picture, thought, sound.cost)


def _line(text: str, most: int) -> str:
    """The text on one line; where it is too long its end is left out, which dots say."""
    line = " ".join(readable(text).replace("\0", " ").split())
    return line if len(line) <= most else line[: most - 3] + "..."


def _kept_picture(picture: Picture, size: Size | None) -> Picture | Failure:
    """In RGB where PNG does not know its mode, and of the size that it has."""
    if (failure := picture_failure(picture, size)) is not None:
        return failure
    image = picture.image
    if image.mode in KEPT_MODES and image.size == picture.size:
        return picture
    return as_kept(Picture.of(image)).detached()
