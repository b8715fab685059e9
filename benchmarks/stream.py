"""Cases as a streaming data set, for those who want the prompts and questions elsewhere."""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from uig_cli.cases import Case

if TYPE_CHECKING:
    from datasets.iterable_dataset import IterableDataset


def stream(cases: Sequence[Case]) -> "IterableDataset":
    """The cases in their order, one row each: id, split, dimension, prompt (strings), questions
    and wanted (lists of strings of equal length)."""
    from datasets.features import Features, Value
    from datasets.iterable_dataset import IterableDataset

    text = Value("string")
    columns: Any = dict.fromkeys(("id", "split", "dimension", "prompt"), text)
    features = Features(columns | {"questions": [text], "wanted": [text]})  # type: ignore[no-untyped-call]
    # A tuple, since lists among the generator's arguments are taken apart into shards.
    return IterableDataset.from_generator(
        as_rows, features=features, gen_kwargs={"cases": tuple(cases)}
    )


def as_rows(cases: Sequence[Case]) -> Iterator[Mapping[str, Any]]:
    """Cases as plain rows."""
    for case in cases:
        yield {
            "id": case.id,
            "split": case.split,
            "dimension": case.dimension,
            "prompt": case.prompt,
            "questions": [question.text for question in case.questions],
            "wanted": [question.wanted for question in case.questions],
        }
