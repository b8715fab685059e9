"""`python -m uig_cli.training FOLDER`: makes pocket, going on where a broken-off run was.

FOLDER/states holds what is needed to go on and the logs, FOLDER/checkpoint the result, FOLDER/
abilities.json what it can do. `torchrun --nproc-per-node N -m uig_cli.training FOLDER` shares the
work among N processes, which is faster than one process of N threads.
"""

import argparse
import sys
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.models.bagel.pipeline import Bagel
from uig_cli.training.config import PLAN
from uig_cli.training.crew import gathered, rank
from uig_cli.training.files import write_json
from uig_cli.training.make import make
from uig_cli.training.measure import measure


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m uig_cli.training")
    parser.add_argument("folder", type=Path, help="where states, logs and checkpoint go")
    parser.add_argument("--cases", type=int, default=208, help="fresh scenes per ability")
    given = parser.parse_args()
    with gathered():
        make(PLAN, given.folder / "states", given.folder / "checkpoint")
        if rank():
            return
    abilities = measure(Bagel.load(given.folder / "checkpoint", "cpu"), given.cases)
    write_json(given.folder / "abilities.json", abilities)
    for ability, shares in abilities.items():
        print(f"{ability:12} {shares['all']:.1%}")


if __name__ == "__main__":
    try:
        main()
    except UigError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)
