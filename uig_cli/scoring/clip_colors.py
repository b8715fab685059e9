"""The color of an object, as GenEval names it: CLIP chooses one of the given colors.

The object is laid on grey by its mask, cropped to its box and compared with sentences about each
color, whose embeddings are averaged. Some color always wins: there is no "none" and no grey.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import normalize
from transformers import AutoTokenizer, CLIPModel

from uig_cli.errors import UigError
from uig_cli.models.device import exact
from uig_cli.scoring.pretrained import (
    LOCAL,
    checked_folder,
    content_hash,
    load_network,
    load_processor,
)

OPTION = "--color-clip"
BACKGROUND = (0x99, 0x99, 0x99)
TEMPLATES = (
    "a photo of a {color} {name}",
    "a photo of a {color}-colored {name}",
    "a photo of a {color} object",
)
TOKENIZERS = (("tokenizer.json",), ("vocab.json", "merges.txt"))
BATCH = 32


class NotFinite(Exception):
    """No color can be told: of numbers that are none, one would be the largest nevertheless."""


class ClipColors:
    """Zero-shot color naming. identity: hash of the checkpoint's files."""

    def __init__(
        self,
        network: CLIPModel,
        tokenize: Any,
        process: Any,
        colors: Sequence[str],
        identity: str,
    ) -> None:
        self.identity = identity
        self._network, self._tokenize, self._process = network, tokenize, process
        self._colors = tuple(colors)
        self._sentences: dict[str, Tensor] = {}

    @classmethod
    def from_folder(cls, folder: str, colors: Sequence[str], device: torch.device) -> "ClipColors":
        """Loads a CLIP checkpoint. Raises UigError for a folder that holds none."""
        path = checked_clip(folder)
        process = load_processor(OPTION, path)
        try:
            tokenize = AutoTokenizer.from_pretrained(path, **LOCAL)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise UigError(
                f"{OPTION}: the tokenizer of {folder} cannot be loaded; download its files again."
            ) from error
        network = load_network(CLIPModel, OPTION, path, device)
        return cls(network, tokenize, process, colors, content_hash(path))

    @torch.inference_mode()
    def name(self, objects: Sequence[Image.Image], class_name: str) -> list[str]:
        """The color of each object of a class. objects: RGB crops as `crop_object` makes them."""
        if class_name not in self._sentences:
            self._sentences[class_name] = self._embed(class_name)
        sentences, named = self._sentences[class_name], []
        for start in range(0, len(objects), BATCH):
            pixels = self._process(list(objects[start : start + BATCH]), return_tensors="pt")
            with exact():
                seen = self._network.get_image_features(**pixels.to(self._network.device))
            likeness = normalize(seen.pooler_output, dim=-1) @ sentences.T
            if not bool(likeness.isfinite().all()):
                raise NotFinite("the color CLIP's likenesses")
            best = likeness.argmax(dim=1)
            named += [self._colors[i] for i in best.tolist()]
        return named

    def _embed(self, class_name: str) -> Tensor:
        """One unit vector a color, (colors, projection): the mean over the templates' vectors."""
        texts = [t.format(color=c, name=class_name) for c in self._colors for t in TEMPLATES]
        tokens = self._tokenize(texts, padding=True, truncation=True, return_tensors="pt")
        said = self._network.get_text_features(**tokens.to(self._network.device)).pooler_output
        vectors = normalize(said, dim=-1).view(len(self._colors), len(TEMPLATES), -1)
        return normalize(vectors.mean(dim=1), dim=-1)


def checked_clip(folder: str) -> Path:
    """The folder, if its files are those of a CLIP checkpoint; else a UigError."""
    path = checked_folder(OPTION, folder, "clip")
    # Without these files transformers makes a tokenizer that knows no word, and says nothing.
    if not any(all((path / name).is_file() for name in names) for names in TOKENIZERS):
        raise UigError(
            f"{OPTION}: {folder} has no tokenizer; expected tokenizer.json, or vocab.json and "
            "merges.txt; download them too."
        )
    return path


def crop_object(
    picture: Image.Image, mask: Image.Image, box: tuple[int, int, int, int]
) -> Image.Image:
    """The object on grey. mask: mode "1", as large as the RGB picture; box: x2, y2 exclusive."""
    grey = Image.new("RGB", picture.size, BACKGROUND)
    return Image.composite(picture, grey, mask).crop(box)
