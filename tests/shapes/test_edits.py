"""Edits change what they say and nothing else, and their words point at one object."""

import re
from dataclasses import replace
from random import Random

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from uig_cli.errors import UigError
from uig_cli.shapes.draw import draw
from uig_cli.shapes.edits import (
    Add,
    InCell,
    Move,
    PlaceBeside,
    QualityChange,
    Remove,
    SceneEdit,
    Swap,
    apply,
)
from uig_cli.shapes.instructions import Usual, instruct, refer
from uig_cli.shapes.read import read
from uig_cli.shapes.sample import sample_scene
from uig_cli.shapes.sample_edit import OPS, sample_edit
from uig_cli.shapes.scene import MOST, Object, Scene, cell, settled
from uig_cli.shapes.spec import ObjectKind, stands
from uig_cli.shapes.topics import HELD_OUT
from uig_cli.shapes.vocabulary import CELL_WORDS, understood

seeds = st.integers(0, 2**32 - 1)
ops = st.sampled_from(tuple(OPS))


def an_edit(op, seed):
    rng = Random(seed)
    scene = sample_scene(rng)
    edit = sample_edit(op, scene, rng)
    assume(edit is not None)
    assert edit
    return scene, edit, apply(edit, scene)


@given(seeds, ops)
def test_an_edit_changes_what_it_names_and_nothing_else(seed, op):
    scene, edit, after = an_edit(op, seed)
    gone = set(scene.objects) - set(after.objects)
    new = set(after.objects) - set(scene.objects)
    match edit:
        case QualityChange(target, quality, value):
            ((changed,),) = (new,)
            assert gone == {target} and getattr(changed, quality) == value
            back = replace(changed, **{quality: getattr(target, quality)})
            assert max(abs(a - b) for a, b in zip(back.center, target.center, strict=True)) <= 2
            assert replace(back, center=target.center) == target
        case Add(thing):
            assert (gone, new) == (set(), {thing})
        case Remove(target):
            assert (gone, new) == ({target}, set())
        case Move(target, center):
            assert (gone, new) == ({target}, {replace(target, center=center)})
        case Swap(a, b):
            assert gone == {a, b}
            places = {replace(thing, center=(0, 0)): cell(thing.center) for thing in new}
            assert places[replace(a, center=(0, 0))] == cell(b.center)
            assert places[replace(b, center=(0, 0))] == cell(a.center)


@given(seeds, ops)
def test_the_edited_scene_keeps_the_rules(seed, op):
    _, _, after = an_edit(op, seed)
    assert 1 <= len(after.objects) <= MOST
    assert len({cell(thing.center) for thing in after.objects}) == len(after.objects)
    assert all(thing == settled(thing) for thing in after.objects)


@given(seeds, st.sampled_from(["add", "move"]))
def test_a_place_is_where_it_is_said_to_be(seed, op):
    _, edit, _ = an_edit(op, seed)
    center = edit.thing.center if isinstance(edit, Add) else edit.center
    match edit.where:
        case InCell(number):
            assert cell(center) == number
        case PlaceBeside(word, anchor):
            assert stands(replace(anchor, center=center), word, anchor)
            assert (anchor.shape, anchor.color) not in HELD_OUT


@settings(max_examples=60, deadline=None)
@given(seeds, ops)
def test_the_edited_picture_is_read_as_the_edited_scene(seed, op):
    _, _, after = an_edit(op, seed)
    assert sorted(read(draw(after)).objects) == sorted(after.objects)


@settings(max_examples=60, deadline=None)
@given(seeds, ops)
def test_pixels_away_from_the_edit_stay(seed, op):
    scene, _, after = an_edit(op, seed)
    differs = (draw(scene) != draw(after)).any(axis=2)
    touched = {cell(thing.center) for thing in set(scene.objects) ^ set(after.objects)}
    rows, columns = differs.nonzero()
    assert {cell((x, y)) for x, y in zip(columns, rows, strict=True)} <= touched


def meant(name, objects):
    """The objects that a name like "the red circle at the top left" can mean."""
    phrase, _, place = name.removeprefix("the ").partition(" at the ")
    kind = understood(phrase)
    return [
        thing
        for thing in objects
        if kind.fits(thing) and (not place or CELL_WORDS[cell(thing.center)] == place)
    ]


@given(seeds)
def test_a_name_means_one_object(seed):
    rng = Random(seed)
    scene = sample_scene(rng)
    twin = replace(scene.objects[0], center=(48, 48))
    objects = [thing for thing in scene.objects if cell(thing.center) != 4] + [twin]
    for thing in objects:
        assert meant(refer(thing, objects, rng), objects) == [thing]


def test_the_usual_words_name_places():
    circle = Object("circle", "red", center=(16, 16))
    star = Object("star", "blue", center=(80, 80))
    said: dict[SceneEdit, str] = {
        QualityChange(circle, "shape", "star"): "Turn the red circle at the top left into a star.",
        Remove(star): "Remove the blue star at the bottom right.",
        Swap(circle, star): (
            "Swap the red circle at the top left and the blue star at the bottom right."
        ),
    }
    assert {edit: instruct(edit, (circle, star), Usual()) for edit in said} == said


@given(seeds, ops)
def test_instructions_are_whole_sentences(seed, op):
    scene, edit, _ = an_edit(op, seed)
    text = instruct(edit, scene.objects, Random(seed))
    assert re.fullmatch(r"[A-Z][a-z ]+\.", text) and "  " not in text


@pytest.mark.parametrize(
    ("edit", "wanted"),
    [
        (QualityChange(Object("circle", "red"), "color", "blue"), "Make the circle blue."),
        (QualityChange(Object("circle", "red"), "shape", "star"), "Turn the circle into a star."),
        (QualityChange(Object("circle", "red"), "texture", "dotted"), "Give the circle dots."),
        (QualityChange(Object("circle", "red"), "size", "small"), "Shrink the circle."),
        (QualityChange(Object("peanut", "red"), "shape", "star"), "Turn the blob into a star."),
        (Remove(Object("circle", "red")), "Remove the circle."),
        (Move(Object("circle", "red"), (16, 16), InCell(0)), "Move the circle to the top left."),
        (Add(Object("star", "blue"), ObjectKind("star", "blue")), "Add a blue star."),
        (
            Add(
                Object("star", "blue"),
                ObjectKind("star"),
                PlaceBeside("above", Object("circle", "red")),
            ),
            "Add a star above the circle.",
        ),
        (
            Swap(Object("circle", "red"), Object("star", "blue", center=(16, 16))),
            "Swap the circle and the star.",
        ),
    ],
)
def test_wordings(edit, wanted):
    objects = [
        thing for name in ("target", "a", "b") if (thing := getattr(edit, name, None)) is not None
    ]
    objects = objects or [Object("circle", "red")]
    assert wanted in {instruct(edit, objects, Random(n)) for n in range(400)}


def test_a_stained_thing_is_never_called_by_a_color():
    stained = Object("star stained red", "blue", center=(16, 16))
    for others in ((), (Object("heart", "green"),), (Object("peanut", "blue"),)):
        names = {refer(stained, (stained, *others), Random(n)) for n in range(300)}
        assert names & {"the blob", "the large blob", "the blob at the top left"}
        assert not any("red" in name or "blue" in name for name in names)


def test_no_edit_where_none_is_possible():
    rng = Random(0)
    single = Scene((Object("circle", "red"),))
    assert sample_edit("remove", single, rng) is None
    assert sample_edit("swap", single, rng) is None
    assert sample_edit("add", sample_scene(rng, MOST), rng) is None
    assert all(sample_edit(op, Scene(()), rng) is None for op in OPS)
    with pytest.raises(UigError, match='unknown edit "recolour"'):
        sample_edit("recolour", single, rng)
