"""`python -m uig_cli.training FOLDER`: makes pocket, going on where a broken-off run was.

FOLDER/states holds what is needed to go on and the logs, FOLDER/checkpoint the result, FOLDER/
abilities.json what it can do. `torchrun --nproc-per-node N -m uig_cli.training FOLDER` shares the
work among N processes, which is faster than one process of N threads.
"""

import argparse
from pathlib import Path

from uig_cli.training.abilities import CASES, abilities, command, table
from uig_cli.training.distributed import gathered, rank
from uig_cli.training.make import make
from uig_cli.training.recipe import PLAN
from uig_cli.training.state_files import write_json


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="python -m uig_cli.training")
    parser.add_argument("folder", type=Path, help="where states, logs and checkpoint go")
    parser.add_argument("--cases", type=int, default=CASES, help="fresh scenes per ability")
    given = parser.parse_args()
    with gathered():
        make(PLAN, given.folder / "states", given.folder / "checkpoint")
        if rank():
            return
    found = abilities(given.folder / "checkpoint", given.cases)
    write_json(given.folder / "abilities.json", found)
    print(table(found))


if __name__ == "__main__":
    command(main)
