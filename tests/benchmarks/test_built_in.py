"""The built-in sets: in the official formats, sayable, settled, and the same for ever."""

import json
from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest

from tests.shapes_models import specs
from uig_cli.benchmarks.built_in import BUILT_IN, NOTE
from uig_cli.benchmarks.geneval import built_in as geneval_set
from uig_cli.benchmarks.geneval.benchmark import benchmark as geneval
from uig_cli.benchmarks.geneval.card import TAGS
from uig_cli.benchmarks.geneval.prompts import as_lines
from uig_cli.benchmarks.held_out import held_out_prompts
from uig_cli.benchmarks.protocol import Benchmark, Source
from uig_cli.benchmarks.tiif import built_in as tiif_set
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.benchmarks.tiif.dimensions import GROUPS
from uig_cli.cases import Case
from uig_cli.engine.capabilities import words_outside
from uig_cli.errors import UigError
from uig_cli.shapes.claims import Stand
from uig_cli.shapes.descriptions import KNOWN
from uig_cli.shapes.questions import understand
from uig_cli.shapes.sample import stage
from uig_cli.shapes.scene import COLORS, MOST, SHAPES
from uig_cli.shapes.spec import SPATIAL
from uig_cli.shapes.topics import EVERY_PAIR, HELD_OUT
from uig_cli.training.lessons import drawing

SOURCE = Source(set=BUILT_IN)
GROUP_OF = {dimension: group for group, names in GROUPS.items() for dimension in names}


def cases(of: Benchmark) -> list[Case]:
    return list(of.open(SOURCE).cases)


# The sets never change unnoticed: whoever means to change one changes its hash here, and the
# scores of older runs cannot be compared with those of newer ones.


def test_golden_hash_of_tiif() -> None:
    text = "".join(tiif_set.files(BUILT_IN).values())
    assert sha256(text.encode()).hexdigest() == (
        "a45b28ec4c5d70c9d030072090f8cb1064fedde40f548c0470a6f4281a5ec632"
    )
    assert tiif.open(SOURCE).prompts_hash == (
        "9ba3033f040806fa9e24bd8487bfdac8c9585acb2c1d77c02a07fd2fb3880527"
    )


def test_golden_hash_of_geneval() -> None:
    assert geneval.open(SOURCE).prompts_hash == (
        "6119dd110643c2b1a1e9dc0de0aa98d83c65abb0ec99a698fd1bf8aa997201b4"
    )


@pytest.mark.parametrize("of", [tiif, geneval])
def test_what_readers_of_tables_must_know(of: Benchmark) -> None:
    data = of.open(SOURCE)
    assert data.set == BUILT_IN
    assert data.notes == (NOTE,) and "not comparable with published" in NOTE
    assert data.warnings == ()


@pytest.mark.parametrize("of", [tiif, geneval])
def test_prompts_are_sayable_and_come_once(of: Benchmark) -> None:
    said = [case.prompt for case in cases(of)]
    assert len(set(said)) == len(said)
    assert not words_outside(KNOWN, said)
    assert max(specs()[prompt].total for prompt in said) <= MOST


# TIIF


def test_dimensions_of_tiif() -> None:
    both = cases(tiif)
    by_dimension = Counter((case.dimension, case.split) for case in both)
    assert set(by_dimension.values()) == {12}
    dimensions = {dimension for dimension, _ in by_dimension}
    assert len(dimensions) == 22
    assert len({GROUP_OF[dimension] for dimension in dimensions}) == 6
    assert [case.id for case in both[:2]] == [
        "tiif/short/shape+color/0",
        "tiif/short/shape+color/1",
    ]


def test_short_and_long_say_the_same_and_share_their_questions() -> None:
    both = cases(tiif)
    short, long = both[: len(both) // 2], both[len(both) // 2 :]
    for one, other in zip(short, long, strict=True):
        assert one.id.replace("/short/", "/long/") == other.id
        assert one.questions == other.questions
        assert specs()[one.prompt] == specs()[other.prompt]
        assert len(one.prompt) < len(other.prompt)


def test_half_of_the_wanted_answers_are_no_where_it_is_said() -> None:
    for case in cases(tiif):
        wanted = Counter(question.wanted for question in case.questions)
        if GROUP_OF[case.dimension] in tiif_set.REASONING:
            assert wanted["yes"] == wanted["no"] > 0
        else:
            assert wanted["no"] == 0 and wanted["yes"] > 0
    assert "always says yes scores 75.0 % overall" in tiif.open(SOURCE).card


def test_questions_are_understood_and_come_once_in_a_case() -> None:
    for case in cases(tiif):
        claims = [understand(question.text) for question in case.questions]
        assert None not in claims
        assert len(set(claims)) == len(claims)


def test_the_files_are_tiifs(tmp_path: Path) -> None:
    tiif_set.write(tmp_path)
    read_back = tiif.open(Source(set="test", data=tmp_path))
    made = tiif.open(SOURCE)
    assert read_back.cases == made.cases
    assert read_back.prompts_hash == made.prompts_hash
    (line, *_) = (tmp_path / "test_eval_prompts" / "negation_eval_prompts.jsonl").open()
    assert list(json.loads(line)) == ["type", "yn_question_list", "yn_answer_list"]


def test_tiif_relations_of_held_out_pairs() -> None:
    for case in cases(tiif):
        spec, line = specs()[case.prompt], case.facts["line"]
        pairs = {(group.kind.shape, group.kind.color) for group in spec.groups}
        related = any(relation.word in SPATIAL for relation in spec.relations)
        if case.dimension == "color+2d" and line % 3 == 0:
            assert related and pairs <= HELD_OUT
        else:
            assert not (related and pairs & HELD_OUT)


def test_a_data_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UigError, match=r"leave --data out"):
        tiif.open(Source(set=BUILT_IN, data=tmp_path))


# GenEval


def test_tags_of_geneval() -> None:
    tags = Counter(case.dimension for case in cases(geneval))
    assert tuple(tags) == TAGS
    assert dict(tags) == {
        "single_object": 7,
        "two_object": 37,
        "counting": 26,
        "colors": 54,
        "position": 115,
        "color_attr": 99,
    }
    assert geneval.samples == 4


def test_geneval_speaks_of_this_world_in_the_official_fields() -> None:
    for case in cases(geneval):
        assert list(case.facts) == [
            *("tag", "include"),
            *(["exclude"] if case.dimension == "counting" else []),
            "prompt",
        ]
        for clause in case.facts["include"]:
            assert clause["class"] in SHAPES
            assert clause.get("color", COLORS[0]) in COLORS
            assert 1 <= clause["count"] <= MOST


def test_geneval_relations_of_held_out_pairs() -> None:
    held = [case for case in cases(geneval) if geneval_set.held_out(case.facts)]
    assert {case.dimension for case in held} == {"position"}
    named = Counter(
        (clause["class"], clause["color"])
        for case in held
        for clause in case.facts["include"]
        if (clause["class"], clause["color"]) in HELD_OUT
    )
    assert len(held) == 40 and set(named) == HELD_OUT and named.total() == 40


def test_rewritten_prompts_of_the_built_in_set(tmp_path: Path) -> None:
    path = tmp_path / "rewritten.jsonl"
    path.write_text(as_lines(geneval_set.generate()).replace("a photo of", "draw"), "utf-8")
    data = geneval.open(Source(set=BUILT_IN, prompts_file=path))
    assert {case.split for case in data.cases} == {"rewritten"}
    assert data.notes == (NOTE,)


# What training never sees


def relations_of_pairs(count: int) -> Iterator[set[tuple[str, str]]]:
    """The pairs that stand in relations in space in training's drawings."""
    for number in range(count):
        spec, scene = drawing(0, "draw", number)
        if any(relation.word in SPATIAL for relation in spec.relations):
            yield {(thing.shape, thing.color) for thing in scene.objects}


def test_all_prompts_for_those_who_must_avoid_them() -> None:
    assert held_out_prompts() == {case.prompt for case in (*cases(tiif), *cases(geneval))}
    assert len(held_out_prompts()) == 528 + 338


def test_training_relates_no_held_out_pair() -> None:
    trained = list(relations_of_pairs(1500))
    assert len(trained) > 100
    assert not set.union(*trained) & HELD_OUT


def test_the_sets_relate_every_held_out_pair() -> None:
    asked = {
        (group.kind.shape, group.kind.color)
        for case in (*cases(tiif), *cases(geneval))
        for spec in [specs()[case.prompt]]
        if any(relation.word in SPATIAL for relation in spec.relations)
        for group in spec.groups
    }
    assert asked >= HELD_OUT


def test_relations_hold_in_every_staging() -> None:
    """A question about a relation is settled by the prompt, not by the scene it was made from."""
    for case in cases(tiif):
        if case.split != "short":
            continue  # The long prompts' questions are the same.
        for seed in range(3):
            objects = stage(specs()[case.prompt], Random(seed), EVERY_PAIR).objects
            for question in case.questions:
                claim = understand(question.text)
                if isinstance(claim, Stand):
                    assert claim.holds(objects) == (question.wanted == "yes"), case.id
