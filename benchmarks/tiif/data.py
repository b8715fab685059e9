"""TIIF's data in its official layout, read from a folder that the user fetched.

    test_prompts/<dimension>_prompts.jsonl            testmini_prompts/...
    test_eval_prompts/<dimension>_eval_prompts.jsonl  testmini_eval_prompts/...

Line i of a prompt file belongs to line i of the question file. Nothing of it is part of `uig`,
but for the built-in set: that is made on the spot, and then read as if it were files.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from uig_cli.benchmarks.built_in import BUILT_IN
from uig_cli.benchmarks.external import some
from uig_cli.benchmarks.tiif import built_in, hard
from uig_cli.benchmarks.tiif.alignment import misaligned
from uig_cli.benchmarks.tiif.card import FULL
from uig_cli.benchmarks.tiif.dimensions import DIMENSIONS
from uig_cli.benchmarks.tiif.lines import (
    PromptPair,
    file_names,
    further_texts,
    parse_prompts,
    parse_questions,
    read_prompts,
    read_questions,
)
from uig_cli.benchmarks.tiif.mini import found_lines, known_lines
from uig_cli.cases import Question
from uig_cli.errors import UigError
from uig_cli.files import cache_folder


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a dimension: two prompts that share their questions.

    line: in the full set, from 0. mini_line: in testmini, None where the full set was read.
    """

    dimension: str
    line: int
    mini_line: int | None
    prompts: PromptPair
    questions: tuple[Question, ...]


def default_folder() -> Path:
    """UIG_TIIF_DATA, else `tiif` in the cache folder (UIG_CACHE, else ~/.cache/uig)."""
    if named := os.environ.get("UIG_TIIF_DATA"):
        return Path(named).expanduser()
    return cache_folder() / "tiif"


def read(folder: Path, set_name: str) -> tuple[list[Entry], list[str]]:
    """The set's entries, dimension by dimension, and warnings about what is odd in them."""
    held = _names(folder / f"{set_name}_prompts") | _names(folder / f"{set_name}_eval_prompts")
    present = [
        name
        for name in DIMENSIONS
        if all(path.name in held for path in _files(folder, set_name, name))
    ]
    if not present:
        raise _not_there(f"no dimension's two files in the {set_name} folders of {folder}")
    warnings = []
    if absent := [name for name in DIMENSIONS if name not in present]:
        warnings.append(
            f"TIIF {set_name} in {folder} lacks the files of {', '.join(absent)}; these dimensions "
            "are left out, so group and overall scores do not compare with those of complete data."
        )
    entries: list[Entry] = []
    further: dict[str, None] = {}
    for dimension in present:
        found = _dimension(folder, set_name, dimension)
        further |= dict.fromkeys(further_texts(_files(folder, set_name, dimension)[0], dimension))
        entries += found
        warnings += _slips(found, set_name)
    if further:
        warnings.append(
            f"fields of TIIF {set_name}'s prompt files in {folder} that are not used: "
            f"{some(further)}."
        )
    return entries, warnings


def read_built_in(set_name: str = BUILT_IN) -> list[Entry]:
    """The entries of a built-in set, dimension by dimension."""
    made = built_in.lines() if set_name == BUILT_IN else hard.lines()
    texts = built_in.files(set_name, made)
    entries = []
    for dimension in (*DIMENSIONS, *hard.FAMILIES):
        prompt_file, question_file = file_names(set_name, dimension)
        if prompt_file in texts:
            pairs = parse_prompts(texts[prompt_file], prompt_file, dimension)
            questions = parse_questions(texts[question_file], question_file, dimension)
            entries += [
                Entry(dimension, line, None, pair, asked)
                for line, (pair, asked) in enumerate(zip(pairs, questions, strict=True))
            ]
    return entries


def _dimension(folder: Path, set_name: str, dimension: str) -> list[Entry]:
    prompt_file, question_file = _files(folder, set_name, dimension)
    pairs = read_prompts(prompt_file, dimension)
    questions = read_questions(question_file, dimension)
    if len(pairs) != len(questions):
        raise UigError(
            f"got {len(pairs)} lines in {prompt_file} and {len(questions)} in {question_file}, "
            "expected as many in both; fetch both again from the same version of the data."
        )
    if set_name == FULL:
        lines: Sequence[int] = range(len(pairs))
    else:
        full_file, _ = _files(folder, FULL, dimension)
        if full_file.is_file():
            lines = found_lines(pairs, read_prompts(full_file, dimension), prompt_file)
        else:
            lines = known_lines(dimension, len(pairs))
    return [
        Entry(dimension, line, None if set_name == FULL else number, pair, asked)
        for number, (line, pair, asked) in enumerate(zip(lines, pairs, questions, strict=True))
    ]


def _files(folder: Path, set_name: str, dimension: str) -> tuple[Path, Path]:
    prompt_file, question_file = file_names(set_name, dimension)
    return folder / prompt_file, folder / question_file


def _slips(entries: Sequence[Entry], set_name: str) -> list[str]:
    asked = [[question.text for question in entry.questions] for entry in entries]
    runs = misaligned([entry.prompts.short for entry in entries], asked)
    if not runs:
        return []
    named = " and ".join(f"{run[0]}-{run[-1]}" for run in runs)
    return [
        f"TIIF {set_name}: the questions of {entries[0].dimension} lines {named} (counted from 0; "
        f"{sum(map(len, runs))} of {len(entries)}) ask about other prompts than their own, so this "
        "dimension's score means little."
    ]


def _names(folder: Path) -> set[str]:
    try:
        return {path.name for path in folder.iterdir()}
    except OSError as error:
        raise _not_there(f"no readable folder {folder} ({error.strerror})") from error


def _not_there(got: str) -> UigError:
    return UigError(
        f"TIIF data: got {got}, expected testmini_prompts/ and testmini_eval_prompts/ (for the "
        "full set test_prompts/ and test_eval_prompts/), each with a file per dimension; fetch the "
        "folder data/ of the public repository A113N-W3I/TIIF-Bench, which uig may not ship, and "
        "name it with --data DIR or UIG_TIIF_DATA."
    )
