"""GenEval's verdict on one picture: the official rules, as pure functions over boxes and colors.

They decide, given what a detector saw, whether every clause of a prompt holds, and say what does
not in the official words. Scores and thresholds are compared as float32, as the official numpy
arrays do: a score written 0.3 is not above the threshold 0.3. Beware of two official traits kept
here: only the first `count` objects of a class are looked at for color and position, and with
the default `max_overlap` of 1.0 duplicate boxes count twice.
"""

import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from math import hypot
from typing import Any

from uig_cli.errors import unknown
from uig_cli.scoring.detectors.objects import COLORS
from uig_cli.scoring.findings import Box

Boxes = Sequence[Box]
Colors = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class Options:
    """The official settings. counting_threshold replaces threshold for the tag counting;
    max_overlap: boxes of a class with at least this IoU with a better one are dropped, 1.0 keeps
    all; position_threshold: share of the sizes within which two centres stand in no relation."""

    threshold: float = 0.3
    counting_threshold: float = 0.9
    max_objects: int = 16
    max_overlap: float = 1.0
    position_threshold: float = 0.1


@dataclass(frozen=True, slots=True)
class RuleVerdict:
    """reason: why the picture is wrong, a line per failed clause, "" if it is right.
    kept: class -> indices of the boxes that counted, best first."""

    correct: bool
    reason: str
    kept: Mapping[str, tuple[int, ...]]


class ColorUnknown(ValueError):
    """A clause depends on the color of an object that was never named."""


OFFICIAL = Options()


def options_of(settings: Mapping[str, float]) -> Options:
    """The official settings but for these; UigError for one that the rules do not have."""
    known = [field.name for field in fields(Options)]
    for name in settings:
        if name not in known:
            raise unknown("setting of GenEval's rules", name, known)
    return replace(OFFICIAL, **settings)  # type: ignore[arg-type]


def verdict(
    metadata: Mapping[str, Any],
    detections: Mapping[str, Boxes],
    colors: Colors,
    options: Options = OFFICIAL,
) -> RuleVerdict:
    """Holds a picture against its clauses.

    detections: class -> boxes before any threshold; colors: aligned with them.
    Raises ColorUnknown where the verdict needs a color that is None or absent.
    """
    counting = metadata["tag"] == "counting"
    threshold = options.counting_threshold if counting else options.threshold
    kept: dict[str, tuple[int, ...]] = {}
    for name, boxes in detections.items():
        if indices := _keep(boxes, threshold, options):
            kept[name] = indices

    reasons = []
    groups: list[list[Box] | None] = []
    for clause in metadata.get("include", ()):
        name = clause["class"]
        taken = kept.get(name, ())[: clause["count"]]
        group = [detections[name][i] for i in taken]
        named = [colors[name][i] if name in colors else None for i in taken]
        failed = _wrong_count(clause, group) or _wrong_color(clause, named)
        failed = failed or _wrong_position(clause, group, groups, options.position_threshold)
        groups.append(None if failed else group)
        if failed:
            reasons.append(failed)
    for clause in metadata.get("exclude", ()):
        found = len(kept.get(clause["class"], ()))
        if found >= clause["count"]:
            reasons.append(f"expected {clause['class']}<{clause['count']}, found {found}")
    return RuleVerdict(not reasons, "\n".join(reasons), kept)


def spoken(metadata: Mapping[str, Any]) -> str:
    """The clauses in one line, in the words of the reasons: "red dog>=1; cat>=1 above dog"."""
    include = metadata.get("include", ())
    wanted = [_spoken_clause(clause, include) for clause in include]
    unwanted = [f"{clause['class']}<{clause['count']}" for clause in metadata.get("exclude", ())]
    return "; ".join(wanted + unwanted)


def _spoken_clause(clause: Mapping[str, Any], include: Sequence[Mapping[str, Any]]) -> str:
    color = f"{clause['color']} " if "color" in clause else ""
    place = ""
    if "position" in clause:
        relation, target = clause["position"]
        place = f" {relation} {include[target]['class']}"
    return f"{color}{clause['class']}>={clause['count']}{place}"


def _keep(boxes: Boxes, threshold: float, options: Options) -> tuple[int, ...]:
    """Indices of what counts, best first; of equal scores the later box comes first."""
    scores = [_float32(box[4]) for box in boxes]
    order = sorted(range(len(boxes)), key=lambda i: (scores[i], i), reverse=True)
    best = [i for i in order if scores[i] > _float32(threshold)][: options.max_objects]
    if options.max_overlap >= 1:
        return tuple(best)
    kept: list[int] = []
    for i in best:
        if all(_overlap(boxes[i], boxes[j]) < options.max_overlap for j in kept):
            kept.append(i)
    return tuple(kept)


def _wrong_count(clause: Mapping[str, Any], group: Sequence[Box]) -> str | None:
    if len(group) >= clause["count"]:
        return None
    return f"expected {clause['class']}>={clause['count']}, found {len(group)}"


def _wrong_color(clause: Mapping[str, Any], named: Sequence[str | None]) -> str | None:
    color = clause.get("color")
    if color is None:
        return None
    if None in named:
        raise ColorUnknown(f"the color of a {clause['class']} was not named")
    seen = Counter(named)
    if seen[color] >= clause["count"]:
        return None
    words = (*COLORS, *sorted(str(each) for each in seen if each not in COLORS))
    others = ", ".join(f"{seen[other]} {other}" for other in words if seen[other])
    wanted = f"{color} {clause['class']}>={clause['count']}"
    return f"expected {wanted}, found {seen[color]} {color}; and {others}"


def _wrong_position(
    clause: Mapping[str, Any],
    group: Sequence[Box],
    groups: Sequence[Sequence[Box] | None],
    dead_zone: float,
) -> str | None:
    """Every object of the group must stand in the relation to every object of the target."""
    if clause.get("position") is None:
        return None
    wanted, target = clause["position"]
    targets = groups[target]
    if targets is None:
        return f"no target for {clause['class']} to be {wanted}"
    for box in group:
        for other in targets:
            found = relations(box, other, dead_zone)
            if wanted not in found:
                places = " and ".join(found)
                return f"expected {clause['class']} {wanted} target, found {places} target"
    return None


def relations(box: Box, other: Box, dead_zone: float = 0.1) -> list[str]:
    """How `box` stands to `other`: up to one of left of / right of, then of above / below.

    Offsets between the centres shrink by `dead_zone` times the sizes of both, then are measured
    against the length of the whole offset: a direction must hold more than half of it.
    """
    offset = [(box[a] + box[a + 2] - other[a] - other[a + 2]) / 2 for a in (0, 1)]
    sizes = [abs(box[a + 2] - box[a]) + abs(other[a + 2] - other[a]) for a in (0, 1)]
    x, y = (
        max(abs(gap) - dead_zone * size, 0) * (1 if gap > 0 else -1)
        for gap, size in zip(offset, sizes, strict=True)
    )
    if abs(x) < 1e-3 and abs(y) < 1e-3:
        return []
    length = hypot(*offset)
    found = []
    if abs(x) / length > 0.5:
        found.append("right of" if x > 0 else "left of")
    if abs(y) / length > 0.5:
        found.append("below" if y > 0 else "above")
    return found


def _overlap(a: Box, b: Box) -> float:
    """IoU of two boxes whose last pixels belong to them."""
    inner = _area(max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]))
    union = _area(*a[:4]) + _area(*b[:4]) - inner
    return inner / union if union else 0.0


def _area(x1: float, y1: float, x2: float, y2: float) -> float:
    return max(x2 - x1 + 1, 0) * max(y2 - y1 + 1, 0)


def _float32(number: float) -> float:
    return float(struct.unpack("f", struct.pack("f", number))[0])
