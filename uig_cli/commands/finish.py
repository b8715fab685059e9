"""The end of a command: what it came to, and the exit code."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from uig_cli.console import Display, Silent, Terminal, how_many, say
from uig_cli.errors import Incomplete
from uig_cli.options import ReportOptions
from uig_cli.streams import write_line

if TYPE_CHECKING:
    import pandas as pd

    from uig_cli.api import Run
    from uig_cli.results.completeness import Missing
    from uig_cli.results.run import RunReader
    from uig_cli.results.tables import Selection, Tables

REASONS_SHOWN = 3


def display_for(report: ReportOptions) -> Display:
    """Where the engine tells how it goes on."""
    return Silent() if report.quiet else Terminal()


def finish(run: "Run", report: ReportOptions) -> None:
    """Shows the summary; raises Incomplete where too much of what was asked for is missing. The
    rest of the run, another shard's say, may be open."""
    if report.json:
        print_json(as_object(run.opened, run.tables))
    elif not report.quiet:
        from uig_cli.report.terminal import show_summary

        show_summary(run.opened, run.tables)
        if run.sheet:
            say(f"contact sheet: {run.sheet}")
    if not report.quiet and run.selection is not None and run.selection.shard:
        _say_shard(run.tables, run.selection)
    _check(run, report)


def _say_shard(tables: "Tables", selection: "Selection") -> None:
    """Whether the tables that one of several shards ends with are those of the whole run."""
    from uig_cli.results.completeness import other_shards

    waiting, others = other_shards(tables, selection)
    own = len(selection.cases)
    told = (
        f"shard {selection.shard}: its {how_many(own, 'case')} {'is' if own == 1 else 'are'} done"
    )
    if waiting:
        say(
            f"{told}; {waiting} of the {others} cases of other shards are not yet, so these tables "
            "are not the whole run's."
        )
    else:
        say(f"{told}, and so are those of all others.")


def finish_own(run: "Run", given: Sequence[str], report: ReportOptions) -> None:
    """The same for a user's own prompts, which nobody scores. given: those on the command line; one
    that the model cannot draw is a usage error."""
    from uig_cli.report.own_prompts import as_object, refuse_bad_prompts, show

    if report.json:
        print_json(as_object(run.opened, run.drawn(), run.sheet))
    elif not report.quiet:
        show(run.opened, run.drawn(), run.sheet)
    refuse_bad_prompts(run.drawn(), set(given))
    _check(run, report)


def finish_models(runs: "Sequence[Run]", benchmark: str, report: ReportOptions) -> None:
    """The same for one or several models that were scored; raises if one of them lacks too much."""
    from uig_cli.report.side_by_side import Model, different_prompts, show_side_by_side
    from uig_cli.report.terminal import show_summary

    models = [Model(run.name, run.opened, run.tables, run.scored) for run in runs]
    unlike = different_prompts(models)
    if report.json:
        notes = [unlike] if unlike else []
        print_json({"benchmark": benchmark, "notes": notes, "runs": [_model(r) for r in runs]})
    elif not report.quiet:
        if len(runs) == 1:
            show_summary(runs[0].opened, runs[0].tables)
        else:
            show_side_by_side(models, unlike)
    lacking = None
    for run in runs:
        try:
            _check(run, report)
        except Incomplete as error:
            if len(runs) > 1:
                say(f"  {run.name}: {error}")
            lacking = lacking or error
    if lacking is not None:
        raise lacking


def _model(run: "Run") -> dict[str, Any]:
    from uig_cli.results.official import official_scores

    official = official_scores(run.opened, run.tables)
    return {"model": run.name, **as_object(run.opened, run.tables), "official": official}


def _check(run: "Run", report: ReportOptions) -> None:
    assert run.selection is not None, "a command is about something"
    check_complete(run.tables, run.selection, report.allow_missing)


def as_object(run: "RunReader", tables: "Tables") -> dict[str, Any]:
    """What `--json` prints."""
    from uig_cli.results.completeness import undrawn, unjudged
    from uig_cli.results.self_judging import self_judging_of
    from uig_cli.results.text_rendering import text_summary

    summary = tables.summary
    final = summary[summary["step"] == "final"]
    texts = text_summary(tables.texts)
    texts = texts[texts["step"] == "final"]
    return {
        "run": str(run.folder.root),
        "benchmark": run.manifest.drawing.benchmark.name,
        "set": run.manifest.drawing.benchmark.set,
        "methods": list(run.manifest.methods),
        "cases": len(run.cases),
        "pictures": int(tables.steps.dropna(subset=["picture"])["picture"].nunique()),
        "undrawn": int(undrawn(tables.steps).sum()),
        "unjudged": int(unjudged(tables.steps).sum()),
        "notes": [*run.manifest.notes, *self_judging_of(run)],
        "summary": json.loads(final.drop(columns="step").to_json(orient="records")),
        "agreement": json.loads(tables.agreement.to_json(orient="records")),
        "text": json.loads(texts.drop(columns="step").to_json(orient="records")),
    }


def check_complete(tables: "Tables", asked: "Selection", allow_missing: float) -> None:
    """Raises Incomplete, after the most frequent reasons, where too much is missing of any step, by
    any method, before any judge."""
    from uig_cli.results.completeness import undrawn, unjudged, worst_missing, worst_unread

    worst = worst_missing(tables, asked)
    if worst is None or worst.share <= allow_missing:
        _check_read(asked.of_texts(tables.texts), worst_unread(tables, asked), allow_missing)
        return
    steps, once = asked.of(tables.steps), ["method", "case", "sample", "step"]
    # Rows are pictures before judges, and a picture is one however many judges there are.
    _say_reasons(steps[undrawn(steps)].drop_duplicates(once)["failure"], "missing")
    if bool(asked.judges) and (open_ := unjudged(steps)).any():
        count = len(steps[open_].drop_duplicates(once))
        say(f"  {how_many(count, 'picture')} not judged in full")
    raise Incomplete(
        f"incomplete: {100 * worst.share:.1f} % of the pictures or their judgements are missing "
        f"where most are, {worst}; {100 * allow_missing:.1f} % are allowed. {_way_out(worst)}, "
        "or --allow-missing SHARE."
    )


def _way_out(worst: "Missing") -> str:
    """Trying again helps where something was tried: files that are not there stay away."""
    from uig_cli.loop.methods import draws

    if draws(worst.method):
        return "Give the same command again to try the failed ones again"
    return "Add what is missing to the files that were brought in and give the same command again"


def _check_read(texts: "pd.DataFrame", worst: "Missing | None", allow_missing: float) -> None:
    """The same for pictures that shall show words and could not be read."""
    from uig_cli.results.text_rendering import unread

    if worst is None or worst.share <= allow_missing:
        return
    _say_reasons(texts[unread(texts)]["status"], "not read")
    raise Incomplete(
        f"incomplete: the text of {100 * worst.share:.1f} % of the pictures could not be read "
        f"where most were not, {worst}; {100 * allow_missing:.1f} % may be missing. Give the same "
        "command again to try them again, or --allow-missing SHARE."
    )


def _say_reasons(reasons: "pd.Series[str]", what: str) -> None:
    for reason, count in reasons.value_counts().head(REASONS_SHOWN).items():
        say(f"  {how_many(int(count), 'picture')} {what}: {reason}")


def print_json(value: Any) -> None:
    write_line(json.dumps(value, ensure_ascii=True))
