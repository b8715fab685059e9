"""Judges side by side: how far they agree about the pictures of a run, question by question.

A question about a picture counts once, however many methods and steps share the picture. A judge
that was asked several times is also set beside itself.
"""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any

from uig_cli.cases import Case
from uig_cli.models.protocol import Picture
from uig_cli.results.columns import AgreementRow, frame
from uig_cli.results.kept_findings import KeptFindings
from uig_cli.results.rows import Scored
from uig_cli.scoring.findings import Answer
from uig_cli.stats.agreement import Agreement, between, within

if TYPE_CHECKING:
    import pandas as pd

ITSELF = "itself"

AskedQuestion = tuple[str, str, str]
"""Dimension, picture hash, text."""


def agreement_table(scored: Sequence[Scored], judges: Sequence[KeptFindings]) -> "pd.DataFrame":
    """A row for every pair of judges, and every judge with votes, overall and by dimension.

    scored: all pictures before all scorers; judges: those who answer questions.
    """
    shown = {
        (one.drawn.case.id, one.step.picture.sha256): (one.drawn.case, one.step.picture)
        for one in scored
        if one.step.picture is not None
    }
    answers = {judge.name: _answers(judge, list(shown.values())) for judge in judges}
    return frame(AgreementRow, _rows(answers))


def _answers(
    judge: KeptFindings, shown: Sequence[tuple[Case, Picture]]
) -> dict[AskedQuestion, Answer]:
    found: dict[AskedQuestion, Answer] = {}
    for case, picture in shown:
        for question in case.questions:
            answer = judge.found(picture.sha256, question.text)
            if isinstance(answer, Answer) and (answer.answer or answer.votes):
                found[case.dimension, picture.sha256, question.text] = answer
    return found


def _rows(answers: dict[str, dict[AskedQuestion, Answer]]) -> Iterator[AgreementRow]:
    for one, other in combinations(sorted(answers), 2):
        pairs = {
            question: (mine.answer, yours.answer)
            for question, mine in answers[one].items()
            if (yours := answers[other].get(question)) and mine.answer and yours.answer
        }
        yield _row(one, other, "overall", "overall", between(pairs.values()))
        for dimension in sorted({question[0] for question in pairs}):
            chosen = [pair for question, pair in pairs.items() if question[0] == dimension]
            yield _row(one, other, "dimension", dimension, between(chosen))
    for name, given in sorted(answers.items()):
        votes = {question: answer.votes for question, answer in given.items() if answer.votes}
        if votes:
            yield _row(name, ITSELF, "overall", "overall", within(votes.values()))
        for dimension in sorted({question[0] for question in votes}):
            own = [each for question, each in votes.items() if question[0] == dimension]
            yield _row(name, ITSELF, "dimension", dimension, within(own))


def _row(judge: str, other: str, level: str, name: str, found: Agreement) -> AgreementRow:
    return AgreementRow(
        judge=judge,
        other=other,
        level=level,
        name=name,
        questions=found.questions,
        agree=None if found.share is None else round(100 * found.share, 6),
        kappa=None if found.kappa is None else round(found.kappa, 6),
    )


def agreement_markdown(agreement: "pd.DataFrame") -> Iterator[str]:
    """The overall rows as a Markdown table; nothing where no two judges can be compared."""
    overall = agreement[agreement["level"] == "overall"]
    if not len(overall):
        return
    yield "\n## Judges side by side\n"
    yield "| judge | other | questions | agree, percent | kappa |"
    yield "|---|---|---:|---:|---:|"
    for row in overall.to_dict("records"):
        cells = (row["judge"], row["other"], row["questions"], *rounded(row))
        yield f"| {' | '.join(str(cell) for cell in cells)} |"


def rounded(row: Mapping[Hashable, Any]) -> tuple[str, str]:
    """Share and kappa of a row, two digits each."""
    agree, kappa = (
        "–" if value is None or value != value else f"{value:.2f}"
        for value in (row["agree"], row["kappa"])
    )
    return agree, kappa
