"""A checkpoint folder: its layout, and what is said when something is wrong with it."""

import json
import os
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
from uig_cli.models.bagel.components import Components
from uig_cli.models.bagel.config import BagelConfig, read_config
from uig_cli.models.bagel.layout import AE, EMA, layout
from uig_cli.models.bagel.network import Network
from uig_cli.models.bagel.pipeline import Bagel

CPU, F32 = torch.device("cpu"), torch.float32


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


def renamed(change: Callable[[str], str | None], to: str = EMA) -> Callable[[Path], None]:
    """The network's weights under other keys (None: without that one), and in another file."""

    def damage(folder: Path) -> None:
        weights = load_file(folder / EMA)
        (folder / EMA).unlink()
        save_file({new: w for key, w in weights.items() if (new := change(key))}, folder / to)

    return damage


def instead(name: str, content: bytes) -> Callable[[Path], None]:
    """Another file than the network's weights."""

    def damage(folder: Path) -> None:
        (folder / EMA).unlink()
        (folder / name).write_bytes(content)

    return damage


def in_shards(folder: Path) -> None:
    weights = load_file(folder / EMA)
    (folder / EMA).unlink()
    places: dict[str, str] = {}
    for number, half in enumerate((sorted(weights)[::2], sorted(weights)[1::2]), 1):
        name = f"model-{number:05}-of-00002.safetensors"
        save_file({key: weights[key] for key in half}, folder / name)
        places |= dict.fromkeys(half, name)
    (folder / INDEX_FILE).write_text(json.dumps({"metadata": {}, "weight_map": places}))


def both(*changes: Callable[[Path], None]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for change in changes:
            change(folder)

    return damage


def beside(name: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        shutil.copy(folder / EMA, folder / name)

    return damage


def pipe(name: str) -> Callable[[Path], None]:
    return lambda folder: os.mkfifo(folder / name)


def with_index(change: Callable[[dict[str, str]], dict[str, str]]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        in_shards(folder)
        index = json.loads((folder / INDEX_FILE).read_text())
        index["weight_map"] = change(index["weight_map"])
        (folder / INDEX_FILE).write_text(json.dumps(index))

    return damage


def headed(header: str) -> bytes:
    return len(header).to_bytes(8, "little") + header.encode()


INDEX_FILE = "model.safetensors.index.json"
SEEING = ("vit_model.", "connector.", "vit_pos_embed.")
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 29000000000\n"
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
    "another class of tokenizers": (
        setting("tokenizer_config.json", "tokenizer_class", "GPT2Tokenizer"),
        ["tokenizer_class", "GPT2Tokenizer", "Qwen2Tokenizer", "split texts in other ways"],
    ),
    "tokens of another model": (
        setting("llm_config.json", "eos_token_id", [0, 151645]),
        ["eos_token_id", "151645", "another model's"],
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
    "a language layer less": (
        setting("llm_config.json", "num_hidden_layers", 1),
        ["ema", "holds 2 language layers, 1 would be used", "num_hidden_layers", "llm_config"],
    ),
    "layers without an end": (
        setting("llm_config.json", "num_hidden_layers", 10**9),
        ["holds 2 language layers, 1000000000 would be used"],
    ),
    "a vision layer less": (
        setting("vit_config.json", "num_hidden_layers", 2),
        ["holds 2 vision layers, 1 would be used", "num_hidden_layers", "vit_layers_dropped"],
    ),
    "no vision layer dropped": (
        setting("uig_config.json", "vit_layers_dropped", 0),
        ["holds 2 vision layers, 3 would be used", "vit_layers_dropped"],
    ),
    "a block less": (
        setting("ae_config.json", "num_res_blocks", 0),
        [AE, "holds 1 blocks a level, 0 would be used", "num_res_blocks"],
    ),
    "a level less": (
        setting("ae_config.json", "ch_mult", [1, 1, 1]),
        [AE, "holds 4 levels, 3 would be used", "ch_mult"],
    ),
    "a bias that nothing reads": (
        tensor(EMA, "language_model.model.layers.0.self_attn.o_proj.bias", torch.zeros(64)),
        ["belong to parts of the network", "o_proj.bias"],
    ),
    "an adapter that is not merged": (
        tensor(EMA, "connector.fc1.lora_A.weight", torch.zeros(4, 48)),
        ["belong to parts of the network", "lora_A", "merge"],
    ),
    "attention in the autoencoder": (
        tensor(AE, "encoder.down.0.attn.0.q.weight", torch.zeros(32, 32)),
        ["belong to parts of the network", "encoder.down.0.attn.0.q.weight"],
    ),
    "endless rope": (
        setting("llm_config.json", "rope_theta", float("nan")),
        ["rope_theta", "NaN", "expected a finite number"],
    ),
    "a number too large for a float": (
        setting("llm_config.json", "rms_norm_eps", 10**400),
        ["rms_norm_eps", "expected a finite number"],
    ),
    "rope of no base": (setting("llm_config.json", "rope_theta", 0), ["rope_theta", "above 0"]),
    "a deviation of 0": (
        setting("uig_config.json", "vit_transform", {"max_size": 70, "std": [0.5, 0.0, 0.5]}),
        ["vit_transform std", "above 0"],
    ),
    "scaled rope": (
        setting("llm_config.json", "rope_scaling", {"type": "yarn", "factor": 4.0}),
        ["rope_scaling", "yarn", "expected null"],
    ),
    "scaled rope of newer files": (
        setting("llm_config.json", "rope_parameters", {"rope_type": "yarn", "factor": 4.0}),
        ["rope_parameters", "yarn", "expected null"],
    ),
    "two bases": (
        setting("llm_config.json", "rope_parameters", {"rope_theta": 5e5}),
        ["rope_theta", "1000000.0", "500000.0"],
    ),
    "another activation": (
        setting("llm_config.json", "hidden_act", "gelu"),
        ["hidden_act", '"gelu"', '"silu"'],
    ),
    "a sliding window": (
        setting("llm_config.json", "use_sliding_window", True),
        ["use_sliding_window", "true", "expected false"],
    ),
    "layers of other kinds": (
        setting("llm_config.json", "layer_types", ["full_attention", "sliding_attention"]),
        ["layer_types", "sliding_attention", "full_attention"],
    ),
    "tied by the other file": (
        setting("llm_config.json", "tie_word_embeddings", True),
        ["llm_config.json", "tie_word_embeddings", "expected false"],
    ),
    "no norms of queries": (setting("llm_config.json", "qk_norm", False), ["qk_norm", "true"]),
    "wider heads": (setting("llm_config.json", "head_dim", 128), ["head_dim", "128", "16"]),
    "another vision activation": (
        setting("vit_config.json", "hidden_act", "quick_gelu"),
        ["vit_config.json", "hidden_act", "gelu_pytorch_tanh"],
    ),
    "another vision epsilon": (
        setting("vit_config.json", "layer_norm_eps", 1e-5),
        ["layer_norm_eps", "1e-05", "1e-06"],
    ),
    "another downsampling": (setting("ae_config.json", "downsample", 16), ["downsample", "8"]),
    "a prefix": (renamed(lambda key: f"bagel.{key}"), ["keys begin with", '"bagel."']),
    "a blind model": (
        renamed(lambda key: None if key.startswith(SEEING) else key),
        ["no tensors of connector and vit_model and vit_pos_embed", "began with"],
    ),
    "four bits": (
        tensor(EMA, f"{VAE2LLM}.absmax", torch.zeros(4, dtype=torch.uint8)),
        ["quantised", "absmax", "BF16"],
    ),
    "a small table": (
        tensor(EMA, "latent_pos_embed.pos_embed", torch.zeros(9, 64)),
        ["[9, 64]", '"max_latent_size"', "set it to 3 in uig_config.json"],
    ),
    "another name": (renamed(str, "ema-FP8.safetensors"), ["ema-FP8.safetensors", "F32"]),
    "a GGUF file": (instead("ema-q4_k_m.gguf", b"GGUF"), ["GGUF", "safetensors"]),
    "pickled weights": (instead("pytorch_model.bin", b"\x80"), ["pytorch_model.bin", "unpickled"]),
    "an adapter": (instead("adapter_model.safetensors", headed("{}")), ["adapter", "merge"]),
    "a pointer": (instead(EMA, POINTER), ["Git LFS pointer", "git lfs pull"]),
    "a pointer to shards": (instead("model.safetensors", POINTER), ["Git LFS pointer"]),
    "a deep header": (instead(EMA, headed("[" * 200_000)), ["not a safetensors file", "nested"]),
    "an endless header": (instead(EMA, b"\xff" * 16), ["not a safetensors file"]),
    "a header of words": (
        instead(EMA, headed('{"a": {"dtype": "F32", "shape": "ab", "data_offsets": [0, 4]}}')),
        ["not a safetensors file", '"a"'],
    ),
    "a folder of weights": (both(remove(EMA), lambda f: (f / EMA).mkdir()), [EMA, "directory"]),
    "a pipe of weights": (both(remove(EMA), pipe(EMA)), [EMA, "pipe"]),
    "a pipe of settings": (
        both(remove("llm_config.json"), pipe("llm_config.json")),
        ["llm_config.json", "pipe"],
    ),
    "deep settings": (write("llm_config.json", "[" * 200_000), ["llm_config.json", "nested"]),
    "a shard that is gone": (
        both(in_shards, remove("model-00002-of-00002.safetensors")),
        ["shards that are not there", "model-00002-of-00002"],
    ),
    "an index that leads away": (
        with_index(lambda places: dict.fromkeys(places, "../ema.safetensors")),
        [INDEX_FILE, "../ema.safetensors", "beside it alone"],
    ),
    "an index of nothing": (with_index(lambda places: {}), [INDEX_FILE, "weight_map"]),
    "a cut shard": (
        both(in_shards, cut("model-00001-of-00002.safetensors", 0.5)),
        ["model-00001-of-00002.safetensors", "cut off", "get it again"],
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


def test_only_a_file_that_is_cut_off_is_to_be_got_again(checkpoint: Path, tmp_path: Path) -> None:
    again = set()
    for number, (name, (damage, _)) in enumerate(DAMAGES.items()):
        folder = changed(checkpoint, tmp_path / str(number), damage)
        with pytest.raises(UigError) as caught:
            check_folder(folder)
        again |= {name} if "get it again" in str(caught.value) else set()
    assert again == {"cut weights", "cut header", "empty weights", "a cut shard"}


@pytest.mark.parametrize("change", [renamed(str, "model.safetensors"), in_shards])
def test_weights_under_other_names_are_read(
    change: Callable[[Path], None], checkpoint: Path, tmp_path: Path
) -> None:
    folder = changed(checkpoint, tmp_path / "exported", change)
    found, plain = check_folder(folder), check_folder(checkpoint)
    assert found.network.entries.keys() == plain.network.entries.keys() and not found.notes
    assert content_hash(folder) != content_hash(checkpoint)
    loaded, other = Components.load(folder, CPU, F32), Components.load(checkpoint, CPU, F32)
    for key, weight in other.network.state_dict().items():
        assert torch.equal(loaded.network.state_dict()[key], weight)


def test_weights_that_are_not_read_are_named(checkpoint: Path, tmp_path: Path) -> None:
    folder = changed(checkpoint, tmp_path / "both", beside("model.safetensors"))
    assert check_folder(folder).notes == (
        'the folder holds weights that are not read: "model.safetensors"',
    )
    assert content_hash(folder) == content_hash(checkpoint)


def changed(checkpoint: Path, folder: Path, *changes: Callable[[Path], None]) -> Path:
    shutil.copytree(checkpoint, folder)
    for change in changes:
        change(folder)
    return folder


def test_settings_as_exporters_write_them_change_nothing(checkpoint: Path, tmp_path: Path) -> None:
    rope = {"rope_theta": 1e6, "rope_type": "default", "partial_rotary_factor": 1.0}
    folder = changed(
        checkpoint,
        tmp_path / "exported",
        without("llm_config.json", "rope_theta"),
        setting("llm_config.json", "rope_parameters", rope),
        setting("llm_config.json", "rope_scaling", None),
        setting("llm_config.json", "sliding_window", 131072),
        setting("llm_config.json", "use_sliding_window", False),
        setting("llm_config.json", "layer_types", ["full_attention"] * 2),
        setting("llm_config.json", "architectures", ["Qwen2ForCausalLM"]),
        setting("vit_config.json", "model_type", "siglip_vision_model"),
    )
    found, plain = check_folder(folder), check_folder(checkpoint)
    assert (found.config, found.notes) == (plain.config, ())


def test_what_nothing_reads_is_one_note(checkpoint: Path, tmp_path: Path) -> None:
    head = "vit_model.vision_model.head"
    folder = changed(
        checkpoint,
        tmp_path / "more",
        tensor(EMA, f"{head}.probe", torch.zeros(1, 1, 4)),
        tensor(EMA, f"{head}.bias", torch.zeros(4)),
        tensor(EMA, "language_model.model.layers.0.self_attn.rotary_emb.inv_freq", torch.zeros(8)),
        setting("llm_config.json", "odd\nsetting", 3),
        setting("uig_config.json", "vit_transform", {"max_size": 70, "min_size": 28, "blur": 1}),
    )
    note = Bagel.load(folder, "cpu").capabilities.note
    assert note.count("ema.safetensors has tensors that are not read: 3, the first being ") == 1
    assert 'llm_config.json has settings that are not read: "odd\\nsetting"' in note
    assert 'uig_config.json has settings that are not read: "vit_transform.blur"' in note
    assert "\n" not in note
    assert "not read" not in Bagel.load(checkpoint, "cpu").capabilities.note


def test_matrices_of_zeros_are_told(checkpoint: Path, tmp_path: Path) -> None:
    """A download that made room for the whole file and was broken off leaves them."""
    weights = load_file(checkpoint / EMA)
    last = [key for key, weight in weights.items() if weight.ndim > 1][-3:]
    folder = changed(
        checkpoint, tmp_path / "torn", *(tensor(EMA, k, torch.zeros_like(weights[k])) for k in last)
    )
    note = Bagel.load(folder, "cpu").capabilities.note
    assert f'ema.safetensors has matrices of zeros alone: 3, the first being "{last[0]}"' in note
    assert "zeros" not in Bagel.load(checkpoint, "cpu").capabilities.note


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
