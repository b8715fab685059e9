"""A judge in one file: it answers questions that name a color by counting pixels.

docs/adding-a-scorer.md goes through it line by line.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from PIL import Image

from uig_cli.scoring.protocol import Answer, Asked, Kind, Reply

HUES = {"red": 0, "yellow": 43, "green": 85, "blue": 170, "purple": 200}
"""Of 256."""
SHARE = 0.01
"""A color is there if this share of the picture has it."""


class ColorJudge:
    """Yes where every color that the question names is in the picture."""

    name = "colors"
    kind: Kind = "answers"
    batch = None
    identity: Mapping[str, str] = {"judge": "colors", "share": str(SHARE)}

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        for index, item in enumerate(items):
            seen = shares(item.picture.image)
            yield index, tuple(answer(question, seen) for question in item.wanted)


def answer(question: str, seen: Mapping[str, float]) -> Answer:
    named = [word for word in re.findall(r"[a-z]+", question.lower()) if word in HUES]
    if not named:
        return Answer(None, "not understood: the question names no color")
    least = min(seen[color] for color in named)
    told = ", ".join(f"{color} {seen[color]:.1%}" for color in named)
    return Answer("yes" if least >= SHARE else "no", raw=told)


def shares(image: Image.Image) -> dict[str, float]:
    """Which share of the picture has each color."""
    hues, saturations, _ = image.convert("RGB").convert("HSV").split()
    counts = dict.fromkeys(HUES, 0)
    for hue, saturation in zip(hues.tobytes(), saturations.tobytes(), strict=True):
        if saturation > 100:
            counts[min(HUES, key=lambda color: _apart(HUES[color], hue))] += 1
    pixels = image.width * image.height
    return {color: count / pixels for color, count in counts.items()}


def _apart(one: int, other: int) -> int:
    """How far two hues are from each other on their circle."""
    return min((one - other) % 256, (other - one) % 256)
