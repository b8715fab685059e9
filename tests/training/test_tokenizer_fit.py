"""The tokenizer: whole words of the world, any other text as well, the same each time."""

import pytest

from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.shapes.scene import COLORS, SHAPES, TEXTURES
from uig_cli.templates import ours
from uig_cli.training.recipe import SMOKE_PLAN
from uig_cli.training.tokenizer_fit import write_tokenizer

SIZE = SMOKE_PLAN.sizes["llm_config.json"]["vocab_size"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("words")
    write_tokenizer(made, SIZE, seed=0)
    return made


def test_words_of_the_world_are_one_token(folder):
    tokenizer = TextTokenizer(folder)
    assert tokenizer.n_tokens == SIZE
    for word in (*SHAPES, *COLORS, *TEXTURES, "two", "left", "circles"):
        assert len(tokenizer.encode(f" {word}")) == 1, word
    assert len(tokenizer.encode("yes")) == len(tokenizer.encode("no")) == 1


def test_what_stands_between_the_fields_of_templates_is_one_token(folder):
    tokenizer = TextTokenizer(folder)
    assert len(tokenizer.encode(ours("think-look").fill())) == 1
    filled = ours("judge").fill(question="Is there a red circle?")
    before, after = ours("judge").pieces()
    ids = tokenizer.encode(filled)
    assert (tokenizer.decode(ids[:1]), tokenizer.decode(ids[-1:])) == (before, after)
    assert ids[1:-1] == tokenizer.encode("Is there a red circle?")


def test_any_text_survives(folder):
    tokenizer = TextTokenizer(folder)
    for text in ("Ein rotes Quadrat, größer als 3 Äpfel", "猫がソファに", "<|im_end|>", "\n\t ok"):
        assert tokenizer.decode(tokenizer.encode(text)) == text
        assert tokenizer.end not in tokenizer.encode(text)


def test_equal_seeds_give_equal_files(folder, tmp_path):
    write_tokenizer(tmp_path, SIZE, seed=0)
    for file in folder.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes()
