"""What check-model asks for: the same bytes in every batch, or as near as a model promises."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.models_for_tests import Quick
from uig_cli.models.conformance import findings
from uig_cli.models.protocol import Draw, Drawn, Picture, Reply, Request, Said

LEVELS = 3


class Rounds(Quick):
    """As a GPU does: what is answered together comes out a little different."""

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, reply in super().run(requests):
            if len(requests) > 1 and isinstance(requests[index], Draw):
                assert isinstance(reply, Drawn)
                darker = reply.picture.image.point(lambda level: max(level - LEVELS, 0))
                reply = replace(reply, picture=Picture.of(darker))
            elif len(requests) > 1 and isinstance(reply, Said):
                reply = replace(reply, text=f"{reply.text}, together")
            yield index, reply


def seen(tolerance: float) -> list[str]:
    """What the checks of batches object to: in pictures, in answers."""
    model = Rounds()
    model.capabilities = replace(Quick.capabilities, tolerance=tolerance)
    return [finding.seen for finding in findings(model) if finding.check.startswith("batches")]


def test_batches_may_change_what_a_model_says_they_may() -> None:
    pictures, answers = seen(tolerance=0)
    assert "expected the same bytes" in pictures and "differ from those alone" in answers
    pictures, answers = seen(tolerance=LEVELS / 2)
    assert "expected less than 1.5" in pictures and not answers
    assert seen(tolerance=2 * LEVELS) == ["", ""]


class Leaves(Quick):
    """Ends the process instead of answering."""

    def answer(self, request: Request) -> Reply:
        raise SystemExit("bye")


def test_a_model_that_ends_the_process_breaks_checks_and_ends_none() -> None:
    found = list(findings(Leaves()))
    assert len(found) > 5
    assert {one.seen for one in found if one.check.startswith("draw")} == {"SystemExit: bye"}
