"""The detector end to end on tiny random checkpoints, and folders that hold none."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from PIL import Image, ImageDraw

from tests.tiny_detectors import write_tiny_clip, write_tiny_mask2former
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.scoring.detectors.objects import COLOR_SCORE, COLORS, object_names, other_class
from uig_cli.scoring.protocol import Asked, Detections, Scorer
from uig_cli.scoring.registry import named
from uig_cli.scoring.terms import Terms

EVERY_COLOR = ",".join(object_names())


def open_detector(folder: Path, clip: Path, device: str) -> Scorer:
    terms = Terms({}, color_clip=str(clip), device=device)
    found = named("detectors", f"mask2former:{folder}")
    found.check(terms)
    return found.open(terms, None)


def shown(image: Image.Image) -> Picture:
    """The image as it is, whatever can be read of it."""
    return Picture(str(id(image)), image.size, lambda: image)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("detector")
    return write_tiny_mask2former(root / "mask2former"), write_tiny_clip(root / "clip")


@pytest.fixture(scope="module")
def detector(folders: tuple[Path, Path]) -> Scorer:
    return open_detector(folders[0], folders[1], "cpu")


def picture(width: int, height: int, seed: int = 0) -> Image.Image:
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for i, color in enumerate(COLORS):
        x, y = (7 * i + 13 * seed) % width, (11 * i + 5 * seed) % height
        draw.ellipse((x, y, x + width // 4, y + height // 3), fill=color)
    return image


def look(
    detector: Scorer, pictures: list[Image.Image], colored: str = EVERY_COLOR
) -> list[Detections | Failure]:
    found = dict(detector.ask([Asked(shown(picture), (colored,)) for picture in pictures]))
    assert sorted(found) == list(range(len(pictures)))
    replies = [found[i] for i in range(len(pictures))]
    return [reply if isinstance(reply, Failure) else reply[0] for reply in replies]  # type: ignore[misc]


def test_boxes_and_colors(detector: Scorer) -> None:
    (found,) = look(detector, [picture(80, 60)])
    assert isinstance(found, Detections)
    assert found.image_size == (80, 60)
    assert found.boxes.keys() == found.colors.keys() <= set(object_names())
    assert 0 < sum(map(len, found.boxes.values())) <= 100
    named = 0
    for name, boxes in found.boxes.items():
        for (x1, y1, x2, y2, score), color in zip(boxes, found.colors[name], strict=True):
            assert 0 <= x1 < x2 <= 80
            assert 0 <= y1 < y2 <= 60
            assert 0 < score < 1
            assert (color in COLORS) is (score > COLOR_SCORE)
            named += color is not None
    assert named


def test_colors_only_where_asked(detector: Scorer) -> None:
    (everything,) = look(detector, [picture(80, 60)])
    assert isinstance(everything, Detections)
    name = next(iter(everything.boxes))
    (found,) = look(detector, [picture(80, 60)], name)
    assert isinstance(found, Detections)
    assert found.boxes == everything.boxes
    assert found.colors == {name: everything.colors[name]}


def test_company_does_not_change_findings(detector: Scorer) -> None:
    pictures = [picture(80, 60, 1), picture(64, 64, 2), picture(80, 60, 3), picture(3, 50, 4)]
    alone = [look(detector, [one])[0] for one in pictures]
    assert look(detector, pictures) == alone
    assert len({json.dumps(one.to_json()) for one in alone if isinstance(one, Detections)}) == 4


def test_modes_and_rotation(detector: Scorer, tmp_path: Path) -> None:
    upright = picture(80, 60)
    turned = upright.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(tmp_path / "turned.png", exif=exif)
    with Image.open(tmp_path / "turned.png") as image:
        rotated, transparent = look(detector, [image, upright.convert("RGBA")])
    assert [rotated, transparent] == look(detector, [upright]) * 2


def test_pictures_that_cannot_be_looked_at(detector: Scorer, tmp_path: Path) -> None:
    picture(80, 60).save(tmp_path / "cut.png")
    (tmp_path / "cut.png").write_bytes((tmp_path / "cut.png").read_bytes()[:200])
    with Image.open(tmp_path / "cut.png") as cut:
        torn, narrow, fine = look(detector, [cut, picture(5000, 1), picture(80, 60)])
    assert isinstance(torn, Failure)
    assert (torn.kind, narrow.kind) == ("picture", "picture")
    assert [fine] == look(detector, [picture(80, 60)])


def test_memory_that_does_not_suffice(detector: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches are halved down to the picture that does not fit."""
    pictures = [picture(80, 60, seed) for seed in range(3)]
    alone = look(detector, pictures)
    whole = detector._infer  # type: ignore[attr-defined]

    def infer(inputs: Any, size: tuple[int, int]) -> Any:
        pixels = inputs["pixel_values"]
        if len(pixels) > 1 or torch.equal(pixels, third):
            raise torch.OutOfMemoryError("too large")
        return whole(inputs, size)

    third = detector._process([pictures[2]], return_tensors="pt")["pixel_values"]  # type: ignore[attr-defined]
    monkeypatch.setattr(detector, "_infer", infer)
    monkeypatch.setattr(detector, "_batch_size", 8)
    found = look(detector, pictures)
    assert found[:2] == alone[:2]
    assert isinstance(found[2], Failure)
    assert found[2].kind == "memory"


def test_identity_is_the_content(folders: tuple[Path, Path], tmp_path: Path) -> None:
    shutil.copytree(folders[0], tmp_path / "copy")
    write_tiny_mask2former(tmp_path / "other", seed=1)

    def identity(folder: Path) -> dict[str, str]:
        return dict(open_detector(folder, folders[1], "cpu").identity)

    assert identity(tmp_path / "copy") == identity(folders[0]) != identity(tmp_path / "other")


def cut_weights(folder: Path) -> None:
    path = folder / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-1000])


def drop_weights(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    del weights["class_predictor.weight"]
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def reshape_weights(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["num_queries"] = 9
    (folder / "config.json").write_text(json.dumps(config))


def pickle_weights(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")


def point_at_weights(folder: Path) -> None:
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64
    (folder / "model.safetensors").write_bytes(pointer.ljust(130, b"\n"))


def adapter_alone(folder: Path) -> None:
    (folder / "model.safetensors").rename(folder / "adapter_model.safetensors")


def rename_keys(before: str, behind: str = "") -> Callable[[Path], None]:
    def rename(folder: Path) -> None:
        from safetensors.torch import load_file, save_file

        weights = load_file(folder / "model.safetensors")
        renamed = {f"{before}{key}{behind}": value for key, value in weights.items()}
        save_file(renamed, folder / "model.safetensors", {"format": "pt"})

    return rename


def quantise_config(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    config["quantization_config"] = {"quant_method": "bitsandbytes", "load_in_4bit": True}
    (folder / "config.json").write_text(json.dumps(config))


def broken_index(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    (folder / "model.safetensors.index.json").write_text("{")


def shard_that_is_gone(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    index = {"weight_map": {"a": "model-00001-of-00002.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))


def rename_classes(*names: str) -> Callable[[Path], None]:
    def rename(folder: Path) -> None:
        config = json.loads((folder / "config.json").read_text())
        config["id2label"] = dict(enumerate(names))
        config["label2id"] = {name: i for i, name in enumerate(names)}
        (folder / "config.json").write_text(json.dumps(config))

    return rename


def add_layer(folder: Path) -> None:
    from safetensors.torch import load_file, save_file

    weights = load_file(folder / "model.safetensors")
    weights["model.transformer_module.decoder.layers.7.fc1.weight"] = torch.zeros(2, 2)
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


COCO = tuple(
    {"computer mouse": "mouse", "tv remote": "remote", "computer keyboard": "keyboard",
     "motorcycle": "motorbike", "airplane": "aeroplane", "couch": "sofa", "tv": "tvmonitor",
     "potted plant": "pottedplant", "dining table": "Dining_Table"}.get(name, name)
    for name in object_names()
)  # fmt: skip
"""The classes as checkpoints of COCO call them."""


def test_names_of_the_classes() -> None:
    def labels(*names: str) -> dict[str, object]:
        return {str(index): name for index, name in enumerate(names)}

    assert other_class(labels(*COCO)) is None
    assert other_class(labels(*object_names())) is None
    for name in ("LABEL_{}", "label {}", "{}", "class{}"):
        assert other_class(labels(*(name.format(i) for i in range(80)))) is None
    assert other_class(labels(*(f"screw type {i}" for i in range(80)))) == (
        0, "screw type 0", "person",
    )  # fmt: skip
    swapped = [*COCO[:15], COCO[16], COCO[15], *COCO[17:]]
    assert other_class(labels(*swapped)) == (15, "dog", "cat")


def test_coco_names_of_others_are_taken(folders: tuple[Path, Path], tmp_path: Path) -> None:
    named = Path(shutil.copytree(folders[0], tmp_path / "named"))
    rename_classes(*COCO)(named)
    assert open_detector(named, folders[1], "cpu").name == "mask2former"


@pytest.mark.parametrize("part", ["_network", "_colors"])
def test_numbers_that_are_none(folders: tuple[Path, Path], part: str) -> None:
    detector: Any = open_detector(folders[0], folders[1], "cpu")
    network = detector._network if part == "_network" else detector._colors._network
    for weight in network.parameters():
        weight.data.fill_(torch.nan)
    (found,) = look(detector, [picture(80, 60)])
    assert isinstance(found, Failure)
    assert found.kind == "numbers" and "not finite" in found.reason


BREAKAGES: list[tuple[Callable[[Path], Any], str]] = [
    (lambda folder: shutil.rmtree(folder), "is no folder"),
    (lambda folder: (folder / "config.json").unlink(), "no readable config.json"),
    (lambda folder: (folder / "config.json").write_text("{"), "no readable config.json"),
    (lambda folder: (folder / "config.json").write_text('{"model_type": "bert"}'), "holds a bert"),
    (lambda folder: (folder / "model.safetensors").unlink(), "has no weights"),
    (lambda folder: (folder / "preprocessor_config.json").unlink(), "no preprocessor_config"),
    (lambda folder: (folder / "preprocessor_config.json").write_text("{"), "preprocessor_config"),
    (pickle_weights, r"holds pickled weights \("),
    (cut_weights, "is cut off: got"),
    (point_at_weights, "is a Git LFS pointer of 130 bytes"),
    (lambda folder: (folder / "model.safetensors").write_bytes(b"\0" * 99), "is not a safetens"),
    (lambda folder: (folder / "model.safetensors").rename(folder / "model.gguf"), "a GGUF file"),
    (adapter_alone, r"an adapter \(LoRA\) alone"),
    (rename_keys("module."), 'its keys begin with "module.", a prefix'),
    (rename_keys("", ".absmax"), "is quantised, with numbers of its own"),
    (quantise_config, "holds a quantised model"),
    (shard_that_is_gone, "names shards that are not there"),
    (broken_index, "index.json is no readable JSON"),
]


@pytest.mark.parametrize(
    ("breakage", "says"),
    [
        *BREAKAGES,
        (drop_weights, "lacks 1 weights of .*class_predictor.weight"),
        (reshape_weights, r"queries_embedder.weight of shape \[8, 32\], expected \[9, 32\]"),
        (lambda folder: write_tiny_mask2former(folder, classes=133), "knows 133 classes"),
        (rename_classes(*COCO[:3], *(f"screw type {i}" for i in range(77))),
         'calls its class 3 "screw type 0", expected "motorcycle"'),
        (add_layer, r"holds 1 weights of layers .*decoder.layers.7.fc1.weight"),
    ],
)  # fmt: skip
def test_broken_mask2former(
    folders: tuple[Path, Path], tmp_path: Path, breakage: Callable[[Path], Any], says: str
) -> None:
    broken = Path(shutil.copytree(folders[0], tmp_path / "broken"))
    breakage(broken)
    with pytest.raises(UigError, match=says) as error:
        open_detector(broken, folders[1], "cpu")
    assert "--detector" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("breakage", "says"),
    [
        *BREAKAGES,
        (lambda folder: (folder / "tokenizer.json").unlink(), "has no tokenizer"),
        (lambda folder: (folder / "tokenizer.json").write_text("{"), "tokenizer of .* cannot be"),
    ],
)
def test_broken_clip(
    folders: tuple[Path, Path], tmp_path: Path, breakage: Callable[[Path], Any], says: str
) -> None:
    broken = Path(shutil.copytree(folders[1], tmp_path / "broken"))
    breakage(broken)
    with pytest.raises(UigError, match=says) as error:
        open_detector(folders[0], broken, "cpu")
    assert "--color-clip" in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("device", ["gpu", "cuda:99"])
def test_devices_that_are_not_there(folders: tuple[Path, Path], device: str) -> None:
    with pytest.raises(UigError, match="--device"):
        open_detector(folders[0], folders[1], device)


@pytest.mark.cuda
@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_cuda_sees_what_the_cpu_sees(folders: tuple[Path, Path], detector: Scorer) -> None:
    there = open_detector(folders[0], folders[1], "cuda")
    pictures = [picture(80, 60, seed) for seed in range(3)]
    for here, found in zip(look(detector, pictures), look(there, pictures), strict=True):
        assert isinstance(here, Detections)
        assert isinstance(found, Detections)
        for name, boxes in here.boxes.items():
            best = max(box[4] for box in boxes)
            if best > 0.1:
                assert max(box[4] for box in found.boxes[name]) == pytest.approx(best, abs=1e-3)
