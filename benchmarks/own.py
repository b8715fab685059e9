"""A user's own prompts as a benchmark: cases to draw, nothing to score them by.

A prompt's id is made of its hash and its occurrence, so that a list may grow, shrink or change
order between sessions and a prompt keeps its noise.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any

from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.prompt_files import read_prompt_list
from uig_cli.benchmarks.protocol import Benchmark, Check, Data, Found, Source
from uig_cli.cases import Case
from uig_cli.errors import UigError
from uig_cli.stats.stratified import Line, Tally


class OwnPrompts(Benchmark):
    card = Card(
        "prompts",
        "your own prompts",
        needs=(),
        takes={"prompts_file": "one prompt a line, or JSON, CSV or TSV with a field prompt"},
    )

    def open(self, source: Source) -> Data:
        """source.prompts_file: as `prompt_files` reads it."""
        if source.prompts_file is None:
            raise UigError("no prompts given; give --prompt TEXT or --prompts FILE.")
        found = read_prompt_list(str(source.prompts_file))
        return self.of(found.prompts, {}, found.notes)

    def of(
        self, prompts: Sequence[str], facts: Mapping[str, Any], warnings: Sequence[str] = ()
    ) -> Data:
        """facts: the "picture" (hash) and "size" that they start from, where there is one."""
        return Data(tuple(_cases(prompts, facts)), "", "", tuple(warnings), self.card.summary)

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


benchmark = OwnPrompts()
