"""TIIF's official layouts read: pictures, judge results, or both of the same models."""

from uig_cli.benchmarks.elsewhere import Answers, Asked, Brought, Pictures, some, unseen
from uig_cli.benchmarks.protocol import Data
from uig_cli.benchmarks.tiif import BOTH, benchmark
from uig_cli.benchmarks.tiif.data import FULL, MINI, default_folder
from uig_cli.benchmarks.tiif.judgements import bring, without_data
from uig_cli.benchmarks.tiif.pictures import read_pictures
from uig_cli.benchmarks.tiif.result_files import Released, read_released
from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import Failure


def read(asked: Asked) -> tuple[Data, list[Brought]]:
    """Models in the order of their names. Results without pictures stand for pictures unseen."""
    released = read_released(asked.judged) if asked.judged else []
    if asked.pictures is None and asked.name is not None:
        if asked.name not in (names := [one.model for one in released]):
            raise unknown(f"model in {asked.judged}", asked.name, names)
        released = [one for one in released if one.model == asked.name]
    data = _data(asked, released)
    answers = [bring(one, data.cases, asked.lines) for one in released]
    if asked.pictures is None:
        return data, [Brought(_unseen(one), one) for one in answers]
    found = read_pictures(asked.pictures, data.cases, asked.name, asked.lines)
    if len(found) == len(answers) == 1:
        return data, [Brought(found[0], answers[0])]
    by_name = {one.name: one for one in answers}
    strangers = by_name.keys() - {one.name for one in found}
    if strangers and asked.name is None:
        raise UigError(
            f"{asked.judged} judges {some(sorted(strangers))}, of which {asked.pictures} has no "
            "pictures; give --name MODEL, or judgements of the same models."
        )
    return data, [Brought(one, by_name.get(one.name)) for one in found]


def _data(asked: Asked, released: list[Released]) -> Data:
    source = asked.source
    official = source.set in (None, MINI, FULL)
    if released and official and source.data is None and not default_folder().is_dir():
        return without_data(released, source.set or MINI, source.split or BOTH, asked.lines)
    return benchmark.open(source)


def _unseen(one: Answers) -> Pictures:
    return Pictures(
        one.name,
        1,
        {
            (case, 0): known
            if isinstance(known, Failure)
            else unseen(one.name, (case, 0), sorted(known.items()))
            for case, known in one.by_case.items()
        },
    )
