"""The built-in sets: prompts in the benchmarks' own formats about the small world of `shapes`.

Their pictures can be scored exactly, by a reader that learns nothing. What they measure is this
world, so no number from them stands beside a published one.
"""

BUILT_IN, HARD = "built-in", "built-in-hard"
"""The names of the sets in every benchmark that has them."""

BUILT_IN_SETS = (BUILT_IN, HARD)

NOTHING_WRONG = "Is nothing wrong by the prompt's own specification?"
"""What the judge `strict` says of a picture, as a line of its score."""


def note_of(set_name: str) -> str:
    """For the head of every table."""
    return (
        f"Set {set_name}: prompts about a small world of drawn shapes, in this benchmark's format. "
        "These numbers are not comparable with published ones."
    )


NOTE = note_of(BUILT_IN)
