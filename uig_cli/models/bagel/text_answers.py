"""Look: answers about texts and pictures; questions about the same pictures read them once."""

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from uig_cli.models.bagel.components import Components
from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.prefill import read_pictures, read_texts
from uig_cli.models.bagel.text_decoding import (
    TextSettings,
    decode,
    likelihoods,
    longest,
    text_failure,
)
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Cost, Failure, Look, Said, request_key


@dataclass(frozen=True, slots=True)
class PreparedLook:
    """A `Look` as token ids and opened pictures."""

    request: Look
    system: list[int]
    text: list[int]
    pictures: list[Image.Image]

    @property
    def past(self) -> tuple[object, ...]:
        """What questions must have in common to share what was read before them."""
        return (*self.system, *(picture.sha256 for picture in self.request.pictures))


def question(parts: Components, request: Look) -> PreparedLook:
    """Raises Refused for a text or a picture that cannot be used."""
    pictures = [parts.open(picture) for picture in request.pictures]
    return PreparedLook(request, *parts.texts(request, request.text, len(pictures)), pictures)


def look_all(
    parts: Components, questions: Sequence[PreparedLook], settings: TextSettings
) -> list[Said | Failure]:
    """The answers to all questions, each the same as if it were asked alone."""
    contexts = read_all(parts, questions, answer=settings.max_text_tokens)
    asked = list(zip(questions, contexts, strict=True))
    chosen = iter(choose_all(parts, [(q, c) for q, c in asked if q.request.choices]))
    said = iter(answer_all(parts, [(q, c) for q, c in asked if not q.request.choices], settings))
    return [next(chosen) if q.request.choices else next(said) for q in questions]


def read_all(
    parts: Components, questions: Sequence[PreparedLook], answer: int = 0
) -> list[Context]:
    """A context per question that has read everything up to where the answer begins.

    answer: the most tokens it may have, so that the sequence is allocated once, ahead.
    """
    firsts = {asked.past: asked for asked in questions}
    shared = {
        past: parts.network.context(len(q.system) + sum(map(parts.seen_tokens, q.pictures)))
        for past, q in firsts.items()
    }
    read_texts(parts.network, [(shared[p], q.system) for p, q in firsts.items() if q.system])
    for k in range(max(len(asked.pictures) for asked in questions)):
        seen = [(shared[p], q.pictures[k]) for p, q in firsts.items() if k < len(q.pictures)]
        rule = parts.config.vit_rule
        read_pictures(parts.network, [(c, parts.pixels(image, rule)) for c, image in seen])
    contexts = []
    for asked in questions:
        room = len(asked.text) + (longest(parts.tokenizer, asked.request.choices) or answer)
        contexts.append(shared[asked.past].fork(room))
        contexts[-1].passes, contexts[-1].work = shared[asked.past].passes, shared[asked.past].work
    texts = [asked.text for asked in questions]
    read_texts(parts.network, list(zip(contexts, texts, strict=True)))
    return contexts


def choose_all(
    parts: Components, asked: Sequence[tuple[PreparedLook, Context]]
) -> list[Said | Failure]:
    """The likeliest choice of each question, and how likely each of its choices is."""
    choices = [question.request.choices for question, _ in asked]
    contexts = [context for _, context in asked]
    shares = likelihoods(parts.network, parts.tokenizer, contexts, choices)
    return [
        share
        if isinstance(share, Failure)
        else Said(
            offered[share.index(max(share))], share, Cost(passes=context.passes, work=context.work)
        )
        for offered, share, context in zip(choices, shares, contexts, strict=True)
    ]


def answer_all(
    parts: Components, asked: Sequence[tuple[PreparedLook, Context]], settings: TextSettings
) -> list[Said | Failure]:
    """The text that the model says to each question."""
    contexts = [context for _, context in asked]
    limits = [parts.text_limit(context, settings.max_text_tokens) for context in contexts]
    # A look has no noise of its own; its content stands in for the place in a benchmark.
    pick = settings.pick([NoiseKey(0, request_key(q.request, {})) for q, _ in asked])
    found = decode(parts.network, parts.tokenizer, contexts, limits, pick, settings.stop_repetition)
    costs = [
        Cost(passes=context.passes, tokens=len(ids) - 1, work=context.work)
        for context, ids in zip(contexts, found, strict=True)
    ]
    return [
        text_failure(ids) or Said(parts.tokenizer.answer(ids), cost=cost)
        for ids, cost in zip(found, costs, strict=True)
    ]
