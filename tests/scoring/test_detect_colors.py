"""Color naming: what CLIP is shown, and how its answer comes about."""

from pathlib import Path

import pytest
import torch
from PIL import Image
from transformers import AutoImageProcessor, AutoTokenizer, CLIPModel

from tests.tiny_detectors import write_tiny_clip
from uig_cli.scoring.clip_colors import ClipColors, crop_object
from uig_cli.scoring.detectors.objects import COLORS


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_clip(tmp_path_factory.mktemp("clip"))


@pytest.fixture(scope="module")
def colors(folder: Path) -> ClipColors:
    return ClipColors.from_folder(str(folder), COLORS, torch.device("cpu"))


def test_the_object_lies_on_grey_and_fills_the_crop() -> None:
    picture = Image.new("RGB", (20, 10), "red")
    mask = Image.new("1", (20, 10))
    mask.paste(1, (4, 2, 8, 6))
    mask.putpixel((5, 3), 0)
    crop = crop_object(picture, mask, (3, 2, 8, 6))
    assert crop.size == (5, 4)
    assert crop.getpixel((0, 0)) == (153, 153, 153)
    assert crop.getpixel((2, 1)) == (153, 153, 153)
    assert crop.getpixel((1, 0)) == (255, 0, 0)


def objects() -> list[Image.Image]:
    torch.manual_seed(1)
    sizes = [(3, 40), (40, 3), (1, 1), *[(8 + i, 30 - i) for i in range(20)]]
    return [
        Image.frombytes("RGB", (w, h), torch.randint(256, (w * h * 3,), dtype=torch.uint8).numpy())
        for w, h in sizes
    ]


def test_the_nearest_mean_of_three_sentences_wins(folder: Path, colors: ClipColors) -> None:
    """One picture and one sentence at a time, straight from the network."""
    network = CLIPModel.from_pretrained(folder).eval()
    tokenize = AutoTokenizer.from_pretrained(folder)
    process = AutoImageProcessor.from_pretrained(folder, backend="pil")

    def said(text: str) -> torch.Tensor:
        vector = network.get_text_features(**tokenize([text], return_tensors="pt")).pooler_output
        return vector[0] / vector[0].norm()

    with torch.inference_mode():
        means = []
        for c in COLORS:
            texts = [
                f"a photo of a {c} tie",
                f"a photo of a {c}-colored tie",
                f"a photo of a {c} object",
            ]
            means.append(sum(said(text) for text in texts) / 3)
        wanted = []
        for crop in objects():
            seen = network.get_image_features(**process([crop], return_tensors="pt")).pooler_output[
                0
            ]
            scores = [float(seen @ mean / mean.norm()) for mean in means]
            wanted.append(COLORS[scores.index(max(scores))])
    assert colors.name(objects(), "tie") == wanted
    assert len(set(wanted)) > 1


def test_many_objects_and_none(colors: ClipColors) -> None:
    assert colors.name([], "dog") == []
    twice = colors.name(objects() * 2, "dog")
    assert twice[:23] == twice[23:] == colors.name(objects(), "dog")
