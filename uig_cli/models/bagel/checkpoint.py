"""A checkpoint folder's files: checked by their headers alone, and known by their content.

No torch here: a folder with a missing, cut off or wrongly shaped file is refused in milliseconds,
before anything else of a run is set up.
"""

from dataclasses import dataclass
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.files import hash_of_files
from uig_cli.models.bagel.architecture import AE_SIZES, LLM, OWN, VIT, wrong
from uig_cli.models.bagel.config import BagelConfig, read_config, read_json, unread
from uig_cli.models.bagel.layout import AE, EMA, lazy_layout
from uig_cli.models.bagel.tensor_checks import check_tensors
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.models.bagel.weight_files import WeightFiles, find_network, open_weights
from uig_cli.models.safetensors_headers import listed

_CONFIGS = (LLM, VIT, AE_SIZES, OWN)
_TOKENIZER = ("vocab.json", "merges.txt", "tokenizer_config.json")


@dataclass(frozen=True, slots=True)
class CheckedFolder:
    """network, autoencoder: where their weights lie. notes: what the folder holds and nothing
    reads, a part of a sentence each."""

    config: BagelConfig
    tokenizer: TextTokenizer
    network: WeightFiles
    autoencoder: WeightFiles
    notes: tuple[str, ...]


def check_folder(folder: Path) -> CheckedFolder:
    """Reads configuration and tokenizer, and checks that every tensor is there, whole and shaped,
    and that the configuration uses every layer.

    Raises UigError, one sentence that names the file and key, what was got and what was expected.
    """
    config, tokenizer = read_config(folder), TextTokenizer(folder)
    if tokenizer.n_tokens > config.language.vocab_size:
        raise UigError(
            f'{folder / "llm_config.json"}: "vocab_size" is {config.language.vocab_size}; expected '
            f"at least the {tokenizer.n_tokens} tokens of the folder's tokenizer."
        )
    _check_named_ids(folder, tokenizer.n_tokens)
    notes = [
        f"{name} has settings that are not read: {listed(u)}" for name, u in unread(folder).items()
    ]
    found = {EMA: open_weights(find_network(folder)), AE: open_weights([folder / AE])}
    for name, tensors in lazy_layout(config).items():
        left = check_tensors(found[name], tensors, config)
        if left:
            file = found[name].named.name
            notes.append(f"{file} has tensors that are not read: {listed(left)}")
    notes += _other_weights(folder, found[EMA])
    return CheckedFolder(config, tokenizer, found[EMA], found[AE], tuple(notes))


def _other_weights(folder: Path, network: WeightFiles) -> list[str]:
    read = {AE, *(file.name for file in network.files)}
    other = sorted(path.name for path in folder.glob("*.safetensors") if path.name not in read)
    return [f"the folder holds weights that are not read: {listed(other)}"] if other else []


def _check_named_ids(folder: Path, n_tokens: int) -> None:
    """Raises UigError where the weights know tokens that the tokenizer has not: it is another's."""
    found = read_json(folder / LLM)
    for key in ("bos_token_id", "eos_token_id"):
        named = found.get(key)
        for one in named if isinstance(named, list) else [named]:
            if isinstance(one, int) and one >= n_tokens:
                raise wrong(
                    folder / LLM, key, one,
                    f"one of the {n_tokens} tokens of the folder's tokenizer, which seems to be "
                    "another model's; get the one that belongs to these weights",
                )  # fmt: skip


def content_hash(folder: Path) -> str:
    """The SHA-256 of all files that the model's answers depend on, wherever the folder lies."""
    files = [folder / name for name in (*_CONFIGS, *_TOKENIZER)]
    files += [*find_network(folder), folder / AE]
    return hash_of_files([file for file in files if file.exists()])
