"""The study's tables in Markdown, made of results/study.json: those that docs/study.md shows."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Found = Mapping[str, Any]


def tables(found: Found) -> Mapping[str, str]:
    """By name, each as it stands in the document."""
    made: dict[str, list[str]] = {}
    for name, setting in found["chosen among"].items():
        made[f"{name} methods"] = list(_methods(setting))
        made[f"{name} rounds"] = list(_rounds(setting))
        made[f"{name} edits"] = list(_edits(setting))
        made[f"{name} curve"] = list(_curve(setting))
        made[f"{name} examiner"] = list(_examiner(setting))
    for name, setting in found.get("full", {}).items():
        made[f"{name} full"] = list(_full(setting))
    if "confirmed" in found:
        made["confirmed"] = list(_confirmed(found["confirmed"]))
    return {name: "\n".join(lines) for name, lines in made.items()}


def _score(one: Found) -> str:
    return f"{one['score']:.1f} [{one['low']:.1f}, {one['high']:.1f}]"


def _difference(one: Found) -> str:
    return f"{one['difference']:+.1f} [{one['low']:+.1f}, {one['high']:+.1f}]"


def _chance(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"{p:.3f}"


def _methods(setting: Found) -> Iterator[str]:
    """Sorted by the strict score."""
    yield "| method | strict | questions | against `uig`, strict | Holm | pictures | work |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    ranked = sorted(setting["methods"].items(), key=lambda one: -one[1]["strict"]["score"])
    for name, one in ranked:
        against = setting["against uig"].get(name)
        yield (
            f"| `{name}` | {_score(one['strict'])} | {one['questions']['score']:.1f} "
            f"| {_difference(against) if against else ''} "
            f"| {_chance(against['holm']) if against else ''} "
            f"| {one['spent']['pictures']:.2f} | {one['spent']['work']:,.0f} |"
        )
    for name, one in setting["ceilings"].items():
        yield f"| *ceiling: {name}* | {_score(one)} | | | | | |"


SHOWN = (
    "uig", "uig:keep=best,score=denials", "uig:keep=accept,score=denials",
    "uig:keep=best,score=pocket-faults", "redraw", "uig-empty", "uig-partner",
)  # fmt: skip


def _rounds(setting: Found) -> Iterator[str]:
    yield "| method | 0 | 1 | 2 | 3 | 4 |"
    yield "|---|---:|---:|---:|---:|---:|"
    for name in SHOWN:
        scores = [f"{one['score']:.1f}" for one in setting["methods"][name]["by round"]]
        yield f"| `{name}` | {' | '.join(scores)} |"


def _edits(setting: Found) -> Iterator[str]:
    """Summed over rounds and seeds."""
    yield (
        "| method | rounds with a new picture | repaired by them | broken by them | returned to an "
        "earlier one | repaired by that | broken by that |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|"
    names = (
        "edited", "repaired_by_edit", "broken_by_edit", "returned", "repaired_by_return",
        "broken_by_return",
    )  # fmt: skip
    for method in SHOWN:
        rounds: Sequence[Found] = setting["methods"][method]["rounds"]
        sums = [f"{sum(one[name] for one in rounds):,}" for name in names]
        yield f"| `{method}` | {' | '.join(sums)} |"


def _full(setting: Found) -> Iterator[str]:
    """The rest, by round too: the score stands in the column of its last round."""
    rounds = range(7)
    yield (
        "| method | strict | against `uig` | Holm | pictures | work | "
        + " | ".join(f"round {n}" for n in rounds)
        + " |"
    )
    yield f"|---|{'---:|' * (5 + len(rounds))}"
    for name, one in setting["methods"].items():
        against = setting["against uig"][name]
        scores = [f"{each['score']:.1f}" for each in one["by round"]]
        method, comma, how = name.partition(", ")
        yield (
            f"| `{method}`{comma}{how} | {_score(one['strict'])} | {_difference(against)} "
            f"| {_chance(against['holm'])} | {one['spent']['pictures']:.2f} "
            f"| {one['spent']['work']:,.0f} "
            f"| {' | '.join([*scores, *[''] * (len(rounds) - len(scores))])} |"
        )


def _curve(setting: Found) -> Iterator[str]:
    points = setting["best-of-n by pictures"]
    yield f"| `best-of-n` by denials: pictures | {_row(points, 'pictures', '.0f')} |"
    yield f"|---|{'---:|' * len(points)}"
    yield f"| work | {_row(points, 'work', ',.0f')} |"
    scores = [f"{one['strict']['score']:.1f}" for one in points]
    yield f"| strict | {' | '.join(scores)} |"


def _row(points: Sequence[Found], name: str, format: str) -> str:
    return " | ".join(f"{one[name]:{format}}" for one in points)


def _examiner(setting: Found) -> Iterator[str]:
    yield (
        "| pictures | right: match | right: edit | right: unclear | wrong: match | wrong: edit | "
        "wrong: unclear |"
    )
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for which, told in (("first", "first ones"), ("all", "all in the traces of `uig`")):
        counts = setting["examiner"][which]
        cells = [
            str(counts.get(f"{truth} called {said}", 0))
            for truth in ("right", "wrong")
            for said in ("match", "edit", "unclear")
        ]
        yield f"| {told} | {' | '.join(cells)} |"


def _confirmed(found: Found) -> Iterator[str]:
    yield "| prompts | comparison | strict, points | p | Holm | times all tried |"
    yield "|---|---|---:|---:|---:|---:|"
    for setting in ("hard", "unseen", "hard and unseen", "weak"):
        for pair, one in found[setting]["differences"].items():
            told = f"{setting}, {found[setting]['prompts']}"
            both = pair.replace(" against ", "` against `")
            chances = " | ".join(_chance(one[name]) for name in ("p", "holm", "tried"))
            yield f"| {told} | `{both}` | {_difference(one)} | {chances} |"
