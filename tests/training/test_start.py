"""Where training starts: places of small grids are told apart."""

import torch

from tests.tiny_bagel import sincos_table
from uig_cli.training.start import waves


def likeness(table):
    """The greatest cosine between two different places."""
    normed = table / table.norm(dim=1, keepdim=True)
    return (normed @ normed.T - 2 * torch.eye(len(table))).max().item()


def test_places_of_a_small_grid_are_told_apart():
    for places in (36, 144):
        table = waves(places, 128)
        assert table.shape == (places, 128)
        assert abs(table.square().mean().item() - 0.5) < 1e-5
        assert likeness(table) < 0.85
        assert likeness(torch.from_numpy(sincos_table(places, 128))) > 0.95
