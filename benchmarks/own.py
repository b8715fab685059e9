"""A user's own prompts as a benchmark: cases to draw, nothing to score them by.

A prompt's id is made of its hash and its occurrence, so that a list may grow, shrink or change
order between sessions and a prompt keeps its noise.
"""

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.protocol import Benchmark, Check, Data, Found, Source
from uig_cli.cases import Case
from uig_cli.errors import UigError
from uig_cli.stats.stratified import Line, Tally


class OwnPrompts(Benchmark):
    card = Card(
        "prompts", "your own prompts", needs=(), takes={"prompts_file": "one prompt a line"}
    )

    def open(self, source: Source) -> Data:
        """source.prompts_file: UTF-8 text, one prompt a line."""
        if source.prompts_file is None:
            raise UigError("no prompts given; give --prompt TEXT or --prompts FILE.")
        return self.of(lines_of(str(source.prompts_file)), {})

    def of(self, prompts: Sequence[str], facts: Mapping[str, Any]) -> Data:
        """facts: the "picture" (hash) and "size" that they start from, where there is one."""
        return Data(tuple(_cases(prompts, facts)), "", "", (), self.card.summary)

    def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
        return ()

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        return []


def _cases(prompts: Sequence[str], facts: Mapping[str, Any]) -> Iterator[Case]:
    picture = facts.get("picture")
    seen: Counter[str] = Counter()
    for prompt in prompts:
        text = f"{prompt}\0{picture}" if picture else prompt
        short = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        yield Case(
            id=f"prompt/{short}-{seen[short]}",
            prompt=prompt,
            facts=facts,
            problem=None if prompt.strip() else "the prompt is empty",
        )
        seen[short] += 1


def lines_of(file: str) -> list[str]:
    """The prompts of a file ("-": standard input), each stripped of its outer white space.

    An empty line between others is an empty prompt: it is recorded as one that cannot be drawn.
    """
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).expanduser().read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise UigError(
            f"cannot read the prompts file {file} ({error.strerror}); give a text file with one "
            "prompt a line."
        ) from error
    except UnicodeDecodeError as error:
        raise UigError(
            f"the prompts file {file} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from error
    prompts = [line.strip() for line in text.rstrip().split("\n")]
    if prompts == [""]:
        raise UigError(f"the prompts file {file} has no prompts; write one prompt a line.")
    return prompts


benchmark = OwnPrompts()
