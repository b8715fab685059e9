"""How much of what was asked for is missing, told where it is worst.

A score stands on the pictures of one step of one method before one judge, and a loop's later steps
lose more than its first: a share over all rows of a table would hide what the last step lacks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from uig_cli.results.tables import Selection, Tables
from uig_cli.results.text_rendering import unread

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Missing:
    """Where pictures are missing: of one split and method, before one judge or reader ("" where
    nobody was asked), at one step. lost: how many of `pictures` lack what was asked for."""

    split: str
    method: str
    judge: str
    step: int
    final: bool
    lost: int
    pictures: int

    @property
    def share(self) -> float:
        """0..1."""
        return self.lost / self.pictures

    def __str__(self) -> str:
        """13 of 66 (short, uig, judged by exact, step 4, the last)"""
        judged = f"judged by {self.judge}" if self.judge else ""
        step = f"step {self.step}{', the last' if self.final and self.step else ''}"
        where = ", ".join(part for part in (self.split, self.method, judged, step) if part)
        return f"{self.lost} of {self.pictures} ({where})"


def undrawn(steps: "pd.DataFrame") -> "pd.Series[bool]":
    """Which rows lack their picture."""
    return steps["sha256"].isna()


def unjudged(steps: "pd.DataFrame") -> "pd.Series[bool]":
    """Which rows have a picture that lacks an answer, or made one that has none at all."""
    made = steps["made_sha256"].notna() & steps["judge"].notna() & steps["made_score"].isna()
    return ~undrawn(steps) & ((steps["missing"].fillna(0) > 0) | made)


def worst_missing(tables: Tables, selection: Selection | None) -> Missing | None:
    """The step that lacks the largest share of its pictures, or of their answers by those who
    judged; of equal ones the last step of all. None where nothing was asked for."""
    steps = tables.steps if selection is None else selection.of(tables.steps)
    judged = selection is None or bool(selection.judges)
    lost = undrawn(steps) | (unjudged(steps) & judged)
    return _worst(_by_step(steps, lost, "judge"))


def other_shards(tables: Tables, selection: Selection) -> tuple[int, int]:
    """Of the cases that are none of this shard's: how many lack a picture of the last step or one
    of its answers, and how many there are."""
    steps = replace(selection, cases=set(tables.steps["case"]) - set(selection.cases)).of(
        tables.steps
    )
    last = steps[steps["step"] == steps.groupby("method")["step"].transform("max")]
    lost = undrawn(last) | (unjudged(last) & bool(selection.judges))
    return int(last[lost]["case"].nunique()), int(last["case"].nunique())


def worst_unread(tables: Tables, selection: Selection) -> Missing | None:
    """The same of the words that pictures shall show, which readers could not read."""
    texts = selection.of_texts(tables.texts)
    return _worst(_by_step(texts, unread(texts), "reader"))


def _by_step(rows: "pd.DataFrame", lost: "pd.Series[bool]", who: str) -> Iterator[Missing]:
    marked = rows.assign(lost=lost, **{who: rows[who].fillna("")})
    for (split, method, judge), group in marked.groupby(["split", "method", who], sort=True):
        last = group["step"].max()
        for step, at in group.groupby("step", sort=True):
            yield Missing(
                str(split), str(method), str(judge), int(str(step)), bool(step == last),
                int(at["lost"].sum()), len(at),
            )  # fmt: skip


def _worst(found: Iterator[Missing]) -> Missing | None:
    return max(found, key=lambda one: (one.share, one.final, one.step), default=None)
