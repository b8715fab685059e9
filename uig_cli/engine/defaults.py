"""What is usual where the user names nothing: the set by the model, who scores by the set.

Pictures of a built-in set can be read exactly, so that is done unless somebody else is asked for.
Other pictures cannot: `exact` is refused for them.
"""

from collections.abc import Iterable, Mapping

from uig_cli.benchmarks.built_in import BUILT_IN, BUILT_IN_SETS
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.errors import UigError
from uig_cli.registry import NOUN
from uig_cli.scoring.protocol import Kind
from uig_cli.scoring.registry import EXACT, SELF, Named

MODEL = "pocket"
"""The built-in model, which knows the world of the built-in sets and nothing else."""

_USUAL: Mapping[Kind, tuple[str | None, str | None]] = {
    "answers": (EXACT, SELF),
    "detections": (EXACT, None),
}
"""Who looks for findings of a kind, in a built-in set and in others."""


def usual_set(benchmark: Benchmark, model: str) -> str | None:
    """The set for a model, by how it is named; None is the benchmark's own default."""
    kind, _, _ = model.partition(":")
    return BUILT_IN if kind == MODEL and BUILT_IN in benchmark.sets else None


def usual_scorer(kind: Kind, set_name: str | None) -> str | None:
    """Who looks for such findings in a set's pictures; None: the user has to say."""
    built_in, other = _USUAL.get(kind, (None, None))
    return built_in if set_name in BUILT_IN_SETS else other


def check_exact(benchmark: Benchmark, set_name: str | None, scorers: Iterable[Named]) -> None:
    """Raises UigError if `exact` is among those asked to look at pictures it cannot read."""
    for one in scorers:
        if one.spec == EXACT and set_name not in BUILT_IN_SETS:
            where = f"{benchmark.name} {set_name or next(iter(benchmark.sets), '')}".strip()
            option = f"--{NOUN[one.group]}"
            raise UigError(
                f"{option} exact reads pictures of built-in sets only; got {where}, expected "
                f"--set built-in: give that set, or another {option}."
            )
