"""Lessons are right, seeded, apart from what is measured, and without the held-out pairs."""

import re
from random import Random
from typing import Any

from uig_cli.loop.verdict import VERDICT_PARSERS
from uig_cli.shapes.check import errors
from uig_cli.shapes.claims import Stand
from uig_cli.shapes.edits import apply
from uig_cli.shapes.questions import answer, understand
from uig_cli.shapes.spec import SPATIAL, ObjectGroup, ObjectKind, Spec
from uig_cli.shapes.topics import HELD_OUT
from uig_cli.shapes.vocabulary import NUMBERS, understood
from uig_cli.templates import ours
from uig_cli.training import lessons
from uig_cli.training.lessons import (
    DESCRIBE,
    asking,
    clear,
    drawing,
    editing,
    examining,
    repair,
    say,
)
from uig_cli.training.rationales import listing

MANY = 150


def test_the_same_name_gives_the_same_lesson_and_another_name_another():
    for lesson in (drawing, editing, examining, asking):
        assert lesson(0, "a", 1) == lesson(0, "a", 1)
        assert lesson(0, "a", 1) != lesson(0, "a", 2)
        assert lesson(0, "a", 1) != lesson("measure", "a", 1)


def test_examinations_are_asked_as_the_loop_asks_and_answered_rightly():
    verdicts = []
    for n in range(MANY):
        lesson = examining(0, "test", n)
        assert lesson.think == ours("think-look").fill()
        ((text, said),) = lesson.asked
        before, after = ours("examine").text.split("{original_prompt}")
        assert text.startswith(before) and text.endswith(after)
        wrong = errors(lesson.spec, lesson.scene.objects, Random(0))
        for reading in VERDICT_PARSERS.values():
            verdict = reading(said)
            assert verdict.kind == ("edit" if wrong else "match")
            assert "think" not in verdict.instruction
        verdicts.append(bool(wrong))
    assert 0.45 < sum(verdicts) / MANY < 0.75


def test_questions_are_answered_rightly_with_as_many_no_as_yes():
    said = []
    for n in range(MANY):
        lesson = asking(0, "test", n)
        assert lesson.asked[0] == (DESCRIBE, listing(lesson.scene.objects))
        text, right = lesson.asked[1]
        many = re.search(r"(How many|number of) (.+?)( are|\?)", text)[2]
        assert NUMBERS[sum(map(understood(many).fits, clear(lesson.scene.objects)))] == right
        for text, right in lesson.asked[2:]:
            question = text.split("Question: ")[-1].split("\n")[0]
            assert answer(question, clear(lesson.scene.objects)) == right
            said.append(right)
    assert 0.4 < said.count("yes") / len(said) < 0.6


def test_no_relation_in_space_shows_a_held_out_pair():
    for n in range(MANY):
        for spec, scene in (drawing(0, "test", n), _examined(n)):
            if any(relation.word in SPATIAL for relation in spec.relations):
                assert not HELD_OUT & {(thing.shape, thing.color) for thing in scene.objects}


def _examined(n: int):
    lesson = examining(0, "held out", n)
    return lesson.spec, lesson.scene


def test_repairs_are_of_something_wrong_and_mostly_mend_all_of_it():
    mended = 0
    for n in range(MANY):
        planted = repair(Random(n))
        assert errors(planted.spec, planted.scene.objects, Random(0))
        after = apply(planted.edit, planted.scene)
        mended += not errors(planted.spec, after.objects, Random(0))
    assert mended >= 0.7 * MANY, "others need more than one edit"


def test_an_edit_changes_something():
    for n in range(MANY):
        before, _, after = editing(0, "test", n)
        assert before != after


def test_no_prompt_is_one_that_models_are_measured_on(monkeypatch):
    spec = Spec((ObjectGroup(ObjectKind("circle", "red")),))
    first = say(spec, Random(0))
    for measured in (first, first.capitalize() + "."):
        monkeypatch.setattr(lessons, "held_out_prompts", lambda text=measured: frozenset({text}))
        lessons._measured.cache_clear()
        assert say(spec, Random(0)).rstrip(".").lower() != first.rstrip(".").lower()
    lessons._measured.cache_clear()


def test_no_question_puts_a_held_out_pair_into_a_relation_in_space():
    for n in range(3 * MANY):
        lesson = asking(0, "held out", n)
        objects = clear(lesson.scene.objects)
        for text, _ in lesson.asked[2:]:
            claim = understand(text.split("Question: ")[-1].split("\n")[0])
            if isinstance(claim, Stand) and claim.word in SPATIAL:
                meant = [each for each in objects if claim.a.fits(each) or claim.b.fits(each)]
                told: tuple[Any, ...] = (*meant, claim.a, claim.b)
                assert not HELD_OUT & {(each.shape, each.color) for each in told}
