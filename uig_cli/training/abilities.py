"""`python -m uig_cli.training.abilities CHECKPOINT`: what a checkpoint can do, in shares."""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.training.decoded import decoded
from uig_cli.training.measure import NAME, Abilities, measure

CASES = 208
"""Fresh scenes per ability: as many for each of the 26 topics."""


def abilities(checkpoint: Path, cases: int = CASES) -> Abilities:
    """All that is measured of a checkpoint folder."""
    model = Bagel.load(checkpoint, "cpu")
    return {**measure(model, cases), "decoded": decoded(model.parts.autoencoder, cases, NAME)}


def table(found: Abilities) -> str:
    """A line per ability: its share, then that of each kind."""
    lines = []
    for ability, shares in found.items():
        kinds = ", ".join(f"{kind} {share:.0%}" for kind, share in shares.items() if kind != "all")
        lines.append(f"{ability:12} {shares['all']:6.1%}   {kinds}")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, prog="python -m uig_cli.training.abilities"
    )
    parser.add_argument("checkpoint", type=Path, help="a folder, such as uig_cli/pocket")
    parser.add_argument("--cases", type=int, default=CASES, help="fresh scenes per ability")
    given = parser.parse_args()
    print(table(abilities(given.checkpoint, given.cases)))


def command(main: Callable[[], None]) -> None:
    """Runs it; an expected error is one sentence and its exit code."""
    try:
        main()
    except UigError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    command(main)
