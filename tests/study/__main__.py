"""python -m tests.study [--full] [--confirm METHOD ...] [--figures] [--processes N]

Draws what is not drawn yet (about an hour on two cores), works the study's figures out and keeps
them in results/study.json; --figures draws docs/images/study-*.png. --full adds other methods, six
rounds, other wordings. --confirm draws new seeds and lines nobody has looked at, for the methods
that were chosen, once. Stopped, it goes on where it was.
"""

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tests.conftest import ROOT
from tests.study.analysis import (
    QUESTIONS,
    STRICT,
    Kept,
    Runs,
    confusion,
    line_of,
    paired,
    shown,
    summed_rounds,
    told,
    with_holm,
)
from tests.study.cells import (
    AS_CHOSEN,
    CURVE,
    FRESH_SEEDS,
    FULL,
    METHODS,
    ORACLE,
    SEEDS,
    SETTINGS,
    Cell,
    Variant,
    confirming_cells,
    full_cells,
    run_all,
    study_cells,
)
from tests.study.document import DOCUMENT, filled
from tests.study.tables import tables
from uig_cli import __version__
from uig_cli.benchmarks import registry, select
from uig_cli.benchmarks.built_in import HARD as HARD_SET
from uig_cli.benchmarks.protocol import Source

REFERENCE = ("direct", "uig", "uig:keep=best,score=denials")
KEPT = ROOT / "results" / "study.json"


def main() -> None:
    parser = argparse.ArgumentParser("python -m tests.study", description=__doc__)
    parser.add_argument("--full", action="store_true", help="with the rest of what was tried")
    parser.add_argument("--confirm", nargs="*", default=[], metavar="METHOD")
    parser.add_argument("--figures", action="store_true")
    parser.add_argument("--processes", type=int, default=2)
    asked = parser.parse_args()
    found: dict[str, Any] = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    if asked.confirm:
        methods = ("direct", "uig", *asked.confirm, *rivals_of(asked.confirm))
        cells = list(confirming_cells(tuple(dict.fromkeys(methods))))
        run_all(cells, asked.processes)
        found["confirmed"] = confirmed(cells, asked.confirm)
    else:
        cells = list(study_cells())
        more = list(full_cells()) if asked.full else []
        run_all([*cells, *more], asked.processes)
        found["chosen among"] = {name: figures(cells, name) for name in ("hard", "weak")}
        found["reference"] = reference(runs_of(cells, "hard"))
        if asked.full:
            found["full"] = {name: rest([*cells, *more], name) for name in ("hard", "weak")}
    found["uig"] = __version__
    KEPT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    if "confirmed" in found:
        text = DOCUMENT.read_text("utf-8")
        DOCUMENT.write_text(filled(text, tables(found)), "utf-8")
    if asked.figures:
        from tests.study.plots import draw_all

        draw_all(found["chosen among"])


def rivals_of(methods: Sequence[str]) -> list[str]:
    """best-of-n of the same work, chosen by the same score as a method."""
    scores = [method.rpartition("score=")[2] for method in methods if "score=" in method]
    budgets = ("uig", "uig-mean")
    return [f"best-of-n:budget={budget},score={score}" for score in scores for budget in budgets]


def runs_of(cells: Sequence[Cell], setting: str, variant: Variant = AS_CHOSEN) -> Runs:
    wanted = (setting, variant.name)
    return Runs.of([c.folder for c in cells if (c.setting.name, c.variant.name) == wanted])


def figures(cells: Sequence[Cell], setting: str) -> dict[str, Any]:
    """All figures of one setting."""
    runs = runs_of(cells, setting)
    oracle = runs_of(cells, setting, ORACLE)
    where = runs.dimensions
    methods = list(runs.results[0].methods)
    last = {method: runs.kept(method, STRICT) for method in methods}
    found: dict[str, Any] = {
        "setting": SETTINGS[setting].told,
        "seeds": list(SEEDS),
        "prompts": len(where),
        "methods": {
            method: {
                "strict": shown(line_of(last[method], where)),
                "questions": shown(line_of(runs.kept(method, QUESTIONS), where)),
                "by round": by_round(runs, method),
                "spent": rounded(runs.spent(method)),
                "rounds": summed_rounds(runs, method),
            }
            for method in methods
        },
        "against uig": with_holm(
            {m: told(paired(last["uig"], last[m], where)) for m in methods if m != "uig"}
        ),
        "against uig, questions": {
            m: told(paired(runs.kept("uig", QUESTIONS), runs.kept(m, QUESTIONS), where))
            for m in methods
            if m != "uig"
        },
        "against best-of-n": {
            rival: with_holm(
                {
                    m: told(paired(last[rival], last[m], where))
                    for m in methods
                    if m.startswith("uig")
                }
            )
            for rival in methods
            if rival.startswith("best-of-n:budget")
        },
        "ceilings": {
            "oracle chooser over uig": shown(line_of(runs.ceiling("uig", STRICT), where)),
            "oracle chooser over best-of-n": shown(line_of(runs.ceiling(CURVE[0], STRICT), where)),
            "oracle examiner": shown(line_of(oracle.kept("uig", STRICT), where)),
        },
        "best-of-n by pictures": [
            {"strict": shown(line_of(runs.kept(CURVE[0], STRICT, n), where)), **rounded(spent)}
            for n, spent in enumerate(runs.spent_by(CURVE[0]))
        ],
        "examiner": confusion(runs.folders),
    }
    return found


def rest(cells: Sequence[Cell], setting: str) -> dict[str, Any]:
    """What `--full` adds: each against uig as the study has it, Holm over all of them."""
    plain = runs_of(cells, setting)
    where = plain.dimensions
    before = plain.kept("uig", STRICT)
    made = {variant: runs_of(cells, setting, variant) for variant in FULL}
    told_of = [(variant, method) for variant in FULL for method in variant.methods]
    name = {(v, m): m if not v.words else f"{m}, {v.told}" for v, m in told_of}
    against = {name[v, m]: told(paired(before, made[v].kept(m, STRICT), where)) for v, m in told_of}
    return {
        "methods": {
            name[v, m]: {
                "strict": shown(line_of(made[v].kept(m, STRICT), where)),
                "questions": shown(line_of(made[v].kept(m, QUESTIONS), where)),
                "by round": by_round(made[v], m),
                "spent": rounded(made[v].spent(m)),
            }
            for v, m in told_of
        },
        "against uig": with_holm(against),
    }


FEW = 16
"""Cases of the first seed whose results a test draws again."""


def reference(runs: Runs) -> dict[str, dict[str, list[int]]]:
    """Case by case, of a few, whether each step's picture is right: what everybody gets."""
    first = runs.results[0]
    cases = select.spread(registry.benchmark("tiif").open(Source("long", HARD_SET)).cases, FEW)
    return {
        case.id: {
            method: [
                int(first.at(method, STRICT, step)[case.id, 0].right)
                for step in range(first.last_step(method) + 1)
            ]
            for method in REFERENCE
        }
        for case in cases
    }


def by_round(runs: Runs, method: str) -> list[dict[str, Any]]:
    last = max(one.last_step(method) for one in runs.results)
    spent = runs.spent_by(method)
    return [
        {**shown(line_of(runs.kept(method, STRICT, step), runs.dimensions)), **rounded(spent[step])}
        for step in range(last + 1)
    ]


TOGETHER = "hard and unseen"
"""All prompts of the hard recipe that were drawn for confirming."""


def confirmed(cells: Sequence[Cell], chosen: Sequence[str]) -> dict[str, Any]:
    """The chosen methods on what nobody has looked at, against uig and best-of-n of its work."""
    found: dict[str, Any] = {"seeds": list(FRESH_SEEDS), "chosen": list(chosen)}
    for setting in ("hard", "unseen", TOGETHER, "weak"):
        runs = [runs_of(cells, name) for name in setting.split(" and ")]
        where: dict[str, str] = {}
        for number, one in enumerate(runs):
            where |= {f"{number}/{case}": dim for case, dim in one.dimensions.items()}
        methods = list(runs[0].results[0].methods)
        last = {method: _joined([one.kept(method, STRICT) for one in runs]) for method in methods}
        found[setting] = {
            "prompts": len(where),
            "strict": {m: shown(line_of(last[m], where)) for m in methods},
            "spent": {m: rounded(runs[0].spent(m)) for m in methods},
            "differences": _adjusted(
                {
                    f"{m} against {rival}": told(paired(last[rival], last[m], where))
                    for m in chosen
                    for rival in ("uig", *rivals_of([m]))
                }
            ),
        }
    return found


TRIED = len(METHODS) - 1
"""Methods beside uig that were looked at before any was chosen."""


def _adjusted(found: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """By Holm over these comparisons, and, as if each method that was tried had been confirmed,
    times their number."""
    return {
        name: {**one, "tried": min(1.0, TRIED * one["p"])} for name, one in with_holm(found).items()
    }


def _joined(parts: Sequence[Kept]) -> Kept:
    """Cases of several sets side by side, seed by seed."""
    return [
        {
            (f"{number}/{case}", sample): replace(one, case=f"{number}/{case}")
            for number, kept in enumerate(seed)
            for (case, sample), one in kept.items()
        }
        for seed in zip(*parts, strict=True)
    ]


def rounded(values: Mapping[str, float]) -> dict[str, float]:
    return {name: round(value, 3) for name, value in values.items()}


if __name__ == "__main__":
    main()
