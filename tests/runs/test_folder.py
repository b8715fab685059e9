"""Case ids become file names that are safe, short and different."""

from hypothesis import given
from hypothesis import strategies as st

from uig_cli.runs.folder import safe_name


def test_plain_ids_stay_readable() -> None:
    assert safe_name("tiif/long/numeracy+color/3") == "tiif.long.numeracy+color.3"
    assert safe_name("geneval/00012") == "geneval.00012"


@given(st.text(max_size=300))
def test_any_id_is_safe(name: str) -> None:
    made = safe_name(name)
    assert 0 < len(made.encode()) <= 100
    assert "/" not in made and "\0" not in made and not made.startswith(".")


@given(st.lists(st.text(alphabet="ab/.-~ ", max_size=6), unique=True, min_size=2, max_size=2))
def test_different_ids_stay_different(names: list[str]) -> None:
    assert safe_name(names[0]) != safe_name(names[1])
