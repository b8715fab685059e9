"""uig check-model: does a model keep the protocol?"""

from typing import Annotated

import typer

from uig_cli.option_groups import Part, command
from uig_cli.options import ModelOptions, ReportOptions


@command
def check_model(
    spec: Annotated[str, typer.Argument(metavar="MODEL", help="bagel:PATH, python:FILE.py:NAME")],
    models: Annotated[ModelOptions, Part(only=("device", "dtype"))],
    report: Annotated[ReportOptions, Part(only=("json",))],
) -> None:
    """Test seeds, batches, roles and replies of a model with a dozen small requests.

    uig check-model python:my_model.py:MyModel
    """
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
