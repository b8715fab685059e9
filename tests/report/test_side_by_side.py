"""Several models side by side: whose a note is."""

from types import SimpleNamespace
from typing import Any, cast

from uig_cli.report.side_by_side import Model, _notes


def model(name: str, *notes: str) -> Model:
    run: Any = SimpleNamespace(manifest=SimpleNamespace(notes=notes))
    return Model(name, run, cast("Any", None), frozenset())


def test_a_note_that_is_not_of_all_models_names_whose_it_is() -> None:
    models = [model("A", "of all", "2 of 4 pictures are missing"), model("B", "of all"),
              model("C", "2 of 4 pictures are missing", "of all")]  # fmt: skip
    assert _notes(models) == ["of all", "A, C: 2 of 4 pictures are missing"]
    assert _notes(models[1:2]) == ["of all"]
