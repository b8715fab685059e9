"""Hostile texts for every reader of texts and files, and the time that 200 kB of each kind take.

A reader may refuse what it is given in a sentence, as a `UigError`; the one of JSON raises
ValueError, which those who call it make a sentence of. Anything else that is raised, and more than
a few seconds, is a fault.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from uig_cli.benchmarks.geneval.stored import read_detections
from uig_cli.benchmarks.prompt_files import read_prompt_list
from uig_cli.benchmarks.tiif.lines import parse_prompts, parse_questions
from uig_cli.config_file import _settings
from uig_cli.errors import UigError
from uig_cli.loop.verdict import VERDICT_PARSERS, strip_thoughts
from uig_cli.models.bagel.config import read_json as read_settings
from uig_cli.models.safetensors_headers import read_header
from uig_cli.plain_json import read_json
from uig_cli.results.reference import read_reference
from uig_cli.runs.jsonl import read_lines
from uig_cli.runs.thresholds import identity_of
from uig_cli.scoring.parsing import PARSERS

Reader = Callable[[str], object]

QUESTIONS = ("Is there a cat?", "Is the cat red?")
LARGE, LONGEST = 200_000, 3.0
"""Characters, and the seconds of work that they may take."""
PIECES = (
    "\n", "\r\n", "\r", " ", "\t", "\0", "\ufeff", "\u2028", "\ud800", "é", "是", "\U0001f600",
    "<think>", "</think>", "<answer>", "</answer>", "*", "**", "_", "`", "```", "```json\n", "-",
    "- ", ">", "\n>", "#", "1", "1.", "1. ", "12) ", "yes", "no", "Yes", "NO", "yes\n", "no, ",
    "Answer: ", "MATCH:", "EDIT_NEEDED:", "match", "edit needed", "verdict: ", "final ",
    "Is there a cat?", "Is the cat red? ", "cat", "[", "]", "{", "}", '"', "'", ":", ",", '{"a":',
    '{"answer": "yes"}', "[1,", "1e999", "NaN", "-", "9" * 40, "null", "true", "\\", "\\boxed{",
    "\\u0000", "&a ", "*a ", "!!python/object:", "seed: 1\n", "limit: [1, 2]\n", "%", "(", ")",
    "|", "prompt", "prompt,id\n", '"prompt"\n', "{}\n", '{"prompt": "a"}\n', "a" * 50,
)  # fmt: skip


def trials(count: int, seed: int) -> Iterator[str]:
    """count: texts for each reader; behind them each piece, 200 kB of it."""
    with tempfile.TemporaryDirectory() as place:
        for name, reader in _readers(Path(place)).items():
            rng = random.Random(f"{seed}/{name}")
            for _ in range(count):
                text = "".join(rng.choices(PIECES, k=rng.choice((1, 3, 10, 40))))
                yield _given(name, reader, text)
            for piece in PIECES:
                start = time.process_time()
                trouble = _given(name, reader, piece * (LARGE // len(piece)))
                seconds = time.process_time() - start
                slow = f"{name}: {seconds:.1f} s for 200 kB of {piece!r}"
                yield trouble or (slow if seconds > LONGEST else "")


def _given(name: str, reader: Reader, text: str) -> str:
    try:
        reader(text)
    except UigError:
        return ""
    except Exception as error:
        return f"{name}: {type(error).__name__}: {str(error)[:80]} for {text[:80]!r}"
    return ""


def _readers(place: Path) -> Mapping[str, Reader]:
    """Every reader of a text, and of a file that is written for it first."""
    texts: dict[str, Reader] = {"thoughts": strip_thoughts, "json": _json}
    texts |= {f"verdict {name}": parser for name, parser in VERDICT_PARSERS.items()}
    for name, parser in PARSERS.items():
        texts[f"judge {name}"] = lambda text, parser=parser: parser(text, QUESTIONS)  # type: ignore[misc]
    lines = Path("lines.txt")
    texts["tiif prompts"] = lambda text: parse_prompts(text, lines, "negation")
    texts["tiif questions"] = lambda text: parse_questions(text, lines, "negation")
    files: dict[str, Callable[[Path], object]] = {
        "prompt lists": lambda path: read_prompt_list(str(path)),
        "config files": _settings,
        "settings of checkpoints": read_settings,
        "headers of weights": read_header,
        "lines of a run": lambda path: list(read_lines(path)),
        "references": read_reference,
        "detections": lambda path: read_detections(path, (), ("cat",), None),
        "identities": lambda path: identity_of(path.parent),
    }
    return texts | {name: _on_disk(place, name, reader) for name, reader in files.items()}


def _json(text: str) -> object:
    try:
        return read_json(text)
    except ValueError as error:
        return str(error)


def _on_disk(place: Path, name: str, reader: Callable[[Path], object]) -> Reader:
    path = place / ("identity.json" if name == "identities" else name.replace(" ", "-"))

    def read(text: str) -> object:
        content = text.encode("utf-8", "surrogatepass")
        if name == "headers of weights":
            content = len(content).to_bytes(8, "little") + content
        path.write_bytes(content)
        return reader(path)

    return read
