"""What must hold for all sizes, settings and numbers."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.models.bagel.config import PictureRule
from uig_cli.models.bagel.flow import FlowSettings, Renorm, combine
from uig_cli.models.bagel.images import fit
from uig_cli.models.bagel.vision import patchify, unpatchify
from uig_cli.models.guidance import Branch, schedule

REAL = [PictureRule(1024, 512, 16), PictureRule(980, 224, 14)]
sides = st.integers(1, 20000)


@given(sides, sides, st.sampled_from(REAL))
def test_resized_pictures_fit_the_tables(width: int, height: int, rule: PictureRule) -> None:
    fitted = fit((width, height), rule)
    assert all(side % rule.stride == 0 and rule.stride <= side <= rule.max_size for side in fitted)
    assert fit((height, width), rule) == fitted[::-1]


@given(st.integers(1, 5), st.integers(1, 5), st.integers(1, 4), st.integers(1, 3))
def test_patches_can_be_put_back(rows: int, columns: int, patch: int, channels: int) -> None:
    picture = torch.rand(channels, rows * patch, columns * patch)
    assert torch.equal(unpatchify(patchify(picture, patch), rows, columns, patch), picture)


@given(st.integers(2, 1000))
def test_times_without_shift_are_those_of_linspace(points: int) -> None:
    assert np.array_equal(schedule(points, 1.0), torch.linspace(1, 0, points).numpy())


@given(st.integers(2, 300), st.floats(0.1, 20))
def test_times_fall_from_1_to_0(points: int, shift: float) -> None:
    times = schedule(points, shift)
    assert times.dtype == np.float32 and times[0] == pytest.approx(1) and times[-1] == 0
    assert (np.diff(times) < 0).all()


@pytest.mark.parametrize("renorm", ["global", "channel"])
@given(
    seed=st.integers(0, 1000),
    text_scale=st.floats(1.01, 10),
    image_scale=st.floats(0, 5),
    least=st.floats(0, 1),
)
def test_renorm_never_lengthens(
    renorm: Renorm, seed: int, text_scale: float, image_scale: float, least: float
) -> None:
    """The result is at most as long as the guided velocity, and as the conditional one unless
    `renorm_min` holds it up."""
    flow = FlowSettings(2, 1.0, text_scale, image_scale, (0.0, 1.0), renorm, least)
    random = torch.Generator().manual_seed(seed)
    branches: dict[Branch, torch.Tensor] = {
        branch: torch.randn(6, 8, generator=random) for branch in flow.branches
    }
    over = None if renorm == "global" else -1

    def length(velocity: torch.Tensor) -> torch.Tensor:
        return torch.linalg.vector_norm(velocity, dim=over)

    unbounded = branches["cfg_text"] + text_scale * (branches["cond"] - branches["cfg_text"])
    if "cfg_img" in branches:
        unbounded = branches["cfg_img"] + image_scale * (unbounded - branches["cfg_img"])
    found = length(combine(branches, flow))
    most = torch.maximum(length(branches["cond"]), least * length(unbounded))
    assert (found <= most * 1.001).all() and (found <= length(unbounded) * 1.001).all()


def test_a_velocity_of_nothing_stays_nothing() -> None:
    nothing = torch.zeros(3, 4)
    for renorm in ("global", "channel", "text_channel"):
        flow = FlowSettings(2, 1.0, 4.0, 2.0, (0.0, 1.0), renorm, 0.0)
        branches: dict[Branch, torch.Tensor] = dict.fromkeys(flow.branches, nothing)
        assert torch.equal(combine(branches, flow), nothing)
