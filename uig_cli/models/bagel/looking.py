"""Look: answers about texts and pictures; questions about the same pictures read them once."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.parts import Parts
from uig_cli.models.bagel.prefill import read_pictures, read_texts
from uig_cli.models.bagel.text import TextSettings, decode, likelihoods
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Cost, Look, Said, request_key


@dataclass(frozen=True, slots=True)
class Question:
    """A `Look` as token ids and opened pictures."""

    request: Look
    system: list[int]
    text: list[int]
    pictures: list[Image.Image]

    @property
    def past(self) -> tuple[object, ...]:
        """What questions must have in common to share what was read before them."""
        return (*self.system, *(picture.sha256 for picture in self.request.pictures))

    def room(self, settings: TextSettings) -> int:
        """Tokens behind the pictures: the question, and its answer or the choices."""
        choices = [len(choice.encode()) + 1 for choice in self.request.choices]
        return len(self.text) + max(choices, default=settings.max_text_tokens)


def question(parts: Parts, request: Look) -> Question:
    """Raises Refused for a text or a picture that cannot be used."""
    pictures = [parts.open(picture) for picture in request.pictures]
    system, text = parts.texts(request, request.text, blocks=len(pictures))
    return Question(request, system, text, pictures)


def look_all(parts: Parts, questions: Sequence[Question], settings: TextSettings) -> list[Said]:
    """The answers to all questions, each the same as if it were asked alone."""
    contexts = read_all(parts, questions, settings)
    chosen = [i for i, asked in enumerate(questions) if asked.request.choices]
    free = [i for i, asked in enumerate(questions) if not asked.request.choices]
    answers: dict[int, Said] = {}
    choices = [questions[i].request.choices for i in chosen]
    asked = [contexts[i] for i in chosen]
    shares = likelihoods(parts.network, parts.tokenizer, asked, choices)
    for i, probabilities in zip(chosen, shares, strict=True):
        likeliest = probabilities.index(max(probabilities))
        cost = Cost(passes=contexts[i].passes)
        answers[i] = Said(questions[i].request.choices[likeliest], probabilities, cost)
    for i, ids in zip(free, _decode(parts, questions, contexts, free, settings), strict=True):
        cost = Cost(passes=contexts[i].passes, tokens=len(ids) - 1)
        answers[i] = Said(parts.tokenizer.answer(ids), cost=cost)
    return [answers[i] for i in range(len(questions))]


def read_all(parts: Parts, questions: Sequence[Question], settings: TextSettings) -> list[Context]:
    """A context per question that has read everything up to where the answer begins."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for i, asked in enumerate(questions):
        groups.setdefault(asked.past, []).append(i)
    shared = []
    for members in groups.values():
        first = questions[members[0]]
        seen = sum(parts.vit_tokens(picture.size) for picture in first.pictures)
        room = max(questions[i].room(settings) for i in members)
        shared.append((first, parts.network.context(len(first.system) + seen + room)))
    read_texts(parts.network, [(context, q.system) for q, context in shared if q.system])
    for k in range(max(len(q.pictures) for q, _ in shared)):
        looking = [(c, parts.vit_pixels(q.pictures[k])) for q, c in shared if k < len(q.pictures)]
        read_pictures(parts.network, looking)
    contexts: dict[int, Context] = {}
    for (_, context), members in zip(shared, groups.values(), strict=True):
        for i in members[1:]:
            contexts[i] = context.fork(questions[i].room(settings))
            contexts[i].passes = context.passes
        contexts[members[0]] = context
    ordered = [contexts[i] for i in range(len(questions))]
    read_texts(parts.network, [(c, q.text) for c, q in zip(ordered, questions, strict=True)])
    return ordered


def _decode(
    parts: Parts,
    questions: Sequence[Question],
    contexts: Sequence[Context],
    free: Sequence[int],
    settings: TextSettings,
) -> list[list[int]]:
    asked = [contexts[i] for i in free]
    limits = [parts.text_limit(context, settings.max_text_tokens) for context in asked]
    # A look has no noise of its own; its content stands in for the place in a benchmark.
    keys = [NoiseKey(0, request_key(questions[i].request, {})) for i in free]
    pick = settings.pick(keys)
    return decode(parts.network, parts.tokenizer, asked, limits, pick)
