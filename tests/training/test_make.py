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
from uig_cli.models.protocol import Draw, Drawn, Edit, Look, Picture, Said
from uig_cli.shapes.draw import draw
from uig_cli.shapes.sample import sample_scene
from uig_cli.templates import ours
from uig_cli.training import course
from uig_cli.training.config import SMOKE_PLAN, Course
from uig_cli.training.fit import fit_network
from uig_cli.training.make import make
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
    for log, names in (
        ("autoencoder", ["loss"]),
        ("eye", ["loss"]),
        ("network", list(SMOKE_PLAN.batch)),
    ):
        for name in names:
            losses = column(made / "states" / f"{log}.csv", name)
            assert len(losses) == getattr(SMOKE_PLAN, log).steps
            assert sum(losses[-3:]) < 0.95 * sum(losses[:3]), (log, name)


def test_the_folder_is_a_model_that_draws_looks_and_edits(made):
    model = Bagel.load(made / "checkpoint", "cpu")
    assert model.capabilities.size == (96, 96)
    picture = Picture.of(Image.fromarray(draw(sample_scene(Random(1)))))
    brief = {"max_text_tokens": 8}
    few = {"num_timesteps": 3, **brief}
    requests = [
        Draw("a red circle", NoiseKey(0, "draw"), sampler=few),
        Look("Is there a star?", (picture,), choices=("yes", "no")),
        Look("What is there?", (picture,), ours("think-look").fill(), sampler=brief),
        Edit(picture, "Remove it.", NoiseKey(0, "edit"), ours("think-draw").fill(), sampler=few),
    ]
    drawn, chosen, said, edited = (dict(model.run([r]))[0] for r in requests)
    assert isinstance(drawn, Drawn) and drawn.picture.size == (96, 96)
    assert isinstance(chosen, Said) and sum(chosen.probabilities) == pytest.approx(1)
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


def test_a_killed_training_goes_on_to_the_same_weights(desk, tmp_path, monkeypatch):
    whole = fit_network(SMOKE_PLAN, network(desk), desk, tmp_path / "whole")
    written = course.write_state

    def write_and_die(file, state):
        written(file, state)
        if state["step"] == 8:
            raise Killed

    monkeypatch.setattr(course, "write_state", write_and_die)
    with pytest.raises(Killed):
        fit_network(SMOKE_PLAN, network(desk), desk, tmp_path / "killed")
    monkeypatch.setattr(course, "write_state", written)
    again = fit_network(SMOKE_PLAN, network(desk), desk, tmp_path / "killed")
    assert all(torch.equal(again[name], weight) for name, weight in whole.items())
    for name in SMOKE_PLAN.batch:
        logs = [column(tmp_path / run / "network.csv", name) for run in ("whole", "killed")]
        assert logs[0] == logs[1]


@pytest.mark.parametrize(
    ("name", "value"), [("network", replace(SMOKE_PLAN.network, rate=1.0)), ("seed", 1)]
)
def test_a_state_of_another_plan_is_refused(made, name, value):
    plan = replace(SMOKE_PLAN, **{name: value})
    with pytest.raises(UigError, match=f"begun with {name} .*continue with the plan it was begun"):
        make(plan, made / "states", made / "checkpoint")


def test_how_often_is_saved_is_free(made):
    plan = replace(SMOKE_PLAN, network=replace(SMOKE_PLAN.network, save_every=2))
    make(plan, made / "states", made / "checkpoint")


def test_more_processes_than_a_batch_has_members_are_refused(made, monkeypatch):
    monkeypatch.setattr("uig_cli.training.make.size", lambda: 3)
    with pytest.raises(UigError, match="got 3 processes for batches of 2; start at most 2"):
        make(SMOKE_PLAN, made / "states", made / "checkpoint")


def test_a_checkpoint_is_small_and_in_half_precision(made):
    from safetensors.torch import load_file

    assert {t.dtype for t in load_file(made / "checkpoint" / EMA).values()} == {torch.float16}


def test_the_rate_warms_up_and_comes_down():
    plan = Course(steps=100, rate=1.0, warmup=10)
    rates = [course.learning_rate(plan, step) for step in range(101)]
    assert rates[9] == rates[10] == max(rates) == 1.0
    assert rates[:10] == sorted(rates[:10])
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] == pytest.approx(0.01)
