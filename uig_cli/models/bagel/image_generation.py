"""Draw and edit: what each guidance branch reads, the thought, the flow, the picture.

The contexts of a picture, as published: `cond` reads system prompt, picture to edit, prompt and
thought; `cfg_text` is `cond` as it was before the prompt; `cfg_img` reads the texts but neither
picture nor thought. Without a system prompt nothing is thought.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from PIL import Image
from torch import Tensor

from uig_cli.models.bagel.components import Components, Refused
from uig_cli.models.bagel.context import Context
from uig_cli.models.bagel.finite import FiniteWatch
from uig_cli.models.bagel.flow import Canvas, FlowSettings, draw
from uig_cli.models.bagel.images import to_device, to_image
from uig_cli.models.bagel.prefill import read_latents, read_pictures, read_texts
from uig_cli.models.bagel.text_decoding import TextSettings, decode, text_failure
from uig_cli.models.bagel.vision import unpatchify
from uig_cli.models.guidance import Branch
from uig_cli.models.protocol import Cost, Draw, Drawn, Edit, Failure, Picture


@dataclass(slots=True)
class PictureJob:
    """A picture on its way.

    system, prompt: token ids. grid: rows and columns of latent tokens. source: the picture to
    edit. thought: what was reasoned, of `new_tokens` tokens. watch: what was computed for it;
    failure: why nothing can be drawn.
    """

    request: Draw | Edit
    system: list[int]
    prompt: list[int]
    grid: tuple[int, int]
    source: Image.Image | None = None
    contexts: dict[Branch, Context] = field(default_factory=dict)
    thought: str | None = None
    new_tokens: int = 0
    watch: FiniteWatch = field(default_factory=FiniteWatch)
    failure: Failure | None = None

    @property
    def tokens(self) -> int:
        return self.grid[0] * self.grid[1]


def sketch_draw(parts: Components, request: Draw) -> PictureJob:
    """Raises Refused for a prompt or a size that cannot be drawn."""
    if not request.prompt.strip():
        raise Refused("prompt", "the prompt is empty; expected some text")
    stride, most = parts.config.stride, parts.config.max_side
    width, height = request.size or (parts.config.vae_rule.max_size,) * 2
    if any(side <= 0 or side % stride or side > most for side in (width, height)):
        got = f"the picture size is {width}x{height}"
        raise Refused("size", f"{got}; expected multiples of {stride} up to {most}")
    texts = parts.texts(request, request.prompt, pictures=1)
    return PictureJob(request, *texts, (height // stride, width // stride))


def sketch_edit(parts: Components, request: Edit) -> PictureJob:
    """Raises Refused for an instruction or a picture that cannot be used."""
    source = parts.open(request.picture)
    texts, stride = parts.texts(request, request.instruction, pictures=3), parts.config.stride
    return PictureJob(request, *texts, (source.height // stride, source.width // stride), source)


def draw_all(
    parts: Components, sketches: Sequence[PictureJob], flow: FlowSettings, text: TextSettings
) -> list[Drawn | Failure]:
    """The pictures of all sketches, each the same as if it were drawn alone."""
    read_all(parts, sketches, flow, thought=text.max_text_tokens)
    think_all(parts, [sketch for sketch in sketches if sketch.system], text)
    going_on = [sketch for sketch in sketches if sketch.failure is None]
    canvases = [canvas(parts, each) for each in going_on]
    latents = iter(draw(parts.network, canvases, flow) if canvases else ())
    return [each.failure or _finish(parts, each, next(latents)) for each in sketches]


def read_all(
    parts: Components, sketches: Sequence[PictureJob], flow: FlowSettings, thought: int = 0
) -> None:
    """Fills each sketch's contexts, up to the thought, for the branches that `flow` runs.

    thought: the most tokens it may have, so that the sequence is allocated once, ahead.
    """
    network, config = parts.network, parts.config
    for sketch in sketches:
        reading: list[Branch] = [b for b in flow.branches if b != "cfg_text"]
        room = _room(parts, sketch, thought)
        sketch.contexts.update({branch: network.context(room[branch]) for branch in reading})
    read_texts(network, [(c, s.system) for s in sketches if s.system for c in s.contexts.values()])
    edits = [(s.contexts["cond"], s, s.source) for s in sketches if s.source is not None]
    read_latents(network, [(c, _encode(parts, s, image)) for c, s, image in edits])
    read_pictures(network, [(c, parts.pixels(image, config.vit_rule)) for c, _, image in edits])
    prompts = [(c, s.prompt) for s in sketches for c in s.contexts.values()]
    if "cfg_text" in flow.branches:
        for sketch in sketches:
            sketch.contexts["cfg_text"] = sketch.contexts["cond"].fork(sketch.tokens + 2)
    read_texts(network, prompts)


def think_all(parts: Components, sketches: Sequence[PictureJob], text: TextSettings) -> None:
    """Lets the model reason about each sketch; the thought joins the `cond` context as a text.

    The thought goes through its string: read again, it need not have the ids it was said with.
    """
    contexts = [sketch.contexts["cond"] for sketch in sketches]
    limits = [parts.text_limit(context, text.max_text_tokens) for context in contexts]
    pick = text.pick([sketch.request.noise for sketch in sketches])
    found = decode(parts.network, parts.tokenizer, contexts, limits, pick)
    blocks = []
    for sketch, context, ids in zip(sketches, contexts, found, strict=True):
        sketch.failure = text_failure(ids)
        if sketch.failure is None:
            sketch.thought, sketch.new_tokens = parts.tokenizer.answer(ids), len(ids) - 1
            block = parts.tokenizer.block(sketch.thought, sketch.request.special_tokens)
            blocks.append((context, block))
    read_texts(parts.network, blocks)


def canvas(parts: Components, sketch: PictureJob) -> Canvas:
    request = sketch.request
    stage = request.stage if isinstance(request, Draw) else "edit-init"
    noise = request.noise.normal(stage, (sketch.tokens, parts.config.latent_channels))
    on_device = to_device(noise, parts.network.device)
    return Canvas(on_device, sketch.grid, sketch.contexts, sketch.watch)


def _room(parts: Components, sketch: PictureJob, thought: int) -> dict[Branch, int]:
    """Tokens of a branch's whole sequence, the picture to be drawn included."""
    texts = len(sketch.system) + len(sketch.prompt) + sketch.tokens + 2
    seen = 0 if sketch.source is None else sketch.tokens + 2 + parts.seen_tokens(sketch.source)
    thinks = thought + 2 if sketch.system else 0  # read again it may be longer; then room is made
    return {"cond": texts + seen + thinks, "cfg_img": texts}


def _encode(parts: Components, sketch: PictureJob, image: Image.Image) -> Tensor:
    """The latents of the picture to edit, sampled: [channels, height / 8, width / 8]."""
    pixels, config = parts.pixels(image, parts.config.vae_rule), parts.config.autoencoder
    sides = (side // config.downsample for side in pixels.shape[1:])
    noise = sketch.request.noise.normal("edit-encode", (1, config.z_channels, *sides))
    latents = parts.autoencoder.encode(pixels[None], to_device(noise, pixels.device))[0]
    sketch.watch.look("the latents of the picture to edit", latents)
    return latents


def _finish(parts: Components, sketch: PictureJob, tokens: Tensor) -> Drawn | Failure:
    latents = unpatchify(tokens, *sketch.grid, parts.config.parts.latent_patch_size)
    pixels = parts.autoencoder.decode(latents[None])[0]
    sketch.watch.look("the decoded pixels", pixels)
    if (failure := sketch.watch.failure()) is not None:
        return failure
    passes = sum(context.passes for context in sketch.contexts.values())
    work = sum(context.work for context in sketch.contexts.values())
    cost = Cost(passes=passes, tokens=sketch.new_tokens, work=work)
    return Drawn(Picture.of(to_image(pixels)), sketch.thought, cost)
