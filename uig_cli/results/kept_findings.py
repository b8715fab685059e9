"""Who has scored a run: the scorers whose findings are kept in its folder, and what they give.

A benchmark may need several kinds of findings. Then each scorer of one kind stands with each of the
others, under both their names, and what one of them has not looked at yet is missing. Whole
verdicts from elsewhere stand by themselves, in the place of all that is needed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.built_in import NOTHING_WRONG
from uig_cli.benchmarks.plugin_checks import several_of
from uig_cli.benchmarks.protocol import Benchmark, Check, Found
from uig_cli.cases import Case
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.runs.records import CODECS, Recorded, Records, home_of, kept_by
from uig_cli.runs.thresholds import identity_of, thresholds_of
from uig_cli.scoring.protocol import Detections, Kind

AND = " + "
"""Between the names of scorers of different kinds."""
VERDICTS = "-verdicts"
"""Behind the name of whoever gave whole verdicts, where a scorer has that name."""


@dataclass(frozen=True, slots=True)
class KeptFindings:
    """What one scorer has found. rules: settings by which it is judged, not the benchmark's own."""

    name: str
    kind: Kind
    records: Records
    rules: Mapping[str, float]

    def found(self, picture: str, wanted: str) -> Recorded:
        found = self.records.found(picture, wanted)
        if self.rules and isinstance(found, Detections):
            return replace(found, rules=self.rules)
        return found


@dataclass(frozen=True, slots=True)
class RunScorer:
    """A scorer of each kind that the benchmark needs. name: what tables call them."""

    name: str
    benchmark: Benchmark
    kept: Mapping[Kind, KeptFindings]
    _numbers: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def _judged(self, case: Case, found: Found) -> tuple[Check, ...]:
        lines = self.benchmark.judged(case, found)
        return tuple(several_of(Check, lines, self.benchmark, "judged"))

    def checks(
        self, case: Case, picture: Picture | None, lost: Failure | None
    ) -> tuple[Check, ...]:
        """The lines that make a picture's score. lost: why there is none. Raises UigError where
        they are not as many as of a picture that is missing: what has no line is missed by nobody,
        and would raise the score."""
        if "faults" in self.kept:
            return self._strict(case, picture, lost)
        lines = self._judged(case, self.found(case, picture, lost))
        if case.id not in self._numbers:
            self._numbers[case.id] = len(self._judged(case, self.found(case, None, None)))
        asked = any(self.benchmark.wanted(case, kind) for kind in self.benchmark.needs)
        if len(lines) != self._numbers[case.id] or (asked and not lines):
            raise UigError(
                f"the benchmark {self.benchmark.name} makes {len(lines)} lines of a picture of "
                f"{case.id}, and {self._numbers[case.id]} where all is missing; expected as many "
                "for each picture, at least one where something is wanted of it "
                "(docs/adding-a-benchmark.md)."
            )
        return lines

    def _strict(
        self, case: Case, picture: Picture | None, lost: Failure | None
    ) -> tuple[Check, ...]:
        """One line: whether nothing is wrong with the picture by the prompt's own specification."""
        missing = lost or Failure("missing", "no picture")
        kept = self.kept["faults"]
        return tuple(
            Check.of(NOTHING_WRONG, "1", kept.found(picture.sha256, text) if picture else missing)
            for text in self.benchmark.wanted(case, "faults")
        )

    def found(
        self, case: Case, picture: Picture | None, lost: Failure | None
    ) -> dict[Kind, tuple[Recorded, ...]]:
        """What is known of a picture, for everything that is wanted of it."""
        found: dict[Kind, tuple[Recorded, ...]] = {}
        verdicts = takes_verdicts(self.benchmark) and "answers" in self.kept
        text = self.benchmark.verdict_text(case) if verdicts else None
        for kind in ("answers",) if verdicts else self.benchmark.needs:
            wanted = (text,) if text is not None else self.benchmark.wanted(case, kind)
            if picture is None:
                found[kind] = (lost or Failure("missing", "no picture"),) * len(wanted)
            elif kind in self.kept:
                found[kind] = tuple(self.kept[kind].found(picture.sha256, text) for text in wanted)
            else:
                found[kind] = (CODECS[kind].nothing,) * len(wanted)
        return found


def kept_findings(root: Path, kind: Kind) -> list[KeptFindings]:
    """Of all scorers of a kind that have looked at the run in `root`."""
    found = []
    for folder in kept_by(root, kind):
        lines, rules = thresholds_of(folder)
        found.append(KeptFindings(folder.name, kind, Records(lines, kind), rules))
    return found


def run_scorers(root: Path, benchmark: Benchmark) -> list[RunScorer]:
    kept = {
        kind: {one.name: one for one in kept_findings(root, kind)} for kind in _kinds(benchmark)
    }
    return [
        RunScorer(name, benchmark, {kind: kept[kind][one] for kind, one in who.items()})
        for name, who in _scoring(root, benchmark).items()
    ]


def scorer_names(root: Path, benchmark: Benchmark, among: Sequence[Path]) -> tuple[str, ...]:
    """What tables call the scorers whose folders are in `among`, and those beside whom they
    stand."""
    meant = {(path.parent, path.name) for path in among}
    return tuple(
        name
        for name, who in _scoring(root, benchmark).items()
        if any((home_of(root, kind), one) in meant for kind, one in who.items())
    )


def scorer_identities(root: Path, benchmark: Benchmark) -> dict[str, dict[str, Any]]:
    """What the findings of each depend on, by name. UigError where that cannot be read."""
    found: dict[str, dict[str, Any]] = {}
    for name, who in _scoring(root, benchmark).items():
        each = {kind: identity_of(home_of(root, kind) / one) for kind, one in who.items()}
        found[name] = (
            next(iter(each.values()))
            if len(each) == 1
            else {f"{kind} {key}": text for kind, of in each.items() for key, text in of.items()}
        )
    return found


def takes_verdicts(benchmark: Benchmark) -> bool:
    """Whether somebody else's whole verdict on a picture may stand for what it needs."""
    return "judgements" in benchmark.card.takes and "answers" not in benchmark.needs


def _kinds(benchmark: Benchmark) -> tuple[Kind, ...]:
    verdicts: tuple[Kind, ...] = ("answers",) if takes_verdicts(benchmark) else ()
    return (*benchmark.needs, *verdicts, "faults")


def _scoring(root: Path, benchmark: Benchmark) -> dict[str, dict[Kind, str]]:
    """Names for tables -> whose findings of each kind make a score."""
    kept = {kind: [path.name for path in kept_by(root, kind)] for kind in _kinds(benchmark)}
    verdicts = kept.pop("answers") if takes_verdicts(benchmark) else []
    strict = kept.pop("faults")
    found = _together(kept)
    found |= {name: {"faults": name} for name in strict if name not in found}
    for name in verdicts:
        found[f"{name}{VERDICTS}" if name in found else name] = {"answers": name}
    return found


def _together(names: Mapping[Kind, Sequence[str]]) -> dict[str, dict[Kind, str]]:
    """Names for tables -> whose findings of each kind. A kind that nobody has looked for is left
    open."""
    present = {kind: each for kind, each in names.items() if each}
    if not present:
        return {}
    return {
        AND.join(who): dict(zip(present, who, strict=True)) for who in product(*present.values())
    }
