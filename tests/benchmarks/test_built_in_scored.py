"""The built-in sets before the exact judge and detector: truth gets full marks, errors cost."""

import json
from collections.abc import Sequence
from pathlib import Path
from random import Random

import pytest

from tests.shapes_models import TrueScenes, WrongScenes, picture, specs
from uig_cli.benchmarks.built_in import BUILT_IN
from uig_cli.benchmarks.geneval.benchmark import benchmark as geneval
from uig_cli.benchmarks.geneval.stored import read_detections
from uig_cli.benchmarks.protocol import Benchmark, Check, Source
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.cases import Case
from uig_cli.models.protocol import Picture
from uig_cli.scoring.detectors.exact import ExactDetector
from uig_cli.scoring.judges.exact import ExactJudge
from uig_cli.scoring.protocol import Asked, Detections, Scorer
from uig_cli.shapes.check import errors
from uig_cli.shapes.corrupt import stained
from uig_cli.shapes.read import read
from uig_cli.shapes.scene import SHAPES, Object, Scene
from uig_cli.stats.stratified import Tally


def cases(of: Benchmark) -> list[Case]:
    return list(of.open(Source(set=BUILT_IN)).cases)


def judged(case: Case, shown: Picture) -> tuple[Check, ...]:
    """A picture before the exact judge or detector of its benchmark."""
    of: Benchmark = tiif if case.questions else geneval
    scorer: Scorer = ExactJudge() if case.questions else ExactDetector()
    ((_, found),) = scorer.ask([Asked(shown, of.wanted(case, scorer.kind))])
    assert isinstance(found, tuple)
    return of.judged(case, {scorer.kind: found})


def shown_by(model: TrueScenes, case: Case, seed: int) -> Picture:
    return picture(model.scene(specs()[case.prompt], Random(f"{case.id}/{seed}")))


@pytest.mark.parametrize("of", [tiif, geneval])
def test_true_pictures_get_full_marks(of: Benchmark) -> None:
    for case in cases(of):
        for seed in range(2):
            lines = judged(case, shown_by(TrueScenes(), case, seed))
            assert [line.correct for line in lines] == [True] * len(lines), case.id


@pytest.mark.parametrize(("of", "most"), [(tiif, 0.75), (geneval, 0.3)])
def test_one_thing_wrong_costs(of: Benchmark, most: float) -> None:
    scores = []
    for case in cases(of):
        lines = judged(case, shown_by(WrongScenes(), case, 0))
        scores.append(sum(bool(line.correct) for line in lines) / len(lines))
    assert sum(scores) / len(scores) < most


def test_what_an_empty_page_is_worth() -> None:
    """Half of the reasoning groups' answers are no, and the other three groups' none."""
    blank = picture(Scene(()))
    tallies = []
    for case in cases(tiif):
        correct = [bool(line.correct) for line in judged(case, blank)]
        tallies.append(Tally(case.id, case.dimension, sum(correct), len(correct), 0))
    assert tiif.summary(tallies)[-1].score == pytest.approx(0.25)
    assert not any(line.correct for case in cases(geneval) for line in judged(case, blank))


@pytest.mark.parametrize("of", [tiif, geneval])
def test_all_is_noticed_but_an_object_too_many_and_a_stain(of: Benchmark) -> None:
    for case in cases(of):
        shown = shown_by(WrongScenes(), case, 1)
        if all(line.correct for line in judged(case, shown)):
            reading = read(shown.image)
            assert all(bad.outlined for bad in reading.malformed)
            outlined = [each.object for each in reading.outlined]
            sorts = {error.sort for error in errors(specs()[case.prompt], outlined, Random(0))}
            assert "extra" in sorts or (reading.malformed and not sorts), case.id


def two_colored(things: Sequence[Object]) -> list[Object]:
    """Those of the things that can have a stain that is plain to see, with it."""
    tries = ((stained(thing, Random(seed)) for seed in range(20)) for thing in things)
    return [found for each in tries if (found := next(filter(None, each), None))]


@pytest.mark.parametrize("of", [tiif, geneval])
def test_two_colored_things_are_things_where_nothing_is_said_of_color(of: Benchmark) -> None:
    tried = {True: 0, False: 0}
    for case in cases(of)[::8]:
        spec = specs()[case.prompt]
        scene = TrueScenes().scene(spec, Random(case.id))
        flawed = two_colored(scene.objects)
        if len(flawed) < len(scene.objects):
            continue
        shown = picture(Scene(tuple(flawed)))
        assert not read(shown.image).objects
        said = any(group.kind.color or group.kind.texture for group in spec.groups)
        right = all(line.correct for line in judged(case, shown))
        assert right != said, case.id
        tried[said] += 1
    assert min(tried.values()) > 8


def test_what_is_found_of_two_colored_things_can_be_kept_and_brought_in(tmp_path: Path) -> None:
    case = next(case for case in cases(geneval) if case.dimension == "colors")
    asked = specs()[case.prompt]
    (thing,) = two_colored(TrueScenes().scene(asked, Random(0)).objects)
    shown = picture(Scene((thing,)))
    ((_, found),) = ExactDetector().ask([Asked(shown, geneval.wanted(case, "detections"))])
    assert isinstance(found, tuple) and isinstance(found[0], Detections)
    line = {"picture": shown.sha256, "about": "", "detections": found[0].to_json()}
    (tmp_path / "found.jsonl").write_text(json.dumps(line) + "\n", "utf-8")
    back = read_detections(tmp_path / "found.jsonl", [case], SHAPES, None)
    assert dict(back.by_picture) == {(shown.sha256, ""): found[0]}
    assert "found 0 " in judged(case, shown)[0].raw and "1 mixed" in judged(case, shown)[0].raw
