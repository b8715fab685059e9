"""A scorer's finding, whoever wrote the scorer: of the words and numbers that findings are made of.

An answer that is no "yes" and no "no" would be a wrong one, a confidence in percent always enough.
"""

from collections.abc import Iterator
from math import isfinite
from numbers import Real

from uig_cli.models.protocol import Failure
from uig_cli.scoring.findings import ANSWERED, Answer, Finding, Transcript

ROUNDING = 1e-6
"""By how much a share may exceed 1 before it is none."""


def finding_failure(found: Finding) -> Failure | None:
    """Why nothing can be made of a finding; None where something can."""
    wrong = next(_wrong(found), None)
    return None if wrong is None else Failure("protocol", wrong)


def _wrong(found: Finding) -> Iterator[str]:
    if isinstance(found, Answer):
        if found.answer not in ("yes", "no", None) or isinstance(found.answer, bool):
            yield f'got {found.answer!r:.60} as an answer, expected "yes", "no" or None'
        if found.answer is None and found.status == ANSWERED:
            yield "got no answer, expected a status that says why"
        if found.yes is not None and not _share(found.yes):
            yield f"got {found.yes!r:.60} as how likely yes is, expected 0 to 1"
    elif isinstance(found, Transcript):
        for line in found.lines:
            if not isinstance(line.text, str):
                yield f"got {type(line.text).__name__} as a line of text"
            if not _share(line.confidence):
                yield f"got {line.confidence!r:.60} as the confidence of a line, expected 0 to 1"


def _share(value: object) -> bool:
    return isinstance(value, Real) and isfinite(value) and -ROUNDING <= float(value) <= 1 + ROUNDING
