"""Text rendering: a row per picture that shall show words, and means of GNED and recall.

A table of its own, since these two numbers are no part of a benchmark's score and GNED is better
the smaller it is. A picture that is missing or could not be read has no numbers and says why; a
prompt that quotes no word is not measured and is counted apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from uig_cli.models.protocol import Failure, Picture
from uig_cli.results.columns import TextRow, TextSummaryRow, frame
from uig_cli.results.kept_findings import KeptFindings
from uig_cli.results.rows import CaseTrace
from uig_cli.results.run import RunReader
from uig_cli.scoring.findings import Transcript
from uig_cli.scoring.text_metrics import gned, recall
from uig_cli.stats.means import Mean, by_prompt, mean_over_prompts

if TYPE_CHECKING:
    import pandas as pd

READ = "read"
NO_WORDS = "no words"


def wanted_words(facts: Mapping[str, Any]) -> tuple[str, ...] | None:
    """The words that a case wants to be read in its picture; None if it is not about text."""
    words = facts.get("words")
    return None if words is None else tuple(words)


def text_table(run: RunReader) -> "pd.DataFrame":
    """Rows by method, case, sample, step and reader; none where nobody has read anything."""
    kept = run.findings("texts")
    rows = (row for drawn in run.drawn() for row in _rows(run, drawn, kept)) if kept else ()
    return frame(TextRow, rows)


def _rows(run: RunReader, drawn: CaseTrace, kept: Sequence[KeptFindings]) -> Iterator[TextRow]:
    words = wanted_words(drawn.case.facts)
    if words is None:
        return
    for step in drawn.steps:
        for reader in kept:
            yield TextRow(
                case=drawn.case.id,
                split=drawn.case.split,
                sample=drawn.sample,
                method=drawn.method,
                step=step.number,
                reader=reader.name,
                words=len(words),
                **_measured(words, step.picture, step.failure, reader),
                sha256=step.picture.sha256 if step.picture else None,
                picture=run.path(step.picture),
            )


def _measured(
    words: tuple[str, ...], picture: Picture | None, lost: Failure | None, reader: KeptFindings
) -> dict[str, Any]:
    empty = {"text": None, "gned": None, "recall": None}
    if not words:
        return {**empty, "status": NO_WORDS}
    found = (
        reader.found(picture.sha256, "") if picture else lost or Failure("missing", "no picture")
    )
    if isinstance(found, Failure):
        return {**empty, "status": f"{found.kind}: {found.reason}"}
    assert isinstance(found, Transcript)
    lines = found.texts()
    return {
        "text": "\n".join(lines),
        "gned": gned(words, lines),
        "recall": recall(words, lines),
        "status": READ,
    }


def unread(texts: "pd.DataFrame") -> "pd.Series[bool]":
    """Which rows have a picture that could not be read, or that nobody has read yet."""
    return texts["sha256"].notna() & ~texts["status"].isin([READ, NO_WORDS])


def text_summary(texts: "pd.DataFrame") -> "pd.DataFrame":
    """Means per split, method, reader and step, and for `final`, the last step.

    As in tables/summary, steps are held against each other over the same samples, those that were
    read at all of them; "final" is the last step by itself.
    """
    rows: list[TextSummaryRow] = []
    for (split, method, reader), group in texts.groupby(["split", "method", "reader"], sort=True):
        head = (str(split), str(method), str(reader))
        lost = ~group["status"].isin([READ, NO_WORDS])
        steady = ~lost.groupby([group["case"], group["sample"]]).transform("any")
        rows += [
            TextSummaryRow(*head, str(step), **_means(group.loc[at.index], steady[at.index]))
            for step, at in group.groupby("step", sort=True)
        ]
        final = group[group["step"] == group["step"].max()]
        rows.append(TextSummaryRow(*head, "final", **_means(final, ~lost[final.index])))
    return frame(TextSummaryRow, rows)


def _means(pictures: "pd.DataFrame", counted: "pd.Series[bool]") -> dict[str, Any]:
    """counted: which of the pictures do not count as missing."""
    read = pictures[(pictures["status"] == READ) & counted]
    found: dict[str, Any] = {}
    for name in ("gned", "recall"):
        mean = _mean(read, name)
        found |= {
            name: mean.mean if mean else None,
            f"{name}_low": mean.low if mean else None,
            f"{name}_high": mean.high if mean else None,
        }
    wordless = int((pictures["status"] == NO_WORDS).sum())
    return {
        **found,
        "cases": int(read["case"].nunique()),
        "pictures": len(pictures),
        "missing": len(pictures) - len(read) - wordless,
        "no_words": wordless,
    }


def _mean(read: "pd.DataFrame", name: str) -> Mean | None:
    if read.empty:
        return None
    return mean_over_prompts(by_prompt(zip(read["case"], read[name], strict=True)), 0.0, 1.0)
