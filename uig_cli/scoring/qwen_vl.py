"""Qwen2.5-VL and Qwen3-VL as the answerer of short questions about pictures.

Picture and text are prepared apart: pictures by the checkpoint's processor on Pillow and numpy, so
that torchvision is not needed; text in Qwen's chat format, whose markers are set by their ids, so
that nothing written in a question can act as one. Sequences of a batch are padded on the left.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import (
    AutoTokenizer,
    GenerationConfig,
    LogitsProcessor,
    LogitsProcessorList,
    PreTrainedModel,
    Qwen2_5_VLForConditionalGeneration,
    Qwen3VLForConditionalGeneration,
)

from uig_cli.errors import UigError
from uig_cli.scoring.pictures import rgb
from uig_cli.scoring.pretrained import LOCAL, load_network, load_processor

KINDS: dict[str, type[PreTrainedModel]] = {
    "qwen2_5_vl": Qwen2_5_VLForConditionalGeneration,
    "qwen3_vl": Qwen3VLForConditionalGeneration,
}
SYSTEM = {"qwen2_5_vl": "You are a helpful assistant.", "qwen3_vl": ""}
"""What each kind's own chat template says before the user's turn."""
MOST_TOKENS = 128
"""Room for a word and its reason. An answer that runs into this limit does not count, so that it
must not cut off what is only wordy."""
SURE = 0.5
"""Least probability that the first token is a yes or a no for their ratio to mean anything."""

_YES = ("yes", "Yes", "YES", " yes", " Yes")
_NO = ("no", "No", "NO", " no", " No")


@dataclass(frozen=True, slots=True)
class Told:
    """A generated answer. yes: how likely yes is against no as its first word, where either is
    likely; usage: tokens read and written; cut: there were no more tokens to end it with; finite:
    whether all logits behind it were."""

    text: str
    yes: float | None
    usage: tuple[int, int]
    cut: bool
    finite: bool = True


class _Watched(LogitsProcessor):
    """Changes nothing; keeps the chances of the first token alone, and whether all logits were
    finite: those of every step would be a gigabyte a batch."""

    def __init__(self) -> None:
        self._first: torch.Tensor | None = None
        self._finite: torch.Tensor | None = None

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        sound = scores.isfinite().all(dim=-1)
        if self._first is None or self._finite is None:
            self._first, self._finite = scores.float().softmax(-1), sound
        else:
            self._finite = self._finite & sound
        return scores

    def seen(self) -> tuple[torch.Tensor, list[bool]]:
        """Both by row, on the CPU."""
        assert self._first is not None and self._finite is not None, "no token was made"
        return self._first.cpu(), self._finite.tolist()


class QwenVl:
    """A loaded checkpoint folder. option: what the user gave it by, for errors."""

    def __init__(
        self, option: str, folder: Path, kind: str, device: torch.device, dtype: torch.dtype
    ) -> None:
        self._device, self._kind = device, kind
        self._processor = load_processor(option, folder)
        self._tokenizer = _load_tokenizer(option, folder)
        self._network: Any = load_network(KINDS[kind], option, folder, device, dtype)
        self._start, self._end, self._vision_start, self._vision_end, self._pad = (
            self._marker(option, name)
            for name in ("im_start", "im_end", "vision_start", "vision_end", "image_pad")
        )

    def _marker(self, option: str, name: str) -> int:
        found = self._tokenizer.get_vocab().get(f"<|{name}|>")
        if found is None:
            raise UigError(f"{option}: its tokenizer has no <|{name}|>; download it again.")
        return int(found)

    @cached_property
    def _words(self) -> tuple[list[int], list[int]]:
        """The tokens that say yes and no."""
        yes, no = ([self._encode(word) for word in words] for words in (_YES, _NO))
        return [ids[0] for ids in yes if len(ids) == 1], [ids[0] for ids in no if len(ids) == 1]

    @torch.inference_mode()
    def answer(
        self, asked: Sequence[tuple[Image.Image, str]], temperature: float = 0.0
    ) -> list[Told]:
        """Answers (picture, text) pairs as one batch; the likeliest words at temperature 0."""
        read = [self._processor(images=[rgb(picture)], return_tensors="pt") for picture, _ in asked]
        grids = torch.cat([each["image_grid_thw"] for each in read])
        merged = int(self._processor.merge_size) ** 2
        prompts = [
            self._prompt(int(grid.prod()) // merged, text)
            for grid, (_, text) in zip(grids, asked, strict=True)
        ]
        width = max(map(len, prompts))
        filler = [[self._end] * (width - len(prompt)) for prompt in prompts]
        ids = torch.tensor([pad + prompt for pad, prompt in zip(filler, prompts, strict=True)])
        mask = torch.tensor([[0] * len(pad) + [1] * (width - len(pad)) for pad in filler])
        watched = _Watched()
        made = self._network.generate(
            input_ids=ids.to(self._device),
            attention_mask=mask.to(self._device),
            mm_token_type_ids=(ids == self._pad).int().to(self._device),
            pixel_values=torch.cat([each["pixel_values"] for each in read]).to(self._device),
            image_grid_thw=grids.to(self._device),
            generation_config=self._generation(temperature),
            logits_processor=LogitsProcessorList([watched]),
        )
        first, finite = watched.seen()
        return [
            replace(self._told(row.tolist(), chances, len(prompt)), finite=sound)
            for row, chances, prompt, sound in zip(
                made[:, width:].cpu(), first, prompts, finite, strict=True
            )
        ]

    def _generation(self, temperature: float) -> GenerationConfig:
        """Ours alone: what the checkpoint's file says of sampling does not count."""
        sampling: dict[str, Any] = (
            {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
            if temperature
            else {"do_sample": False}
        )
        return GenerationConfig(  # type: ignore[no-untyped-call]
            max_new_tokens=MOST_TOKENS,
            eos_token_id=self._end,
            pad_token_id=self._end,
            **sampling,
        )

    def _prompt(self, patches: int, text: str) -> list[int]:
        system = SYSTEM[self._kind]
        turn = self._turn("system", self._encode(system)) if system else []
        picture = [self._vision_start, *[self._pad] * patches, self._vision_end]
        turn += self._turn("user", [*picture, *self._encode(text)])
        return [*turn, self._start, *self._encode("assistant\n")]

    def _turn(self, who: str, content: list[int]) -> list[int]:
        head, line = self._encode(f"{who}\n"), self._encode("\n")
        return [self._start, *head, *content, self._end, *line]

    def _encode(self, text: str) -> list[int]:
        found = self._tokenizer(text, add_special_tokens=False, split_special_tokens=True)
        return list(found["input_ids"])

    def _told(self, made: list[int], chances: torch.Tensor, read: int) -> Told:
        written = made.index(self._end) + 1 if self._end in made else len(made)
        text = self._tokenizer.decode(made[:written], skip_special_tokens=True)
        yes, no = (float(chances[ids].sum()) for ids in self._words)
        sure = yes / (yes + no) if yes + no >= SURE else None
        return Told(text, sure, (read, written), self._end not in made)


def _load_tokenizer(option: str, folder: Path) -> Any:
    try:
        return AutoTokenizer.from_pretrained(folder, **LOCAL)
    except (OSError, ValueError, TypeError, KeyError, ImportError) as error:
        reason = " ".join(str(error).split())[:200]
        raise UigError(
            f"{option}: the tokenizer in {folder} cannot be used ({reason}); download it again."
        ) from error
