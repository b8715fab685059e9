"""A reference file: a run's results without its pictures, one JSON file small enough to be kept
under version control and compared with for years.

It holds prompts by their hash, never their texts, and one line per picture and judge, so that two
versions of it can be told apart line by line.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields, replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from uig_cli.errors import UigError
from uig_cli.files import read_plain
from uig_cli.outputs import write_named
from uig_cli.plain_json import read_json
from uig_cli.results.outcomes import PictureScore, Prompt, Results, results_of
from uig_cli.results.reference_values import check_outcomes, check_prompts
from uig_cli.results.run import RunReader, open_run

KIND = "uig reference"
FORMAT = 1

_PROMPT = [field.name for field in fields(Prompt)]
_SELDOM = {
    field.name: field.default
    for field in fields(PictureScore)
    if field.default is not MISSING and field.name != "picture"
}
"""Columns of outcomes that are written where any has another value than this one."""
_NOTHING = {"work": 0}
"""What a step that did nothing has beside that."""

_OUTCOME = [field.name for field in fields(PictureScore) if field.default is MISSING]
_HEAD = ("uig", "benchmark", "set", "identities", "judges", "notes")


def write_reference(run: RunReader, path: Path) -> None:
    """Writes the results of a run. Raises UigError for one that nobody has judged."""
    results = results_of(run)
    write_named("--out", path, ("\n".join(_lines(results)) + "\n").encode("utf-8"))


def _lines(results: Results) -> Iterator[str]:
    yield "{"
    yield f'"kind": {json.dumps(KIND)},'
    yield f'"format": {FORMAT},'
    for name in _HEAD:
        value = getattr(results, name)
        plain = dict(value) if isinstance(value, Mapping) else value
        yield f"{json.dumps(name)}: {json.dumps(plain)},"
    yield f'"counts": {json.dumps(_counts(results.prompts, results.outcomes))},'
    yield from _table("prompts", _PROMPT, results.prompts, ",")
    seldom = [
        name
        for name, usual in _SELDOM.items()
        if any(getattr(one, name) not in (usual, _NOTHING.get(name)) for one in results.outcomes)
    ]
    yield from _table("outcomes", [*_OUTCOME, *seldom], results.outcomes, "")
    yield "}"


def _counts(prompts: Sequence[object], outcomes: Sequence[object]) -> dict[str, int]:
    """What tells a file that has lost lines."""
    return {"prompts": len(prompts), "outcomes": len(outcomes)}


def _table(name: str, columns: Sequence[str], rows: Sequence[object], after: str) -> Iterator[str]:
    """Column names, then a line a row."""
    yield f'"{name}": ['
    texts = [json.dumps(columns)]
    texts += [json.dumps([getattr(row, column) for column in columns]) for row in rows]
    yield ",\n".join(texts)
    yield f"]{after}"


def open_results(path: Path) -> Results:
    """A run folder, or a reference file. Raises UigError for anything else."""
    return read_reference(path) if path.is_file() else results_of(open_run(path))


def read_reference(path: Path) -> Results:
    """Raises UigError, naming the file, for anything that `write_reference` does not write."""
    try:
        found = read_json(read_plain(path), any_numbers=True)
        if not isinstance(found, dict) or found.get("kind") != KIND:
            raise UigError(
                f"{path} is no reference file; give a run folder, or a file that "
                "`uig export RUN --layout reference` wrote."
            )
        if found.get("format") != FORMAT:
            raise UigError(
                f"{path} has format {found.get('format')!r}, expected {FORMAT}; export it again "
                "with this version of uig."
            )
        head = _results.validate_python({**{name: found[name] for name in _HEAD}, **_EMPTY})
        rows = _rows(found["prompts"], _PROMPT), _rows(found["outcomes"], _OUTCOME, _SELDOM)
        check_prompts(rows[0], path)
        check_outcomes(rows[1], path, head.identities, head.judges)
        prompts, outcomes = _prompts.validate_python(rows[0]), _outcomes.validate_python(rows[1])
    except (OSError, UnicodeDecodeError) as error:
        raise UigError(f"cannot read {path} ({error}); give a readable reference file.") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        reason = _short(error)
        raise UigError(
            f"{path} is not as `uig export --layout reference` writes it ({reason}); restore it, "
            "or export it again."
        ) from error
    there = _counts(prompts, outcomes)
    if (counts := found.get("counts", there)) != there:
        raise UigError(
            f"{path} holds {there['prompts']} prompts and {there['outcomes']} outcomes, and was "
            f"written with {_told(counts)}; restore it, or export it again."
        )
    known = {prompt.id for prompt in prompts}
    if strangers := {one.case for one in outcomes} - known:
        raise UigError(
            f"{path} has outcomes of {min(strangers)!r}, which is none of its prompts; export it "
            "again."
        )
    whole = replace(head, name=str(path), prompts=prompts, outcomes=outcomes)
    return whole if "counts" in found else replace(whole, notes=(*head.notes, *_short_of(whole)))


def _short_of(results: Results) -> Iterator[str]:
    """That the last steps of a method may be gone from a file that does not tell its counts: what
    would stand for its final picture is then an earlier one."""
    for method, identity in results.identities.items():
        rounds, last = identity.get("rounds"), results.last_step(method)
        if isinstance(rounds, int) and last < rounds:
            yield (
                f"{results.name} has {method} up to step {last}, and it was run with up to "
                f"{rounds} rounds: if the file has lost lines, what is called final is an earlier "
                "step; export it again."
            )


_EMPTY: Mapping[str, Any] = {"name": "", "prompts": [], "outcomes": []}
_results = TypeAdapter(Results)
_prompts = TypeAdapter(tuple[Prompt, ...])
_outcomes = TypeAdapter(tuple[PictureScore, ...])


def _rows(table: Any, columns: Sequence[str], seldom: Iterable[str] = ()) -> list[dict[str, Any]]:
    """Rows by column name; columns that this version does not know are left out, those of `seldom`
    may be missing."""
    head, *rows = table
    if not set(columns) <= set(head):
        raise ValueError(f"columns {', '.join(sorted(set(columns) - set(head)))} are missing")
    read = {*columns, *seldom}
    return [
        {name: value for name, value in zip(head, row, strict=True) if name in read} for row in rows
    ]


def _told(counts: Any) -> str:
    parts = counts.items() if isinstance(counts, dict) else ()
    return " and ".join(f"{value} {name}" for name, value in parts)[:80] or "other counts"


def _short(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return f"{where}: {first['msg']}"
    return f"{type(error).__name__}: {error}".splitlines()[0][:160]
