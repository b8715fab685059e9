"""GenEval: short prompts about objects, counts, colors and places, checked by a detector.

The set `built-in` asks in the same format about the small world of drawn shapes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from uig_cli.benchmarks.card import Given
from uig_cli.benchmarks.geneval.card import CARD, RuleOptions
from uig_cli.benchmarks.geneval.cases import open_data
from uig_cli.benchmarks.geneval.layout import GenEvalLayout
from uig_cli.benchmarks.geneval.prompts import TAGS
from uig_cli.benchmarks.geneval.published import GenEvalPublished
from uig_cli.benchmarks.geneval.rules import OFFICIAL, ColorUnknown, options_of, spoken, verdict
from uig_cli.benchmarks.protocol import Benchmark, Data, Evidence, Judged, Source
from uig_cli.cases import Case
from uig_cli.models.protocol import Failure
from uig_cli.scoring.detection import Detections
from uig_cli.scoring.judging import ANSWERED
from uig_cli.stats.stratified import Line, Tally, nested_means

RIGHT, WRONG = "right", "wrong"


class GenEval(Benchmark):
    """The benchmark behind `uig eval geneval`: one line of evidence a picture, right or wrong."""

    card = CARD
    evidence: Evidence = "detections"
    layout = GenEvalLayout()
    published = GenEvalPublished()

    def open(self, source: Source) -> Data:
        return open_data(source)

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

    def rules(self, options: Given) -> Mapping[str, float]:
        given = options.of(RuleOptions)
        return {
            name: value
            for name, official in asdict(OFFICIAL).items()
            if (value := getattr(given, name)) not in (None, official)
        }


benchmark = GenEval()
