"""Mask2Former as a detector of GenEval's objects, on transformers' network and weights.

These are not the weights of GenEval's own detector (trained with mmdetection), so scores may differ
from published ones.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import Tensor
from transformers import Mask2FormerForUniversalSegmentation

from uig_cli.errors import UigError
from uig_cli.files import read_plain
from uig_cli.models.device import exact, find_device
from uig_cli.models.protocol import Failure, UnifiedModel, not_finite
from uig_cli.plain_json import read_json
from uig_cli.scoring.clip_colors import ClipColors, NotFinite, checked_clip, crop_object
from uig_cli.scoring.detectors.objects import (
    COLOR_SCORE,
    COLORS,
    classes_in,
    object_names,
    other_class,
)
from uig_cli.scoring.instances import Instances, find_instances
from uig_cli.scoring.pretrained import (
    checked_folder,
    content_hash,
    load_network,
    load_processor,
)
from uig_cli.scoring.protocol import Asked, Detections, Kind, Reply
from uig_cli.scoring.terms import Terms

OPTION = "--detector mask2former:PATH"
BEHAVIOUR = "2"
"""Raised when the same checkpoint would give other findings than the version before."""


def check(rest: str, terms: Terms) -> None:
    """Raises UigError unless both checkpoints are there, as far as files tell."""
    if not terms.color_clip:
        raise UigError(
            "the mask2former detector needs a CLIP to name colors; got none; "
            "give --color-clip PATH with the folder of a CLIP checkpoint."
        )
    checked_clip(terms.color_clip)
    path = checked_folder(OPTION, rest, "mask2former")
    labels = read_json(read_plain(path / "config.json")).get("id2label")
    if isinstance(labels, dict):
        _check_classes(rest, len(labels), len(object_names()))
        _check_names(rest, labels)


def _check_classes(folder: str, known: int | None, expected: int) -> None:
    if known != expected:
        raise UigError(
            f"{OPTION}: {folder} knows {known} classes, expected the {expected} of COCO instance "
            "segmentation; give such a checkpoint."
        )


def _check_names(folder: str, labels: Mapping[str, object]) -> None:
    """Eighty classes need not be COCO's: those of a checkpoint that names its own are held against
    ours, in whose order objects are told."""
    if (other := other_class(labels)) is not None:
        index, got, expected = other
        raise UigError(
            f"{OPTION}: {folder} calls its class {index} {json.dumps(got[:60])}, expected "
            f'"{expected}", as COCO has it; give a checkpoint of COCO instance segmentation.'
        )


def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> "Mask2Former":
    check(rest, terms)
    assert terms.color_clip is not None
    place = find_device(terms.device)
    colors = ClipColors.from_folder(terms.color_clip, COLORS, place)
    return Mask2Former.from_folder(rest, object_names(), colors, place)


class Mask2Former:
    """A detector over `names`, the classes by index."""

    name = "mask2former"
    kind: Kind = "detections"
    batch = None

    def __init__(
        self,
        network: Mask2FormerForUniversalSegmentation,
        process: Any,
        names: Sequence[str],
        colors: ClipColors,
        checkpoint: str,
        batch_size: int,
    ) -> None:
        self._network, self._process = network, process
        self._names, self._colors = tuple(names), colors
        self._checkpoint, self._batch_size = checkpoint, batch_size

    @classmethod
    def from_folder(
        cls, folder: str, names: Sequence[str], colors: ClipColors, device: torch.device
    ) -> "Mask2Former":
        """Loads a checkpoint. Raises UigError for a folder without one or with other classes.

        On a CPU pictures are looked at one by one, so that findings do not depend on a batch.
        """
        path = checked_folder(OPTION, folder, "mask2former")
        process = load_processor(OPTION, path)
        network = load_network(Mask2FormerForUniversalSegmentation, OPTION, path, device)
        _check_classes(folder, network.config.num_labels, len(names))
        batch_size = 1 if network.device.type == "cpu" else 8
        return cls(network, process, names, colors, content_hash(path), batch_size)

    @property
    def identity(self) -> Mapping[str, str]:
        return {
            "detector": self.name,
            "checkpoint": self._checkpoint,
            "color_clip": self._colors.identity,
            "dtype": "float32",
            "behaviour": BEHAVIOUR,
        }

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        """Batches hold pictures of one size: padding to a larger one would change the findings."""
        upright: dict[tuple[int, int], dict[int, Image.Image]] = {}
        for index, item in enumerate(items):
            try:
                turned = ImageOps.exif_transpose(item.picture.image).convert("RGB")
            except (OSError, ValueError, SyntaxError) as error:
                yield index, Failure("picture", f"cannot be read: {error}")
                continue
            upright.setdefault(turned.size, {})[index] = turned
        for same_size in upright.values():
            indices = list(same_size)
            for start in range(0, len(indices), self._batch_size):
                batch = indices[start : start + self._batch_size]
                wanted = [items[index].wanted for index in batch]
                found = self._look([same_size[index] for index in batch], wanted)
                yield from zip(batch, found, strict=True)

    def _look(self, pictures: list[Image.Image], asked: list[tuple[str, ...]]) -> list[Reply]:
        """Findings of one batch; halves it where the device's memory does not suffice."""
        width, height = pictures[0].size
        try:
            inputs = self._process(pictures, return_tensors="pt")
        except ValueError:
            reason = f"a {width}x{height} picture is too narrow for the detector"
            return [Failure("picture", reason)] * len(pictures)
        try:
            objects = self._infer(inputs, (height, width))
            return [
                self._records(picture, found, wanted)
                for picture, found, wanted in zip(pictures, objects, asked, strict=True)
            ]
        except torch.OutOfMemoryError:
            if len(pictures) == 1:
                reason = f"the detector ran out of memory on a {width}x{height} picture"
                return [Failure("memory", reason)]
        half = len(pictures) // 2
        return [
            *self._look(pictures[:half], asked[:half]),
            *self._look(pictures[half:], asked[half:]),
        ]

    @torch.inference_mode()
    def _infer(self, inputs: Any, size: tuple[int, int]) -> Iterator[Instances | Failure]:
        """Objects picture by picture. size: height and width of the pictures."""
        inputs = inputs.to(self._network.device)
        with exact():
            seen = self._network(**inputs)
        for classes, masks, inside in zip(
            seen.class_queries_logits, seen.masks_queries_logits, inputs["pixel_mask"], strict=True
        ):
            if bool(classes.isfinite().all() & masks.isfinite().all()):
                yield find_instances(classes, masks, inside, size)
            else:
                yield not_finite("the detector's logits")

    def _records(
        self, picture: Image.Image, found: Instances | Failure, wanted: tuple[str, ...]
    ) -> Reply:
        if isinstance(found, Failure):
            return found
        try:
            return tuple(self._record(picture, found, classes_in(text)) for text in wanted)
        except NotFinite as error:
            return not_finite(str(error))

    def _record(self, picture: Image.Image, found: Instances, asked: tuple[str, ...]) -> Detections:
        boxes: dict[str, list[list[float]]] = {}
        colors: dict[str, list[str | None]] = {}
        for index in torch.unique(found.classes).tolist():
            name = self._names[index]
            places = (found.classes == index).nonzero().flatten()
            boxes[name] = [
                [*box, _shortest(score)]
                for box, score in zip(
                    found.boxes[places].tolist(), found.scores[places].tolist(), strict=True
                )
            ]
            if name in asked:
                colors[name] = self._color(picture, found, places, name)
        return Detections(boxes, colors, picture.size)

    def _color(
        self, picture: Image.Image, found: Instances, places: Tensor, name: str
    ) -> list[str | None]:
        bright = found.scores[places] > COLOR_SCORE
        crops = [
            crop_object(picture, Image.fromarray(mask), tuple(box))
            for mask, box in zip(
                found.masks[places[bright]].cpu().numpy(),
                found.boxes[places[bright]].tolist(),
                strict=True,
            )
        ]
        named = iter(self._colors.name(crops, name))
        return [next(named) if looked else None for looked in bright.tolist()]


def _shortest(score: float) -> float:
    """A float32 by its shortest decimal, which is the same float32 when read again."""
    return float(str(np.float32(score)))
