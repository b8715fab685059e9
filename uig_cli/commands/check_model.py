"""uig check-model: does a model keep the protocol?"""

from pathlib import Path
from typing import Annotated

import typer

from uig_cli.option_groups import Part, command
from uig_cli.options import ModelOptions, ReportOptions


@command
def check_model(
    spec: Annotated[str, typer.Argument(metavar="MODEL", help="bagel:PATH, python:FILE.py:NAME")],
    models: Annotated[ModelOptions, Part(only=("device", "dtype"))],
    report: Annotated[ReportOptions, Part(only=("json",))],
    record: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Write what the model answers to three prompts, seed 0."),
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Ask the same and hold it against such a file."),
    ] = None,
) -> None:
    """Test seeds, batches, roles and replies of a model with a dozen small requests.

      uig check-model python:my_model.py:MyModel

    With --record or --against the model is asked what every copy of its weights should answer
    alike: pictures, thoughts and verdicts at its own settings. Publish the file, and whoever ports
    or converts the weights sees whether they are still the same model.

      uig check-model bagel:PATH --record bagel-7b-mot.json

      uig check-model bagel:OTHER --against bagel-7b-mot.json
    """
    if record is not None and against is not None:
        from uig_cli.errors import UigError

        raise UigError("got --record and --against, expected one of them; give the other later.")
    if record is not None or against is not None:
        _known_answers(spec, models, report, record, against)
    else:
        _checks(spec, models, report)


def _known_answers(
    spec: str, models: ModelOptions, report: ReportOptions, record: Path | None, known: Path | None
) -> None:
    from dataclasses import asdict

    from uig_cli.commands.finish import print_json
    from uig_cli.console import harmless, say
    from uig_cli.engine.known_answers import against, answers_of, as_text, read_known
    from uig_cli.errors import UigError
    from uig_cli.models.registry import load_model
    from uig_cli.models.where import Where
    from uig_cli.outputs import write_named
    from uig_cli.streams import write_line

    before = None if known is None else read_known(known)
    now = answers_of(load_model(spec, Where(models.device, models.dtype)))
    if record is not None:
        write_named("--record", record, as_text(now).encode("utf-8"))
        say(f"{spec}: {len(now.answers)} answers written to {record}")
    if before is None:
        return
    found = list(against(before, now))
    if before.identity != now.identity:
        say(f"note: the file is of {dict(before.identity)}, this is {dict(now.identity)}")
    if report.json:
        print_json({"model": spec, "answers": [asdict(one) for one in found]})
    else:
        for one in found:
            write_line(harmless(f"{'ok    ' if one.same else 'OTHER '} {one.what}: {one.told}"))
    if others := sum(not one.same for one in found):
        raise UigError(
            f"{spec} answers {others} of {len(found)} otherwise than {known} says; it is another "
            "model, or was loaded or converted wrongly."
        )


def _checks(spec: str, models: ModelOptions, report: ReportOptions) -> None:
    from dataclasses import asdict

    from uig_cli.commands.finish import print_json
    from uig_cli.console import harmless
    from uig_cli.errors import UigError
    from uig_cli.models.conformance import findings
    from uig_cli.models.registry import load_model
    from uig_cli.models.where import Where
    from uig_cli.streams import write_line

    found = []
    for finding in findings(load_model(spec, Where(models.device, models.dtype))):
        found.append(finding)
        if not report.json:
            mark = "ok    " if finding.held else "BROKEN"
            seen = f": {finding.seen}" if finding.seen else ""
            write_line(harmless(f"{mark} {finding.check}{seen}"))
    if report.json:
        print_json({"model": spec, "findings": [asdict(finding) for finding in found]})
    broken = sum(not finding.held for finding in found)
    if broken:
        raise UigError(
            f"{spec} breaks {broken} of {len(found)} checks; mend them before trusting a run "
            "(docs/adding-a-model.md)."
        )
