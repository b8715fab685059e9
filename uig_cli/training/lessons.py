"""What there is to learn, drawn from the small world by seed: lessons without end.

Lessons that need latents (drawing, editing) are numbered, so that the latents of their pictures
can be prepared once; their wording is new each time. Looking needs no latents: its scenes are
always new. Training asks for names that begin with its seed, measuring for others (`measure`): the
scenes of the two are drawn apart, and in so small a world only chance makes some alike. No prompt
is one of the built-in benchmark sets, and relations in space speak of trained pairs only.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from random import Random

from uig_cli.benchmarks.held_out import held_out_prompts
from uig_cli.shapes.check import errors
from uig_cli.shapes.claims import claims_about, claims_of, speakable
from uig_cli.shapes.compose import composed
from uig_cli.shapes.corrupt import spoil, stained
from uig_cli.shapes.descriptions import long, short
from uig_cli.shapes.edits import SceneEdit, apply
from uig_cli.shapes.outlines import BLOBS
from uig_cli.shapes.questions import ask, how_many
from uig_cli.shapes.sample import anywhere, sample_scene, stage
from uig_cli.shapes.sample_edit import OPS, sample_edit
from uig_cli.shapes.scene import SHAPES, VOCABULARY, Object, Scene
from uig_cli.shapes.spec import ObjectKind, Spec
from uig_cli.shapes.topics import TOPICS, sample_spec
from uig_cli.shapes.vocabulary import NUMBERS
from uig_cli.templates import ours
from uig_cli.training.rationales import examination, listing
from uig_cli.training.seeding import rng

DESCRIBE = "What does the picture show?"
LARGE = "large"
"""What is left open in a picture to draw: nobody could learn to guess sizes."""

QUESTIONS = 6
"""Yes/no questions about one picture."""


@dataclass(frozen=True, slots=True)
class Looking:
    """A picture and what is asked about it: texts and answers, each on its own."""

    spec: Spec
    scene: Scene
    asked: tuple[tuple[str, str], ...]
    think: str | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """A scene with a planted error of a sort, and what an examination would change first."""

    spec: Spec
    scene: Scene
    edit: SceneEdit
    sort: str


def any_scene(random: Random) -> Scene:
    """A scene with all there can be in a picture: now and then a blob, or something stained."""
    scene = sample_scene(random)
    if random.random() < 0.85:
        return scene
    first, *others = scene.objects
    blob = replace(first, shape=random.choice(tuple(BLOBS)))
    return Scene((random.choice((blob, stained(first, random) or blob)), *others))


def drawing(*names: object) -> tuple[Spec, Scene]:
    """What is asked for, and a scene that shows it."""
    random = rng(*names)
    spec = sample_topic(random)
    return spec, stage(spec, random, arrange=composed, size=LARGE)


def editing(*names: object) -> tuple[Scene, SceneEdit, Scene]:
    """A scene, one change, the changed scene: most are repairs of what a spec objects to."""
    random = rng(*names)
    while True:
        if random.random() < 0.7:
            mended = repair(random)
            return mended.scene, mended.edit, apply(mended.edit, mended.scene)
        before = sample_scene(random)
        if edit := sample_edit(random.choice(tuple(OPS)), before, random):
            return before, edit, apply(edit, before)


def repair(random: Random) -> Repair:
    while True:
        spec = sample_topic(random)
        if scene := spoil(spec, staged(spec, random), random):
            first = errors(spec, scene.objects, random)[0]
            return Repair(spec, scene, first.edit, first.sort)


def examining(*names: object) -> Looking:
    """A prompt's examination, asked as the loop asks it: three in ten scenes are right."""
    random = rng(*names)
    spec = sample_topic(random)
    scene = staged(spec, random)
    for _ in range(random.choice((0, 0, 0, 1, 1, 1, 1, 2, 2, 3))):
        scene = spoil(spec, scene, random) or scene
    text = ours("examine").fill(
        **dict.fromkeys(("original_prompt", "user_prompt"), say(spec, random))
    )
    asked = ((text, examination(spec, scene.objects)),)
    return Looking(spec, scene, asked, ours("think-look").fill())


def asking(*names: object) -> Looking:
    """Questions about one picture: yes/no as a judge puts them or bare, a count, a list."""
    random = rng(*names)
    spec = sample_topic(random)
    scene = any_scene(random) if random.random() < 0.5 else staged(spec, random)
    objects = clear(scene.objects)
    settled = [each for each in claims_of(spec, random) if speakable(each[0], objects)]
    random.shuffle(settled)
    claims = [
        *(claim for claim, _ in settled[: QUESTIONS // 3]),
        *(claim for claim, _ in islice(claims_about(objects, random), QUESTIONS)),
    ]
    asked = [(DESCRIBE, listing(scene.objects)), count(objects, random)]
    for claim in claims[:QUESTIONS]:
        question = ask(claim, random, objects)
        judged = ours("judge").fill(question=question) if random.random() < 0.5 else question
        asked.append((judged, "yes" if claim.holds(objects) else "no"))
    return Looking(spec, scene, tuple(asked))


def staged(spec: Spec, random: Random) -> Scene:
    """A scene to look at: composed and large as drawings are, or not."""
    if random.random() < 0.5:
        return stage(spec, random, arrange=composed, size=LARGE)
    return stage(spec, random, arrange=anywhere)


def sample_topic(random: Random) -> Spec:
    return sample_spec(random.choice(TOPICS), random)


def say(spec: Spec, random: Random) -> str:
    """A prompt, long in three of ten, never one that models are measured on."""
    while True:
        text = long(spec, random) if random.random() < 0.3 else short(spec, random)
        if _bare(text) not in _measured():
            return text


@cache
def _measured() -> frozenset[str]:
    return frozenset(map(_bare, held_out_prompts()))


def _bare(text: str) -> str:
    """A prompt without what changes no word: a capital at its head, a full stop at its end."""
    return text.rstrip(".").lower()


def count(objects: Sequence[Object], random: Random) -> tuple[str, str]:
    """A question how many there are, and the number word; mostly about what is there."""
    if objects and random.random() < 0.8:
        kind = ObjectKind.of(
            random.choice(objects), *random.choice((("shape",), ("color",), ("shape", "color")))
        )
    else:
        kind = ObjectKind(shape=random.choice(VOCABULARY["shape"]))
    return how_many(kind, random), NUMBERS[sum(map(kind.fits, objects))]


def clear(objects: Sequence[Object]) -> list[Object]:
    """The objects without blobs, which count for nothing."""
    return [thing for thing in objects if thing.shape in SHAPES]
