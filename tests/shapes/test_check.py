"""What is wrong with a picture, and that the repairs named do put it right."""

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from uig_cli.shapes.check import errors, match, with_blobs
from uig_cli.shapes.corrupt import plain_to_see, spoil, stained
from uig_cli.shapes.draw import draw
from uig_cli.shapes.edits import Add, InCell, Move, QualityChange, Remove, Swap, apply
from uig_cli.shapes.instructions import instruct
from uig_cli.shapes.read import read
from uig_cli.shapes.sample import sample_scene, stage
from uig_cli.shapes.scene import CELLS, Object, Scene
from uig_cli.shapes.spec import ObjectGroup, ObjectKind, Relation, Spec, stands
from uig_cli.shapes.topics import HELD_OUT, TOPICS, sample_spec

seeds = st.integers(0, 2**32 - 1)
topics = st.sampled_from(TOPICS)

CIRCLE = Object("circle", "red", center=(16, 48))
SQUARE = Object("square", "blue", center=(80, 48))
SQUARE_FIRST = Object("square", "blue", center=CELLS[0])
CIRCLE_NEXT = Object("circle", "red", center=CELLS[1])
BESIDE = Spec(
    (ObjectGroup(ObjectKind("circle", "red")), ObjectGroup(ObjectKind("square", "blue"))),
    (Relation(0, "left", 1),),
)


def first(spec, *objects):
    return errors(spec, objects, Random(0))[0]


def repaired(spec, scene, rng, most):
    """The scene after following the first error's repair again and again."""
    for _ in range(most):
        found = errors(spec, scene.objects, rng)
        if not found:
            break
        assert instruct(found[0].edit, scene.objects, rng)
        scene = apply(found[0].edit, scene)
    return scene


@settings(max_examples=150, deadline=None)
@given(seeds, topics)
def test_following_the_repairs_mends_any_picture(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    mended = repaired(spec, sample_scene(rng), rng, most=12)
    assert errors(spec, mended.objects, rng) == ()
    assert sorted(read(draw(mended)).objects) == sorted(mended.objects)


@settings(max_examples=100, deadline=None)
@given(seeds, topics)
def test_a_planted_error_is_found_in_the_picture(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    spoiled = spoil(spec, stage(spec, rng), rng)
    assert spoiled
    found = errors(spec, with_blobs(read(draw(spoiled))), rng)
    assert found
    mended = repaired(spec, Scene(with_blobs(read(draw(spoiled)))), rng, most=4)
    assert errors(spec, mended.objects, rng) == ()


def test_a_right_picture_has_no_errors():
    assert errors(BESIDE, (CIRCLE, SQUARE), Random(0)) == ()
    assert errors(BESIDE, (SQUARE, CIRCLE), Random(0)) == ()


def test_of_two_relations_one_can_be_broken_and_one_lack_an_object():
    kinds = [ObjectGroup(ObjectKind(shape)) for shape in ("circle", "square", "star", "heart")]
    spec = Spec(tuple(kinds), (Relation(0, "left", 1), Relation(2, "above", 3)))
    circle, square = replace(CIRCLE, center=(80, 48)), replace(SQUARE, center=(16, 48))
    seen = (circle, square, Object("star", "red", center=(48, 16)))
    missing, broken = errors(spec, seen, Random(0))
    assert (missing.sort, broken.sort) == ("missing", "place")
    assert broken.edit == Swap(circle, square)
    assert errors(spec, repaired(spec, Scene(seen), Random(0), most=2).objects, Random(0)) == ()


def test_a_missing_object_is_added_where_it_belongs():
    error = first(BESIDE, SQUARE)
    assert error.sort == "missing"
    assert isinstance(error.edit, Add)
    assert error.edit.kind == ObjectKind("circle", "red")
    assert isinstance(error.edit.where, InCell)
    assert stands(error.edit.thing, "left", SQUARE)


def test_one_too_many_is_removed():
    extra = Object("star", "green", center=(48, 80))
    error = first(BESIDE, CIRCLE, SQUARE, extra)
    assert (error.sort, error.edit) == ("extra", Remove(extra))


@pytest.mark.parametrize(
    ("wrong", "quality", "value"),
    [
        (Object("circle", "green", center=(16, 48)), "color", "red"),
        (Object("heart", "red", center=(16, 48)), "shape", "circle"),
    ],
)
def test_a_wrong_quality_is_changed(wrong, quality, value):
    error = first(BESIDE, wrong, SQUARE)
    assert (error.sort, error.edit) == ("quality", QualityChange(wrong, quality, value))


def test_objects_in_each_others_place_are_swapped():
    circle, square = (
        Object("circle", "red", center=(80, 48)),
        Object("square", "blue", center=(16, 48)),
    )
    error = first(BESIDE, circle, square)
    assert (error.sort, error.edit) == ("place", Swap(circle, square))


def test_an_object_in_the_wrong_place_is_moved():
    square = Object("square", "blue", center=(16, 80))
    error = first(BESIDE, CIRCLE, square)
    assert error.sort == "place"
    assert isinstance(error.edit, Move)


def test_of_objects_astray_in_the_right_cells_one_is_settled():
    """As a model may draw them: each in its cell, but too near in x to stand beside each other."""
    circle = Object("circle", "red", "plain", "small", (26, 14))
    square = Object("square", "blue", "plain", "small", (34, 30))
    error = first(BESIDE, circle, square)
    assert error.sort == "place"
    assert isinstance(error.edit, Move)
    scene = apply(error.edit, Scene((circle, square)))
    assert len(repaired(BESIDE, scene, Random(0), most=2).objects) == 2
    assert errors(BESIDE, repaired(BESIDE, scene, Random(0), most=2).objects, Random(0)) == ()


def test_a_page_without_a_free_cell_has_errors_too():
    full = [Object("star", "green", center=center) for center in CELLS[2:]]
    found = errors(BESIDE, [SQUARE_FIRST, CIRCLE_NEXT, *full], Random(0))
    assert {"extra", "place"} <= {error.sort for error in found}


def test_sizes_are_compared():
    spec = Spec(
        (ObjectGroup(ObjectKind("circle")), ObjectGroup(ObjectKind("square"))),
        (Relation(0, "smaller", 1),),
    )
    error = first(spec, CIRCLE, SQUARE)
    assert (error.sort, error.edit) == ("comparison", QualityChange(CIRCLE, "size", "small"))


def test_what_is_denied_gets_another_value():
    circle = ObjectKind("circle")
    spec = Spec((ObjectGroup(circle),), absent=(circle.but(color="red"),))
    error = first(spec, CIRCLE)
    assert error.sort == "denied"
    assert isinstance(error.edit, QualityChange)
    assert (error.edit.target, error.edit.quality) == (CIRCLE, "color")
    assert error.edit.value != "red"


def test_a_blob_gets_its_shape_before_all_else():
    blob = Object("peanut", "red", center=(16, 48))
    seen = with_blobs(read(draw(Scene((blob, Object("square", "pink", center=(80, 48)))))))
    found = errors(BESIDE, seen, Random(0))
    assert [error.sort for error in found] == ["malformed", "quality"]
    assert found[0].edit.target.shape == "blob"
    assert found[0].edit.value == "circle"


def test_the_least_change_is_preferred():
    """A green circle is the red one in the wrong color, whatever else is about."""
    members, extra = match(BESIDE, [Object("heart", "green"), SQUARE, Object("circle", "green")])
    assert members == [[Object("circle", "green")], [SQUARE]]
    assert extra == [Object("heart", "green")]


def test_of_equals_the_last_one_is_too_many():
    hearts = [Object("heart", "red", center=center) for center in CELLS[:3]]
    members, extra = match(Spec((ObjectGroup(ObjectKind("heart"), 2),)), hearts[::-1])
    assert (members, extra) == ([hearts[:2]], hearts[2:])


@given(seeds, st.sampled_from([topic for topic in TOPICS if "2d" in topic]))
def test_planted_errors_put_no_held_out_pair_into_a_relation(seed, topic):
    rng = Random(seed)
    spec = sample_spec(topic, rng)
    spoiled = spoil(spec, stage(spec, rng), rng)
    assert not {(thing.shape, thing.color) for thing in spoiled.objects} & HELD_OUT


def test_planted_errors_are_of_every_sort():
    rng = Random(0)
    sorts: Counter[str] = Counter()
    for _ in range(20):
        for topic in TOPICS:
            spec = sample_spec(topic, rng)
            sorts[errors(spec, spoil(spec, stage(spec, rng), rng).objects, rng)[0].sort] += 1
    assert set(sorts) == {
        "malformed", "missing", "extra", "quality", "denied", "comparison", "place"
    }  # fmt: skip


def test_two_objects_are_planted_with_each_others_color():
    spec = Spec(
        (ObjectGroup(ObjectKind("circle", "red")), ObjectGroup(ObjectKind("square", "blue")))
    )
    found = [spoil(spec, Scene((CIRCLE, SQUARE)), Random(seed)) for seed in range(100)]
    shown = [{(each.shape, each.color) for each in scene.objects} for scene in found]
    assert {("circle", "blue"), ("square", "red")} in shown
    assert all(errors(spec, scene.objects, Random(0)) for scene in found)


def test_what_is_stained_is_no_object():
    rng, found = Random(5), 0
    for _ in range(300):
        thing = sample_scene(rng).objects[0]
        if flawed := stained(thing, rng):
            assert read(draw(Scene((flawed,)))).objects == ()
            found += 1
            assert plain_to_see(flawed) and plain_to_see(thing)
            assert not plain_to_see(replace(flawed, shape=f"star stained {thing.color}"))
    assert found > 150
    assert stained(Object("peanut", "red"), rng) is None


def test_two_relations_and_an_object_that_is_missing() -> None:
    kinds = [ObjectKind(shape=shape) for shape in ("circle", "square", "star", "heart")]
    relations = (Relation(0, "left", 1), Relation(2, "above", 3))
    spec = Spec(tuple(map(ObjectGroup, kinds)), relations)
    seen = [
        Object("circle", "red", center=(80, 48)),
        Object("square", "red", center=(16, 48)),
        Object("star", "red", center=(48, 16)),
    ]
    assert [error.sort for error in errors(spec, seen, Random(0))] == ["missing", "place"]
