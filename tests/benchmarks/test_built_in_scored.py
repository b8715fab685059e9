"""The built-in sets before the exact judge and detector: truth gets full marks, errors cost."""

from random import Random

import pytest

from tests.shapes_models import TrueScenes, WrongScenes, picture, specs
from uig_cli.benchmarks.built_in import BUILT_IN
from uig_cli.benchmarks.geneval.benchmark import benchmark as geneval
from uig_cli.benchmarks.protocol import Benchmark, Check, Source
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.cases import Case
from uig_cli.models.protocol import Picture
from uig_cli.scoring.detectors.exact import ExactDetector
from uig_cli.scoring.judges.exact import ExactJudge
from uig_cli.scoring.protocol import Asked, Scorer
from uig_cli.shapes.check import errors
from uig_cli.shapes.read import read
from uig_cli.shapes.scene import Scene
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
def test_all_is_noticed_but_an_object_too_many(of: Benchmark) -> None:
    for case in cases(of):
        shown = shown_by(WrongScenes(), case, 1)
        if all(line.correct for line in judged(case, shown)):
            reading = read(shown.image)
            found = errors(specs()[case.prompt], reading.objects, Random(0))
            assert not reading.malformed
            assert "extra" in {error.sort for error in found}, case.id
