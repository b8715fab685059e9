"""What an examination says aloud settles its verdict."""

import re
from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from uig_cli.shapes.check import errors
from uig_cli.shapes.scene import SHAPES, Object
from uig_cli.shapes.spec import ObjectGroup, ObjectKind, Relation, Spec
from uig_cli.training.lessons import examining
from uig_cli.training.rationales import MATCH, comparison, examination, listing

CIRCLES = Spec(
    (ObjectGroup(ObjectKind("circle", "red"), 2), ObjectGroup(ObjectKind("star"))),
    (Relation(1, "left", 0),),
    (ObjectKind("heart"),),
)
STAR = Object("star", "pink", "dotted", "small", (80, 16))
RIGHT = (
    *(Object("circle", "red", center=(80, y)) for y in (16, 80)),
    Object("star", "blue", center=(16, 48)),
)
BLOB = Object("lump", "blue", "plain", "large", (16, 17))


def test_a_list_names_every_object_in_the_order_of_the_cells():
    assert listing((STAR, BLOB)) == "blue blob top left; small dotted pink star top right"
    stained = replace(BLOB, shape="star stained red")
    assert listing((STAR, stained)) == "blob top left; small dotted pink star top right"
    assert listing(()) == "nothing"
    assert "lump" not in SHAPES


def test_everything_asked_for_stands_beside_what_is_there_for_it():
    circle = Object("circle", "green", center=(16, 80))
    assert list(comparison(CIRCLES, (STAR, circle))) == [
        "red circle one: no",
        "red circle two: no",
        "star one: star top right yes",
        "red circle: green circle bottom left not red",
        "red circle: nothing",
        "no heart: yes",
        "star to the left of red circle: pink star top right, green circle bottom left no",
    ]


def test_what_is_too_much_and_what_must_not_be_there_are_named():
    heart = Object("heart", "blue", center=(48, 48))
    assert list(comparison(CIRCLES, (*RIGHT, heart)))[3:5] == [
        "more: blue heart center",
        "no heart: blue heart center no",
    ]


def test_what_is_right_is_said_to_be():
    assert examination(CIRCLES, RIGHT) == (
        "<think>large plain red circle top right; large plain blue star center left; "
        "large plain red circle bottom right. "
        "red circle one: red circle top right yes; red circle two: red circle bottom right yes; "
        "star one: star center left yes; no heart: yes; star to the left of red circle: "
        "blue star center left, red circle top right red circle bottom right yes"
        f"</think>\n{MATCH}"
    )


def test_what_is_missing_may_be_anything_but_what_is_denied():
    circle = ObjectKind("circle")
    said = examination(Spec((ObjectGroup(circle),), absent=(circle.but(color="red"),)), ())
    assert said.endswith("EDIT_NEEDED: Add a circle at the top left.")


@given(st.integers(0, 10_000))
def test_the_comparison_names_something_wrong_where_something_is(n):
    lesson = examining("test", "thought", n)
    said = "; ".join(comparison(lesson.spec, lesson.scene.objects))
    objections = re.findall(r"\bno(?=;|$)|more:", said)
    assert bool(objections) == bool(errors(lesson.spec, lesson.scene.objects, Random(n)))
