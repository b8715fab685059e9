"""The oracle examiner: it knows what every prompt of a built-in set says, and reads pictures
exactly.

A loop that it examines for is limited by its editor alone. So what is reached with it is a ceiling,
and tells "the examiner was wrong" from "the editor was wrong"; it is no result, and every table of
such a run says so.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random

from uig_cli.models.protocol import (
    Capabilities,
    Failure,
    Look,
    Reply,
    Request,
    Said,
    Sampler,
)
from uig_cli.scoring.drawn_shapes import READER, read_shapes
from uig_cli.scoring.judges.strict import CHECKS
from uig_cli.shapes.check import errors, with_blobs
from uig_cli.shapes.instructions import Usual, instruct
from uig_cli.shapes.spec import Spec

NAME = "oracle"
NOTE = (
    "an examiner that knows what was asked for and reads pictures exactly: what is reached with it "
    "is a ceiling, no result"
)
CONTENT = "MATCH: nothing is wrong."
_SETTINGS: Sampler = {"max_text_tokens": 1000, "temperature": 0.0, "stop_repetition": 0}
"""What examiners are set by; it says a sentence, whatever they are."""


class OracleExaminer:
    """Looks, and does nothing else. specs: what each prompt says."""

    def __init__(self, specs: Mapping[str, Spec]) -> None:
        self._specs = specs
        ways = sorted(map(re.escape, specs), key=len, reverse=True)
        self._prompt = re.compile("|".join(ways))

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            roles=frozenset({"look"}),
            sampler={"look": _SETTINGS},
            note=NOTE,
            unsaid=frozenset({"stop_repetition"}),
        )

    @property
    def identity(self) -> Mapping[str, str]:
        return {"kind": NAME, "reader": READER, "checks": CHECKS}

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, request in enumerate(requests):
            yield index, self._looked_at(request)

    def _looked_at(self, request: Request) -> Reply:
        assert isinstance(request, Look), "its capabilities have one role"
        asked = self._prompt.search(request.text)
        if asked is None or len(request.pictures) != 1:
            return Failure("prompt", "the oracle is asked about a prompt that it does not know")
        reading = read_shapes(request.pictures[0])
        if isinstance(reading, Failure):
            return reading
        objects = with_blobs(reading)
        wrong = errors(self._specs[asked.group()], objects, Random(0))
        # The first error in the order of the prompt, put as the built-in model was taught to.
        told = instruct(wrong[0].edit, objects, Usual()) if wrong else ""
        return Said(f"EDIT_NEEDED: {told}" if wrong else CONTENT)
