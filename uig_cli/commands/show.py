"""uig show: a run's tables, or the whole chain of one case, from prompt to raw answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from uig_cli import options as opt

if TYPE_CHECKING:
    from uig_cli.results.rows import Drawn, Scored
    from uig_cli.results.run import Run


def show(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    case: Annotated[
        str | None, typer.Option("--case", metavar="ID", help="A case id, as in tables/steps.csv.")
    ] = None,
    published: Annotated[
        bool,
        typer.Option(
            "--published",
            help="Set the run beside published scores of the same benchmark, split and judge.",
        ),
    ] = False,
    json: opt.Json = False,
) -> None:
    """Show the scores of a run, or with --case all that happened to one prompt.

    uig show results/tiif-... --case tiif/long/negation/3

    uig show results/tiif-... --published
    """
    from uig_cli.commands.conclude import as_object, print_json
    from uig_cli.report.terminal import show_summary
    from uig_cli.results.run import open_run
    from uig_cli.results.tables import make_tables, write_tables

    opened = open_run(run)
    if published:
        _beside_published(opened, case, as_json=json)
        return
    if case is not None:
        chain = _chain(opened, case)
        if json:
            print_json(chain)
        else:
            _tell(chain)
        return
    try:
        tables = write_tables(opened)
    except OSError:  # somebody else's run can be looked at, too
        tables = make_tables(opened)
    if json:
        print_json(as_object(opened, tables))
    else:
        show_summary(opened, tables)


def _beside_published(run: "Run", case: str | None, *, as_json: bool) -> None:
    from uig_cli.commands.conclude import print_json
    from uig_cli.compare.published import beside
    from uig_cli.errors import UigError
    from uig_cli.report.terminal_published import as_list, show_published
    from uig_cli.results.tables import make_tables

    if case is not None:
        raise UigError("got --case and --published, expected one of them; leave one out.")
    found = list(beside(run, make_tables(run).summary))
    if not found:
        raise UigError(
            f"{run.folder.root} has no scores to set beside published ones; judge its pictures "
            "with `uig rejudge` first."
        )
    if as_json:
        print_json(as_list(found))
    else:
        show_published(run, found)


def _chain(run: "Run", case_id: str) -> dict[str, Any]:
    """Everything known of one case, as plain JSON."""
    from uig_cli.errors import unknown

    by_id = {case.id: case for case in run.cases}
    if case_id not in by_id:
        raise unknown("case of this run", case_id, by_id)
    case = by_id[case_id]
    loops = [
        run.one(case, method, sample)
        for method in run.manifest.methods
        for sample in range(run.manifest.samples)
    ]
    return {
        "case": case.id,
        "prompt": case.prompt,
        "split": case.split,
        "dimension": case.dimension,
        "facts": dict(case.facts),
        "loops": [_loop(run, one) for one in loops],
    }


def _loop(run: "Run", one: "Drawn") -> dict[str, Any]:
    from uig_cli.results.rows import percent, score

    judged = [list(score(one, run.benchmark, evidence)) for evidence in run.evidence()]
    steps = []
    for step in one.trace.steps:
        picture = run.picture_path(one, step.number)
        scores = [by_judge[step.number] for by_judge in judged]
        steps.append(
            {
                "step": step.number,
                "picture": str(run.folder.root / picture) if picture else None,
                "sha256": step.picture.sha256 if step.picture else None,
                "thought": step.thought,
                "examination": step.examination,
                "verdict": step.verdict,
                "instruction": step.instruction,
                "failure": step.failure.reason if step.failure else None,
                "judged": [
                    {
                        "judge": found.judge,
                        "score": percent(found.tally.correct, found.tally.answered),
                        "questions": _lines(found),
                    }
                    for found in scores
                ],
            }
        )
    return {
        "method": one.method,
        "sample": one.sample,
        "detailed_prompt": one.trace.detailed_prompt,
        "steps": steps,
    }


def _lines(found: "Scored") -> list[dict[str, Any]]:
    return [
        {
            "question": line.question,
            "wanted": line.wanted,
            "answer": line.answer,
            "status": line.status,
            "raw": line.raw,
        }
        for line in found.judged
    ]


def _tell(chain: dict[str, Any]) -> None:
    """The chain for human readers; model texts are shown as they are, markup not interpreted."""
    from rich.console import Console
    from rich.text import Text

    from uig_cli.console import harmless

    console = Console()

    def line(text: str, style: str = "") -> None:
        console.print(Text(harmless(text), style=style), soft_wrap=True)

    line(chain["case"], "bold")
    line(f"prompt: {chain['prompt']}")
    for loop in chain["loops"]:
        line(f"\n{loop['method']}, sample {loop['sample']}", "bold")
        if loop["detailed_prompt"]:
            line(f"drawn from: {loop['detailed_prompt']}")
        for step in loop["steps"]:
            line(f"step {step['step']}: {step['picture'] or 'missing'}", "cyan")
            for field in ("thought", "examination", "verdict", "instruction", "failure"):
                if step[field]:
                    line(f"  {field}: {step[field]}")
            for judge in step["judged"]:
                score = "no score" if judge["score"] is None else f"{judge['score']:.1f} %"
                line(f"  {judge['judge']}: {score}")
                for found in judge["questions"]:
                    answer = found["answer"] or found["status"]
                    mark = "right" if found["answer"] == found["wanted"] else "wrong"
                    mark = "missing" if found["answer"] is None else mark
                    line(f"    {mark}: {found['question']} wanted {found['wanted']}, got {answer}")
                    if found["raw"]:
                        line(f"      {found['raw']}", "dim")
