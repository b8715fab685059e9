"""Known answers of a model: a few pictures, thoughts and verdicts, kept in a file that the next
person can hold a model against.

Whoever has a checkpoint's weights first can publish them, and whoever ports or converts it later
sees whether it is still the same model. A picture is known by the hash of its pixels and by a
thumbnail: on another device pixels differ in their last digits, and the thumbnail shows by how
much. A text is known by itself; of an examination the verdict counts before its words.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image

from uig_cli import __version__
from uig_cli.errors import UigError
from uig_cli.files import read_plain
from uig_cli.loop.verdict import robust
from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Draw, Drawn, Edit, Look, Picture, Request, Said, UnifiedModel
from uig_cli.plain_json import read_json
from uig_cli.templates import ours

Answered = TypeVar("Answered", Drawn, Said)

KIND, FORMAT = "known answers of a model", 1
PROMPTS = ("a red circle", "two green squares", "a blue star above a yellow triangle")
"""These stay: files that are published hold the answers to them."""
CHANGE = "Make it blue."
"""The instruction of the edits."""
SIDE = 8
"""Of thumbnails, in pixels."""
CLOSE = 4.0
"""Mean levels of 0..255 by which thumbnails may differ and show the same picture."""
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class KnownPicture:
    """thumbnail: SIDE x SIDE pixels in RGB, as hexadecimal digits."""

    sha256: str
    size: tuple[int, int]
    thumbnail: str


@dataclass(frozen=True, slots=True)
class KnownAnswer:
    """What a model made of one prompt at its own settings; None where it has no such role."""

    prompt: str
    picture: KnownPicture | None
    thought: str | None
    examination: str | None
    verdict: str | None
    edited: KnownPicture | None


@dataclass(frozen=True, slots=True)
class Known:
    """identity: of the model that answered."""

    identity: Mapping[str, str]
    answers: tuple[KnownAnswer, ...]
    uig: str = __version__


def answers_of(model: UnifiedModel) -> Known:
    """Asks the model: seed 0, its own sampler settings, one request at a time. Raises UigError
    where it does not answer."""
    found = tuple(_answer(model, number, prompt) for number, prompt in enumerate(PROMPTS))
    return Known(dict(model.identity), found)


def _answer(model: UnifiedModel, number: int, prompt: str) -> KnownAnswer:
    roles = model.capabilities.roles
    noise, think = NoiseKey(0, f"known/{number}"), ours("think-draw").fill()
    picture, thought = Picture.of(_source(number)), None
    if "draw" in roles:
        drawn = _asked(model, Draw(prompt, noise), Drawn)
        picture = drawn.picture
        thought = _asked(model, Draw(prompt, noise, think=think), Drawn).thought
    examination = None
    if "look" in roles:
        text = ours("examine").fill(
            original_prompt=prompt, user_prompt=prompt, history="none", instruction="none"
        )
        look = Look(text, (picture,), think=ours("think-look").fill())
        examination = _asked(model, look, Said).text
    edited = None
    if "edit" in roles:
        edited = _known(_asked(model, Edit(picture, CHANGE, noise), Drawn).picture)
    return KnownAnswer(
        prompt,
        _known(picture) if "draw" in roles else None,
        thought,
        examination,
        None if examination is None else robust(examination).kind,
        edited,
    )


def _source(number: int) -> Image.Image:
    """A picture to look at and to edit, for models that draw none."""
    image = Image.new("RGB", (256, 256), "white")
    image.paste((255, 80 * number, 0), (64, 64, 192, 192))
    return image


def _asked(model: UnifiedModel, request: Request, kind: type[Answered]) -> Answered:
    ((_, reply),) = model.run([request])
    if not isinstance(reply, kind):
        raise UigError(
            f"the model does not answer a {request.role} request: {reply!s:.200}; run "
            "`uig check-model` without --record first."
        )
    return reply


def _known(picture: Picture) -> KnownPicture:
    image = picture.image.convert("RGB")
    small = image.resize((SIDE, SIDE), Image.Resampling.BOX)
    return KnownPicture(picture.sha256, image.size, small.tobytes().hex())


def as_text(known: Known) -> str:
    """The file's content."""
    content = {"kind": KIND, "format": FORMAT, **asdict(known)}
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"


def read_known(path: Path) -> Known:
    """Raises UigError for what is no such file."""
    try:
        found = read_json(read_plain(path.expanduser(), MOST_BYTES))
        if (found["kind"], found["format"]) != (KIND, FORMAT):
            raise ValueError(f"kind {found['kind']!r:.40}, format {found['format']!r:.10}")
        answers = tuple(map(_read_answer, found["answers"]))
        return Known(dict(found["identity"]), answers, str(found["uig"]))
    except OSError as error:
        raise UigError(
            f"--against {path} cannot be read ({error.strerror}); give a file of --record."
        ) from error
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise UigError(
            f"--against {path} holds no known answers of a model ({error!s:.80}); give a file that "
            "`uig check-model MODEL --record FILE` wrote."
        ) from error


def _read_answer(line: Mapping[str, Any]) -> KnownAnswer:
    texts = {name: line[name] for name in ("thought", "examination", "verdict")}
    for name, value in texts.items():
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} is no text")
    return KnownAnswer(
        prompt=str(line["prompt"]),
        picture=_read_picture(line["picture"]),
        edited=_read_picture(line["edited"]),
        **texts,
    )


def _read_picture(line: Mapping[str, Any] | None) -> KnownPicture | None:
    if line is None:
        return None
    width, height = line["size"]
    thumbnail = str(line["thumbnail"])
    if len(bytes.fromhex(thumbnail)) != 3 * SIDE**2:
        raise ValueError("a thumbnail of another size")
    return KnownPicture(str(line["sha256"]), (int(width), int(height)), thumbnail)


@dataclass(frozen=True, slots=True)
class Held:
    """One thing held against what is known. same: it is the same, or as good as."""

    what: str
    same: bool
    told: str


def against(known: Known, now: Known) -> Iterator[Held]:
    """What is as it was known to be, prompt by prompt."""
    there = {answer.prompt: answer for answer in now.answers}
    for was in known.answers:
        is_now = there.get(was.prompt)
        if is_now is None:
            yield Held(was.prompt, False, "this version of uig does not ask for it")
            continue
        for name in ("picture", "edited"):
            yield from _pictures(f"{was.prompt}: {name}", getattr(was, name), getattr(is_now, name))
        for name in ("thought", "verdict"):
            before, after = getattr(was, name), getattr(is_now, name)
            if before is not None or after is not None:
                same = before == after
                told = "the same" if same else f"was {before!r:.80}, is {after!r:.80}"
                yield Held(f"{was.prompt}: {name}", same, told)


def _pictures(what: str, was: KnownPicture | None, now: KnownPicture | None) -> Iterator[Held]:
    if was is None and now is None:
        return
    if was is None or now is None:
        yield Held(what, False, "one of the two has none")
    elif was.sha256 == now.sha256:
        yield Held(what, True, "the same pixels")
    elif was.size != now.size:
        yield Held(what, False, f"was {was.size[0]}x{was.size[1]}, is {now.size[0]}x{now.size[1]}")
    else:
        levels = zip(bytes.fromhex(was.thumbnail), bytes.fromhex(now.thumbnail), strict=True)
        apart = sum(abs(a - b) for a, b in levels) / (3 * SIDE**2)
        told = f"other pixels, {apart:.1f} levels apart in the mean (at most {CLOSE:g})"
        yield Held(what, apart <= CLOSE, told)
