"""Prompts for a spec: short ones, and long ornate ones, in many wordings, decided by a seed.

Both say all that the spec says and nothing else. "All red but one" is said that way wherever a
spec is of that form.
"""

import re
from collections.abc import Iterator
from random import Random

from uig_cli.shapes import wordings as w
from uig_cli.shapes.phrases import (
    counted_but,
    denial,
    everything,
    odd_fields,
    odd_relation_fields,
    relation_fields,
    relation_word,
    told,
)
from uig_cli.shapes.scene import VOCABULARY
from uig_cli.shapes.spec import SPATIAL, ObjectKind, Spec
from uig_cli.shapes.vocabulary import NUMBERS, RELATIONS, counted, listed, plural


def short(spec: Spec, rng: Random) -> str:
    """A concise prompt: one phrase or sentence."""
    text = rng.choice(w.HEADS) + _phrase(spec, rng)
    if rng.random() < 0.3:
        text = text[0].upper() + text[1:] + "."
    return text


def long(spec: Spec, rng: Random) -> str:
    """An ornate prompt of two to eight sentences, mostly four to six."""
    ornaments = iter(rng.sample(w.ORNAMENTS, 3))
    sentences = [
        rng.choice(w.OPENINGS),
        rng.choice(w.PRESENTING).format(what=everything(spec, rng)),
    ]
    if rng.random() < 0.5:
        sentences.append(next(ornaments))
    for relation in (told(spec, each) for each in spec.relations):
        fields = odd_relation_fields(spec) if spec.odd else relation_fields(spec, relation, rng)
        fields["rel"] = relation_word(relation, rng)
        sentences.append(_sentence(rng.choice(w.TELLING).format_map(fields)))
    single = all(group.count == 1 for group in spec.groups)
    denied = w.DENIED if single else w.DENIED_OF_MANY
    sentences += [_sentence(denial(spec, kind, rng, denied, w.ABSENT)) for kind in spec.absent]
    sentences.extend(ornament for ornament in ornaments if rng.random() < 0.4)
    if rng.random() < 0.7:
        sentences.append(rng.choice(w.CLOSINGS))
    return " ".join(sentences)


def _phrase(spec: Spec, rng: Random) -> str:
    """All that a spec says, as one phrase."""
    groups, relations = list(spec.groups), list(spec.relations)
    attached: set[ObjectKind] = set()
    if spec.odd:
        text = everything(spec, rng)
        for relation in relations:
            text += rng.choice(w.ODD_STANDS).format(
                other=odd_fields(spec)["other"], rel=relation_word(told(spec, relation), rng)
            )
    elif relations:
        first = relations[0]
        wordings = w.RELATED_IN_SPACE if first.word in SPATIAL else w.RELATED
        text = rng.choice(wordings).format_map(relation_fields(spec, first, rng))
        rest = [group for n, group in enumerate(groups) if n not in (first.a, first.b)]
        if rest:
            text += rng.choice(w.FURTHER).format(c=listed([counted(group) for group in rest]))
        for relation in relations[1:]:
            text += rng.choice(w.ALSO).format_map(relation_fields(spec, relation, rng))
    else:
        items = []
        for group in groups:
            item, kinds = counted_but(spec, group, rng)
            items.append(item)
            attached |= kinds
        text = listed(items)
    for kind in spec.absent:
        if kind not in attached:
            text += denial(spec, kind, rng, w.NOT_SO, w.WITHOUT)
    return text


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]


def _words() -> Iterator[str]:
    texts = ["a an the in them it is are shape shapes object objects", *NUMBERS]
    texts += [text for name, table in vars(w).items() if name.isupper() for text in table]
    for rows in (w.PATTERNED, w.SIZED, RELATIONS, VOCABULARY):
        texts += [text for row in rows.values() for text in row]
    texts += [plural(shape) for shape in VOCABULARY["shape"]]
    for text in texts:
        yield from re.findall(r"[a-z']+", re.sub(r"\{\w+\}", " ", text.lower()))


KNOWN = frozenset(_words())
"""Every word that a prompt of this module can have."""
