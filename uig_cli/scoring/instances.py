"""Mask2Former's instance inference as its authors do it: every box with its score.

transformers' own post-processing thresholds and merges. Here, as published: the 100 best (query,
class) pairs by class probability, each scored by that probability times its mask's quality (the
mean of the mask's probabilities over its pixels, those above one half), with the box drawn tightly
around the mask. Masks are brought to the picture's own size before any of that.
"""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import interpolate

BEST_PAIRS = 100
MASKS_AT_ONCE = 16
"""Masks are enlarged in groups, so that a large picture does not take gigabytes."""


@dataclass(frozen=True, slots=True)
class Instances:
    """n objects of one picture: classes (n), scores (n), boxes (n, 4) as x1, y1, x2, y2 with
    x2 and y2 one past the last pixel, masks (n, height, width) of bool."""

    classes: Tensor
    scores: Tensor
    boxes: Tensor
    masks: Tensor


def find_instances(
    class_logits: Tensor, mask_logits: Tensor, inside: Tensor, size: tuple[int, int]
) -> Instances:
    """The authors' instance inference for one picture.

    class_logits: (queries, classes + 1), the last class being "nothing"; mask_logits: (queries,
    h, w) over the network's input; inside: (H, W) of that input, 1 where it is picture and not
    padding; size: height and width of the picture. Pairs with an empty mask are left out.
    """
    probability = class_logits.softmax(dim=-1)[:, :-1]
    best = probability.flatten().topk(min(BEST_PAIRS, probability.numel()))
    classes = probability.shape[1]
    queries, place = torch.unique(best.indices // classes, return_inverse=True)
    groups = [
        _full_size(group, inside, size)
        for group in torch.split(mask_logits[queries], MASKS_AT_ONCE)
    ]
    masks = torch.cat([mask for mask, _ in groups])
    quality = torch.cat([quality for _, quality in groups])
    seen = masks.flatten(1).any(dim=1)[place]
    place = place[seen]
    return Instances(
        classes=(best.indices % classes)[seen],
        scores=best.values[seen] * quality[place],
        boxes=_tight_boxes(masks)[place],
        masks=masks[place],
    )


def _full_size(logits: Tensor, inside: Tensor, size: tuple[int, int]) -> tuple[Tensor, Tensor]:
    """Masks (n, *size) of bool and the quality (n) of each, from logits (n, h, w)."""
    rows, columns = int(inside.any(dim=1).sum()), int(inside.any(dim=0).sum())
    whole = interpolate(logits[:, None], inside.shape, mode="bilinear", align_corners=False)
    picture = whole[..., :rows, :columns]
    full = interpolate(picture, size, mode="bilinear", align_corners=False).squeeze(1)
    masks = full > 0
    sums = (full.sigmoid() * masks).sum(dim=(1, 2))
    return masks, sums / masks.sum(dim=(1, 2)).clamp(min=1)


def _tight_boxes(masks: Tensor) -> Tensor:
    """(n, 4) of int: the smallest boxes around masks (n, height, width), x2 and y2 exclusive."""
    height, width = masks.shape[1:]
    columns, rows = masks.any(dim=1).int(), masks.any(dim=2).int()
    return torch.stack(
        [
            columns.argmax(dim=1),
            rows.argmax(dim=1),
            width - columns.flip(1).argmax(dim=1),
            height - rows.flip(1).argmax(dim=1),
        ],
        dim=1,
    )
