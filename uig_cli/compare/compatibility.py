"""Which results may be held against each other, and before which judge.

Another model, method or version of uig is what comparisons are for. Other prompts or another judge
make the difference of two scores mean nothing: they are refused. What lies between, dtype, sampler
settings, templates, rounds or noise, is said.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from uig_cli.errors import UigError, unknown
from uig_cli.results.outcomes import FORMERLY, Results
from uig_cli.scoring.registry import STRICT
from uig_cli.scoring.versions import FIRST, reading, unread

KnownBy = Callable[[Mapping[str, Any]], dict[str, Any]]
"""What of its identity a judge is recognised by."""

_SAME = ("benchmark", "set", "prompts")
_SAID = ("seed", "size", "rounds", "verdict")
_SHOWN = 4


def check_prompts(before: Results, method: str, after: Results, other: str) -> None:
    """Raises UigError, naming the fields, where the two were drawn from other prompts."""
    was, is_now = before.identities[method], after.identities[other]
    differing = [field for field in _SAME if was.get(field) != is_now.get(field)]
    if _hashes(was) & _hashes(is_now):
        differing = [field for field in differing if field != "prompts"]
    if differing:
        raise UigError(
            f"{after.name} cannot be compared with {before.name}: "
            f"{_named(differing, was, is_now)}. Give runs of the same prompts."
        )


def _hashes(identity: Mapping[str, Any]) -> set[Any]:
    """All that its prompts are known by."""
    return {identity.get("prompts"), *identity.get(FORMERLY, ())}


def remarks(before: Results, method: str, after: Results, other: str) -> Iterator[str]:
    """What else differs and may explain a difference, in one sentence."""
    was, is_now = before.identities[method], after.identities[other]
    differing = [
        field
        for field in sorted(was.keys() & is_now.keys())
        if was[field] != is_now[field]
        and (
            field in _SAID
            or field.startswith(("sampler.", "template."))
            or field.endswith(".dtype")
        )
    ]
    if differing:
        yield (
            f"{after.name}:{other} and {before.name}:{method} also differ in "
            f"{_named(differing, is_now, was)}."
        )


def reading_remark(before: Results, judge: str, after: Results, other: str) -> Iterator[str]:
    """That one judge's words or pictures were read by different versions, if they were."""
    was, is_now = reading(before.judges[judge]), reading(after.judges[other])
    differing = sorted(
        name
        for name in was.keys() | is_now.keys()
        if was.get(name, FIRST) != is_now.get(name, FIRST)
    )
    if differing:
        told = ", ".join(
            f"{name.removesuffix(' version')} {was.get(name, FIRST)} and {is_now.get(name, FIRST)}"
            for name in differing
        )
        yield (
            f"{before.name} and {after.name} have the same judge, {judge}, read by different "
            f"versions ({told}); `uig rejudge RUN` with that judge reads the older one anew."
        )


def shared_judge(results: Sequence[Results], wanted: str | None) -> list[str]:
    """The name that one and the same judge has in each of the results, the baseline's first.

    wanted: its name in the baseline; None takes the only one that all share. Raises UigError
    where there is none, or several.
    """
    baseline, *others = results
    if wanted is not None and wanted not in baseline.judges:
        raise unknown(f"judge of {baseline.name}", wanted, baseline.judges)
    names = [wanted] if wanted is not None else list(baseline.judges)
    shared = _shared(baseline, names, others, dict) or _shared(baseline, names, others, unread)
    if wanted is None and len(shared) > 1:
        shared.pop(STRICT, None)  # which stands beside whoever scores
    if len(shared) > 1:
        raise UigError(
            f"several judges have looked at all of these: {', '.join(shared)}; pick one with "
            "--judge NAME."
        )
    if not shared:
        raise UigError(_no_judge(baseline, names, others))
    (chosen,) = shared.values()
    return chosen


def _shared(
    baseline: Results, names: Sequence[str], others: Sequence[Results], known_by: KnownBy
) -> dict[str, list[str]]:
    """The names that each judge has in all of the results, of those that all have."""
    found = {n: [n, *(_same(baseline, n, other, known_by) for other in others)] for n in names}
    known = {name: [one for one in each if one is not None] for name, each in found.items()}
    return {name: each for name, each in known.items() if len(each) == 1 + len(others)}


def _same(baseline: Results, name: str, other: Results, known_by: KnownBy) -> str | None:
    identity = known_by(baseline.judges[name])
    same = [there for there, kept in other.judges.items() if known_by(kept) == identity]
    return name if name in same else (same[0] if same else None)


def _no_judge(baseline: Results, names: Sequence[str], others: Sequence[Results]) -> str:
    """Why no judge is shared, by the first results that lack one."""
    for other in others:
        if any(_same(baseline, name, other, unread) for name in names):
            continue
        namesake = next((name for name in names if name in other.judges), None)
        if namesake is not None:
            was, is_now = baseline.judges[namesake], other.judges[namesake]
            differing = sorted(
                key for key in was.keys() | is_now.keys() if was.get(key) != is_now.get(key)
            )
            why = f"judge {namesake} is another there: {_named(differing, was, is_now)}"
        else:
            why = f"it was judged by {', '.join(other.judges)}, not by {', '.join(names)}"
        return (
            f"{other.name} cannot be compared with {baseline.name}: {why}. Judge both alike with "
            "`uig rejudge`."
        )
    return (
        f"no judge has looked at all of {', '.join(r.name for r in (baseline, *others))}; compare "
        "two at a time, or judge them alike with `uig rejudge`."
    )


def _named(fields: Sequence[str], was: Mapping[str, Any], is_now: Mapping[str, Any]) -> str:
    named = [
        f"{field} ({_short(was.get(field))} against {_short(is_now.get(field))})"
        for field in fields[:_SHOWN]
    ]
    more = f" and {len(fields) - _SHOWN} more" if len(fields) > _SHOWN else ""
    return ", ".join(named) + more


def _short(value: Any) -> str:
    text = json.dumps(value)
    return text if len(text) <= 40 else text[:37] + "..."
