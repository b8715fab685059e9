"""The generated prompts are the published ones, byte for byte."""

from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from uig_cli.benchmarks.geneval.card import TAGS
from uig_cli.benchmarks.geneval.prompts import PUBLISHED_SHA256, as_lines, generate
from uig_cli.scoring.detectors.objects import object_names

SHARED = Path(__file__).parents[4] / "shared" / "data" / "geneval" / "evaluation_metadata.jsonl"


def test_published_hash() -> None:
    assert sha256(as_lines(generate()).encode()).hexdigest() == PUBLISHED_SHA256


@pytest.mark.skipif(not SHARED.exists(), reason="needs the shared GenEval data")
def test_published_bytes() -> None:
    assert as_lines(generate()).encode() == SHARED.read_bytes()


def test_tags_in_order() -> None:
    tags = Counter(metadata["tag"] for metadata in generate())
    assert list(tags.items()) == list(zip(TAGS, (80, 99, 80, 94, 100, 100), strict=True))


def test_person_is_never_colored() -> None:
    clauses = [clause for metadata in generate() for clause in metadata["include"]]
    assert {c["class"] for c in clauses} == set(object_names())
    assert "person" not in {c["class"] for c in clauses if "color" in c}


def test_words() -> None:
    prompts = {metadata["prompt"] for metadata in generate()}
    assert {"a photo of a bench", "a photo of an apple", "a photo of three benchs"} <= prompts
