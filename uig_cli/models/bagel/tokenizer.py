"""The Qwen2 tokenizer of a checkpoint, with two ways to read a text.

Plain: whatever stands in the text is text, also the strings of special tokens. As published:
special-token strings inside the text become control tokens. Prompts, instructions and the
model's own thoughts are plain unless a request asks for the published way. Added tokens that are
not special are words like any other, and are found both ways.
"""

import json
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, normalizers, pre_tokenizers
from tokenizers.models import BPE

from uig_cli.errors import UigError
from uig_cli.models.bagel.architecture import Json, wrong
from uig_cli.models.bagel.config import read_json

START, END = "<|im_start|>", "<|im_end|>"
VISION_START, VISION_END = "<|vision_start|>", "<|vision_end|>"
_CLASSES = ("Qwen2Tokenizer", "Qwen2TokenizerFast")
MARKERS = (START, END, VISION_START, VISION_END)

_SPLIT = (  # Qwen2's public pattern: contractions, letter runs, single digits, the rest
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_NAMED = ("bos_token", "eos_token", "unk_token", "pad_token", "additional_special_tokens")


class TextTokenizer:
    """Byte-level BPE from `vocab.json`, `merges.txt` and `tokenizer_config.json` of a folder."""

    def __init__(self, folder: Path) -> None:
        config_file = folder / "tokenizer_config.json"
        config = read_json(config_file)
        if config.get("tokenizer_class", _CLASSES[0]) not in _CLASSES:
            raise wrong(
                config_file, "tokenizer_class", config["tokenizer_class"],
                f"{' or '.join(_CLASSES)}, as others split texts in other ways",
            )  # fmt: skip
        self._plain, self._special = byte_level_bpe(folder), byte_level_bpe(folder)
        for tokenizer in (self._plain, self._special):
            _add_configured(tokenizer, config, config_file)
            tokenizer.add_tokens([_control(content=m) for m in MARKERS])
        self._plain.encode_special_tokens = True
        ids: list[Any] = [self._special.token_to_id(marker) for marker in MARKERS]
        self.start, self.end, self.vision_start, self.vision_end = ids
        self.n_tokens: int = self._special.get_vocab_size()

    def encode(self, text: str, special_tokens: bool = False) -> list[int]:
        """Ids of `text`; with `special_tokens`, strings of special tokens become control tokens."""
        text = text.encode("utf-8", "replace").decode()  # half a surrogate pair has no UTF-8
        tokenizer = self._special if special_tokens else self._plain
        return list(tokenizer.encode(text, add_special_tokens=False).ids)

    def block(self, text: str, special_tokens: bool = False) -> list[int]:
        """A text as it stands in a context: start token, text, end token."""
        return [self.start, *self.encode(text, special_tokens), self.end]

    def decode(self, ids: Sequence[int]) -> str:
        """The text of `ids`: special tokens as their strings, invalid bytes as U+FFFD.

        A model has more rows than the tokenizer has tokens; an id beyond them is U+FFFD too.
        """
        runs = ((known, list(run)) for known, run in groupby(ids, lambda i: i < self.n_tokens))
        return "".join(
            self._special.decode(run, skip_special_tokens=False) if known else "\ufffd" * len(run)
            for known, run in runs
        )

    def answer(self, ids: Sequence[int]) -> str:
        """What a decoded sequence says: up to an end token, then between its start tokens."""
        return self.decode(ids).split(END)[0].split(START)[1]


def byte_level_bpe(folder: Path) -> Tokenizer:
    vocab, merges = folder / "vocab.json", folder / "merges.txt"
    try:
        tokenizer = Tokenizer(BPE.from_file(str(vocab), str(merges)))
    except Exception as error:  # the library raises nothing narrower
        raise UigError(f"{vocab} and {merges.name} are no tokenizer ({error}); get both.") from None
    tokenizer.normalizer = normalizers.NFC()
    split = pre_tokenizers.Split(Regex(_SPLIT), "isolated")
    as_bytes = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([split, as_bytes])
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _add_configured(tokenizer: Tokenizer, config: Json, file: Path) -> None:
    """Adds the configuration's tokens at their ids, then those it only names, at the next ids."""
    listed: Json = config.get("added_tokens_decoder", {})
    for key in sorted(listed, key=int):
        entry: dict[str, Any] = listed[key]
        tokenizer.add_tokens([_control(**entry)])
        got = tokenizer.token_to_id(entry["content"])
        if got != int(key):
            raise UigError(
                f"{file}: token {json.dumps(entry['content'])} has id {key}; expected {got}, "
                "the next free one after vocab.json."
            )
    for name in _NAMED:
        value = config.get(name) or []
        for token in value if isinstance(value, list) else [value]:
            entry = token if isinstance(token, dict) else {"content": token}
            tokenizer.add_tokens([_control(content=entry["content"])])


def _control(**entry: Any) -> AddedToken:
    return AddedToken(**{"normalized": False, "special": True, **entry})
