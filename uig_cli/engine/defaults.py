"""What is usual where the user names nothing: the set by the model, who looks by the set.

Pictures of a built-in set can be read exactly, so that is done unless somebody else is asked for.
Other pictures cannot: `exact` is refused for them.
"""

from collections.abc import Iterable, Sequence

from uig_cli.benchmarks.built_in import BUILT_IN
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.errors import UigError
from uig_cli.scoring.registry import EXACT, NONE, SELF

MODEL = "pocket"
"""The built-in model, which knows the world of the built-in sets and nothing else."""


def usual_set(benchmark: Benchmark, model: str) -> str | None:
    """The set for a model, by how it is named; None is the benchmark's own default."""
    kind, _, _ = model.partition(":")
    return BUILT_IN if kind == MODEL and BUILT_IN in benchmark.sets else None


def usual_judges(benchmark: Benchmark, set_name: str | None) -> list[str]:
    """Who answers questions about a set's pictures."""
    if benchmark.evidence != "answers":
        return []
    return [EXACT if set_name == BUILT_IN else SELF]


def usual_detector(benchmark: Benchmark, set_name: str | None, judges: Sequence[str]) -> str | None:
    """Who finds objects in a set's pictures: nobody if nobody is to judge. None: say it."""
    if benchmark.evidence != "detections":
        return None
    if list(judges) == [NONE]:
        return NONE
    return EXACT if set_name == BUILT_IN else None


def check_exact(benchmark: Benchmark, set_name: str | None, asked: Iterable[str | None]) -> None:
    """Raises UigError if `exact` is among those asked to look at pictures it cannot read."""
    if EXACT in asked and set_name != BUILT_IN:
        named = set_name or next(iter(benchmark.sets), "")
        option = "--judge" if benchmark.evidence == "answers" else "--detector"
        raise UigError(
            f"{option} exact reads pictures of built-in sets only; got "
            f"{f'{benchmark.name} {named}'.strip()}, expected --set built-in: give that set, or "
            f"another {option}."
        )
