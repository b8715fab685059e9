"""A benchmark in one file: do drawn shapes come in the number asked for?

`Counting` alone is a whole benchmark without its lines `layout` and `published`. `Flat` reads and
writes its pictures as files that other tools know; `Known` holds what others have published.
"""

from uig_cli.benchmarks.card import Card
from uig_cli.benchmarks.cases import data_of, judged_questions
from uig_cli.benchmarks.external import (
    MISSING,
    ExternalModel,
    ExternalPictures,
    checked,
    ignored,
    listed,
)
from uig_cli.benchmarks.protocol import Benchmark, Layout
from uig_cli.benchmarks.published import Counterpart, Published, Score
from uig_cli.benchmarks.writing import put_picture
from uig_cli.cases import Case, Question
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure
from uig_cli.stats.stratified import nested_means

NUMBERS = ("two", "three")
THINGS = [
    (number, f"{number} {color} {shape}")
    for number in NUMBERS
    for color in ("red", "green", "blue")
    for shape in ("circles", "squares")
]
CASES = [
    Case(
        id="counting/" + things.replace(" ", "-"),
        prompt=things,
        dimension=number,
        questions=(Question(f"Are there exactly {things} in the picture?", "yes"),),
    )
    for number, things in THINGS
]


class Flat(Layout):
    """PICTURES/<number-color-shape>.png, one model a folder."""

    def read(self, source, asked):
        if asked.pictures is None:
            raise UigError("counting has no files of judgements; give the folder of pictures.")
        data = COUNTING.open(source)
        root, left = asked.pictures.resolve(), {path.name: path for path in listed(asked.pictures)}
        files = {}
        for case in data.cases:
            path = left.pop(file_name(case), None)
            files[case.id, 0] = checked(path, root) if path else Failure(MISSING, "no picture")
        notes = ignored("files", list(left.values()), asked.pictures)
        pictures = ExternalPictures(asked.name or root.name, 1, files, notes)
        return data, [ExternalModel(pictures)]

    def write(self, run, folder):
        for one in run.pictures:
            if one.sample == 0 and one.picture is not None:
                put_picture(folder / one.model / file_name(one.case), one.picture)
        return ["only sample 0 is written."] if run.samples > 1 else []


def file_name(case):
    return case.id.removeprefix("counting/") + ".png"


class Known(Published):
    """What a run's scores stand beside in `uig show RUN --published`; values are percent."""

    def scores(self):
        return [Score("counting", "", "exact", "a child of four", "overall", 75.0, "made up", "")]

    def counterpart(self, set_name, prompts, split):
        return Counterpart("counting", split, prompts=len(CASES))


class Counting(Benchmark):
    card = Card("counting", "how many shapes of a color, two or three", sets=("built-in",))
    layout = Flat()
    published = Known()

    def open(self, source):
        return data_of(self.card, source, CASES)

    def judged(self, case, found):
        return judged_questions(case, found)

    def summary(self, tallies):
        groups = {number: [number] for number in NUMBERS}
        return nested_means(tallies, groups, dimension_level="number")


COUNTING = Counting()
