"""GenEval behind the benchmark protocol."""

from pathlib import Path

import pytest

from uig_cli.benchmarks.geneval.benchmark import benchmark
from uig_cli.benchmarks.geneval.card import TAGS
from uig_cli.benchmarks.geneval.prompts import PUBLISHED_SHA256, as_lines, generate
from uig_cli.benchmarks.protocol import Benchmark, Source
from uig_cli.cases import Case
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.scoring.findings import Detections
from uig_cli.stats.stratified import Tally

RED_DOG = Case(
    id="geneval/00289",
    prompt="a photo of a red dog",
    dimension="colors",
    facts={"tag": "colors", "include": [{"class": "dog", "count": 1, "color": "red"}]},
)


def found(color: str | None) -> Detections:
    return Detections({"dog": [[10, 10, 90, 90, 0.9]]}, {"dog": [color]}, (100, 100))


def test_it_is_a_benchmark() -> None:
    checked: Benchmark = benchmark
    assert (checked.name, checked.needs, checked.samples) == ("geneval", ("detections",), 4)


def test_the_generated_prompts_are_the_data() -> None:
    data = benchmark.open(Source())
    assert len(data.cases) == 553
    assert data.prompts_hash == PUBLISHED_SHA256


def test_rewritten_prompts_are_other_data(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    path.write_text(as_lines(generate()).replace("a photo of", "a sharp photo of"), "utf-8")
    data = benchmark.open(Source(prompts_file=path))
    assert {case.split for case in data.cases} == {"rewritten"}
    assert data.prompts_hash != PUBLISHED_SHA256
    assert "not comparable" in data.card


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (Source(set="testmini"), "GenEval set"),
        (Source(split="long"), "leave --split out"),
        (Source(data=Path("somewhere")), "--prompts-file"),
    ],
)
def test_refused_sources(source: Source, says: str) -> None:
    with pytest.raises(UigError, match=says):
        benchmark.open(source)


def test_what_is_wanted_is_the_classes_whose_colors_matter() -> None:
    assert benchmark.wanted(RED_DOG, "detections") == ("dog",)
    assert benchmark.wanted(RED_DOG, "answers") == ()


def test_one_line_a_picture() -> None:
    (right,) = benchmark.judged(RED_DOG, {"detections": [found("red")]})
    assert (right.question, right.correct, right.status) == ("red dog>=1", True, "answered")
    (wrong,) = benchmark.judged(RED_DOG, {"detections": [found("blue")]})
    assert (wrong.correct, wrong.raw) == (False, "expected red dog>=1, found 0 red; and 1 blue")


@pytest.mark.parametrize("seen", [Failure("memory", "too large"), found(None)])
def test_what_nobody_saw_is_missing(seen: Failure | Detections) -> None:
    (line,) = benchmark.judged(RED_DOG, {"detections": [seen]})
    assert line.answer is None and line.value is None
    assert line.correct is None
    assert line.status != "answered"


def test_summary_has_a_line_a_tag_and_the_mean_of_tags() -> None:
    tallies = [
        Tally(f"geneval/{n:05d}", tag, correct, 1, 0)
        for n, (tag, correct) in enumerate([("colors", 1), ("colors", 0), ("counting", 1)])
    ]
    lines = benchmark.summary([*tallies, Tally("geneval/00500", "color_attr", 0, 0, 1)])
    assert [(line.name, line.score) for line in lines] == [
        ("counting", 1.0),
        ("colors", 0.5),
        ("color_attr", None),
        ("overall", 0.75),
    ]
    assert lines[-1].missing == 1
    assert {line.name for line in lines[:-1]} <= set(TAGS)
