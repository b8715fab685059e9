"""The oracle examiner: knows what was asked for, says the first thing that is wrong, does nothing
else."""

from random import Random

from PIL import Image

from tests.conftest import Uig
from tests.shapes_models import picture
from uig_cli.loop.verdict import robust
from uig_cli.models.protocol import Failure, Look, Picture, Said
from uig_cli.scoring.oracle import NOTE, OracleExaminer
from uig_cli.shapes.sample import stage
from uig_cli.shapes.scene import Scene
from uig_cli.shapes.spec import ObjectGroup, ObjectKind, Spec
from uig_cli.shapes.topics import TRAINED

TWO = Spec((ObjectGroup(ObjectKind("circle", "red"), 2),))
ONE = Spec((ObjectGroup(ObjectKind("circle", "red")),))
ORACLE = OracleExaminer({"two red circles": TWO, "a red circle": ONE})


def said(text: str, shown: Picture) -> str:
    ((_, reply),) = ORACLE.run([Look(text, (shown,))])
    assert isinstance(reply, Said)
    return reply.text


def test_it_says_whether_a_picture_is_what_its_prompt_says() -> None:
    scene = stage(TWO, Random(0), TRAINED)
    both, half = picture(scene), picture(Scene(scene.objects[:1]))
    assert robust(said("Request: two red circles.", both)).kind == "match"
    verdict = robust(said("Request: two red circles.", half))
    assert verdict.kind == "edit" and "circle" in verdict.instruction
    assert robust(said("Request: a red circle.", half)).kind == "match"
    assert robust(said("Request: a red circle.", both)).kind == "edit"


def test_a_prompt_that_it_does_not_know_is_a_failure() -> None:
    blank = Picture.of(Image.new("RGB", (96, 96), "white"))
    ((_, reply),) = ORACLE.run([Look("a cat", (blank,))])
    assert isinstance(reply, Failure) and "does not know" in reply.reason


def test_a_run_says_that_it_is_a_ceiling(uig: Uig, tmp_path: object) -> None:
    line = ["eval", "tiif", "--limit", 2, "--split", "short", "--examiner", "oracle",
            "--sampler", "draw.num_timesteps=3", "--sampler", "edit.num_timesteps=3",
            "--rounds", 1, "--quiet"]  # fmt: skip
    done = uig(*line, "--set", "built-in", "--out", f"{tmp_path}/r")
    assert done.code == 0, done.err
    shown = uig("show", f"{tmp_path}/r")
    assert NOTE.split(":")[0] in shown.out + shown.err
    refused = uig("refine", "--prompt", "a red circle", "--examiner", "oracle")
    assert refused.code == 2 and "only examines" in refused.err
    refused = uig("eval", "tiif", "--set", "built-in", "--model", "oracle")
    assert refused.code == 2 and "oracle can look only" in refused.err
