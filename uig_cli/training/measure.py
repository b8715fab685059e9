"""What a checkpoint can do, by the exact reader, on scenes drawn apart from those of training.

Everything is asked through the model's own protocol, with its own default sampler, in the words
in which `uig` asks it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random

from PIL import Image

from uig_cli.loop.verdict import robust
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import (
    Draw,
    Drawn,
    Edit,
    Look,
    Picture,
    Reply,
    Request,
    Said,
    UnifiedModel,
)
from uig_cli.shapes.check import errors, with_blobs
from uig_cli.shapes.draw import draw
from uig_cli.shapes.edits import apply
from uig_cli.shapes.instructions import instruct
from uig_cli.shapes.read import read
from uig_cli.shapes.reading import Reading
from uig_cli.shapes.scene import Object, Scene, cell
from uig_cli.shapes.spec import Spec
from uig_cli.shapes.topics import TOPICS, sample_spec
from uig_cli.templates import ours
from uig_cli.training.lessons import asking, examining, repair, say
from uig_cli.training.seeding import rng

NAME = "measure"
"""Begins the name of every scene here; the names of training begin with its seed, a number."""

WORDINGS = 400
"""Random wordings of the true errors, among which an instruction must be."""

BATCH = 16

AbilityCheck = tuple[str, str, Callable[[Reply], bool]]
"""An ability, a kind of case within it, and whether a reply shows it."""

Abilities = Mapping[str, Mapping[str, float]]
"""Ability -> kind ("all" for all) -> share of right cases, 0..1."""


@dataclass(frozen=True, slots=True)
class AbilityCase:
    request: Request
    checks: tuple[AbilityCheck, ...]


def measure(model: UnifiedModel, cases: int) -> Abilities:
    """Measures every ability on that many fresh scenes.

    drawing: nothing is wrong by the prompt, all of it right; by topic. looking: the answer, word
    for word. verdict: by what is right. instruction: it names a true error in a known wording (a
    lower bound), among all pictures that are wrong. repaired: nothing is wrong after the one edit
    that puts a planted error right; by sort of error. kept: objects that this edit leaves alone.
    """
    found: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for ask in (_drawings, _questions, _examinations, _edits):
        asked = list(ask(cases))
        for case, reply in zip(asked, _run(model, [c.request for c in asked]), strict=True):
            for ability, kind, right in case.checks:
                for name in ("all", kind):
                    found[ability][name].append(right(reply))
    return {
        ability: {kind: round(sum(each) / len(each), 4) for kind, each in kinds.items()}
        for ability, kinds in found.items()
    }


def _run(model: UnifiedModel, requests: Sequence[Request]) -> Iterator[Reply]:
    """The replies, in order."""
    for first in range(0, len(requests), BATCH):
        found = dict(model.run(requests[first : first + BATCH]))
        yield from (found[n] for n in sorted(found))


def _drawings(cases: int) -> Iterator[AbilityCase]:
    for n in range(cases):
        topic, random = TOPICS[n % len(TOPICS)], rng(NAME, "draw", n)
        spec = sample_spec(topic, random)
        request = Draw(say(spec, random), NoiseKey(0, f"{NAME}/draw/{n}"))
        yield AbilityCase(request, (("drawing", topic, partial(_fits, spec)),))


def _questions(cases: int) -> Iterator[AbilityCase]:
    for n in range(cases):
        lesson = asking(NAME, "ask", n)
        for text, answer in lesson.asked[1:4]:
            kind = answer if answer in ("yes", "no") else "count"
            check = ("looking", kind, partial(_says, answer))
            yield AbilityCase(Look(text, (_picture(lesson.scene),)), (check,))


def _examinations(cases: int) -> Iterator[AbilityCase]:
    for n in range(cases):
        lesson = examining(NAME, "examine", n)
        ((text, answer),) = lesson.asked
        verdict = robust(answer).kind
        checks: list[AbilityCheck] = [("verdict", verdict, partial(_judges, verdict))]
        if verdict == "edit":
            true = _true_instructions(lesson.spec, lesson.scene)
            checks.append(("instruction", verdict, partial(_instructs, true)))
        yield AbilityCase(Look(text, (_picture(lesson.scene),), lesson.think), tuple(checks))


def _edits(cases: int) -> Iterator[AbilityCase]:
    for n in range(cases):
        random = rng(NAME, "edit", n)
        planted = repair(random)
        after = apply(planted.edit, planted.scene)
        if errors(planted.spec, after.objects, random):
            continue  # more than one thing is wrong
        request = Edit(
            _picture(planted.scene),
            instruct(planted.edit, planted.scene.objects, random),
            NoiseKey(0, f"{NAME}/edit/{n}"),
            ours("think-draw").fill(),
        )
        untouched = [thing for thing in planted.scene.objects if thing in after.objects]
        yield AbilityCase(
            request,
            (
                ("repaired", planted.sort, partial(_fits, planted.spec)),
                *(("kept", planted.sort, partial(_shows, thing)) for thing in untouched),
            ),
        )


def _true_instructions(spec: Spec, scene: Scene) -> set[str]:
    """Instructions that name something that is really wrong."""
    return {
        instruct(error.edit, scene.objects, random)
        for random in map(Random, range(WORDINGS))
        for error in errors(spec, scene.objects, random)
    }


def _fits(spec: Spec, reply: Reply) -> bool:
    reading = _reading(reply)
    return reading is not None and not errors(spec, with_blobs(reading), Random(0))


def _shows(thing: Object, reply: Reply) -> bool:
    """The thing is in its cell as it was."""
    reading = _reading(reply)
    return reading is not None and _looks(thing) in map(_looks, reading.objects)


def _looks(thing: Object) -> tuple[str, str, str, str, int]:
    return thing.shape, thing.color, thing.texture, thing.size, cell(thing.center)


def _says(answer: str, reply: Reply) -> bool:
    return isinstance(reply, Said) and reply.text == answer


def _judges(verdict: str, reply: Reply) -> bool:
    return isinstance(reply, Said) and robust(reply.text).kind == verdict


def _instructs(true: set[str], reply: Reply) -> bool:
    return isinstance(reply, Said) and robust(reply.text).instruction in true


def _reading(reply: Reply) -> Reading | None:
    return read(reply.picture.image) if isinstance(reply, Drawn) else None


def _picture(scene: Scene) -> Picture:
    return Picture.of(Image.fromarray(draw(scene)))
