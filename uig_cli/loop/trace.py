"""What happened to one prompt, in order: a step per picture.

Step 0 is the first picture, step r the picture after round r. An examination belongs to the
picture it looked at. Where something failed the trace ends: later steps are missing, they are
never filled with an earlier picture as if the loop had chosen it.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass

from uig_cli.loop.verdict import Kind
from uig_cli.models.protocol import Cost, Failure, Picture, Reply, Request


@dataclass(frozen=True, slots=True)
class Step:
    """One picture and what was said of it.

    thought: what the model reasoned before it drew. examination, verdict, instruction: what it
    said about this picture, and what that asks to change. failure: why `picture` is missing, or,
    beside a picture, why its examination is. cost: drawing and examining together.
    """

    number: int
    picture: Picture | None
    cost: Cost = Cost()
    thought: str | None = None
    examination: str | None = None
    verdict: Kind | None = None
    instruction: str | None = None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """detailed_prompt: what the first picture was drawn from, where that is not the prompt.

    iterations: rounds that did not end in a match (as the published code counts them).
    complete: the loop came to its own end; False when a failure cut it short.
    """

    steps: tuple[Step, ...]
    detailed_prompt: str = ""
    iterations: int = 0
    complete: bool = True

    @property
    def final(self) -> Step:
        return self.steps[-1]


Conversation = Generator[Sequence[Request], Sequence[Reply], Trace]
"""A method at work on one prompt: yields requests, is sent their replies, returns the trace."""
