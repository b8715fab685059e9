"""Instance inference against masks drawn by hand."""

import math

import pytest
import torch
from torch import Tensor

from uig_cli.scoring.instances import find_instances

SURE = 8.0
"""A logit whose sigmoid is nearly one."""


def logits_of(*boxes: tuple[int, int, int, int], size: tuple[int, int] = (20, 30)) -> Tensor:
    """A mask a box, x2 and y2 exclusive."""
    masks = torch.full((len(boxes), *size), -SURE)
    for mask, (x1, y1, x2, y2) in zip(masks, boxes, strict=True):
        mask[y1:y2, x1:x2] = SURE
    return masks


def classes_of(*probabilities: list[float]) -> Tensor:
    """Logits of the given probabilities, the last being "nothing"."""
    return torch.tensor(probabilities).log()


def test_box_is_tight_and_score_is_probability_times_quality() -> None:
    masks = logits_of((3, 5, 10, 9))
    masks[0, 5, 3] = 1.0
    found = find_instances(classes_of([0.6, 0.1, 0.3]), masks, torch.ones(20, 30), (20, 30))
    assert found.classes.tolist() == [0, 1]
    assert found.boxes.tolist() == [[3, 5, 10, 9]] * 2
    sure, unsure = 1 / (1 + math.exp(-SURE)), 1 / (1 + math.exp(-1))
    quality = (27 * sure + unsure) / 28
    assert found.scores.tolist() == pytest.approx([0.6 * quality, 0.1 * quality], rel=1e-5)
    assert int(found.masks[0].sum()) == 28


def test_masks_reach_the_borders() -> None:
    masks = logits_of((0, 0, 30, 20), (29, 19, 30, 20))
    found = find_instances(classes_of([0.9, 0.1], [0.8, 0.2]), masks, torch.ones(20, 30), (20, 30))
    assert found.boxes.tolist() == [[0, 0, 30, 20], [29, 19, 30, 20]]


def test_an_empty_mask_is_no_object() -> None:
    masks = logits_of((0, 0, 0, 0), (2, 2, 4, 4))
    found = find_instances(classes_of([0.9, 0.1], [0.5, 0.5]), masks, torch.ones(20, 30), (20, 30))
    assert found.boxes.tolist() == [[2, 2, 4, 4]]
    assert found.scores.tolist() == pytest.approx([0.5], rel=1e-3)


def test_nothing_at_all() -> None:
    found = find_instances(
        classes_of([0.9, 0.1]), logits_of((0, 0, 0, 0)), torch.ones(20, 30), (20, 30)
    )
    assert found.scores.tolist() == []
    assert found.masks.shape == (0, 20, 30)


def test_padding_is_cut_off_before_the_masks_grow() -> None:
    """Logits of 10 x 15 over an input of 40 x 60 whose upper left 40 x 30 is a 80 x 60 picture."""
    inside = torch.zeros(40, 60)
    inside[:, :30] = 1
    masks = logits_of((0, 0, 5, 5), size=(10, 15))
    found = find_instances(classes_of([0.9, 0.1]), masks, inside, (80, 60))
    ((x1, y1, x2, y2),) = found.boxes.tolist()
    assert (x1, y1) == (0, 0)
    assert x2 == pytest.approx(40, abs=2)
    assert y2 == pytest.approx(40, abs=2)
    assert found.masks.shape[1:] == (80, 60)


def test_the_hundred_best_pairs() -> None:
    torch.manual_seed(0)
    logits = torch.randn(8, 81)
    masks = logits_of(*[(i, 0, i + 1, 1) for i in range(8)])
    found = find_instances(logits, masks, torch.ones(20, 30), (20, 30))
    pairs = sorted(
        (
            (p, q, c)
            for q, row in enumerate(logits.softmax(1).tolist())
            for c, p in enumerate(row[:80])
        ),
        reverse=True,
    )[:100]
    got = zip(found.boxes[:, 0].tolist(), found.classes.tolist(), strict=True)
    assert list(got) == [(q, c) for _, q, c in pairs]
