"""Text rendering: a row per picture that shall show words, and means of GNED and recall.

A table of its own, since these two numbers are no part of a benchmark's score and GNED is better
the smaller it is. A picture that is missing or could not be read has no numbers and says why; a
prompt that quotes no word is not measured and is counted apart.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from uig_cli.models.protocol import Failure, Picture
from uig_cli.results.rows import Drawn
from uig_cli.results.run import Run
from uig_cli.runs.records import Transcripts
from uig_cli.scoring.text_metrics import gned, recall
from uig_cli.scoring.text_reading import wanted_words
from uig_cli.stats.means import Mean, by_prompt, mean_over_prompts

if TYPE_CHECKING:
    import pandas as pd

READ = "read"
NO_WORDS = "no words"

TEXT_COLUMNS = (
    "case", "split", "sample", "method", "step", "reader", "words", "text", "gned", "recall",
    "status", "sha256", "picture",
)  # fmt: skip
TEXT_SUMMARY_COLUMNS = (
    "split", "method", "reader", "step", "gned", "gned_low", "gned_high", "recall", "recall_low",
    "recall_high", "cases", "pictures", "missing", "no_words",
)  # fmt: skip


def readers(run: Run) -> list[Transcripts]:
    """All readers that have looked at this run."""
    folders = sorted(path.parent for path in run.folder.transcripts.glob("*/identity.json"))
    return [Transcripts(folder) for folder in folders]


def text_table(run: Run) -> "pd.DataFrame":
    """Rows by method, case, sample, step and reader; none where nobody has read anything."""
    import pandas as pd

    kept = readers(run)
    rows = (row for drawn in run.drawn() for row in _rows(run, drawn, kept)) if kept else ()
    numbers = {"gned": float, "recall": float}
    return pd.DataFrame(rows, columns=list(TEXT_COLUMNS)).astype(numbers)


def _rows(run: Run, drawn: Drawn, kept: list[Transcripts]) -> Iterator[dict[str, Any]]:
    words = wanted_words(drawn.case.facts)
    if words is None:
        return
    for step in drawn.steps:
        for reader in kept:
            yield {
                "case": drawn.case.id,
                "split": drawn.case.split,
                "sample": drawn.sample,
                "method": drawn.method,
                "step": step.number,
                "reader": reader.name,
                "words": len(words),
                **_measured(words, step.picture, step.failure, reader),
                "sha256": step.picture.sha256 if step.picture else None,
                "picture": run.picture_path(drawn, step.number),
            }


def _measured(
    words: tuple[str, ...], picture: Picture | None, lost: Failure | None, reader: Transcripts
) -> dict[str, Any]:
    empty = {"text": None, "gned": None, "recall": None}
    if not words:
        return {**empty, "status": NO_WORDS}
    found = reader.found(picture.sha256) if picture else lost or Failure("missing", "no picture")
    if isinstance(found, Failure):
        return {**empty, "status": f"{found.kind}: {found.reason}"}
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
    """Means per split, method, reader and step, and for `final`, the last step."""
    import pandas as pd

    rows = []
    for (split, method, reader), group in texts.groupby(["split", "method", "reader"], sort=True):
        last = group["step"].max()
        for step, pictures in group.groupby("step", sort=True):
            for name in [str(step), "final"] if step == last else [str(step)]:
                head = {"split": split, "method": method, "reader": reader, "step": name}
                rows.append({**head, **_means(pictures)})
    return pd.DataFrame(rows, columns=list(TEXT_SUMMARY_COLUMNS))


def _means(pictures: "pd.DataFrame") -> dict[str, Any]:
    read = pictures[pictures["status"] == READ]
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
