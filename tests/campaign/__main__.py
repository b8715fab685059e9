"""python -m tests.campaign [PART ...] [--quick] [--seed N] [--table]

Runs the parts, one after the other, prints each trial that goes wrong and a table at the end, and
keeps the figures in results/campaign.json. --table prints the table of what was kept. Exit code 1
where anything went wrong.
"""

import argparse
import json
import platform
import sys
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime

from tests.campaign import canary, disks, kill, many, mutate, parsers, replies
from tests.campaign.odd_models import ODD
from tests.campaign.odd_servers import SERVERS
from tests.campaign.parts import CampaignPart, CampaignResult, run
from tests.conftest import ROOT
from uig_cli import __version__

KEPT = ROOT / "results" / "campaign.json"
ODDITIES = len(ODD) + len(SERVERS)
PARTS = (
    CampaignPart("kill", "SIGKILL at a random moment, in one process or a shard of two; resumed",
                 kill.trials, 100, 2),
    CampaignPart("disks", "a disk that is full, each time of another size; resumed",
                 disks.trials, 10, 1),
    CampaignPart("mutate", "a file of a run folder damaged; shown and continued",
                 mutate.trials, 200, 2),
    CampaignPart("parsers", "hostile texts for every reader, and 200 kB of each piece",
                 parsers.trials, 100_000, 200),
    CampaignPart("replies", "models and judge servers that misbehave", replies.trials, ODDITIES, 3),
    CampaignPart("canary", "a key in the environment, and servers that echo it",
                 canary.trials, len(SERVERS), 2),
    CampaignPart("many", "20,000 prompts: drawn, and found done", many.trials, 20_000, 200),
)  # fmt: skip


def table(results: Iterable[CampaignResult]) -> Iterator[str]:
    yield "| part | what is done | trials | went wrong | minutes |"
    yield "|---|---|---:|---:|---:|"
    for one in results:
        minutes = f"{one.seconds / 60:.1f}"
        yield f"| `{one.name}` | {one.what} | {one.trials:,} | {one.wrong} | {minutes} |"


def kept() -> dict[str, CampaignResult]:
    if not KEPT.exists():
        return {}
    found = json.loads(KEPT.read_text("utf-8"))["parts"]
    return {one["name"]: CampaignResult(**{**one, "told": tuple(one["told"])}) for one in found}


def keep(results: dict[str, CampaignResult]) -> None:
    """Beside what other parts came to before."""
    found = {
        "uig": __version__,
        "python": platform.python_version(),
        "date": datetime.now(UTC).date().isoformat(),
        "parts": [asdict(results[part.name]) for part in PARTS if part.name in results],
    }
    KEPT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.campaign", description=__doc__)
    parser.add_argument("part", nargs="*", choices=[[], *(part.name for part in PARTS)])
    parser.add_argument("--quick", action="store_true", help="a few trials each, not kept")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--table", action="store_true", help="print what was kept, run nothing")
    asked = parser.parse_args()
    if asked.table:
        print("\n".join(table(kept().values())))
        return 0
    results = {}
    for part in PARTS:
        if not asked.part or part.name in asked.part:
            count = part.quick if asked.quick else part.full
            results[part.name] = run(part, count, asked.seed, lambda line: print(line, flush=True))
            if not asked.quick:
                keep(kept() | results)
    print("\n".join(table(results.values())))
    return 1 if any(one.wrong for one in results.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
