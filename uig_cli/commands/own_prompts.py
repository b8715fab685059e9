"""Drawing a user's own prompts: what `generate` and `refine` have in common."""

from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.own import benchmark, lines_of
from uig_cli.commands import asked
from uig_cli.commands.conclude import check_complete, print_json
from uig_cli.console import harmless, say
from uig_cli.engine import models, session
from uig_cli.errors import UigError
from uig_cli.inputs import InputPicture
from uig_cli.report.contact import contact_sheet
from uig_cli.results.rows import Drawn
from uig_cli.results.run import Run, open_run
from uig_cli.results.tables import Selection, write_tables


def prompts_of(given: Sequence[str] | None, file: str | None) -> list[str]:
    """The prompts in the order given; one on the command line must be text, and not empty."""
    for prompt in given or ():
        if not prompt.strip():
            raise UigError('--prompt is empty; give a description, e.g. --prompt "a red circle".')
        if prompt != prompt.encode("utf-8", "replace").decode():
            raise UigError("--prompt is not UTF-8 text; give it in UTF-8.")
    prompts = list(given or ())
    if file is not None:
        prompts += lines_of(file)
    if not prompts:
        raise UigError("no prompts given; give --prompt TEXT or --prompts FILE.")
    return prompts


def draw_own(values: Mapping[str, Any], picture: InputPicture | None = None) -> None:
    """The whole command. values: its parameters by name."""
    drawing, keeping = asked.drawing(values), asked.keeping(values)
    prompts = prompts_of(values["prompt"], values["prompts"])
    data = benchmark.of(prompts, picture.facts if picture else {})
    samples = values["samples"] or benchmark.samples
    session.check(drawing, keeping)
    ready = session.open_run(
        models.load(drawing),
        keeping,
        benchmark,
        data,
        data.cases,
        samples=samples,
        options=asked.recorded(values),
        quiet=values["quiet"],
    )
    with closing(ready.journal):
        if picture is not None:
            picture.keep(ready.folder.root)
        session.finish(ready, session.draw(ready), quiet=values["quiet"])
    run = open_run(ready.folder.root)
    tables = write_tables(run)
    ids = {case.id for case in data.cases}
    drawn = [
        one
        for one in run.drawn()
        if one.case.id in ids and one.method in drawing.methods and one.sample < samples
    ]
    sheet = contact_sheet(drawn, run.folder.root / "contact-sheet.png")
    if values["json"]:
        print_json(_as_object(run, drawn, sheet))
    elif not values["quiet"]:
        _show(run, drawn, sheet)
    refuse_bad_prompts(drawn, set(values["prompt"] or ()))
    check_complete(tables, Selection(ids, drawing.methods, samples), values["allow_missing"])


def refuse_bad_prompts(drawn: Sequence[Drawn], given: set[str]) -> None:
    """A prompt on the command line that the model cannot draw is a usage error."""
    for one in drawn:
        failure = one.trace.steps[0].failure
        if failure and failure.kind == "prompt" and one.case.prompt in given:
            raise UigError(f"--prompt: {failure.reason}")


def _steps(run: Run, one: Drawn) -> list[dict[str, Any]]:
    return [
        {
            "step": step.number,
            "picture": str(run.folder.root / picture) if picture else None,
            "verdict": step.verdict,
            "instruction": step.instruction,
            "failure": step.failure.reason if step.failure else None,
        }
        for step in one.trace.steps
        for picture in [run.picture_path(one, step.number)]
    ]


def _as_object(run: Run, drawn: Sequence[Drawn], sheet: Path) -> dict[str, Any]:
    return {
        "run": str(run.folder.root),
        "contact_sheet": str(sheet),
        "notes": list(run.manifest.notes),
        "results": [
            {
                "prompt": one.case.prompt,
                "case": one.case.id,
                "sample": one.sample,
                "method": one.method,
                "steps": _steps(run, one),
            }
            for one in drawn
        ],
    }


def _show(run: Run, drawn: Sequence[Drawn], sheet: Path) -> None:
    """A line per picture and what was said of it; texts as they are, paths unbroken."""
    from rich.console import Console
    from rich.text import Text

    console = Console()

    def line(text: str, style: str = "") -> None:
        console.print(Text(harmless(text), style=style), soft_wrap=True)

    for note in run.manifest.notes:
        line(note, "yellow")
    for one in drawn:
        line(f"{' '.join(one.case.prompt.split())} ({one.method})", "bold")
        for step in _steps(run, one):
            words = step["failure"] or step["instruction"] or ""
            line(f"  {step['step']}  {step['picture'] or 'missing'}")
            said = f"{step['verdict'] or ''} {' '.join(words.split())}".strip()
            if said:
                line(f"     {said}", "dim")
    say(f"contact sheet: {sheet}")
