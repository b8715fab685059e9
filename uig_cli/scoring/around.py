"""A scorer around another: it is asked, prepared and believed as that one is."""

from collections.abc import Sequence

from uig_cli.scoring.protocol import (
    Answer,
    Kind,
    Paid,
    Prepared,
    Reply,
    Scorer,
    Speaking,
)


class Around:
    """Passes on what a scorer may offer beside asking, and does nothing where it offers none."""

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self.name = scorer.name

    @property
    def kind(self) -> Kind:
        return self._scorer.kind

    @property
    def batch(self) -> int | None:
        return self._scorer.batch

    def prepare(self) -> None:
        if isinstance(self._scorer, Prepared):
            self._scorer.prepare()

    def proven(self) -> None:
        if isinstance(self._scorer, Paid):
            self._scorer.proven()

    def unreadable(self, reply: Reply) -> str | None:
        return self._scorer.unreadable(reply) if isinstance(self._scorer, Paid) else None

    def read_again(self, kept: Sequence[tuple[str, Answer]]) -> Sequence[Answer | None]:
        if isinstance(self._scorer, Speaking):
            return self._scorer.read_again(kept)
        return [None] * len(kept)
