"""GenEval's prompts as cases: generated, or a user's rewriting of them.

A rewritten prompt changes what the model is told and nothing of what is checked: line i must
have the clauses of line i of the generated set. Scores on rewritten prompts are a condition of
their own, hence a split of their own.
"""

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from uig_cli.benchmarks.built_in import NOTE
from uig_cli.benchmarks.geneval import built_in
from uig_cli.benchmarks.geneval.card import CARD, FULL
from uig_cli.benchmarks.geneval.prompts import Metadata, as_lines, generate
from uig_cli.benchmarks.protocol import Data, Source
from uig_cli.cases import Case
from uig_cli.errors import UigError, unknown

REWRITTEN = "rewritten"
CLAUSES = ("tag", "include", "exclude")


def open_data(source: Source) -> Data:
    """The generated prompts, or those of source.prompts_file. prompts_hash is the SHA-256 of
    the prompts in the official file format; for the full set, of the official file."""
    set_name = source.set or FULL
    if set_name not in CARD.sets:
        raise unknown("GenEval set", set_name, CARD.sets)
    if source.split is not None:
        raise UigError(f'got split "{source.split}", but GenEval has none; leave --split out.')
    if source.data is not None:
        raise UigError(
            f"got the data folder {source.data}, but GenEval's prompts are generated; leave "
            "--data out, or give rewritten prompts with --prompts-file FILE."
        )
    rewritten = source.prompts_file
    generated = generate() if set_name == FULL else built_in.generate()
    prompts = read_rewritten(rewritten, generated) if rewritten else generated
    kind = "rewritten prompts, not comparable with the official ones" if rewritten else "prompts"
    things = "" if set_name == FULL else " about drawn shapes"
    return Data(
        cases=cases_of(prompts, REWRITTEN if rewritten else ""),
        set=set_name,
        prompts_hash=sha256(as_lines(prompts).encode()).hexdigest(),
        warnings=(),
        card=f"GenEval, {len(prompts)} {kind}{things}, official rules over a detector's boxes",
        notes=() if set_name == FULL else (NOTE,),
    )


def read_rewritten(path: Path, generated: Sequence[Metadata]) -> list[Metadata]:
    """The prompts of a file in the official format: per line a JSON object with tag, include,
    exclude and prompt. generated: the lines it rewrites. Raises UigError with file and line
    number."""
    try:
        lines = path.read_text("utf-8-sig").removesuffix("\n").split("\n")
    except OSError as error:
        raise UigError(
            f"cannot read the prompts file {path} ({error.strerror}); give a file in the format "
            "of GenEval's evaluation_metadata.jsonl."
        ) from error
    except UnicodeDecodeError as error:
        raise UigError(
            f"the prompts file {path} is not UTF-8 text (byte {error.start}); save it as UTF-8."
        ) from error
    prompts = [
        _checked(line, original, f"{path}, line {number}")
        for number, (line, original) in enumerate(zip(lines, generated, strict=False), 1)
    ]
    if len(lines) != len(generated):
        raise UigError(
            f"the prompts file {path} has {len(lines)} lines, expected {len(generated)}, one for "
            "each GenEval prompt in its order; complete the file."
        )
    return prompts


def _checked(line: str, original: Metadata, where: str) -> Metadata:
    try:
        metadata: dict[str, Any] = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UigError(
            f"{where}: got broken JSON ({error}), expected one object a line; mend that line."
        ) from error
    if not isinstance(metadata, dict) or not isinstance(metadata.get("prompt"), str):
        raise UigError(
            f'{where}: got no prompt, expected an object with "tag", "include" and "prompt", the '
            "last a text; mend that line."
        )
    for field in CLAUSES:
        if metadata.get(field) != original.get(field):
            raise UigError(
                f"{where}: got {field} {json.dumps(metadata.get(field))}, expected "
                f"{json.dumps(original.get(field))} as in GenEval's line; rewrite only the prompt."
            )
    return metadata


def cases_of(prompts: Sequence[Metadata], split: str = "") -> tuple[Case, ...]:
    """Cases "geneval/00000", "geneval/00001", ...; the facts are the whole metadata object."""
    return tuple(
        Case(
            id=f"geneval/{line:05d}",
            prompt=metadata["prompt"],
            split=split,
            dimension=metadata["tag"],
            facts=metadata,
            problem=None if metadata["prompt"].strip() else "the prompt is empty",
        )
        for line, metadata in enumerate(prompts)
    )


def colored_classes(facts: Mapping[str, Any]) -> tuple[str, ...]:
    """The classes whose color some include clause of a case asks for, sorted."""
    clauses = facts.get("include", ())
    return tuple(sorted({clause["class"] for clause in clauses if "color" in clause}))
