"""What a benchmark's layout reads, and the flaws that it finds, of the types that they promise."""

from collections.abc import Sequence
from typing import Any

from uig_cli.benchmarks.external import ExternalModel
from uig_cli.benchmarks.plugin_checks import checked_cases, several_of
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure


def checked_layout(read: Any, benchmark: Any) -> Sequence[ExternalModel]:
    """What a layout read: the models, beside the data. Raises UigError for what is none."""
    if not (isinstance(read, tuple) and len(read) == 2):
        raise UigError(
            f"the layout of {benchmark.name} reads {type(read).__name__}, expected the pair of a "
            "Data and its models; mend it (docs/adding-a-benchmark.md)."
        )
    checked_cases(read[0], benchmark)
    models = several_of(ExternalModel, read[1], benchmark, "layout.read")
    for one in models:
        pictures = one.pictures
        count = pictures.samples
        if not isinstance(pictures.name, str) or type(count) is not int or count < 1:
            raise UigError(
                f"the layout of {benchmark.name} reads a model called {pictures.name!r:.40} with "
                f"{count!r:.40} pictures per case, expected a text and a whole number from 1; mend "
                "it (docs/adding-a-benchmark.md)."
            )
    return models


def checked_flaw(flaw: Any, benchmark: Any) -> Failure | None:
    """Why a finding is none, or None; UigError for what is neither."""
    if flaw is None or isinstance(flaw, Failure):
        return flaw
    raise UigError(
        f"benchmark {benchmark.name} gives {type(flaw).__name__} from flaw, expected a Failure or "
        "None; mend it (docs/adding-a-benchmark.md)."
    )
