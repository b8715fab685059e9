"""The objects and colors that detectors know."""

from functools import cache
from importlib.resources import files

COLORS = (
    "red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white",
)  # fmt: skip

NO_SUCH_COLOR = ("mixed", "other")
"""What an object can be instead, seen and of none of these colors: of several, or of one without a
name. It is an object, and no clause about its color holds. Not to be taken for a color that nobody
looked at."""

COLOR_SCORE = 0.05
"""Objects that score above this get a color. GenEval's rules keep nothing below 0.3, but may be
applied again with another threshold."""


@cache
def object_names() -> tuple[str, ...]:
    """The 80 COCO classes by index, in the spelling of GenEval's prompts."""
    path = files("uig_cli.scoring.detectors").joinpath("object_names.txt")
    return tuple(path.read_text("utf-8").split("\n")[:-1])


def classes_in(wanted: str) -> tuple[str, ...]:
    """The classes of a text that says whose colors are needed."""
    return tuple(name for name in wanted.split(",") if name)
