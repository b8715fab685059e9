"""What a unified model is to `uig`: three roles, asked in batches, answered as they finish.

A request says everything its answer may depend on, so that its content hash (`key`) can stand
for the answer: equal requests are answered once, whichever method asks, and a resumed run
replays what is already known. A model that draws, looks and edits follows `UnifiedModel`; one
that can do less says so in its `capabilities`.
"""

import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from time import time
from typing import ClassVar, Literal, Protocol, runtime_checkable

from PIL import Image

from uig_cli.files import open_plain
from uig_cli.models.noise import NoiseKey

Role = Literal["draw", "look", "edit"]
ROLES: tuple[Role, ...] = ("draw", "look", "edit")

Setting = float | int | str | tuple[float, float]
Sampler = Mapping[str, Setting]
"""Sampler settings by name, e.g. {"num_timesteps": 50, "text_scale": 4.0, "interval": (0.4, 1)}."""

Size = tuple[int, int]
"""Width and height in pixels."""


FORMATS = ("PNG", "JPEG", "WEBP")
"""Of pictures on disk; no other decoder is let near a file."""
LONGEST_TEXT = 100_000
"""Characters of what a model or a server may say at once: a thought takes a few thousand. More is a
failure, never cut in silence."""

UNSEEN = "unseen:"


class DamagedPicture(OSError):
    """A picture's file does not hold its pixels any more."""


@dataclass(frozen=True, slots=True)
class Pixels:
    """A picture as plain data: what crosses from one worker to another.

    palette: raw mode and bytes, of modes that have one; transparency: as Pillow holds it.
    """

    mode: str
    size: Size
    data: bytes
    palette: tuple[str, bytes] | None = None
    transparency: bytes | int | tuple[int, ...] | None = None

    @classmethod
    def of(cls, image: Image.Image) -> "Pixels":
        data = image.tobytes()  # loads the picture, and its palette with it
        palette = image.palette.getdata() if image.palette and image.mode in ("P", "PA") else None
        known = palette and (palette[0], bytes(palette[1]))
        return cls(image.mode, image.size, data, known, image.info.get("transparency"))

    def image(self) -> Image.Image:
        """A picture of its own each time, so that nobody draws into another's."""
        image = Image.frombytes(self.mode, self.size, self.data)
        if self.palette is not None:
            image.putpalette(self.palette[1], self.palette[0])
        if self.transparency is not None:
            image.info["transparency"] = self.transparency
        return image


class Picture:
    """A picture known by the hash of its pixels; the pixels themselves are loaded when asked for.

    The hash covers mode, size and pixel bytes, not the file: it survives recompression and
    does not depend on metadata. Pickled it is its pixels, whose hash is checked where they arrive.
    """

    def __init__(
        self, sha256: str, size: Size, load: Callable[[], Image.Image], path: Path | None = None
    ) -> None:
        self.sha256 = sha256
        self.size = size
        self.path = path
        self._load = load

    @classmethod
    def of(cls, image: Image.Image) -> "Picture":
        return cls(pixel_hash(image), image.size, lambda: image)

    @classmethod
    def at(cls, path: Path, sha256: str, size: Size) -> "Picture":
        """A picture on disk whose hash and size are known already (from a journal). Loading other
        pixels than those raises DamagedPicture."""
        return cls(sha256, size, lambda: _read(path, sha256, size), path)

    @classmethod
    def unseen(cls, told: str) -> "Picture":
        """A picture of which only somebody's judgement is known, told apart by `told`. Its hash
        cannot be mistaken for one of pixels, and it has no path, no size and no pixels."""
        mark = told if told.startswith(UNSEEN) else UNSEEN + sha256(told.encode()).hexdigest()
        return cls(mark, (0, 0), _no_pixels)

    @property
    def image(self) -> Image.Image:
        return self._load()

    def detached(self) -> "Picture":
        """The same picture, held as bytes that nobody else can change."""
        return Picture(self.sha256, self.size, Pixels.of(self.image).image)

    def settle(self, kept: "Picture") -> None:
        """From now on its pixels are read where `kept`, the same picture, has them."""
        self._load, self.path = kept._load, kept.path

    def __reduce__(self) -> tuple[Callable[..., "Picture"], tuple[object, ...]]:
        if self.sha256.startswith(UNSEEN):
            return Picture.unseen, (self.sha256,)
        return _arrived, (self.sha256, Pixels.of(self.image))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picture) and other.sha256 == self.sha256

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"Picture({self.sha256[:12]})"


def pixel_hash(image: Image.Image) -> str:
    """SHA-256 over "MODE WxH\\n" and the pixel bytes; pictures with transparency as RGBA."""
    if image.mode != "RGB" or "transparency" in image.info:
        mode, image = f"{image.mode} as RGBA", image.convert("RGBA")
    else:
        mode = "RGB"
    head = f"{mode} {image.width}x{image.height}\n".encode()
    return sha256(head + image.tobytes()).hexdigest()


def _arrived(sha256: str, pixels: Pixels) -> Picture:
    """Raises ValueError for pixels that are not those of the hash."""
    if pixel_hash(pixels.image()) != sha256:
        raise ValueError("a picture came with other pixels than its hash says")
    return Picture(sha256, pixels.size, pixels.image)


def _no_pixels() -> Image.Image:
    raise OSError("only the judgement of this picture is here")


def _read(path: Path, wanted: str, size: Size) -> Image.Image:
    """The picture of that hash; whatever Pillow cannot read is damaged too.

    A damaged file's time of change becomes now, and a little more, as lines tell theirs in whole
    seconds: who draws holds files that were touched since against their hash, so that the next
    session draws this one again.
    """
    try:
        image = _decoded(path, size)
        if (found := pixel_hash(image)) == wanted:
            return image
        why = f"holds other pixels ({found[:12]}) than those that were kept ({wanted[:12]})"
    except FileNotFoundError:
        raise
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        why = f"cannot be read ({_one_line(error)})"
    with suppress(OSError):
        os.utime(path, (now := time() + 2, now))
    raise DamagedPicture(f"{path} {why}")


def _decoded(path: Path, size: Size) -> Image.Image:
    """A picture of that size; one of another, however large, is not decoded."""
    with open_plain(path) as file, Image.open(file, formats=FORMATS) as image:
        if image.size != tuple(size):
            raise ValueError(f"has {image.width}x{image.height} pixels")
        image.load()
        return image


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__


@dataclass(frozen=True, slots=True)
class Draw:
    """Prompt -> picture.

    think: the system prompt that asks the model to reason first; None draws at once.
    special_tokens: let special-token strings inside texts become control tokens, as the
    published code does; False encodes all text as plain text.
    """

    role: ClassVar[Role] = "draw"
    prompt: str
    noise: NoiseKey
    stage: str = "first"
    size: Size | None = None
    think: str | None = None
    special_tokens: bool = False
    sampler: Sampler = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Look:
    """Text and pictures -> text; with `choices`, also how likely each choice is as the answer."""

    role: ClassVar[Role] = "look"
    text: str
    pictures: tuple[Picture, ...] = ()
    think: str | None = None
    choices: tuple[str, ...] = ()
    special_tokens: bool = False
    sampler: Sampler = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """Picture and instruction -> picture of the size the model gives to its input."""

    role: ClassVar[Role] = "edit"
    picture: Picture
    instruction: str
    noise: NoiseKey
    think: str | None = None
    special_tokens: bool = False
    sampler: Sampler = field(default_factory=dict)


Request = Draw | Look | Edit


@dataclass(frozen=True, slots=True)
class Cost:
    """What an answer took: seconds (a batch's time shared by its members), decoder passes
    (sequences x network runs, guidance branches counted each), and new text tokens.

    work: tokens through the decoder, each as often as it went through: what was read, those of
    pictures in every flow step and guidance branch, those of text. It is what costs are compared
    by: a pass may be one token of text or all of a picture. None where it is not known, as of
    lines of version 0.1.0; a sum with an unknown part is unknown.
    """

    seconds: float = 0.0
    passes: int = 0
    tokens: int = 0
    work: int | None = 0

    def __add__(self, other: "Cost") -> "Cost":
        known = self.work is not None and other.work is not None
        return Cost(
            self.seconds + other.seconds,
            self.passes + other.passes,
            self.tokens + other.tokens,
            (self.work or 0) + (other.work or 0) if known else None,
        )


@dataclass(frozen=True, slots=True)
class Drawn:
    """The answer to `Draw` and `Edit`. `thought`: what was reasoned first, if anything was. note:
    a sentence for whoever watches the run; each is said once, and none is kept."""

    picture: Picture
    thought: str | None = None
    cost: Cost = Cost()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Said:
    """The answer to `Look`. `probabilities` add up to 1 over the request's choices. note: as in
    `Drawn`."""

    text: str
    probabilities: tuple[float, ...] | None = None
    cost: Cost = Cost()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Failure:
    """No answer. kind: a short word to count by ("prompt", "picture", "memory", ...)."""

    kind: str
    reason: str


NUMBERS = "numbers"
"""The kind of failures over numbers that are none: NaN, infinity, a probability of 7."""


def not_finite(what: str) -> Failure:
    """what: of which step of the work, as in "the latents of step 3 of 24"."""
    return Failure(NUMBERS, f"{what} are not finite (NaN or infinity)")


Reply = Drawn | Said | Failure


@dataclass(frozen=True, slots=True)
class Passes:
    """The most decoder passes that a role's requests take, reading aside: `fixed` whatever is
    asked, `step` for each time step and guidance branch, `token` for each text token that may be
    said (at most `max_text_tokens`, or a pass for each choice)."""

    fixed: int = 0
    step: int = 0
    token: int = 0


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a model can do.

    noise: "exact" (uses the request's noise numbers), "seeded" (uses its 64-bit seed), "none".
    sampler: per role the settings it honours, with their defaults; others are refused. least,
    one_of: by setting, the smallest number and the words that it takes; aliases: further names that
    settings may be given by, and what they are recorded as; unsaid: those that stand in no request
    and no identity while they are as by default, since older versions did not have them. size: the
    picture size it draws by default; stride: sides must be multiples of it, up to max_side.
    tolerance: how far a picture drawn with others may be from the same drawn alone, mean difference
    of its levels 0..255 (0: the same bytes); answers may differ too where it is not 0. choices: can
    give probabilities for a `Look`'s choices. note: one sentence that a reader of its tables must
    know ("random weights: its pictures mean nothing"). batch: how many requests it answers together
    unless told otherwise; batches: those of a role, where that is another number. passes: what a
    request takes, by role; roles left out: not known. domain: what a model of a small world can do,
    as in "draws only shapes"; known_words: all words of prompts that it has learned, in lower case;
    None: not told.

    All of it is plain data. Three names of 0.1.0 still hold: `passes` may be a function of a
    request, `world` is `domain`, and `strange` a function from prompts to the words in them that
    the model does not know. Such functions stay with the model and are asked there.
    """

    roles: frozenset[Role]
    noise: Literal["exact", "seeded", "none"] = "none"
    sampler: Mapping[Role, Sampler] = field(default_factory=dict)
    size: Size | None = None
    stride: int = 1
    max_side: int | None = None
    tolerance: float = 0.0
    choices: bool = False
    note: str = ""
    passes: Mapping[Role, Passes] | Callable[[Request], int] | None = None
    batch: int = 8
    world: str = ""
    strange: Callable[[Iterable[str]], Sequence[str]] | None = None
    domain: str = ""
    known_words: frozenset[str] | None = None
    least: Mapping[str, float] = field(default_factory=dict)
    one_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    unsaid: frozenset[str] = frozenset()
    batches: Mapping[Role, int] = field(default_factory=dict)

    def batch_of(self, role: Role) -> int:
        """How many requests of a role it answers together."""
        return self.batches.get(role, self.batch)

    def __post_init__(self) -> None:
        object.__setattr__(self, "domain", self.domain or self.world)

    def as_data(self) -> "Capabilities":
        """Without functions: what of it may leave the place where the model lives."""
        numbers = None if callable(self.passes) else self.passes
        return replace(self, passes=numbers, strange=None)


@runtime_checkable
class UnifiedModel(Protocol):
    """A model behind `uig`, batched.

    identity: whatever distinguishes this model's pictures from another's (checkpoint content
    hash, dtype, behaviour version), as plain JSON values; no paths, no device.
    """

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def identity(self) -> Mapping[str, str]: ...

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        """Answers requests of one role and one sampler setting, as (index, reply), each once.

        What one request got wrong is its own `Failure`; only what breaks the whole batch raises.
        """
        ...


def request_key(request: Request, identity: Mapping[str, str]) -> str:
    """The content hash of a request to the model of that identity: 32 hex digits."""
    content: dict[str, object] = {"role": request.role, "model": dict(identity)}
    for name in request.__dataclass_fields__:
        value = getattr(request, name)
        if isinstance(value, Picture):
            value = value.sha256
        elif name == "pictures":
            value = [picture.sha256 for picture in value]
        elif isinstance(value, NoiseKey):
            value = [value.seed, value.case, value.sample, value.round]
        elif isinstance(value, Mapping):
            value = dict(value)
        content[name] = value
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
