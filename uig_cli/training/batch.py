"""Lessons laid out as conversations, block for block as the model is asked when it is used.

Where a prefix is dear, more than one thing is learned behind it: a drawing's prompt and an edit's
pictures are followed by several noisy versions of the result, each with a time of its own.
"""

from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from uig_cli.errors import unknown
from uig_cli.models.bagel.autoencoder import Autoencoder
from uig_cli.models.bagel.config import BagelConfig
from uig_cli.models.bagel.images import normalise
from uig_cli.models.bagel.tokenizer import TextTokenizer
from uig_cli.models.bagel.vision import patchify
from uig_cli.shapes.draw import draw
from uig_cli.shapes.instructions import instruct
from uig_cli.shapes.scene import Scene
from uig_cli.shapes.spec import Spec
from uig_cli.templates import ours
from uig_cli.training.augment import worn
from uig_cli.training.distributed import share
from uig_cli.training.latent_cache import Pool, sample
from uig_cli.training.lessons import Looking, asking, drawing, editing, examining, say
from uig_cli.training.recipe import Plan
from uig_cli.training.seeding import normal, rng
from uig_cli.training.sequences import Latents, SequenceBlock, TrainingSequence

LESSONS = ("draw", "edit", "examine", "ask")

FLOWS = {"draw": 2, "edit": 4}
"""Noisy versions of each picture."""

SHIFT = 6.0
"""Three in four times are above 0.75: where things go is decided near the noise, and needs the most
learning."""

TIRED = 0.15
"""Most noise added to the latents of a picture to edit: the model's own are never quite clean."""


@dataclass(frozen=True, slots=True)
class LessonBuilder:
    """What lessons are laid out with."""

    plan: Plan
    config: BagelConfig
    tokenizer: TextTokenizer
    autoencoder: Autoencoder
    pool: Pool

    def conversation(self) -> TrainingSequence:
        markers = self.tokenizer.vision_start, self.tokenizer.vision_end
        return TrainingSequence(markers, self.config.vision.positions)

    def pixels(self, scene: Scene, random: Random) -> Tensor:
        """The picture of a scene as the ViT gets it, a little worn."""
        picture = worn(Image.fromarray(draw(scene)), random)
        return torch.from_numpy(normalise(picture, self.config.vit_rule))

    def latents(self, lesson: str, n: int) -> Tensor:
        """The tokens of a pool picture as it should be drawn, the mean: [tokens, numbers].

        White ground says so little that its latents are mostly noise when sampled; whoever
        had to learn to draw them would be taught noise most of the time.
        """
        kept = self.pool[lesson][n]
        return self._tokens(kept, torch.zeros(kept.shape[1:]))

    def encoded(self, lesson: str, n: int, *names: object) -> Tensor:
        """The tokens of a pool picture to edit, sampled as the model encodes it."""
        kept = self.pool[lesson][n]
        return self._tokens(kept, normal(tuple(kept.shape[1:]), "encode", *names))

    def _tokens(self, kept: Tensor, noise: Tensor) -> Tensor:
        scaled = sample(self.autoencoder, kept, noise)
        return patchify(scaled, self.config.parts.latent_patch_size)


def lay_out(desk: LessonBuilder, lesson: str, step: int, count: int) -> list[TrainingSequence]:
    """A step's conversations of one of the LESSONS.

    count: how many all processes lay out together; what is returned is this one's share.
    """
    names = [(desk.plan.seed, lesson, step, n) for n in share(range(count))]
    match lesson:
        case "draw":
            return [_drawing(desk, *each) for each in names]
        case "edit":
            return [_editing(desk, *each) for each in names]
        case "examine":
            return [looking(desk, examining(*each), rng(*each, "wear")) for each in names]
        case "ask":
            return [looking(desk, asking(*each), rng(*each, "wear")) for each in names]
        case _:
            raise unknown("lesson", lesson, LESSONS)


def _drawing(desk: LessonBuilder, *names: object) -> TrainingSequence:
    """In two of three cases the best of four offered pictures: the one whose prompt leaves fewest
    shapes and colors open, then the one with fewest objects; what no word decides teaches no word.
    """
    random = rng(*names, "layout")
    offered = [random.randrange(desk.plan.pool["draw"]) for _ in range(random.choice((1, 4, 4)))]
    specs = {n: drawing(desk.plan.seed, "draw", n)[0] for n in offered}
    n, spec = min(specs.items(), key=lambda item: left_open(item[1]))
    latents = desk.latents("draw", n)
    conversation = desk.conversation()
    prompt = conversation.text(desk.tokenizer.block(say(spec, random)))
    for k in range(FLOWS["draw"]):
        follows = () if random.random() < desk.plan.drop else (prompt,)
        conversation.flow(noisy(desk, latents, *names, k), *follows)
    return conversation


def left_open(spec: Spec) -> tuple[int, int]:
    """How many shapes and colors a spec does not say, and of how many objects."""
    kinds = [group.kind for group in spec.groups for _ in range(group.count)]
    return sum((kind.shape is None) + (kind.color is None) for kind in kinds), spec.total


def _editing(desk: LessonBuilder, *names: object) -> TrainingSequence:
    random = rng(*names, "layout")
    n = random.randrange(desk.plan.pool["edit"])
    before, edit, _ = editing(desk.plan.seed, "edit", n)
    old, new = desk.encoded("edit", 2 * n, *names), desk.latents("edit", 2 * n + 1)
    old = old + random.uniform(0, TIRED) * normal(tuple(old.shape), *names, "tired")
    words = desk.tokenizer.block(instruct(edit, before.objects, random))
    conversation = desk.conversation()
    system = conversation.text(desk.tokenizer.block(ours("think-draw").fill()))
    source = conversation.flow(Latents(old), system)
    seen = conversation.picture(desk.pixels(before, random), system, source)
    shown = (system, source, seen)
    asked = conversation.text(words, *shown)
    thought = conversation.text(desk.tokenizer.block(""), *shown, asked, learned=True)
    unseen = conversation.text(words, system)
    whole, without_words, without_picture = (*shown, asked, thought), shown, (system, unseen)
    drop = desk.plan.drop
    context: tuple[SequenceBlock, ...]
    for k in range(FLOWS["edit"]):
        lot = random.random()
        context = without_words if lot < drop else without_picture if lot < 2 * drop else whole
        conversation.flow(noisy(desk, new, *names, k), *context)
    return conversation


def looking(desk: LessonBuilder, lesson: Looking, random: Random) -> TrainingSequence:
    conversation = desk.conversation()
    shown: tuple[SequenceBlock, ...] = ()
    if lesson.think is not None:
        shown = (conversation.text(desk.tokenizer.block(lesson.think)),)
    shown = (*shown, conversation.picture(desk.pixels(lesson.scene, random), *shown))
    for text, answer in lesson.asked:
        asked = conversation.text(desk.tokenizer.block(text), *shown)
        conversation.text(desk.tokenizer.block(answer), *shown, asked, learned=True)
    return conversation


def noisy(desk: LessonBuilder, data: Tensor, *names: object) -> Latents:
    """Data on its straight way to noise, at a random time, with the velocity of that way.

    Times are logit-normal, then shifted towards the noise: what is where is decided there.
    """
    at = float(torch.sigmoid(torch.tensor(rng(*names, "time").gauss(0, 1))))
    time = float(np.float32(SHIFT * at / (1 + (SHIFT - 1) * at)))
    noise = normal(tuple(data.shape), *names, "noise")
    return Latents((1 - time) * data + time * noise, time, noise - data)
