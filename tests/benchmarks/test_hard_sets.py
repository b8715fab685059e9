"""The hard built-in sets: their recipe, what prompts say, and that true pictures are right."""

from random import Random

import pytest

from tests.conftest import Uig
from tests.shapes_models import picture
from uig_cli.benchmarks import registry
from uig_cli.benchmarks.built_in import BUILT_IN, HARD
from uig_cli.benchmarks.geneval import hard as geneval_hard
from uig_cli.benchmarks.geneval.specification import spec_of as spec_of_metadata
from uig_cli.benchmarks.protocol import Source
from uig_cli.benchmarks.tiif import hard
from uig_cli.models.protocol import Failure, Picture
from uig_cli.scoring.judges.strict import StrictJudge, faults
from uig_cli.scoring.protocol import Asked, Rating
from uig_cli.shapes.sample import stage
from uig_cli.shapes.scene import Scene
from uig_cli.shapes.spec import ObjectGroup, ObjectKind, Relation, Spec
from uig_cli.shapes.spec_text import spec_of, text_of
from uig_cli.shapes.topics import TRAINED


def test_tiif_s_recipe() -> None:
    """Eight families, 24 lines each, no prompt twice nor in the other set; the same for ever."""
    lines = list(hard.lines())
    assert len(lines) == 192 and {line.dimension for line in lines} == set(hard.FAMILIES)
    texts = {text for line in lines for text in (line.short, line.long)}
    assert len(texts) == 384
    data = registry.benchmark("tiif").open(Source(set=HARD))
    plain = registry.benchmark("tiif").open(Source(set=BUILT_IN))
    assert texts == {case.prompt for case in data.cases}
    assert texts.isdisjoint({case.prompt for case in plain.cases})
    assert data.prompts_hash.startswith("00058ea050906311")
    assert lines[0].short == "paint three striped hearts, one of them brown and the rest yellow"
    assert all(line.asked and {wanted for _, wanted in line.asked} == {"yes"} for line in lines)


def test_its_lines_go_on_beyond_those_that_are_shipped() -> None:
    further = list(hard.lines(range(24, 26)))
    assert len(further) == 16
    shipped = {line.long for line in hard.lines()}
    assert shipped.isdisjoint({line.long for line in further})


def test_geneval_s_recipe() -> None:
    rows = geneval_hard.generate()
    assert len(rows) == 72 and len({row["prompt"] for row in rows}) == 72
    for row in rows:
        classes = [clause["class"] for clause in row["include"]]
        assert len(set(classes)) == len(classes) == 2
        assert row["exclude"] == [
            {"class": each["class"], "count": each["count"] + 1} for each in row["include"]
        ]
        (placed,) = (each for each in row["include"] if "position" in each)
        assert placed["position"][1] < row["include"].index(placed)  # its target is checked first
        spec = spec_of_metadata(row)
        assert spec == spec_of(text_of(spec))
    data = registry.benchmark("geneval").open(Source(set=HARD))
    assert data.prompts_hash.startswith("08a17da195bf9142")


@pytest.mark.parametrize("benchmark", ["tiif", "geneval"])
def test_true_scenes_are_right_by_every_judge(uig: Uig, tmp_path: object, benchmark: str) -> None:
    model = "python:tests/shapes_models.py:TrueScenes"
    done = uig(
        "eval", benchmark, "--set", HARD, "--model", model, "--method", "direct", "--samples", 1,
        "--out", f"{tmp_path}/r", "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert '"score": 100.0' in done.out and done.out.count('"score"') == done.out.count(
        '"score": 100.0'
    )


RED, BLUE = ObjectKind("circle", "red"), ObjectKind("square", "blue")
SPEC = Spec((ObjectGroup(RED, 2), ObjectGroup(BLUE)), (Relation(0, "left", 1),))


def test_a_spec_as_a_text() -> None:
    text = text_of(SPEC)
    assert spec_of(text) == SPEC and "\n" not in text
    absent = Spec((ObjectGroup(ObjectKind("star")),), (), (ObjectKind(color="red"),))
    assert spec_of(text_of(absent)) == absent
    for odd in ("", "{}", "[]", text.replace("circle", "cat"), text.replace('"left"', '"near"'),
                text.replace("[0,", "[7,")):  # fmt: skip
        with pytest.raises((ValueError, TypeError, LookupError)):
            spec_of(odd)


def test_strict_counts_all_that_is_wrong() -> None:
    scene = stage(SPEC, Random(0), TRAINED)
    assert faults(SPEC, picture(scene)) == ()
    less = picture(Scene(scene.objects[1:]))
    assert faults(SPEC, less) != ()
    other = Spec((ObjectGroup(RED, 2),))
    assert faults(other, picture(scene)) == ("extra",)
    found = dict(StrictJudge().ask([Asked(less, (text_of(SPEC),)), Asked(less, ("odd",))]))
    (rating,) = found[0] if isinstance(found[0], tuple) else ()
    assert isinstance(rating, Rating) and rating.value == 0 and "missing" in rating.raw
    assert isinstance(found[1], Failure) and found[1].kind == "specification"


def test_a_blank_page_is_wrong() -> None:
    from PIL import Image

    assert faults(SPEC, Picture.of(Image.new("RGB", (96, 96), "white"))) != ()
