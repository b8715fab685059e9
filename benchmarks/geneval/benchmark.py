"""GenEval: short prompts about objects, counts, colors and places, checked by a detector.

The sets `built-in` and `built-in-hard` ask in the same format about a small world of drawn shapes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict

from uig_cli.benchmarks.card import Given
from uig_cli.benchmarks.geneval.card import CARD, TAGS, RuleOptions
from uig_cli.benchmarks.geneval.cases import colored_classes, open_data
from uig_cli.benchmarks.geneval.hard import FAMILIES
from uig_cli.benchmarks.geneval.layout import GenEvalLayout
from uig_cli.benchmarks.geneval.plausible import flaw_of, vocabulary, vocabulary_of
from uig_cli.benchmarks.geneval.published import GenEvalPublished
from uig_cli.benchmarks.geneval.rules import OFFICIAL, ColorUnknown, options_of, spoken, verdict
from uig_cli.benchmarks.geneval.specification import is_about_shapes, spec_of
from uig_cli.benchmarks.protocol import Benchmark, Check, Data, Found, Source
from uig_cli.cases import Case
from uig_cli.models.protocol import Failure, Picture
from uig_cli.scoring.findings import ANSWERED, Answer, Detections, Finding
from uig_cli.scoring.kinds import Kind
from uig_cli.shapes.spec_text import text_of
from uig_cli.stats.stratified import Line, Tally, nested_means

RIGHT, WRONG = "right", "wrong"


class GenEval(Benchmark):
    """The benchmark behind `uig eval geneval`: one line a picture, right or wrong."""

    card = CARD
    layout = GenEvalLayout()
    published = GenEvalPublished()

    def open(self, source: Source) -> Data:
        return open_data(source)

    def wanted(self, case: Case, kind: Kind) -> tuple[str, ...]:
        """Detections: the classes whose colors matter; faults: all that a prompt about shapes
        says."""
        if kind == "faults":
            return (text_of(spec_of(case.facts)),) if is_about_shapes(case.facts) else ()
        return (",".join(colored_classes(case.facts)),) if kind == "detections" else ()

    def check_case(self, case: Case) -> None:
        """As the rules read it, over a picture of nothing."""
        super().check_case(case)
        verdict(case.facts, {}, {})
        spoken(case.facts)

    def flaw(self, found: Finding, picture: Picture, set_name: str) -> Failure | None:
        if not isinstance(found, Detections):
            return None
        size = picture.size if any(picture.size) else None
        return flaw_of(found, vocabulary(set_name), size)

    def verdict_text(self, case: Case) -> str:
        """All that is asked for, in one line."""
        return spoken(case.facts)

    def judged(self, case: Case, found: Found) -> tuple[Check, ...]:
        """The verdict of the rules, with the official settings but for those that came with what
        was seen, or the one that was brought along; raw holds its reason. What nobody can have
        seen, and a version before 0.2.0 kept nevertheless, is missing."""
        question = spoken(case.facts)
        if "answers" in found:
            (said,) = found["answers"]
            return (_brought(question, said),)
        (seen,) = found["detections"]
        if isinstance(seen, Failure):
            return (Check.of(question, RIGHT, seen),)
        assert isinstance(seen, Detections)
        if flaw := flaw_of(seen, vocabulary_of(case.facts)):
            return (Check.of(question, RIGHT, flaw),)
        try:
            told = verdict(case.facts, seen.boxes, seen.colors, options_of(seen.rules))
        except ColorUnknown as error:
            return (Check(question, RIGHT, None, f"color: {error}"),)
        answer = RIGHT if told.correct else WRONG
        return (Check(question, RIGHT, answer, ANSWERED, told.reason),)

    def summary(self, tallies: Sequence[Tally]) -> list[Line]:
        """Per tag the share of right pictures, overall the plain mean of the tags."""
        hard = any(tally.dimension in FAMILIES for tally in tallies)
        tags = tuple(FAMILIES) if hard else TAGS
        return nested_means(tallies, {tag: [tag] for tag in tags}, dimension_level="tag")

    def rules(self, options: Given) -> Mapping[str, float]:
        given = options.of(RuleOptions)
        return {
            name: value
            for name, official in asdict(OFFICIAL).items()
            if (value := getattr(given, name)) not in (None, official)
        }


def _brought(question: str, said: Finding | Failure) -> Check:
    if isinstance(said, Answer) and said.answer is not None:
        answer = RIGHT if said.answer == "yes" else WRONG
        return Check(question, RIGHT, answer, said.status, said.raw)
    return Check.of(question, RIGHT, said)


benchmark = GenEval()
