"""Questions read back as the claims they ask, and their answers are those of the pictures."""

from itertools import islice
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uig_cli.shapes.claims import Are, Exists, More, Number, Stand, claims_about, claims_of
from uig_cli.shapes.draw import draw
from uig_cli.shapes.questions import answer, ask, how_many, understand
from uig_cli.shapes.read import read
from uig_cli.shapes.sample import sample_scene, stage
from uig_cli.shapes.scene import Object, Scene
from uig_cli.shapes.spec import SPATIAL, ObjectKind
from uig_cli.shapes.topics import HELD_OUT, TOPICS, sample_spec

seeds = st.integers(0, 2**32 - 1)
topics = st.sampled_from(TOPICS)
RED_CIRCLES = tuple(Object("circle", "red", center=(x, 16)) for x in (16, 48))
STAR = Object("star", "blue", "striped", "small", (48, 80))


@given(seeds, topics)
def test_a_question_reads_back_as_its_claim(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    scene = stage(spec, rng)
    for claim, _ in (*claims_of(spec, rng), *islice(claims_about(scene.objects, rng), 8)):
        assert understand(ask(claim, rng, scene.objects)) == claim
        assert understand(ask(claim, rng)) == claim


@given(seeds, topics)
def test_what_a_spec_settles_holds_in_every_scene_of_it(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    claims = list(claims_of(spec, rng))
    assert {wanted for _, wanted in claims} == {True, False} or topic == "numeracy+color"
    for _ in range(3):
        scene = stage(spec, rng)
        assert [claim.holds(scene.objects) for claim, _ in claims] == [want for _, want in claims]


@settings(max_examples=50, deadline=None)
@given(seeds)
def test_answers_agree_with_the_reader(seed):
    rng = Random(seed)
    scene = sample_scene(rng)
    seen = read(draw(scene)).objects
    for claim, holds in islice(claims_about(scene.objects, rng), 20):
        assert answer(ask(claim, rng, scene.objects), seen) == ("yes" if holds else "no")


def test_both_answers_are_about_as_common():
    rng = Random(0)
    truths = [
        holds
        for _ in range(60)
        for _, holds in islice(claims_about(sample_scene(rng).objects, rng), 10)
    ]
    assert 0.4 < sum(truths) / len(truths) < 0.6


@given(seeds)
def test_held_out_pairs_are_in_no_claim_about_space(seed):
    rng = Random(seed)
    objects = sample_scene(rng, 4).objects
    held_out = [thing for thing in objects if (thing.shape, thing.color) in HELD_OUT]
    for claim, _ in islice(claims_about(objects, rng), 30):
        if isinstance(claim, Stand) and claim.word in SPATIAL:
            kinds = (claim.a, claim.b)
            assert not any(kind.fits(thing) for kind in kinds for thing in held_out)
            assert not HELD_OUT & {(kind.shape, kind.color) for kind in kinds}


@pytest.mark.parametrize(
    ("question", "right"),
    [
        ("Is there a red circle in the picture?", "yes"),
        ("Is there a blue circle in the picture?", "no"),
        ("Are there exactly two red circles in the picture?", "yes"),
        ("Is the number of circles 2?", "yes"),
        ("Is the number of circles three?", "no"),
        ("Are the circles red?", "yes"),
        ("Are the circles striped?", "no"),
        ("Is the star small?", "yes"),
        ("Is the heart small?", "no"),
        ("Are the circles above the star?", "yes"),
        ("Is the star above the circles?", "no"),
        ("Is the star smaller than the red circles?", "yes"),
        ("Are there more circles than stars?", "yes"),
        ("  is THERE a striped blue   star in the picture? ", "yes"),
        ("Is there a cat in the picture?", None),
        ("What is this?", None),
        ("Is the number of circles many?", None),
    ],
)
def test_answers(question, right):
    assert answer(question, (*RED_CIRCLES, STAR)) == right


def test_a_claim_about_several_things_needs_all_of_them():
    mixed = (RED_CIRCLES[0], Object("circle", "blue", center=(80, 80)))
    assert not Are(ObjectKind("circle"), "color", "red").holds(mixed)
    assert Are(ObjectKind("circle"), "color", "red").holds(RED_CIRCLES)
    assert not Are(ObjectKind("circle"), "color", "red").holds(())
    assert not Stand(ObjectKind("circle"), "left", ObjectKind("star")).holds((*RED_CIRCLES, STAR))
    assert Stand(ObjectKind("circle"), "above", ObjectKind("star")).holds((*RED_CIRCLES, STAR))
    assert not Stand(ObjectKind("circle"), "above", ObjectKind("heart")).holds(RED_CIRCLES)


def test_wording_agrees_in_number():
    texts = {
        ask(Are(ObjectKind("circle"), "color", "red"), Random(n), RED_CIRCLES) for n in range(20)
    }
    assert "Are the circles red?" in texts
    assert (
        ask(Number(ObjectKind("star"), 1), Random(0)) == "Does the picture show exactly one star?"
    )
    assert understand("Are there more stars than hearts?") == More(
        ObjectKind("star"), ObjectKind("heart")
    )
    assert understand("Can an orange star be seen here?") == Exists(ObjectKind("star", "orange"))


def test_how_many_asks_for_the_kind():
    assert "red circles" in how_many(ObjectKind("circle", "red"), Random(0))


def test_blobs_are_nothing_that_a_question_names():
    reading = read(draw(Scene((Object("peanut", "red"),))))
    assert answer("Is there a red shape in the picture?", reading.objects) == "no"
