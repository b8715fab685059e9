"""GenEval's official results file and the summary made from it.

A results file has one JSON object a line and a line a picture. Two pictures belong to the same
prompt if their `metadata` texts are equal. Missing pictures shrink the denominators and a missing
tag drops out of the overall score, as in the official script; the totals tell.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uig_cli.errors import UigError


@dataclass(frozen=True, slots=True)
class Result:
    """A line of a results file. prompt: what tells prompts apart (the metadata text)."""

    tag: str
    prompt: str
    correct: bool


@dataclass(frozen=True, slots=True)
class Share:
    correct: int
    total: int

    @property
    def mean(self) -> float:
        return self.correct / self.total


@dataclass(frozen=True, slots=True)
class Summary:
    """images: pictures that are right; prompts: prompts with at least one right picture (so it
    grows with the samples per prompt); tags: per tag in order of first appearance."""

    images: Share
    prompts: Share
    tags: Mapping[str, Share]

    @property
    def overall(self) -> float:
        """The plain mean of the tags that are present."""
        return sum(share.mean for share in self.tags.values()) / len(self.tags)


def summarize(results: Sequence[Result]) -> Summary:
    """The official numbers. Raises UigError without results."""
    if not results:
        raise UigError("GenEval's summary got no results, expected at least one picture.")
    tags: dict[str, list[bool]] = defaultdict(list)
    for result in results:
        tags[result.tag].append(result.correct)
    scores = case_scores(results).values()
    return Summary(
        images=Share(sum(result.correct for result in results), len(results)),
        prompts=Share(sum(score > 0 for score in scores), len(scores)),
        tags={tag: Share(sum(correct), len(correct)) for tag, correct in tags.items()},
    )


def case_scores(results: Iterable[Result]) -> dict[str, float]:
    """Per prompt the share of its pictures that are right, in order of first appearance."""
    prompts: dict[str, list[bool]] = defaultdict(list)
    for result in results:
        prompts[result.prompt].append(result.correct)
    return {prompt: sum(correct) / len(correct) for prompt, correct in prompts.items()}


def as_text(summary: Summary) -> str:
    """The summary as the official script prints it."""
    tags = "\n".join(
        f"{tag:<16} = {share.mean:.2%} ({share.correct} / {share.total})"
        for tag, share in summary.tags.items()
    )
    return (
        "Summary\n=======\n"
        f"Total images: {summary.images.total}\n"
        f"Total prompts: {summary.prompts.total}\n"
        f"% correct images: {summary.images.mean:.2%}\n"
        f"% correct prompts: {summary.prompts.mean:.2%}\n\n"
        f"Task breakdown\n==============\n{tags}\n\n"
        f"Overall score (avg. over tasks): {summary.overall:.5f}\n"
    )


def read_results(path: Path) -> list[Result]:
    """Reads a results file. Raises UigError with file and line number for a line that is none."""
    try:
        lines = path.read_text("utf-8").removesuffix("\n").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UigError(
            f"cannot read {path} ({error}); expected a GenEval results file, UTF-8 text with "
            "one JSON object a line."
        ) from error
    return [_result(line, f"{path}, line {number}") for number, line in enumerate(lines, 1)]


def _result(line: str, where: str) -> Result:
    try:
        fields = json.loads(line)
        tag, prompt, correct = fields["tag"], fields["metadata"], fields["correct"]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise UigError(
            f"{where}: got no GenEval result ({error!r}), expected a JSON object with tag, "
            "metadata and correct; check that the file is complete."
        ) from error
    if not (isinstance(tag, str) and isinstance(prompt, str) and isinstance(correct, bool)):
        raise UigError(
            f"{where}: got a tag, metadata or correct of a wrong type, expected text, JSON text "
            "and true or false; check that the file is complete."
        )
    return Result(tag, prompt, correct)
