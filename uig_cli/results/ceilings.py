"""What the best choice among a method's pictures would come to: the best-scored picture of each
trace. No method can do it, since it takes the judge's score to choose; it is a ceiling, and is
called so wherever it stands."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.results.summary_lines import summary_lines
from uig_cli.stats.stratified import Tally

if TYPE_CHECKING:
    import pandas as pd

Of = tuple[str, str, str]
"""Method, split, judge."""


def best_of_traces(steps: "pd.DataFrame", benchmark: Benchmark) -> Mapping[Of, float]:
    """The overall score, in percent, of the best-scored picture of each trace, kept or made, of
    methods that made more than one. steps: tables/steps."""
    found: dict[Of, float] = {}
    judged = steps[steps["judge"].notna()]
    for (method, split, judge), rows in judged.groupby(["method", "split", "judge"], sort=False):
        if rows["step"].max() == 0:
            continue
        groups = rows.groupby(["case", "sample"], sort=False)
        tallies = [_best(each.to_dict("records")) for _, each in groups]
        answered = [one for one in tallies if one.answered]
        score = summary_lines(benchmark, answered)[-1].score if answered else None
        if score is not None:
            found[str(method), str(split), str(judge)] = 100 * score
    return found


def _best(rows: list[dict[Hashable, Any]]) -> Tally:
    """A trace's best picture; nothing where none was scored."""
    scores = [row[name] for row in rows for name in ("score", "made_score")]
    known = [score for score in scores if score == score and score is not None]
    first = rows[0]
    if not known:
        return Tally(first["case"], first["dimension"], 0, 0, 1)
    asked = max(int(row["asked"]) for row in rows if row["asked"] == row["asked"])
    return Tally(first["case"], first["dimension"], max(known) / 100 * asked, asked, 0)
