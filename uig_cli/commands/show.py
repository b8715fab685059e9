"""uig show: a run's tables, or the whole chain of one case, from prompt to raw answer."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from uig_cli.option_groups import Part, command
from uig_cli.options import ReportOptions

if TYPE_CHECKING:
    from uig_cli.models.protocol import Picture
    from uig_cli.results.rows import Drawn, Scored
    from uig_cli.results.run import Run


@command
def show(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A run folder.")],
    report: Annotated[ReportOptions, Part(only=("json",))],
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
) -> None:
    """Show the scores of a run, or with --case all that happened to one prompt.

    uig show results/tiif-... --case tiif/long/negation/3

    uig show results/tiif-... --published
    """
    from uig_cli.commands.finish import as_object, print_json
    from uig_cli.report.terminal import show_summary
    from uig_cli.results.run import open_run
    from uig_cli.results.tables import make_tables, write_tables

    opened = open_run(run)
    if published:
        _beside_published(opened, case, as_json=report.json)
        return
    if case is not None:
        chain = _chain(opened, case)
        if report.json:
            print_json(chain)
        else:
            _tell(chain)
        return
    try:
        tables = write_tables(opened)
    except OSError:  # somebody else's run can be looked at, too
        tables = make_tables(opened)
    if report.json:
        print_json(as_object(opened, tables))
    else:
        show_summary(opened, tables)


def _beside_published(run: "Run", case: str | None, *, as_json: bool) -> None:
    from uig_cli.commands.finish import print_json
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
    from uig_cli.results.rows import score

    judged = [list(score(one, scorer)) for scorer in run.scorers()]
    steps = []
    for step in one.trace.steps:
        scores = [by_judge[: step.number + 1][-2:] for by_judge in judged]
        steps.append(
            {
                "step": step.number,
                "picture": _path(step.picture),
                "sha256": step.picture.sha256 if step.picture else None,
                "made": _path(step.made) if step.returned else None,
                "returns_to": one.returns_to(step.number),
                "candidates": [
                    {
                        "picture": _path(candidate.picture),
                        "chosen": step.chosen(candidate),
                        "score": candidate.score,
                        "failure": candidate.failure.reason if candidate.failure else None,
                    }
                    for candidate in step.candidates
                ],
                "thought": step.thought,
                "examination": step.examination,
                "verdict": step.verdict,
                "instruction": step.instruction,
                "failure": step.failure.reason if step.failure else None,
                "judged": [_judged(before, found) for before, found in map(_pair, scores)],
            }
        )
    return {
        "method": one.method,
        "sample": one.sample,
        "detailed_prompt": one.trace.detailed_prompt,
        "steps": steps,
    }


def _path(picture: "Picture | None") -> str | None:
    return str(picture.path) if picture and picture.path else None


def _pair(scored: "list[Scored]") -> "tuple[Scored | None, Scored]":
    """The step before, if there is one, and the step."""
    return (scored[0] if len(scored) > 1 else None), scored[-1]


def _judged(before: "Scored | None", found: "Scored") -> dict[str, Any]:
    """What one judge says of a step: of the picture kept, of the one made, and what edit and return
    did to it."""
    from uig_cli.results.rows import share, turned

    returned = found.step.returned
    return {
        "judge": found.judge,
        "score": share(found.tally),
        "made_score": share(found.made_tally) if returned else None,
        "by_edit": turned(before.tally, found.made_tally) if before else None,
        "by_return": turned(found.made_tally, found.tally) if returned else None,
        "candidate_scores": [share(tally) for tally in found.candidate_tallies],
        "questions": _lines(found),
    }


def _lines(found: "Scored") -> list[dict[str, Any]]:
    return [
        {
            "question": line.question,
            "wanted": line.wanted,
            "answer": line.answer,
            "value": line.value,
            "status": line.status,
            "raw": line.raw,
        }
        for line in found.checks
    ]


def _mark(value: float | None) -> str:
    if value is None:
        return "missing"
    return "right" if value == 1 else "wrong" if value == 0 else "in part"


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
            if step["made"]:
                kept = (
                    "earlier picture"
                    if step["returns_to"] is None
                    else f"step {step['returns_to']}"
                )
                line(f"  made: {step['made']}, returned to {kept}")
            for number, candidate in enumerate(step["candidates"]):
                mark = ", chosen" if candidate["chosen"] else ""
                score = "" if candidate["score"] is None else f", {candidate['score']:g}"
                where = candidate["picture"] or f"missing: {candidate['failure']}"
                line(f"  candidate {number}{score}{mark}: {where}")
            for field in ("thought", "examination", "verdict", "instruction", "failure"):
                if step[field]:
                    line(f"  {field}: {step[field]}")
            for judge in step["judged"]:
                score = "no score" if judge["score"] is None else f"{judge['score']:.1f} %"
                if judge["made_score"] is not None:
                    score = f"made {judge['made_score']:.1f} %, kept {score}"
                for what in ("edit", "return"):
                    if judge[f"by_{what}"]:
                        score += f", {judge[f'by_{what}']} by the {what}"
                line(f"  {judge['judge']}: {score}")
                for found in judge["questions"]:
                    answer = found["answer"] or found["status"]
                    wanted = f" wanted {found['wanted']}," if found["wanted"] else ""
                    line(f"    {_mark(found['value'])}: {found['question']}{wanted} got {answer}")
                    if found["raw"]:
                        line(f"      {found['raw']}", "dim")
