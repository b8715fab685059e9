"""GenEval: short prompts about objects, counts, colors and places, checked by a detector.

The set `built-in` asks in the same format about the small world of drawn shapes.
"""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from uig_cli.benchmarks.built_in import BUILT_IN, NOTE
from uig_cli.benchmarks.geneval import built_in
from uig_cli.benchmarks.geneval.cases import REWRITTEN, cases_of, read_rewritten
from uig_cli.benchmarks.geneval.prompts import TAGS, as_lines, generate
from uig_cli.benchmarks.geneval.rules import ColorUnknown, options_of, spoken, verdict
from uig_cli.benchmarks.protocol import Data, Evidence, Judged, Source
from uig_cli.cases import Case
from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Failure
from uig_cli.scoring.detection import Detections
from uig_cli.scoring.judging import ANSWERED
from uig_cli.stats.stratified import Line, Tally, nested_means

FULL = "full"
RIGHT, WRONG = "right", "wrong"


class GenEval:
    """The benchmark behind `uig eval geneval`: one line of evidence a picture, right or wrong."""

    name = "geneval"
    version = "1"
    evidence: Evidence = "detections"
    splits: tuple[str, ...] = ()
    sets: tuple[str, ...] = (FULL, BUILT_IN)
    samples = 4

    def open(self, source: Source) -> Data:
        """The generated prompts, or those of source.prompts_file. prompts_hash is the SHA-256 of
        the prompts in the official file format; for the full set, of the official file."""
        set_name = source.set or FULL
        if set_name not in self.sets:
            raise unknown("GenEval set", set_name, self.sets)
        if source.split is not None:
            raise UigError(f'got split "{source.split}", but GenEval has none; leave --split out.')
        if source.data is not None:
            raise UigError(
                f"got the data folder {source.data}, but GenEval's prompts are generated; leave "
                "--data out, or give rewritten prompts with --prompts-file FILE."
            )
        rewritten = source.prompts_file
        generated = generate() if set_name == FULL else built_in.generate()
        prompts = read_rewritten(rewritten, generated) if rewritten else generated
        kind = (
            "rewritten prompts, not comparable with the official ones" if rewritten else "prompts"
        )
        things = "" if set_name == FULL else " about drawn shapes"
        return Data(
            cases=cases_of(prompts, REWRITTEN if rewritten else ""),
            set=set_name,
            prompts_hash=sha256(as_lines(prompts).encode()).hexdigest(),
            warnings=(),
            card=f"GenEval, {len(prompts)} {kind}{things}, official rules over a detector's boxes",
            notes=() if set_name == FULL else (NOTE,),
        )

    def judged(self, case: Case, evidence: Any) -> tuple[Judged, ...]:
        """The verdict of the rules, with the official settings but for `evidence.rules`; raw holds
        its reason."""
        question = spoken(case.facts)
        if isinstance(evidence, Failure):
            return (Judged(question, RIGHT, None, f"{evidence.kind}: {evidence.reason}"),)
        assert isinstance(evidence, Detections)
        try:
            options = options_of(evidence.rules)
            found = verdict(case.facts, evidence.boxes, evidence.colors, options)
        except ColorUnknown as error:
            return (Judged(question, RIGHT, None, f"color: {error}"),)
        answer = RIGHT if found.correct else WRONG
        return (Judged(question, RIGHT, answer, ANSWERED, found.reason),)

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        """Per tag the share of right pictures, overall the plain mean of the tags."""
        return nested_means(tallies, {tag: [tag] for tag in TAGS}, dimension_level="tag")


benchmark = GenEval()
