"""The measures call what is right right: a model that knows the answers has all abilities."""

from random import Random

from PIL import Image

from uig_cli.models.protocol import Draw, Drawn, Edit, Failure, Look, Picture, Reply, Said
from uig_cli.shapes.draw import draw
from uig_cli.shapes.edits import apply
from uig_cli.shapes.instructions import instruct
from uig_cli.shapes.sample import stage
from uig_cli.shapes.scene import Scene
from uig_cli.shapes.topics import TOPICS, sample_spec
from uig_cli.training.lessons import asking, examining, repair, say
from uig_cli.training.measure import NAME, measure
from uig_cli.training.seeding import rng

CASES = 40


def picture(scene):
    return Picture.of(Image.fromarray(draw(scene)))


class Knowing:
    """Answers from the same seeds; everything else is a failure."""

    def __init__(self):
        self.answers: dict[object, Reply] = {}
        for n in range(CASES):
            random = rng(NAME, "draw", n)
            spec = sample_spec(TOPICS[n % len(TOPICS)], random)
            self.answers[say(spec, random)] = Drawn(picture(stage(spec, Random(n))))
            for lesson in (asking(NAME, "ask", n), examining(NAME, "examine", n)):
                for text, answer in lesson.asked:
                    self.answers[text, picture(lesson.scene)] = Said(answer)
            random = rng(NAME, "edit", n)
            planted = repair(random)
            after = apply(planted.edit, planted.scene)
            for k in range(1500):
                text = instruct(planted.edit, planted.scene.objects, Random(k))
                self.answers[text, picture(planted.scene)] = Drawn(picture(after))

    def run(self, requests):
        key: object
        for index, request in enumerate(requests):
            match request:
                case Draw(prompt):
                    key = prompt
                case Look(text, (shown,)):
                    key = text, shown
                case Edit(shown, instruction):
                    key = instruction, shown
            yield index, self.answers.get(key, Failure("unknown", str(key)))


class Mute:
    def run(self, requests):
        for index, _ in enumerate(requests):
            yield index, Failure("mute", "it says nothing")


class Careless:
    """Answers in the right form and never looks: an empty page, a match, the picture as it was."""

    def run(self, requests):
        reply: Reply
        for index, request in enumerate(requests):
            match request:
                case Draw():
                    reply = Drawn(picture(Scene(())))
                case Look():
                    reply = Said("MATCH: all is there")
                case Edit(shown):
                    reply = Drawn(shown)
            yield index, reply


def test_a_model_that_knows_has_all_abilities():
    abilities = measure(Knowing(), CASES)  # type: ignore[arg-type]
    assert list(abilities) == [
        "drawing", "looking", "verdict", "instruction", "repaired", "kept",
    ]  # fmt: skip
    assert {name: shares["all"] for name, shares in abilities.items()} == dict.fromkeys(
        abilities, 1.0
    )
    assert {"yes", "no", "count"} < set(abilities["looking"])
    assert set(abilities["verdict"]) == {"all", "match", "edit"}


def test_a_careless_model_matches_and_keeps_and_can_nothing_else():
    abilities = measure(Careless(), CASES)  # type: ignore[arg-type]
    for name in ("drawing", "looking", "instruction", "repaired"):
        assert abilities[name]["all"] == 0, name
    assert (abilities["verdict"]["match"], abilities["verdict"]["edit"]) == (1, 0)
    assert abilities["kept"]["all"] == 1


def test_a_model_that_says_nothing_has_none():
    abilities = measure(Mute(), 8)  # type: ignore[arg-type]
    assert {share for shares in abilities.values() for share in shares.values()} == {0.0}
