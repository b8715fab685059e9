"""Equal failures in a row: what fails every time is not the prompts' fault, so the run stops."""

from uig_cli.errors import RunStopped
from uig_cli.models.protocol import NUMBERS, Failure

EQUAL_FAILURES = 10


class RepeatedFailure:
    """Fed every outcome; raises RunStopped at the tenth equal failure in a row.

    A prompt's own fault (kind "prompt") neither counts nor breaks a repeated. Numbers that are none
    are one fault, at whichever step each of them was found.
    """

    def __init__(self, doing: str) -> None:
        self._doing = doing
        self._last: Failure | None = None
        self._count = 0

    def add(self, outcome: object) -> None:
        if not isinstance(outcome, Failure):
            self._last, self._count = None, 0
            return
        if outcome.kind == "prompt":
            return
        self._count = self._count + 1 if self._equals_last(outcome) else 1
        self._last = outcome
        if self._count >= EQUAL_FAILURES:
            raise RunStopped(
                f"{self._doing} stopped after {self._count} equal failures in a row "
                f"({outcome.kind}: {outcome.reason}); mend the cause and give the same command "
                "again to go on."
            )

    def _equals_last(self, failure: Failure) -> bool:
        if failure.kind == NUMBERS and self._last is not None:
            return self._last.kind == NUMBERS
        return failure == self._last
