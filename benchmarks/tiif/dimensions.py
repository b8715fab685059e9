"""TIIF's 39 dimensions in nine groups, in the order in which the benchmark reports them.

A dimension names a prompt file and a question file. Groups weigh the same in the overall score,
so that `text`, a group of its own, counts as much as eight dimensions of another group.
"""

GROUPS: dict[str, tuple[str, ...]] = {
    "Basic/Attribute": ("shape+color", "color+texture", "texture+color", "shape+texture"),
    "Basic/Relation": ("2d_spatial_relation", "3d_spatial_relation", "action+2d", "action+3d"),
    "Basic/Reasoning": ("numeracy", "negation", "differentiation", "comparison"),
    "Advanced/Attribute+Relation": (
        "action+color",
        "action+texture",
        "color+2d",
        "color+3d",
        "shape+2d",
        "shape+3d",
        "texture+2d",
        "texture+3d",
    ),
    "Advanced/Attribute+Reasoning": (
        "numeracy+color",
        "numeracy+texture",
        "comparison+color",
        "comparison+texture",
        "differentiation+color",
        "differentiation+texture",
        "negation+color",
        "negation+texture",
    ),
    "Advanced/Relation+Reasoning": (
        "numeracy+2d",
        "numeracy+3d",
        "comparison+2d",
        "comparison+3d",
        "differentiation+2d",
        "differentiation+3d",
        "negation+2d",
        "negation+3d",
    ),
    "Advanced/Text Generation": ("text",),
    "Advanced/Style Control": ("style",),
    "Real World/Complex": ("real_world",),
}

DIMENSIONS: tuple[str, ...] = tuple(name for names in GROUPS.values() for name in names)

HARD_DIMENSIONS = (
    "num+ct", "num+c+2d", "num+t+2d", "num+ct+2d", "diff+2d", "diff+c+2d", "diff+ct", "grp+2d",
)  # fmt: skip
"""Of the set built-in-hard (tiif/hard.py)."""
