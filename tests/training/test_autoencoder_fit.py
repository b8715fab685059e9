"""Normalising changes the numbers of latents, not the pictures."""

import pytest
import torch

from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.shapes.draw import draw
from uig_cli.training.autoencoder_fit import apart, edges, normalise, to_pixels
from uig_cli.training.lessons import any_scene
from uig_cli.training.recipe import SMOKE_PLAN, write_sizes
from uig_cli.training.seeding import normal, rng


def test_normalised_latents_have_unit_spread_and_give_the_same_pictures(tmp_path):
    torch.manual_seed(0)
    config = write_sizes(SMOKE_PLAN.sizes, tmp_path).autoencoder
    autoencoder = Autoencoder(config).eval()
    with torch.no_grad():
        autoencoder.encoder[-1].bias += 0.3 * torch.randn(16)
    pixels = torch.cat([to_pixels(draw(any_scene(rng("test", n)))) for n in range(8)])
    with torch.inference_mode():
        before = autoencoder.decoder(autoencoder.encoder(pixels).chunk(2, dim=1)[0])
    _, autoencoder.scale, autoencoder.shift = normalise(autoencoder, SMOKE_PLAN)
    assert autoencoder.shift >= 0
    with torch.inference_mode():
        after = autoencoder.decoder(autoencoder.encoder(pixels).chunk(2, dim=1)[0])
        latents = autoencoder.encode(pixels, normal((8, 8, 12, 12), "test"))
    torch.testing.assert_close(after, before, atol=1e-4, rtol=1e-4)
    assert latents.std().item() == pytest.approx(1, abs=0.1)
    assert latents.mean().item() == pytest.approx(0, abs=0.1)


def test_a_blurred_edge_costs_and_ground_counts_less():
    white = torch.ones(1, 3, 8, 8)
    half = white.clone()
    half[..., 4:] = -1
    blurred = half.clone()
    blurred[..., 3:5] = 0
    assert edges(half, half) == apart(half, half) == 0
    assert edges(blurred, half) > 0
    off_ground, off_thing = half.clone(), half.clone()
    off_ground[..., 0] -= 0.5
    off_thing[..., 7] += 0.5
    assert apart(off_ground, half) < 0.5 * apart(off_thing, half)
