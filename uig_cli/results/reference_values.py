"""What can stand in a reference file: counts that were counted, shares of what was asked.

The file may have been edited or written by another program, and a value that cannot be would show
as a wrong score, or far from here as an error of arithmetic.
"""

from collections.abc import Iterable, Mapping, Sequence
from math import isfinite
from typing import Any

from uig_cli.errors import UigError

MOST = 10**12
"""More than anybody counts."""

SHOWN = 80

Row = Mapping[str, Any]

_WHOLE = ("sample", "step", "answered", "missing", "passes", "tokens")
_WHOLE_OR_NONE = ("candidates", "made_answered", "made_missing", "returns_to", "work")
_PLACE = ("case", "sample", "method", "judge", "step")


def check_prompts(rows: Sequence[Row], path: object) -> None:
    """Raises UigError, naming the file, the case and the value, for the first that cannot be."""
    seen: dict[Any, Row] = {}
    for row in rows:
        if not isinstance(row["id"], str):
            raise _wrong(path, f"{_short(row['id'])} as id of a case", "a text")
        case = f"case {_short(row['id'])}"
        for name in ("questions", "yes"):
            _whole(row, name, case, path)
        if row["yes"] > row["questions"]:
            raise _wrong(path, f"{row['yes']} as yes of {case}", f"at most {row['questions']}")
        _once(seen, row["id"], row, case, path)


def check_outcomes(
    rows: Sequence[Row], path: object, methods: Iterable[str], judges: Iterable[str]
) -> None:
    """The same for outcomes. methods, judges: whom the file knows."""
    known = {"method": set(methods), "judge": set(judges)}
    seen: dict[Any, Row] = {}
    for row in rows:
        case = f"case {_short(row['case'])}"
        for name in _WHOLE:
            _whole(row, name, case, path)
        for name in _WHOLE_OR_NONE:
            if row.get(name) is not None:
                _whole(row, name, case, path)
        for name in ("sample", "step"):  # numbered from 0, an outcome each
            if row[name] >= len(rows):
                raise _wrong(path, f"{row[name]} as {name} of {case}", f"less than {len(rows)}")
        _amount(row, "seconds", None, case, path)
        _amount(row, "correct", row["answered"], case, path)
        if row.get("made_correct") is not None:
            _amount(row, "made_correct", row.get("made_answered") or 0, case, path)
        for name, names in known.items():
            if row[name] not in names:
                raise _wrong(
                    path, f"{_short(row[name])} as {name} of {case}", "one of those it names"
                )
        _once(seen, tuple(row[name] for name in _PLACE), row, case, path)


def _whole(row: Row, name: str, case: str, path: object) -> None:
    value = row[name]
    if type(value) is not int or not 0 <= value <= MOST:
        raise _wrong(path, f"{_short(value)} as {name} of {case}", "a whole number from 0 on")


def _amount(row: Row, name: str, most: int | None, case: str, path: object) -> None:
    value, limit = row[name], MOST if most is None else most
    if type(value) not in (int, float) or not 0 <= value <= limit or not isfinite(value):
        expected = (
            "a number from 0 on" if most is None else f"0 to {most}, as many as were answered"
        )
        raise _wrong(path, f"{_short(value)} as {name} of {case}", expected)


def _once(seen: dict[Any, Row], place: Any, row: Row, case: str, path: object) -> None:
    """One thing has one place: the same said twice is fine, two things are not."""
    before = seen.setdefault(place, row)
    if before != row:
        name = next(name for name in row if before.get(name) != row[name])
        raise _wrong(
            path,
            f"two lines of {case}, with {_short(before.get(name))} and {_short(row[name])} as "
            f"{name}",
            "one",
        )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 3]}..."


def _wrong(path: object, got: str, expected: str) -> UigError:
    return UigError(
        f"{path}: got {got}, expected {expected}; restore the file, or export it again."
    )
