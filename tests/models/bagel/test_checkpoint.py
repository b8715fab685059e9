"""A checkpoint folder: its layout, and what is said when something is wrong with it."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.tiny_bagel import write_tiny_checkpoint
from uig_cli.errors import UigError
from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.checkpoint import check_folder, content_hash
from uig_cli.models.bagel.config import BagelConfig, read_config
from uig_cli.models.bagel.layout import AE, EMA, layout
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.pipeline import Bagel


def modules(config: BagelConfig) -> dict[str, torch.nn.Module]:
    with torch.device("meta"):
        return {EMA: Network(config, (0, 1)), AE: Autoencoder(config.autoencoder)}


def variations(folder: Path) -> list[BagelConfig]:
    """The tiny sizes, and some where no two sizes agree by chance."""
    tiny = read_config(folder)
    other = replace(tiny.autoencoder, ch=64, ch_mult=(1, 2, 3), num_res_blocks=3, z_channels=8)
    parts = replace(tiny.parts, latent_patch_size=4, vit_layers_dropped=2)
    return [tiny, replace(tiny, autoencoder=other, parts=parts)]


def test_modules_have_the_keys_and_shapes_of_the_layout(checkpoint: Path) -> None:
    for config in variations(checkpoint):
        for name, module in modules(config).items():
            found = {key: tuple(weight.shape) for key, weight in module.state_dict().items()}
            assert found == layout(config)[name]


def test_checking_a_folder_needs_no_torch(checkpoint: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from uig_cli.models.bagel.checkpoint import check_folder\n"
        f"check_folder(Path({str(checkpoint)!r})); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def cut(name: str, share: float) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        whole = (folder / name).read_bytes()
        (folder / name).write_bytes(whole[: int(len(whole) * share)])

    return damage


def remove(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def write(name: str, content: str) -> Callable[[Path], None]:
    def replace(folder: Path) -> None:
        (folder / name).write_text(content)

    return replace


def setting(name: str, key: str, value: object) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        found = json.loads((folder / name).read_text())
        (folder / name).write_text(json.dumps({**found, key: value}))

    return damage


def without(name: str, key: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        found = json.loads((folder / name).read_text())
        del found[key]
        (folder / name).write_text(json.dumps(found))

    return damage


def tensor(name: str, key: str, changed: torch.Tensor | None) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        found = load_file(folder / name)
        if changed is None:
            del found[key]
        else:
            found[key] = changed
        save_file(found, folder / name)

    return damage


VAE2LLM = "vae2llm.weight"
DAMAGES = {
    "no weights": (remove(EMA), [EMA, "No such file"]),
    "no autoencoder": (remove(AE), [AE, "No such file"]),
    "cut weights": (cut(EMA, 0.7), [EMA, "cut off", "expected"]),
    "cut header": (cut(AE, 0.001), [AE, "cut off"]),
    "empty weights": (cut(AE, 0), [AE, "cut off: got 0 bytes"]),
    "not weights": (write(AE, "\x08\0\0\0\0\0\0\0not json"), [AE, "not a safetensors file"]),
    "wrong shape": (
        tensor(EMA, VAE2LLM, torch.zeros(64, 63)),
        [EMA, VAE2LLM, "[64, 63]", "expected [64, 64]"],
    ),
    "no tensor": (tensor(EMA, VAE2LLM, None), [VAE2LLM, "expected one of shape [64, 64]"]),
    "whole numbers": (
        tensor(EMA, VAE2LLM, torch.zeros(64, 64, dtype=torch.int8)),
        [VAE2LLM, "I8", "BF16"],
    ),
    "no config": (remove("llm_config.json"), ["llm_config.json", "BAGEL checkpoint folder"]),
    "broken config": (write("vit_config.json", '{\n"a": }'), ["vit_config.json", "line 2"]),
    "a list for a config": (write("uig_config.json", "[1]"), ["uig_config.json", "list"]),
    "missing number": (without("llm_config.json", "rope_theta"), ["llm_config.json", "rope_theta"]),
    "text for a number": (
        setting("llm_config.json", "hidden_size", "64"),
        ["hidden_size", '"64"', "whole number"],
    ),
    "odd heads": (setting("llm_config.json", "num_attention_heads", 5), ["hidden_size", "64"]),
    "tied embeddings": (
        setting("uig_config.json", "tie_word_embeddings", True),
        ["tie_word_embeddings", "true", "expected false"],
    ),
    "pictures beyond the table": (
        setting("uig_config.json", "max_latent_size", 3),
        ["vae_transform max_size", "64", "at most 48"],
    ),
    "small vocabulary": (
        setting("llm_config.json", "vocab_size", 200),
        ["vocab_size", "200", "at least"],
    ),
    "no vocabulary": (remove("vocab.json"), ["vocab.json"]),
    "no merges": (remove("merges.txt"), ["merges.txt"]),
    "no tokenizer settings": (remove("tokenizer_config.json"), ["tokenizer_config.json"]),
    "a rule that is none": (
        setting("uig_config.json", "vit_transform", [1]),
        ["vit_transform", "an object"],
    ),
}


@pytest.mark.parametrize("name", list(DAMAGES))
def test_a_bad_folder_is_one_sentence(name: str, checkpoint: Path, tmp_path: Path) -> None:
    damage, words = DAMAGES[name]
    folder = tmp_path / "damaged"
    shutil.copytree(checkpoint, folder)
    damage(folder)
    for use in (check_folder, Bagel.load):
        with pytest.raises(UigError) as caught:
            use(folder)
        said = str(caught.value)
        assert all(word in said for word in words), said
        assert "\n" not in said and said.endswith(".")


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UigError, match="BAGEL checkpoint folder"):
        check_folder(tmp_path / "nowhere")


def test_equal_seeds_make_equal_checkpoints(tmp_path: Path, checkpoint: Path) -> None:
    write_tiny_checkpoint(tmp_path / "same")
    write_tiny_checkpoint(tmp_path / "other", seed=1)
    assert content_hash(tmp_path / "same") == content_hash(checkpoint)
    assert content_hash(tmp_path / "other") != content_hash(checkpoint)


def test_identity_holds_weights_and_dtype_but_no_place(bagel: Bagel, checkpoint: Path) -> None:
    half = Bagel.load(checkpoint, "cpu", "bfloat16")
    assert half.identity == {**bagel.identity, "dtype": "bfloat16"}
    assert bagel.identity["weights"] == content_hash(checkpoint)
    assert str(checkpoint) not in json.dumps(dict(bagel.identity))


def test_unknown_dtype_is_refused(checkpoint: Path) -> None:
    with pytest.raises(UigError, match="float32 or bfloat16"):
        Bagel.load(checkpoint, "cpu", "float8")
