"""Prompts say what their spec says, in words of the world, and ornaments say nothing."""

import re
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from uig_cli.engine.capabilities import words_outside
from uig_cli.shapes import wordings
from uig_cli.shapes.descriptions import KNOWN, long, short
from uig_cli.shapes.phrases import told
from uig_cli.shapes.scene import VOCABULARY
from uig_cli.shapes.spec import ObjectGroup, ObjectKind, Relation, Spec
from uig_cli.shapes.topics import TOPICS, sample_spec
from uig_cli.shapes.vocabulary import NUMBERS, RELATIONS, counted, plural, understood

seeds = st.integers(0, 2**32 - 1)
topics = st.sampled_from(TOPICS)
SYNONYMS = {"stripes": "striped", "dots": "dotted", "little": "small", "big": "large"}
SYNONYMS |= {plural(shape): shape for shape in VOCABULARY["shape"]}
VALUES = {value for values in VOCABULARY.values() for value in values}


def words(text):
    return re.findall("[a-z]+", text.lower().replace("without any pattern", "plain"))


def said(text):
    return {SYNONYMS.get(word, word) for word in words(text)} & VALUES


@given(seeds, topics)
def test_prompts_name_exactly_what_the_spec_says(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    kinds = [group.kind for group in spec.groups] + list(spec.absent)
    expected = {value for kind in kinds for value in kind.said.values()}
    assert said(short(spec, rng)) == expected
    assert said(long(spec, rng)) == expected


@given(seeds, topics)
def test_prompts_tell_counts_and_relations(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    short_text = short(spec, rng)
    assert spec.odd or all(counted(group) in short_text.lower() for group in spec.groups)
    for text in (short_text, long(spec, rng)):
        for relation in spec.relations:
            assert any(wording in text for wording in RELATIONS[told(spec, relation).word])
        for group in spec.groups:
            numbers = (
                {NUMBERS[group.count], NUMBERS[spec.total]} if spec.odd else {NUMBERS[group.count]}
            )
            assert group.count == 1 or numbers & set(words(text))
        denials = {"not", "no", "without", "but", "free", "missing"}
        assert not spec.absent or denials & set(words(text))


ABOVE = re.compile(
    r"circle (that is |placed |is |being )?(above|higher up than) (a|the) blue square"
    r"|blue square, and (above|higher up than) it, a red circle",
    re.IGNORECASE,
)


def test_relations_are_told_the_way_they_hold():
    groups = (ObjectGroup(ObjectKind("circle", "red")), ObjectGroup(ObjectKind("square", "blue")))
    spec = Spec(groups, (Relation(0, "above", 1),))
    for seed in range(200):
        assert ABOVE.search(short(spec, Random(seed)))
        assert ABOVE.search(long(spec, Random(seed)))


def test_of_the_odd_one_the_relation_is_told_the_way_it_holds():
    """Its picture has the circles above the heart; "the heart is above the others" would lie."""
    groups = (ObjectGroup(ObjectKind("circle"), 2), ObjectGroup(ObjectKind("heart")))
    spec = Spec(groups, (Relation(0, "above", 1),))
    for seed in range(40):
        for text in (short(spec, Random(seed)), long(spec, Random(seed))):
            assert "others" in text
            assert any(wording in text for wording in RELATIONS["below"])
            assert not any(wording in text for wording in RELATIONS["above"])


@given(seeds, topics)
def test_prompts_have_no_word_outside_the_list(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    assert words_outside(frozenset(KNOWN), [short(spec, rng), long(spec, rng)]) == []


@given(seeds, topics)
def test_a_seed_decides_the_words(seed, topic):
    spec = sample_spec(topic, Random(seed))
    assert short(spec, Random(seed)) == short(spec, Random(seed))
    assert long(spec, Random(seed)) == long(spec, Random(seed))


@given(seeds, topics)
def test_long_prompts_are_long(seed, topic):
    spec = sample_spec(topic, Random(seed))
    assert len(long(spec, Random(seed))) > 2 * len(short(spec, Random(seed))) - 40


def test_ornaments_name_nothing_of_the_world():
    numbers = set(NUMBERS[1:])
    for table in (wordings.OPENINGS, wordings.ORNAMENTS, wordings.CLOSINGS):
        for text in table:
            assert not said(text) and not numbers & set(words(text)), text


def test_there_are_many_wordings():
    spec = Spec(
        (ObjectGroup(ObjectKind("circle", "red")), ObjectGroup(ObjectKind("square", "blue"))),
        (Relation(0, "left", 1),),
    )
    rng = Random(0)
    assert len({short(spec, rng) for _ in range(300)}) > 100
    assert len({long(spec, rng) for _ in range(300)}) == 300


def test_all_but_one_is_said_as_such():
    spec = Spec(
        (ObjectGroup(ObjectKind("circle", "red"), 3), ObjectGroup(ObjectKind("circle", "blue")))
    )
    rng = Random(0)
    texts = [short(spec, rng) for _ in range(100)]
    assert any("four circles, all red except one blue one" in text for text in texts)
    assert any("of which only one is blue and the others are red" in text for text in texts)


def test_denial_stands_with_what_it_is_about():
    circle = ObjectKind(shape="circle")
    rng = Random(0)
    denied = [
        short(Spec((ObjectGroup(circle),), absent=(circle.but(color="red"),)), rng)
        for _ in range(60)
    ]
    assert any("a circle that is not red" in text for text in denied)
    assert any("a circle in any color but red" in text for text in denied)
    absent = [
        short(Spec((ObjectGroup(circle),), absent=(ObjectKind("star"),)), rng) for _ in range(60)
    ]
    assert any("a circle, but no stars" in text for text in absent)


def test_noun_phrases_are_understood():
    assert understood("small striped red circles") == ObjectKind(
        "circle", "red", "striped", "small"
    )
    assert understood("green shapes") == ObjectKind(color="green")
    assert understood("red blue circle") is None
    assert understood("red cat") is None
    assert understood("circle red") is None


def test_words_outside_the_world_are_listed():
    assert words_outside(frozenset(KNOWN), ["A red cat, a sofa and a CAT"]) == ["cat", "sofa"]
