"""Several models scored in one go, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from uig_cli.cases import Place
from uig_cli.report.printed import PlainTable, Printed
from uig_cli.results.figures import interval, known, number, of_groups
from uig_cli.results.run import RunReader
from uig_cli.results.tables import Tables


@dataclass(frozen=True, slots=True)
class Model:
    """One model's run. scored: where it has a picture, or a judgement of one."""

    name: str
    run: RunReader
    tables: Tables
    scored: frozenset[Place]


def different_prompts(models: Sequence[Model]) -> str:
    """One sentence where models were not scored on the same prompts, else nothing."""
    every = frozenset[Place]().union(*(model.scored for model in models))
    short = [model for model in models if model.scored != every]
    if not short:
        return ""
    named = ", ".join(f"{model.name} on {len(model.scored)}" for model in short)
    return (
        f"the models were scored on different prompts ({named} of {len(every)} pictures), so their "
        "scores do not compare; `uig compare` compares runs on the prompts they share."
    )


def show_side_by_side(models: Sequence[Model], unlike: str) -> None:
    out = Printed()
    table = PlainTable(
        "overall (percent, 95 % interval)",
        *("model", "split", "judge", "overall", "interval", "groups"),
        *("cases", "answers missing", "run"),
        words=3,
    )
    for model in models:
        summary = model.tables.summary
        overall = summary[(summary["step"] == "final") & (summary["level"] == "overall")]
        for row in overall.to_dict("records"):
            table.row(
                model.name, row["split"] or "all", row["judge"], number(row["score"]),
                interval(row["low"], row["high"]) if known(row["score"]) else number(None),
                of_groups(row["groups"], row["all_groups"]).removesuffix(" groups"),
                row["cases"], row["missing"], model.run.folder.root,
            )  # fmt: skip
    out.table(table)
    out.notes((*_notes(models), *([f"note: {unlike}"] if unlike else [])))


def _notes(models: Sequence[Model]) -> list[str]:
    """The runs' notes, each once; those that are not of all models name whose they are."""
    whose: dict[str, list[str]] = {}
    for model in models:
        for note in model.run.manifest.notes:
            whose.setdefault(note, []).append(model.name)
    return [
        note if len(names) == len(models) else f"{', '.join(names)}: {note}"
        for note, names in whose.items()
    ]
