"""GenEval's official layout read: folders of pictures, stored detections, or both."""

from uig_cli.benchmarks.elsewhere import MISSING, Asked, Brought, Found, Pictures, unseen
from uig_cli.benchmarks.geneval import benchmark
from uig_cli.benchmarks.geneval.folders import read_folders
from uig_cli.benchmarks.geneval.stored import read_detections
from uig_cli.benchmarks.protocol import Data
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure


def read(asked: Asked) -> tuple[Data, list[Brought]]:
    """The one model of the folder. Detections without pictures stand for pictures unseen."""
    data = benchmark.open(asked.source)
    found = read_detections(asked.judged, data.cases) if asked.judged else None
    if asked.pictures is not None:
        (pictures,) = read_folders(asked.pictures, data.cases, asked.name, asked.samples)
        return data, [Brought(pictures, found=found)]
    assert found is not None and asked.judged is not None, "there is something to read"
    if not found.by_place:
        raise UigError(
            f"{asked.judged} tells pictures apart by their hash; give the folder of the pictures "
            "too, or apply other thresholds to the run itself with `uig rejudge RUN --threshold T`."
        )
    return data, [Brought(_unseen(asked, data, found), found=found)]


def _unseen(asked: Asked, data: Data, found: Found) -> Pictures:
    assert asked.judged is not None
    name = asked.name or asked.judged.stem
    samples = asked.samples or 1 + max(sample for _, sample in found.by_place)
    files = {
        (case.id, sample): unseen(name, (case.id, sample), seen.to_json())
        if (seen := found.by_place.get((case.id, sample)))
        else Failure(MISSING, "no stored detections")
        for case in data.cases
        for sample in range(samples)
    }
    return Pictures(name, samples, files)
