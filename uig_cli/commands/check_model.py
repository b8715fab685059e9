"""uig check-model: does a model keep the protocol?"""

from typing import Annotated

import typer

from uig_cli import options as opt


def check_model(
    model: Annotated[str, typer.Argument(metavar="MODEL", help="bagel:PATH, python:FILE.py:NAME")],
    device: opt.Device = "auto",
    dtype: opt.Dtype = None,
    json: opt.Json = False,
) -> None:
    """Test seeds, batches, roles and replies of a model with a dozen small requests.

    uig check-model python:my_model.py:MyModel
    """
    from dataclasses import asdict

    from uig_cli.commands.conclude import print_json
    from uig_cli.errors import UigError
    from uig_cli.models.conformance import findings
    from uig_cli.models.registry import load_model
    from uig_cli.models.where import Where

    loaded = load_model(model, Where(device, dtype))
    found = []
    for finding in findings(loaded):
        found.append(finding)
        if not json:
            mark = "ok    " if finding.held else "BROKEN"
            print(f"{mark} {finding.check}" + (f": {finding.seen}" if finding.seen else ""))
    if json:
        print_json({"model": model, "findings": [asdict(finding) for finding in found]})
    broken = sum(not finding.held for finding in found)
    if broken:
        raise UigError(
            f"{model} breaks {broken} of {len(found)} checks; mend them before trusting a run "
            "(docs/adding-a-model.md)."
        )
