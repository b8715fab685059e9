"""The tables of a run as they were last made, for one whose code is not here to make them again."""

from pathlib import Path
from typing import TYPE_CHECKING

from uig_cli.benchmarks import own
from uig_cli.errors import UigError
from uig_cli.results.columns import (
    AgreementRow,
    CandidateRow,
    QuestionRow,
    StepRow,
    SummaryRow,
    TextRow,
    frame,
)
from uig_cli.results.run import RunReader
from uig_cli.results.tables import Tables, as_it_was
from uig_cli.runs.case_store import kept_cases
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.journal import Journal
from uig_cli.runs.manifest import read_manifest

if TYPE_CHECKING:
    import pandas as pd


def open_kept(root: Path) -> tuple[RunReader, Tables]:
    """The run and its tables. Raises UigError where none were made.

    A user's own prompts stand in for the benchmark, which nobody asks.
    """
    folder = RunFolder(root)
    manifest = read_manifest(folder)
    summary = folder.tables / "summary.csv"
    if not summary.is_file():
        raise UigError(f"{root} has no tables that could be shown without it.")
    run = RunReader(folder, manifest, own.benchmark, tuple(kept_cases(folder)), Journal(folder))
    return run, Tables(
        steps=_read(folder, "steps", frame(StepRow, [])),
        candidates=_read(folder, "candidates", frame(CandidateRow, [])),
        questions=_read(folder, "questions", frame(QuestionRow, [])),
        summary=_read(folder, "summary", frame(SummaryRow, [])),
        texts=_read(folder, "text", frame(TextRow, [])),
        agreement=_read(folder, "agreement", frame(AgreementRow, [])),
    )


def _read(folder: RunFolder, name: str, without: "pd.DataFrame") -> "pd.DataFrame":
    """One table; without where the run has none of that name. Names and texts stay texts."""
    import pandas as pd

    parquet, csv = (folder.tables / f"{name}{suffix}" for suffix in (".parquet", ".csv"))
    if parquet.is_file():
        return pd.read_parquet(parquet)
    if not csv.is_file():
        return without
    texts = {"split": str, "step": str, "method": str, "judge": str, "name": str}
    found = pd.read_csv(csv, dtype=texts)
    named = [column for column in texts if column in found.columns]
    return found.assign(**{name: found[name].fillna("").map(as_it_was) for name in named})
