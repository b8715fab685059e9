"""Where testmini's lines stand in the full set.

A picture is known by its line in the full set, whichever set it was drawn for. Where the full set
is at hand the lines are looked up in it. Where it is not, the known numbers stand in: 37
dimensions of testmini are the first lines of the full set in order, two are scattered. Own data
in TIIF's layout without a full set is its own full set.
"""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from uig_cli.benchmarks.tiif.lines import PromptPair
from uig_cli.errors import UigError

SCATTERED: dict[str, tuple[int, ...]] = {
    "style": (
        *(228, 217, 11, 254, 41, 19, 171, 275, 166, 36, 83, 282, 258, 255, 134),
        *(39, 186, 118, 23, 104, 144, 193, 84, 154, 204, 95, 79, 135, 239, 290),
    ),
    "real_world": (
        *(27, 0, 8, 9, 71, 22, 68, 3, 85, 53, 6, 50, 96),
        *(80, 64, 1, 94, 4, 7, 67, 48, 2, 16, 95, 5),
    ),
}
"""testmini line -> line of the full set (A113N-W3I/TIIF-Bench at 3aae7504)."""


def known_lines(dimension: str, count: int) -> Sequence[int]:
    """Full-set lines of `count` testmini lines, without the full set."""
    scattered = SCATTERED.get(dimension, ())
    return scattered if len(scattered) == count else range(count)


def found_lines(
    mini: Sequence[PromptPair], full: Sequence[PromptPair], path: Path
) -> Sequence[int]:
    """Full-set lines of testmini lines by their prompts, each line given once.

    path: testmini's prompt file, named when one of its lines is not in the full set.
    """
    places: dict[PromptPair, list[int]] = defaultdict(list)
    for line, pair in reversed(list(enumerate(full))):
        places[pair].append(line)
    lines = []
    for number, pair in enumerate(mini, start=1):
        if not places[pair]:
            raise UigError(
                f"{path}, line {number}: got prompts that the full set in test_prompts does not "
                "hold, expected a line of it; fetch both folders from the same version of the data."
            )
        lines.append(places[pair].pop())
    return lines


LINES: dict[str, tuple[int, int]] = {
    **dict.fromkeys(("shape+color", "shape+texture"), (100, 10)),
    **dict.fromkeys(("color+texture", "texture+color", "action+color", "action+texture"), (50, 5)),
    **dict.fromkeys(("2d_spatial_relation", "3d_spatial_relation"), (75, 8)),
    **dict.fromkeys(("action+2d", "action+3d"), (75, 8)),
    **dict.fromkeys(("numeracy", "negation", "differentiation", "comparison"), (75, 8)),
    **{
        f"{name}+{place}": (33, 4)
        for name in ("color", "shape", "texture")
        for place in ("2d", "3d")
    },
    **{
        f"{name}+{other}": (40, 4)
        for name in ("numeracy", "comparison", "differentiation", "negation")
        for other in ("color", "texture", "2d", "3d")
    },
    **dict.fromkeys(("text", "style"), (300, 30)),
    "real_world": (100, 25),
}
"""Lines of each dimension in the full set and in testmini."""


def official_lines(dimension: str) -> Sequence[int]:
    """Full-set lines of testmini's lines, in testmini's order."""
    return known_lines(dimension, LINES[dimension][1])
