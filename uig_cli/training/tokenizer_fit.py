"""Pocket's own tokenizer: byte-level BPE in Qwen2's files, learned from the lessons' texts.

Any text can be written with it. The vocabulary is just large enough that the world's words are one
token each; ornaments of long prompts may take two or three. What stands between the fields of our
templates is one token a piece: an examination of 170 tokens, most of them always the same, would
be most of the work of learning to examine.
"""

from collections.abc import Iterator
from pathlib import Path

from tokenizers.pre_tokenizers import ByteLevel
from tokenizers.trainers import BpeTrainer

from uig_cli.files import write_whole
from uig_cli.models.bagel.tokenizer import (
    END,
    START,
    VISION_END,
    VISION_START,
    TextTokenizer,
    byte_level_bpe,
)
from uig_cli.shapes.instructions import instruct
from uig_cli.templates import ours
from uig_cli.training.lessons import asking, drawing, editing, examining, say
from uig_cli.training.seeding import rng
from uig_cli.training.state_files import write_json

SPECIAL = ("<|endoftext|>", START, END, VISION_START, VISION_END)
READ = ("decompose", "examine", "judge", "think-draw", "think-look")
"""Templates that pocket is asked with. No lesson teaches `decompose`: it can be read, no more."""

LESSONS = 1500
"""Lessons of each kind whose texts the merges are learned from."""


def write_tokenizer(folder: Path, size: int, seed: int) -> TextTokenizer:
    """Writes vocab.json, merges.txt and tokenizer_config.json of `size` tokens; reads them back."""
    write_json(
        folder / "vocab.json", {byte: i for i, byte in enumerate(sorted(ByteLevel.alphabet()))}
    )
    write_whole(folder / "merges.txt", "")
    tokenizer = byte_level_bpe(folder)
    pieces = [piece for name in READ for piece in ours(name).pieces()]
    trainer = BpeTrainer(
        vocab_size=size - len(pieces) - len(SPECIAL),
        initial_alphabet=sorted(ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(texts(seed), trainer)
    tokenizer.model.save(str(folder))
    first = tokenizer.get_vocab_size()
    contents = [
        *({"content": piece, "special": False} for piece in pieces),
        *({"content": token} for token in SPECIAL),
    ]
    added = {str(first + i): content for i, content in enumerate(contents)}
    write_json(folder / "tokenizer_config.json", {"added_tokens_decoder": added})
    return TextTokenizer(folder)


def texts(seed: int) -> Iterator[str]:
    """What is read and said in lessons."""
    for n in range(LESSONS):
        random = rng(seed, "words", n)
        yield say(drawing(seed, "words", n)[0], random)
        before, edit, _ = editing(seed, "words", n)
        yield instruct(edit, before.objects, random)
        for lesson in (examining(seed, "words", n), asking(seed, "words", n)):
            for text, answer in lesson.asked:
                yield text
                yield answer
