"""Does a model keep the protocol? A dozen small requests that find what would spoil a run.

Seeds (the same noise gives the same picture, other noise another), batches (answers do not depend
on their neighbours), roles (each one that is claimed answers), and replies (every request once, of
the right kind and size, failures as `Failure`, numbers that are finite and possible).
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from PIL import Image, ImageChops, ImageStat

from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import (
    Draw,
    Drawn,
    Edit,
    Failure,
    Look,
    Picture,
    Reply,
    Request,
    Role,
    Said,
    Sampler,
    UnifiedModel,
)
from uig_cli.models.reply_checks import picture_failure, validate_reply

PROMPTS = ("a red circle", "two green squares", "a blue star above a yellow triangle")
QUICK: Mapping[str, float | int] = {"num_timesteps": 4, "max_text_tokens": 12}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One check: what it was, whether it held, and what was seen if not."""

    check: str
    held: bool
    seen: str = ""


class Broken(Exception):
    """A check that did not hold; its text says what was seen."""


def findings(model: UnifiedModel) -> Iterator[CheckResult]:
    """All checks that fit the model's capabilities, one after the other."""
    for check, run in _checks(model):
        try:
            run(model)
            yield CheckResult(check, True)
        except Broken as broken:
            yield CheckResult(check, False, str(broken))
        except (Exception, SystemExit) as error:  # a model must not end the process
            yield CheckResult(check, False, f"{type(error).__name__}: {error}")


ModelCheck = tuple[str, Callable[[UnifiedModel], None]]


def _checks(model: UnifiedModel) -> Iterator[ModelCheck]:
    able = model.capabilities
    yield "identity holds plain strings and does not change", _identity
    if "draw" in able.roles:
        yield "draw: each prompt gets a picture, once", _draws
        yield "draw: an empty prompt is its own failure", _empty_prompt
        if able.noise != "none":
            yield "seeds: the same noise gives the same picture", _same_seed
            yield "seeds: other noise gives another picture", _other_seed
        yield "batches: a picture does not depend on its neighbours", _batch_draw
    if "look" in able.roles:
        yield "look: questions about pictures get text, once", _looks
        yield "batches: an answer does not depend on its neighbours", _batch_look
        if able.choices:
            yield "look: probabilities of the choices add up to 1", _choices
    if "edit" in able.roles:
        yield "edit: each picture gets a picture, once", _edits


def _identity(model: UnifiedModel) -> None:
    first, second = dict(model.identity), dict(model.identity)
    if first != second:
        raise Broken(f"it was {first}, then {second}")
    if not first or not all(isinstance(v, str) for v in first.values()):
        raise Broken(f"got {first}, expected at least one string")


def _draws(model: UnifiedModel) -> None:
    for request, reply in zip(_drawing(model), _answers(model, _drawing(model)), strict=True):
        picture = _drawn(reply).image
        expected = request.size or model.capabilities.size
        if expected and picture.size != tuple(expected):
            raise Broken(f"got a picture of {picture.size}, expected {tuple(expected)}")


def _empty_prompt(model: UnifiedModel) -> None:
    empty = replace(_drawing(model)[0], prompt=" ")
    first, second = _answers(model, [empty, _drawing(model)[1]])
    if not isinstance(first, Failure):
        raise Broken(f"got {type(first).__name__} for an empty prompt, expected a Failure")
    _drawn(second)


def _same_seed(model: UnifiedModel) -> None:
    request = _drawing(model)[0]
    (first,), (second,) = _answers(model, [request]), _answers(model, [request])
    if _drawn(first) != _drawn(second):
        raise Broken("two drawings of one request differ")


def _other_seed(model: UnifiedModel) -> None:
    request = _drawing(model)[0]
    other = replace(request, noise=NoiseKey(1, "check/0"))
    (first,), (second,) = _answers(model, [request]), _answers(model, [other])
    if _drawn(first) == _drawn(second):
        raise Broken("seed 0 and seed 1 give the same picture")


def _batch_draw(model: UnifiedModel) -> None:
    requests = _drawing(model)
    together = [_drawn(reply) for reply in _answers(model, requests)]
    alone = [_drawn(_answers(model, [request])[0]) for request in requests]
    if together == alone or model.capabilities.noise != "exact":
        return
    tolerance = model.capabilities.tolerance
    apart = max(map(_apart, together, alone))
    if apart >= tolerance:
        raise Broken(
            f"pictures drawn together differ from those drawn alone by {apart:.3g} levels of 255, "
            f"expected {f'less than {tolerance:g}' if tolerance else 'the same bytes'}"
        )


def _looks(model: UnifiedModel) -> None:
    for reply in _answers(model, _looking(model)):
        if not isinstance(reply, Said):
            raise Broken(f"got {_named(reply)}, expected Said")


def _batch_look(model: UnifiedModel) -> None:
    requests = _looking(model)
    together = [_said(reply).text for reply in _answers(model, requests)]
    alone = [_said(_answers(model, [request])[0]).text for request in requests]
    if together != alone and not model.capabilities.tolerance:
        raise Broken(f"answers together {together} differ from those alone {alone}")


def _choices(model: UnifiedModel) -> None:
    requests = [replace(request, choices=("yes", "no")) for request in _looking(model)]
    for reply in _answers(model, requests):
        chances = _said(reply).probabilities
        if chances is None or len(chances) != 2 or abs(sum(chances) - 1) > 1e-3:
            raise Broken(f"got {chances} for two choices")


def _edits(model: UnifiedModel) -> None:
    requests = [
        Edit(_canvas(model, color), "add a red circle", NoiseKey(0, f"check/{i}", round=1),
             sampler=_quick(model, "edit"))
        for i, color in enumerate(("white", "gray"))
    ]  # fmt: skip
    for reply in _answers(model, requests):
        _drawn(reply)


def _apart(one: Picture, other: Picture) -> float:
    """The mean difference of two pictures' levels; infinite where they differ in size."""
    if one.image.size != other.image.size:
        return math.inf
    first, second = one.image.convert("RGB"), other.image.convert("RGB")
    return fmean(ImageStat.Stat(ImageChops.difference(first, second)).mean)


def _drawing(model: UnifiedModel) -> list[Draw]:
    sampler = _quick(model, "draw")
    return [
        Draw(text, NoiseKey(0, f"check/{i}"), sampler=sampler) for i, text in enumerate(PROMPTS)
    ]


def _looking(model: UnifiedModel) -> list[Look]:
    sampler = _quick(model, "look")
    return [
        Look(f"Does the picture show {text}?", (_canvas(model, color),), sampler=sampler)
        for text, color in zip(PROMPTS, ("white", "gray", "black"), strict=True)
    ]


def _canvas(model: UnifiedModel, color: str) -> Picture:
    return Picture.of(Image.new("RGB", model.capabilities.size or (64, 64), color))


def _quick(model: UnifiedModel, role: Role) -> Sampler:
    """The model's defaults, made short where it has the usual names for length."""
    honoured = model.capabilities.sampler.get(role, {})
    return {**honoured, **{name: value for name, value in QUICK.items() if name in honoured}}


def _answers(model: UnifiedModel, requests: Sequence[Request]) -> list[Reply]:
    found: dict[int, Reply] = {}
    for index, reply in model.run(requests):
        if index in found or not 0 <= index < len(requests):
            raise Broken(f"index {index} came twice or is out of range")
        found[index] = _sound(reply)
    if len(found) != len(requests):
        raise Broken(f"got {len(found)} replies to {len(requests)} requests")
    return [found[index] for index in range(len(requests))]


def _sound(reply: Reply) -> Reply:
    """The reply as a run would take it."""
    sound = validate_reply(reply)
    if isinstance(sound, Failure) and not isinstance(reply, Failure):
        raise Broken(f"got a reply that no run takes ({sound.kind}: {sound.reason})")
    if isinstance(sound, Drawn) and (wrong := picture_failure(sound.picture)) is not None:
        raise Broken(f"got a picture that no run takes ({wrong.kind}: {wrong.reason})")
    return sound


def _drawn(reply: Reply) -> Picture:
    if not isinstance(reply, Drawn):
        raise Broken(f"got {_named(reply)}, expected Drawn")
    return reply.picture


def _said(reply: Reply) -> Said:
    if not isinstance(reply, Said):
        raise Broken(f"got {_named(reply)}, expected Said")
    return reply


def _named(reply: Reply) -> str:
    if isinstance(reply, Failure):
        return f"Failure ({reply.kind}: {reply.reason})"
    return type(reply).__name__
