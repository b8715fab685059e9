"""The whole recipe at the smoke size: it learns, survives a kill, and its folder is a model."""

import csv
from dataclasses import replace
from random import Random

import pytest
import torch
from PIL import Image

from uig_cli.errors import UigError
from uig_cli.models.bagel.layout import EMA
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Draw, Drawn, Edit, Look, Picture, Request, Said
from uig_cli.shapes.draw import draw
from uig_cli.shapes.sample import sample_scene
from uig_cli.templates import ours
from uig_cli.training import fit, trainer
from uig_cli.training.batch import LESSONS, lay_out
from uig_cli.training.fit import fit_network
from uig_cli.training.make import make
from uig_cli.training.recipe import SMOKE_PLAN, Schedule
from uig_cli.training.start import begin, begin_vision


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("made")
    make(SMOKE_PLAN, folder / "states", folder / "checkpoint")
    return folder


def column(file, name):
    with file.open() as opened:
        return [float(row[name]) for row in csv.DictReader(opened)]


def test_losses_fall(made):
    for log, names, steps in (
        ("autoencoder", ["loss"], SMOKE_PLAN.autoencoder.steps),
        ("eye", ["loss"], SMOKE_PLAN.eye.steps),
        ("network-1", LESSONS, SMOKE_PLAN.network[0].course.steps),
    ):
        for name in names:
            losses = column(made / "states" / f"{log}.csv", name)
            assert len(losses) == steps
            assert sum(losses[-3:]) < 0.95 * sum(losses[:3]), (log, name)


def test_a_second_term_goes_on_from_what_the_first_one_learned(made):
    for name in LESSONS:
        first, second = (column(made / "states" / f"network-{n}.csv", name) for n in (1, 2))
        assert len(second) == SMOKE_PLAN.network[1].course.steps
        assert max(second) < first[0]


def test_no_lesson_comes_twice(desk, tmp_path, monkeypatch):
    seen = []

    def laid_out(desk, lesson, step, count):
        seen.append((lesson, step, count))
        return lay_out(desk, lesson, step, count)

    monkeypatch.setattr(fit, "lay_out", laid_out)
    fit_network(SMOKE_PLAN, network(desk), desk, tmp_path)
    assert len({(lesson, step) for lesson, step, _ in seen}) == len(seen)
    assert {("examine", 0, 2), ("examine", 23, 2), ("examine", 24, 4), ("examine", 27, 4)} <= set(
        seen
    )


def test_the_folder_is_a_model_that_draws_looks_and_edits(made):
    model = Bagel.load(made / "checkpoint", "cpu")
    assert model.capabilities.size == (96, 96)
    picture = Picture.of(Image.fromarray(draw(sample_scene(Random(1)))))
    brief = {"max_text_tokens": 8}
    few = {"num_timesteps": 3, **brief}
    requests: list[Request] = [
        Draw("a red circle", NoiseKey(0, "draw"), sampler=few),
        Look("Is there a star?", (picture,), choices=("yes", "no")),
        Look("What is there?", (picture,), ours("think-look").fill(), sampler=brief),
        Edit(picture, "Remove it.", NoiseKey(0, "edit"), ours("think-draw").fill(), sampler=few),
    ]
    drawn, chosen, said, edited = (dict(model.run([r]))[0] for r in requests)
    assert isinstance(drawn, Drawn) and drawn.picture.size == (96, 96)
    assert isinstance(chosen, Said) and sum(chosen.probabilities or ()) == pytest.approx(1)
    assert isinstance(said, Said) and said.cost.passes > 0
    assert isinstance(edited, Drawn) and edited.picture != picture


def test_made_again_nothing_changes(made):
    before = {file: file.read_bytes() for file in (made / "checkpoint").iterdir()}
    make(SMOKE_PLAN, made / "states", made / "checkpoint")
    assert {file: file.read_bytes() for file in (made / "checkpoint").iterdir()} == before


def network(desk):
    torch.manual_seed(0)
    return begin(desk.config, desk.tokenizer, 0, begin_vision(desk.config).state_dict())


class Killed(BaseException):
    pass


@pytest.mark.parametrize(("term", "step"), [(1, 8), (2, 2)])
def test_a_killed_training_goes_on_to_the_same_weights(desk, tmp_path, monkeypatch, term, step):
    whole = fit_network(SMOKE_PLAN, network(desk), desk, tmp_path / "whole")
    written = trainer.write_state  # type: ignore[attr-defined]

    def write_and_die(file, state):
        written(file, state)
        if (file.stem, state["step"]) == (f"network-{term}", step):
            raise Killed

    monkeypatch.setattr(trainer, "write_state", write_and_die)
    with pytest.raises(Killed):
        fit_network(SMOKE_PLAN, network(desk), desk, tmp_path / "killed")
    monkeypatch.setattr(trainer, "write_state", written)
    again = fit_network(SMOKE_PLAN, network(desk), desk, tmp_path / "killed")
    assert all(torch.equal(again[name], weight) for name, weight in whole.items())
    for number in (1, 2):
        for name in LESSONS:
            logs = [
                column(tmp_path / run / f"network-{number}.csv", name)
                for run in ("whole", "killed")
            ]
            assert logs[0] == logs[1]


def faster(terms):
    first, *others = terms
    return (replace(first, course=replace(first.course, rate=1.0)), *others)


@pytest.mark.parametrize(
    ("change", "difference"),
    [
        ({"network": faster(SMOKE_PLAN.network)}, "network.0.course.rate 0.003; got 1.0: "),
        ({"network": SMOKE_PLAN.network[:1]}, "network.1.course.steps 4; got None: "),
        ({"seed": 1}, "seed 0; got 1: "),
    ],
)
def test_a_state_of_another_plan_is_refused(made, change, difference):
    with pytest.raises(UigError) as refused:
        make(replace(SMOKE_PLAN, **change), made / "states", made / "checkpoint")
    assert f"begun with {difference}continue with the plan it was begun" in str(refused.value)


def test_how_often_is_saved_is_free(made):
    terms = (replace(t, course=replace(t.course, save_every=1)) for t in SMOKE_PLAN.network)
    plan = replace(SMOKE_PLAN, network=tuple(terms))
    make(plan, made / "states", made / "checkpoint")


def test_more_processes_than_a_batch_has_members_are_refused(made, monkeypatch):
    monkeypatch.setattr("uig_cli.training.make.size", lambda: 3)
    with pytest.raises(UigError, match="got 3 processes for batches of 2; start at most 2"):
        make(SMOKE_PLAN, made / "states", made / "checkpoint")


def test_a_checkpoint_is_small_and_in_half_precision(made):
    from safetensors.torch import load_file

    assert {t.dtype for t in load_file(made / "checkpoint" / EMA).values()} == {torch.float16}


def test_the_rate_warms_up_and_comes_down():
    plan = Schedule(steps=100, rate=1.0, warmup=10)
    rates = [trainer.learning_rate(plan, step) for step in range(101)]
    assert rates[9] == rates[10] == max(rates) == 1.0
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0.01)
