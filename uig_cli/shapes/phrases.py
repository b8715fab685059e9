"""The pieces that prompts are put together from: each a part of what a spec says, in words."""

from random import Random

from uig_cli.shapes import wordings as w
from uig_cli.shapes.spec import OPPOSITE, ObjectGroup, ObjectKind, Relation, Spec
from uig_cli.shapes.vocabulary import NUMBERS, RELATIONS, counted, listed, noun, plural, the


def everything(spec: Spec, rng: Random) -> str:
    """All the objects, without their relations."""
    if spec.odd:
        if rng.random() < 0.2:
            return listed([counted(group) for group in spec.groups])
        return rng.choice(w.ODD).format_map(odd_fields(spec))
    return listed([ornate(group, rng) for group in spec.groups])


def relation_fields(spec: Spec, relation: Relation, rng: Random) -> dict[str, str]:
    """Fields for a relation: `a`, `A`, `isA` of the group that stands so, `b`, `B` of the other."""
    a, b = spec.groups[relation.a], spec.groups[relation.b]
    return {
        "a": counted(a),
        "b": counted(b),
        "A": the(a),
        "B": the(b),
        "B2": "them" if b.count > 1 else "it",
        "isA": "are" if a.count > 1 else "is",
        "rel": relation_word(relation, rng),
    }


def told(spec: Spec, relation: Relation) -> Relation:
    """The relation as it is put into words: where one is the odd one, of it to the others."""
    if spec.odd and relation.a == 0:
        return Relation(1, OPPOSITE[relation.word], 0)
    return relation


def relation_word(relation: Relation, rng: Random) -> str:
    """A wording of the relation, mostly the usual one."""
    usual, *others = RELATIONS[relation.word]
    return rng.choice((usual, usual, usual, *others))


def odd_fields(spec: Spec) -> dict[str, str]:
    """Fields for "all red but one blue one"."""
    assert spec.odd is not None
    alike, other = spec.groups
    rest, different = (group.kind.said[spec.odd] for group in (alike, other))
    is_noun = spec.odd == "shape"
    return {
        "n": NUMBERS[spec.total],
        "m": NUMBERS[alike.count],
        "base": noun(alike.kind.but(**{spec.odd: None}), many=True),
        "rest": plural(rest) if is_noun else rest,
        "other": different if is_noun else f"{different} one",
        "is_other": f"a {different}" if is_noun else different,
    }


def odd_relation_fields(spec: Spec) -> dict[str, str]:
    """Fields for how the odd one stands to the others."""
    return {"A": f"the {odd_fields(spec)['other']}", "B": "the others", "isA": "is"}


def ornate(group: ObjectGroup, rng: Random) -> str:
    """A group with its texture and color said before or behind, its size in other words."""
    kind, behind = group.kind, []
    if kind.color and rng.random() < 0.25:
        behind.append(f"in {kind.color}")
        kind = kind.but(color=None)
    if kind.texture and rng.random() < 0.4:
        behind.append(rng.choice(w.PATTERNED[kind.texture]))
        kind = kind.but(texture=None)
    text = counted(ObjectGroup(kind, group.count))
    if kind.size:
        text = text.replace(kind.size, rng.choice(w.SIZED[kind.size]), 1)
    return " ".join([text, *behind])


def counted_but(spec: Spec, group: ObjectGroup, rng: Random) -> tuple[str, set[ObjectKind]]:
    """A group with what it is not right behind it, if that is so said here."""
    for kind in spec.absent:
        denied = _denied(spec, kind)
        if denied and denied[0] == group and rng.random() < 0.7:
            wording = rng.choice(w.NOT_SO_HERE if denied[1] == "color" else w.NOT_SO_HERE[:-1])
            is_a = "are" if group.count > 1 else "is"
            return counted(group) + wording.format(isA=is_a, value=denied[2]), {kind}
    return counted(group), set()


def _denied(spec: Spec, kind: ObjectKind) -> tuple[ObjectGroup, str, str] | None:
    """The group whose members are said not to be of an absent kind, the quality and its value."""
    for group in spec.groups:
        more = kind.said.items() - group.kind.said.items()
        if group.kind.covers(kind) and len(more) == 1:
            ((quality, value),) = more
            return group, quality, value
    return None


def denial(
    spec: Spec, kind: ObjectKind, rng: Random, denied: tuple[str, ...], absent: tuple[str, ...]
) -> str:
    """An absent kind in words. denied: wordings where a group is said not to be so; absent: where
    something is not there at all."""
    found = _denied(spec, kind)
    if found:
        group, _, value = found
        is_a = "are" if group.count > 1 else "is"
        return rng.choice(denied).format(A=the(group), isA=is_a, value=value)
    return rng.choice(absent).format(no=noun(kind), nos=noun(kind, many=True))
