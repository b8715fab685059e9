"""Sampled scenes stay within the world's rules, and staged ones show what their spec says."""

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.errors import UigError
from uig_cli.shapes.check import errors
from uig_cli.shapes.compose import COMPOSITIONS, composed
from uig_cli.shapes.sample import clearly, sample_scene, stage
from uig_cli.shapes.scene import CELLS, MOST, SIDE, Object, cell, settled
from uig_cli.shapes.spec import OPPOSITE, SPATIAL, ObjectGroup, ObjectKind, Spec, stands
from uig_cli.shapes.topics import EVERY_PAIR, HELD_OUT, TOPICS, TRAINED, sample_spec

seeds = st.integers(0, 2**32 - 1)
topics = st.sampled_from(TOPICS)


def gap(a: Object, b: Object) -> float:
    """Units between the squares that two objects are drawn into, on the axis with more of them."""
    apart = max(abs(one - other) for one, other in zip(a.center, b.center, strict=True))
    return apart - (a.diameter + b.diameter) / 2


@given(seeds)
def test_scenes_keep_the_rules(seed):
    scene = sample_scene(Random(seed))
    assert 1 <= len(scene.objects) <= MOST
    for thing in scene.objects:
        assert thing == settled(thing)
        reach = thing.diameter / 2
        assert min(thing.center) - reach >= 2 and max(thing.center) + reach <= SIDE - 2
    assert all(gap(a, b) >= 4 for a, b in combinations(scene.objects, 2))


@given(seeds, topics)
def test_a_staged_scene_shows_its_spec(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    scene = stage(spec, rng)
    assert errors(spec, scene.objects, rng) == ()
    assert len(scene.objects) == spec.total <= MOST
    assert all(thing == settled(thing) for thing in scene.objects)
    assert len({cell(thing.center) for thing in scene.objects}) == spec.total
    assert not any(kind.fits(thing) for kind in spec.absent for thing in scene.objects)


@given(seeds, topics)
def test_a_composed_scene_shows_its_spec_in_one_of_few_places(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    scene = stage(spec, rng, arrange=composed)
    assert errors(spec, scene.objects, rng) == ()
    cells = sorted(cell(thing.center) for thing in scene.objects)
    if not any(relation.word in SPATIAL for relation in spec.relations):
        assert cells == sorted(COMPOSITIONS[spec.total][0])


@given(seeds, topics)
def test_unsaid_textures_are_plain_unless_denied(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    said = {group.kind.texture for group in spec.groups} | {kind.texture for kind in spec.absent}
    textures = {thing.texture for thing in stage(spec, rng).objects}
    assert said - {None} or textures == {"plain"}


@given(seeds, topics)
def test_a_seed_decides_everything(seed, topic):
    specs = [sample_spec(topic, Random(seed)) for _ in range(2)]
    assert specs[0] == specs[1]
    assert stage(specs[0], Random(seed)) == stage(specs[1], Random(seed))


@given(seeds, topics)
def test_groups_of_a_spec_exclude_each_other(seed, topic):
    kinds = [group.kind for group in sample_spec(topic, Random(seed)).groups]
    assert all(a.excludes(b) for a, b in combinations(kinds, 2))


@pytest.mark.parametrize("pairs", [TRAINED, HELD_OUT])
@given(seed=seeds, topic=st.sampled_from([topic for topic in TOPICS if "2d" in topic]))
def test_relations_hold_only_the_pairs_they_may(pairs, seed, topic):
    rng = Random(seed)
    scene = stage(sample_spec(topic, rng, pairs), rng, pairs)
    assert {(thing.shape, thing.color) for thing in scene.objects} <= pairs


def test_held_out_pairs_are_few_and_cover_every_shape():
    assert {shape for shape, _ in HELD_OUT} == {shape for shape, _ in EVERY_PAIR}
    assert len(HELD_OUT) == 7 and len(TRAINED) == 56


@given(seeds, st.sampled_from(SPATIAL), st.integers(0, 8), st.integers(0, 8))
def test_what_is_clear_between_cells_holds_for_objects(seed, word, here, there):
    rng = Random(seed)
    a, b = (
        settled(Object("circle", "red", "plain", rng.choice(("small", "large")), center))
        for center in (
            tuple(v + rng.randint(-3, 3) for v in CELLS[number]) for number in (here, there)
        )
    )
    if clearly(here, word, there):
        assert stands(a, word, b) and not stands(a, OPPOSITE[word], b)
        assert clearly(there, OPPOSITE[word], here)


def test_a_spec_that_nothing_shows_is_refused():
    impossible = Spec(
        (ObjectGroup(ObjectKind(shape="circle")),), absent=(ObjectKind(shape="circle"),)
    )
    with pytest.raises(UigError, match="no object is"):
        stage(impossible, Random(0))


def test_an_unknown_topic_is_refused():
    with pytest.raises(UigError, match='unknown topic part "colour"'):
        sample_spec("shape+colour", Random(0))
