"""Latents are prepared once, also when the preparation is broken off."""

import pytest
import torch

from uig_cli.shapes.draw import draw
from uig_cli.training import latent_cache
from uig_cli.training.autoencoder_fit import to_pixels
from uig_cli.training.latent_cache import prepare, sample, scenes


class Killed(BaseException):
    pass


def test_broken_off_it_goes_on_and_ends_the_same(desk, tmp_path, monkeypatch):
    monkeypatch.setattr(latent_cache, "PART", 3)
    monkeypatch.setattr(latent_cache, "BATCH", 1)
    made = []
    latents = latent_cache._latents

    def counted(autoencoder, shown):
        made.extend(shown)
        if len(made) == 8:
            raise Killed
        return latents(autoencoder, shown)

    monkeypatch.setattr(latent_cache, "_latents", counted)
    with pytest.raises(Killed):
        prepare(desk.plan, desk.autoencoder, tmp_path)
    again = prepare(desk.plan, desk.autoencoder, tmp_path)
    assert len(made) == 8 + (8 - 6) + 8  # six drawings were kept; an edit has two pictures
    assert again.keys() == desk.pool.keys()
    for name, kept in again.items():
        torch.testing.assert_close(kept, desk.pool[name], atol=5e-2, rtol=5e-2)


def test_samples_are_what_the_autoencoder_encodes(desk):
    (scene,) = list(scenes(desk.plan, "edit", 2, 1))
    noise = torch.randn(1, 8, 12, 12)
    with torch.inference_mode():
        encoded = desk.autoencoder.encode(to_pixels(draw(scene)), noise)
    sampled = sample(desk.autoencoder, desk.pool["edit"][1], noise[0])
    torch.testing.assert_close(sampled, encoded[0], atol=5e-2, rtol=5e-2)
