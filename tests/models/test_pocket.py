"""The built-in model: in the package, loaded as any BAGEL, able to do its job."""

import json
from importlib.resources import files
from pathlib import Path

import pandas as pd
import pytest

from tests.conftest import Uig
from uig_cli.errors import UigError
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.models.conformance import findings
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Draw, Drawn, UnifiedModel
from uig_cli.models.registry import check_model_files, load_model
from uig_cli.models.safetensors_headers import read_header
from uig_cli.models.where import Where
from uig_cli.shapes.read import read
from uig_cli.templates import ours
from uig_cli.training.decoded import decoded
from uig_cli.training.recipe import POCKET
from uig_cli.training.tokenizer_fit import READ

FOLDER = Path(str(files("uig_cli").joinpath("pocket")))


@pytest.fixture(scope="module")
def pocket() -> UnifiedModel:
    return load_model("pocket", Where("cpu"))


def test_it_is_small_and_in_half_precision() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 25e6
    for name in ("ema.safetensors", "ae.safetensors"):
        assert {tensor.dtype for tensor in read_header(FOLDER / name).values()} == {"F16"}


def test_it_has_the_sizes_of_its_recipe() -> None:
    for name, content in POCKET.items():
        found = json.loads((FOLDER / name).read_text("utf-8"))
        trained = ("scale_factor", "shift_factor")
        assert {**found, **{key: content[key] for key in trained if key in content}} == content


def test_its_tokenizer_knows_our_templates() -> None:
    added = json.loads((FOLDER / "tokenizer_config.json").read_text("utf-8"))
    contents = {token["content"] for token in added["added_tokens_decoder"].values()}
    assert {piece for name in READ for piece in ours(name).pieces()} <= contents


def test_it_keeps_the_protocol(pocket: UnifiedModel) -> None:
    assert [finding for finding in findings(pocket) if not finding.held] == []


@pytest.mark.slow
def test_a_picture_has_the_same_bytes_at_batch_1_and_16(pocket: UnifiedModel) -> None:
    requests = [
        Draw(f"{number} circles", NoiseKey(0, str(number)), sampler={"num_timesteps": 6})
        for number in ("one", "two", "three", "four") * 4
    ]
    together = dict(pocket.run(requests))
    for index in (0, 5, 15):
        ((_, alone),) = pocket.run(requests[index : index + 1])
        assert isinstance(alone, Drawn)
        assert alone.picture.sha256 == together[index].picture.sha256


@pytest.mark.slow
def test_its_loop_gives_the_same_bytes_at_batch_1_and_16(uig: Uig, tmp_path: Path) -> None:
    what = ("eval", "tiif", "--split", "long", "--dimension", "differentiation+2d")
    words = (*what, "--method", "uig", "--rounds", "1", "--seed", "5", "--quiet")
    for size in (1, 16):
        done = uig(*words, "--batch-size", str(size), "--out", tmp_path / str(size))
        assert done.code == 0, done.err
    steps = [pd.read_csv(tmp_path / size / "tables" / "steps.csv") for size in ("1", "16")]
    kept = ["case", "step", "sha256", "verdict", "instruction"]
    assert steps[0]["step"].max() > 0  # something was edited
    pd.testing.assert_frame_equal(steps[0][kept], steps[1][kept])


@pytest.mark.slow
def test_its_autoencoder_blurs_nothing_that_is_read(pocket: UnifiedModel) -> None:
    assert isinstance(pocket, Bagel)
    shares = decoded(pocket.parts.autoencoder, 100, "test")
    assert min(shares["shape"], shares["color"]) >= 0.98 and shares["texture"] >= 0.95


@pytest.mark.slow
def test_it_draws_what_is_said(pocket: UnifiedModel) -> None:
    said = [(color, shape) for color in ("red", "blue", "black") for shape in ("square", "star")]
    requests = [Draw(f"a {c} {s}", NoiseKey(0, f"{c} {s}")) for c, s in said]
    right = 0
    for index, reply in pocket.run(requests):
        assert isinstance(reply, Drawn)
        objects = read(reply.picture.image).objects
        right += [(thing.color, thing.shape) for thing in objects] == [said[index]]
    assert right >= 4, f"{right} of {len(said)}"


def test_words_it_does_not_know_are_named(uig: Uig, tmp_path: Path) -> None:
    asked = ["--prompt", "a red cat on a sofa", "--num-timesteps", "2", "--out", tmp_path / "r"]
    done = uig("generate", *asked)
    assert done.code == 0, done.err
    assert "note: pocket draws only shapes; words that it does not know stand beside" in done.err
    assert "outside the model's world, no word of it: cat, sofa" in done.out
    shown = json.loads(uig("show", tmp_path / "r", "--json").out)
    assert shown["results"][0]["unknown_words"] == ["cat", "sofa"]
    done = uig("generate", *asked[2:], "--prompt", "two circles", "--out", tmp_path / "q")
    assert "does not know" not in done.err


def test_it_has_no_place_behind_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UigError, match="expected pocket"):
        check_model_files("pocket:here")
    with pytest.raises(UigError, match="says no place"):
        check_model_files("python")
    monkeypatch.setenv("UIG_CACHE", str(tmp_path))
    with pytest.raises(UigError, match="the model bagel is not here; fetch it once"):
        check_model_files("bagel")
