"""What a scorer has said so far, while it is still at it: the mean over the pictures that are
scored in full, by method and step. It is no result: groups are not weighed, and pictures come in
the order of their cases."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from uig_cli.cases import Case
from uig_cli.models.protocol import Picture
from uig_cli.results.kept_findings import KeptFindings, RunScorer
from uig_cli.results.run import RunReader
from uig_cli.runs.records import Records
from uig_cli.scoring.findings import Answer
from uig_cli.scoring.protocol import Asked, Kind, Reply

Standing = tuple[Case, Picture, str, int]
"""Where a picture stands: of which case, by which method, at which step."""


@dataclass(slots=True)
class ScoreSoFar:
    """Of one scorer. Nothing is worked out before somebody wants to see it."""

    run: RunReader
    kind: Kind
    records: Records
    name: str
    replies: int = 0
    read: int = 0
    written: int = 0
    _open: dict[str, list[Standing]] | None = None
    _sums: dict[tuple[str, int], list[float]] = field(default_factory=dict)
    _cases: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _scorer: RunScorer | None = None

    def heard(self, item: Asked, reply: Reply) -> None:
        """Counts in a reply, and what it took."""
        for one in reply if isinstance(reply, tuple) else ():
            if isinstance(one, Answer) and one.usage is not None:
                self.replies += 1
                self.read += one.usage[0]
                self.written += one.usage[1]
        if self._open is not None:
            self._count(item.picture.sha256)

    def lines(self) -> Iterator[str]:
        """A line a method: its means from step to step, and of how many cases; and what asking
        took, where that is told."""
        if self._alone and self._open is None:
            self._begin()
        for method in dict.fromkeys(method for method, _ in self._sums):
            steps = sorted(step for name, step in self._sums if name == method)
            sums = [self._sums[method, step] for step in steps]
            told = " → ".join(f"{100 * total / count:.1f}" for total, count in sums)
            yield f"{method} so far: {told}, {len(self._cases[method]):,} cases"
        if self.replies:
            yield f"{self.replies:,} replies, {self.read:,} tokens read, {self.written:,} written"

    @property
    def _alone(self) -> bool:
        """Whether scores need nothing but what this scorer says."""
        return self.kind == "faults" or tuple(self.run.benchmark.needs) == (self.kind,)

    def _begin(self) -> None:
        kept = KeptFindings(self.name, self.kind, self.records, {})
        self._scorer = RunScorer(self.name, self.run.benchmark, {self.kind: kept})
        self._open = defaultdict(list)
        for drawn in self.run.drawn():
            for step in drawn.steps:
                if step.picture is not None:
                    place = (drawn.case, step.picture, drawn.method, step.number)
                    self._open[step.picture.sha256].append(place)
        for sha256 in list(self._open):
            self._count(sha256)

    def _count(self, sha256: str) -> None:
        """Where a picture is scored in full, it counts; elsewhere it stays open."""
        assert self._open is not None and self._scorer is not None
        left = []
        for place in self._open.pop(sha256, ()):
            case, picture, method, step = place
            values = [line.value for line in self._scorer.checks(case, picture, None)]
            known = [value for value in values if value is not None]
            if not values or len(known) < len(values):
                left.append(place)
                continue
            total = self._sums.setdefault((method, step), [0.0, 0])
            total[0] += sum(known) / len(known)
            total[1] += 1
            self._cases[method].add(case.id)
        if left:
            self._open[sha256] = left
