"""The objects and colors that detectors know."""

import re
from collections.abc import Mapping
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


_GENERIC = re.compile(r"(label|class|category|id)?[ _-]?[0-9]+", re.IGNORECASE)
_SYNONYMS = {
    "motorbike": "motorcycle", "aeroplane": "airplane", "sofa": "couch", "television": "tv",
    "tvmonitor": "tv", "mouse": "computer mouse", "remote": "tv remote",
    "remote control": "tv remote", "keyboard": "computer keyboard", "mobile phone": "cell phone",
    "doughnut": "donut", "hair dryer": "hair drier",
}  # fmt: skip
"""Other names of the classes, those of COCO itself and of older sets, to ours."""


def other_class(labels: Mapping[str, object]) -> tuple[int, str, str] | None:
    """The first class that a checkpoint calls otherwise than it should: its index, what it is
    called, and ours. labels: names by index, as text; numbered ones say nothing and are passed
    over, and blanks, case and COCO's other names do not matter."""
    names = {_letters(other): _letters(name) for other, name in _SYNONYMS.items()}
    for index, expected in enumerate(object_names()):
        got = str(labels.get(str(index), ""))
        letters = _letters(got)
        if names.get(letters, letters) != _letters(expected) and not _GENERIC.fullmatch(got):
            return index, got, expected
    return None


def _letters(name: str) -> str:
    return re.sub(r"[\W_]", "", name).lower()


def classes_in(wanted: str) -> tuple[str, ...]:
    """The classes of a text that says whose colors are needed."""
    return tuple(name for name in wanted.split(",") if name)
