"""GenEval: short prompts about objects, counts, colors and places, checked by a detector.

The set `built-in` asks in the same format about the small world of drawn shapes.
"""

from collections.abc import Sequence
from hashlib import sha256

from uig_cli.benchmarks.built_in import BUILT_IN, NOTE
from uig_cli.benchmarks.geneval import built_in
from uig_cli.benchmarks.geneval.cases import (
    REWRITTEN,
    cases_of,
    colored_classes,
    read_rewritten,
)
from uig_cli.benchmarks.geneval.prompts import TAGS, as_lines, generate
from uig_cli.benchmarks.geneval.rules import ColorUnknown, options_of, spoken, verdict
from uig_cli.benchmarks.protocol import Check, Data, Found, Source
from uig_cli.cases import Case
from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Failure
from uig_cli.scoring.protocol import ANSWERED, Detections, Kind
from uig_cli.stats.stratified import Line, Tally, nested_means

FULL = "full"
RIGHT, WRONG = "right", "wrong"


class GenEval:
    """The benchmark behind `uig eval geneval`: one line a picture, right or wrong."""

    name = "geneval"
    version = "1"
    needs: tuple[Kind, ...] = ("detections",)
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

    def wanted(self, case: Case, kind: Kind) -> tuple[str, ...]:
        """Detections: the classes whose colors matter."""
        return (",".join(colored_classes(case.facts)),) if kind == "detections" else ()

    def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
        """The verdict of the rules, with the official settings but for those that came with what
        was seen; raw holds its reason."""
        question, (seen,) = spoken(case.facts), found["detections"]
        if isinstance(seen, Failure):
            return (Check.of(question, RIGHT, seen),)
        assert isinstance(seen, Detections)
        try:
            told = verdict(case.facts, seen.boxes, seen.colors, options_of(seen.rules))
        except ColorUnknown as error:
            return (Check(question, RIGHT, None, f"color: {error}"),)
        answer = RIGHT if told.correct else WRONG
        return (Check(question, RIGHT, answer, ANSWERED, told.reason),)

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        """Per tag the share of right pictures, overall the plain mean of the tags."""
        return nested_means(tallies, {tag: [tag] for tag in TAGS}, dimension_level="tag")


benchmark = GenEval()
