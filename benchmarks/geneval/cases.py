"""GenEval's prompts as cases: generated, or a user's rewriting of them.

A rewritten prompt changes what the model is told and nothing of what is checked. Scores on
rewritten prompts are a condition of their own, hence a split of their own; prompts that are the
generated ones are no rewriting, whatever file they came in.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any

from uig_cli.benchmarks.built_in import BUILT_IN, HARD, note_of
from uig_cli.benchmarks.geneval import built_in, hard
from uig_cli.benchmarks.geneval.card import CARD, FULL
from uig_cli.benchmarks.geneval.prompts import Metadata, as_lines, generate
from uig_cli.benchmarks.geneval.rewriting import read_rewriting
from uig_cli.benchmarks.protocol import Data, Source
from uig_cli.cases import Case
from uig_cli.errors import UigError, unknown

REWRITTEN = "rewritten"


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
    make = {FULL: generate, BUILT_IN: built_in.generate, HARD: hard.generate}[set_name]
    prompts: Sequence[Metadata] = make()
    split, kind = "", "prompts"
    warnings: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    if source.prompts_file is not None:
        found = read_rewriting(source.prompts_file, prompts)
        prompts, warnings = found.prompts, found.notes
        if _hash(found.as_given) != _hash(prompts):
            former = (_hash(found.as_given),)
        if found.differing:
            split = REWRITTEN
            kind = (
                f"rewritten prompts, not comparable with the official ones: of {len(prompts)} "
                f"prompts {found.differing} differ from the official ones"
            )
    things = "" if set_name == FULL else " about drawn shapes"
    return Data(
        cases=cases_of(prompts, split),
        set=set_name,
        prompts_hash=_hash(prompts),
        warnings=warnings,
        card=f"GenEval, {len(prompts)} {kind}{things}, official rules over a detector's boxes",
        notes=() if set_name == FULL else (note_of(set_name),),
        former_hashes=former,
    )


def _hash(prompts: Sequence[Metadata]) -> str:
    """Of a file's rows as they stand in it, further fields and all, what version 0.1.0 knew them
    by."""
    return sha256(as_lines(prompts).encode()).hexdigest()


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
