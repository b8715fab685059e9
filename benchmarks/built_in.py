"""The built-in sets: prompts in the benchmarks' own formats about the small world of `shapes`.

Their pictures can be scored exactly, by a reader that learns nothing. What they measure is this
world, so no number from them stands beside a published one.
"""

BUILT_IN = "built-in"
"""The name of the set in every benchmark that has one."""

NOTE = (
    "Set built-in: prompts about a small world of drawn shapes, in this benchmark's format. These "
    "numbers are not comparable with published ones."
)
"""For the head of every table."""
