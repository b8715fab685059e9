"""A local vision model as judge: each question by itself, in batches, with how sure it is.

A question to itself is a short prompt with a one-word answer: there is no list to lose the count
of, and the first token's probabilities say how near the answer was.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from uig_cli.errors import UigError
from uig_cli.files import hash_of_files, read_plain
from uig_cli.models.protocol import UnifiedModel, not_finite
from uig_cli.plain_json import read_json
from uig_cli.scoring.parsing import parser, parser_version
from uig_cli.scoring.protocol import Answer, Asked, Kind, Reply
from uig_cli.scoring.spoken import heard, read_again, together
from uig_cli.scoring.terms import Terms
from uig_cli.scoring.versions import versions

if TYPE_CHECKING:
    from uig_cli.scoring.qwen_vl import QwenVl

TOGETHER = 8
"""Sequences in one batch of the network, each a picture and a question."""
WANTED = ("*.json", "*.safetensors", "*.txt")

_HUB_NAME = re.compile(r"[\w.-]+/[\w.-]+")


def check(rest: str, terms: Terms) -> None:
    """Raises UigError unless the checkpoint is there, complete and of a kind known here."""
    parser(terms.parser)
    _kind(rest, _folder(rest))


def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> "HfJudge":
    import torch

    from uig_cli.models.device import find_device
    from uig_cli.scoring.qwen_vl import QwenVl

    folder, device = _folder(rest), find_device(terms.device)
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    kind = _kind(rest, folder)
    load = partial(QwenVl, f"--judge hf:{rest}", folder, kind, device, dtype)
    return HfJudge(rest, folder, load, str(dtype).removeprefix("torch."), terms)


class HfJudge:
    """The judge `hf:PATH_OR_NAME`. load: its network, which is needed only to be asked."""

    kind: Kind = "answers"
    batch = None

    def __init__(
        self, given: str, folder: Path, load: Callable[[], "QwenVl"], dtype: str, terms: Terms
    ) -> None:
        last = Path(given).expanduser().resolve().name
        self.name = "hf-" + re.sub(r"[^\w+-]+", "-", last, flags=re.ASCII)
        self._load, self._terms = load, terms
        self._parse = parser(terms.parser)
        self.identity: Mapping[str, str] = {
            "judge": "hf",
            "model": _content(folder),
            "dtype": dtype,
            "template judge": terms.templates["judge"].sha256,
            "parser": terms.parser,
            **versions(parser_version=parser_version(terms.parser)),
            "temperature": str(float(terms.temperature)),
            "asking": "one by one",
        }

    @cached_property
    def _model(self) -> "QwenVl":
        return self._load()

    def prepare(self) -> None:
        _ = self._model

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        """Answers an item as soon as its last question is answered."""
        waiting: list[tuple[int, str]] = []
        answers: list[list[Answer]] = [[] for _ in items]
        for index, item in enumerate(items):
            if not item.wanted:
                yield index, ()
            waiting += [(index, question) for question in item.wanted]
        for start in range(0, len(waiting), TOGETHER):
            batch = waiting[start : start + TOGETHER]
            for (index, _), answer in zip(batch, self._put(items, batch), strict=True):
                answers[index].append(answer)
                if len(answers[index]) == len(items[index].wanted):
                    yield index, tuple(answers[index])

    def read_again(self, kept: Sequence[tuple[str, Answer]]) -> Sequence[Answer | None]:
        return read_again(self._parse, kept)

    def _put(self, items: Sequence[Asked], batch: Sequence[tuple[int, str]]) -> Iterator[Answer]:
        template = self._terms.templates["judge"]
        texts = [template.fill(question=question) for _, question in batch]
        pictures = [items[index].picture.image for index, _ in batch]
        asked = list(zip(pictures, texts, strict=True))
        for (_, question), told in zip(
            batch, self._model.answer(asked, self._terms.temperature), strict=True
        ):
            if not told.finite:
                broken = not_finite("the judge's logits")
                yield Answer(None, f"{broken.kind}: {broken.reason}", usage=told.usage)
                continue
            said = heard(self._parse, told.text, (question,), told.cut)
            (answer,) = together((question,), (said,))
            yield replace(answer, yes=told.yes if answer.answer else None, usage=told.usage)


def _folder(rest: str) -> Path:
    """The checkpoint's folder; one of the Hugging Face hub is fetched if it is not here yet."""
    path = Path(rest).expanduser()
    if path.is_dir() or not _HUB_NAME.fullmatch(rest):
        return path
    from huggingface_hub import snapshot_download

    try:
        return Path(snapshot_download(rest, allow_patterns=list(WANTED)))
    except Exception as error:  # the hub client's errors share no base
        reason = " ".join(str(error).split())[:200]
        raise UigError(
            f"--judge hf:{rest}: no such folder, and the Hugging Face hub gives none "
            f"({type(error).__name__}: {reason}); give the path of a checkpoint."
        ) from error


def _kind(rest: str, folder: Path) -> str:
    """The checkpoint's kind, with its files seen to be there."""
    from uig_cli.scoring.pretrained import checked_folder
    from uig_cli.scoring.qwen_vl import KINDS

    try:
        found = read_json(read_plain(folder / "config.json"))["model_type"]
    except (OSError, ValueError, KeyError, TypeError):
        found = next(iter(KINDS))
    if found not in KINDS:
        raise UigError(
            f"--judge hf:{rest} is a {found} model; expected one of {', '.join(KINDS)}; give such "
            "a checkpoint, or serve the model and give openai:MODEL@URL."
        )
    checked_folder(f"--judge hf:{rest}", str(folder), found)
    return str(found)


def _content(folder: Path) -> str:
    """SHA-256 over the files that answers depend on."""
    found = {path for pattern in WANTED for path in folder.glob(pattern)}
    return hash_of_files(sorted(found))
