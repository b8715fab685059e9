"""A user's own prompts, drawn and refined: a line per picture and what was said of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from uig_cli.console import say
from uig_cli.errors import UigError
from uig_cli.report.printed import Printed
from uig_cli.results.rows import CaseTrace
from uig_cli.results.run import RunReader


def refuse_bad_prompts(drawn: Sequence[CaseTrace], given: set[str]) -> None:
    """A prompt on the command line that the model cannot draw is a usage error."""
    for one in drawn:
        failure = one.trace.steps[0].failure
        if failure and failure.kind == "prompt" and one.case.prompt in given:
            raise UigError(f"--prompt: {failure.reason}")


def _steps(one: CaseTrace) -> list[dict[str, Any]]:
    return [
        {
            "step": step.number,
            "picture": str(step.picture.path) if step.picture and step.picture.path else None,
            "verdict": step.verdict,
            "instruction": step.instruction,
            "failure": step.failure.reason if step.failure else None,
            "comes_back_to": one.trace.comes_back_to(step.number),
        }
        for step in one.trace.steps
    ]


def as_object(run: RunReader, drawn: Sequence[CaseTrace], sheet: Path | None) -> dict[str, Any]:
    return {
        "run": str(run.folder.root),
        "contact_sheet": str(sheet) if sheet else None,
        "notes": list(run.manifest.notes),
        "results": results_of(run, drawn),
    }


def results_of(run: RunReader, drawn: Sequence[CaseTrace]) -> list[dict[str, Any]]:
    """An object for each prompt, sample and method."""
    unknown_words = run.manifest.unknown_words
    return [
        {
            "prompt": one.case.prompt,
            "case": one.case.id,
            "sample": one.sample,
            "method": one.method,
            "unknown_words": list(unknown_words.get(one.case.id, ())),
            "steps": _steps(one),
        }
        for one in drawn
    ]


def show(run: RunReader, drawn: Sequence[CaseTrace], sheet: Path | None = None) -> None:
    """A line per picture and what was said of it; texts as they are, paths unbroken."""
    out = Printed()
    out.notes(run.manifest.notes)
    for one in drawn:
        sample = f", sample {one.sample}" if run.manifest.samples > 1 else ""
        prompt = " ".join(one.case.prompt.split())
        out.line(f"{prompt} ({one.method}, {one.case.id}{sample})", "bold")
        if outside := run.manifest.unknown_words.get(one.case.id):
            out.line(f"  outside the model's world, no word of it: {', '.join(outside)}", "red")
        for step in _steps(one):
            words = step["failure"] or step["instruction"] or ""
            out.line(f"  {step['step']}  {step['picture'] or 'missing'}")
            said = f"{step['verdict'] or ''} {' '.join(words.split())}".strip()
            if said:
                out.line(f"     {said}", "dim")
            if step["comes_back_to"] is not None:
                out.line(f"     round {step['step']} comes back to picture {step['comes_back_to']}")
    if sheet is not None:
        say(f"contact sheet: {sheet}")
