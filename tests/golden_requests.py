"""Requests and noise names whose keys version 0.1.0 wrote down (tests/data/v0.1.0/golden.json)."""

from PIL import Image

from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Draw, Edit, Look, Picture, Request, Setting

IDENTITY = {"kind": "bagel", "checkpoint": "ab" * 32, "dtype": "float32", "behaviour": "1"}

RED = Picture.of(Image.new("RGB", (8, 8), "red"))
BLUE = Picture.of(Image.new("RGB", (16, 8), "blue"))

FLOW: dict[str, Setting] = {
    "num_timesteps": 50, "shift": 3.0, "text_scale": 4.0, "renorm_min": 0.0, "image_scale": 1.0,
    "interval": (0.4, 1.0), "renorm": "global", "max_text_tokens": 1000, "temperature": 0.0,
}  # fmt: skip
TEXT: dict[str, Setting] = {"max_text_tokens": 1000, "temperature": 0.0}

NOISE = (
    NoiseKey(0, "tiif/long/negation/3"),
    NoiseKey(7, "tiif/short/2d_spatial_relation/0", 2, 4),
    NoiseKey(2**63 - 1, "geneval/00012", 3),
    NoiseKey(1, "prompt/0123456789ab-0", 0, 10),
    NoiseKey(0, "ünïcode/案例", 1, 1),
)
STAGES = ("first", "candidate-1", "edit-encode", "edit-init")


def requests() -> list[Request]:
    """Thirty, over every field that a request of 0.1.0 has."""
    prompts = ("a red circle", "two birds and three apples", "ünïcode 漢字 🎨", "")
    draws: list[Request] = [Draw(p, n) for p, n in zip(prompts, NOISE, strict=False)]
    draws += [
        Draw(prompts[0], NOISE[0], stage="candidate-2"),
        Draw(prompts[0], NOISE[0], size=(1024, 768)),
        Draw(prompts[0], NOISE[1], think="Plan first."),
        Draw(prompts[0], NOISE[2], special_tokens=True),
        Draw(prompts[1], NOISE[3], sampler=FLOW),
        Draw(prompts[2], NOISE[4], "first", (64, 64), "Plan.", True, FLOW),
    ]
    looks: list[Request] = [
        Look("Does it match?"),
        Look("Does it match?", (RED,)),
        Look("Which one?", (RED, BLUE)),
        Look("Which one?", (BLUE, RED)),
        Look("Is it red?", (RED,), choices=("yes", "no")),
        Look("Is it red?", (RED,), choices=("no", "yes")),
        Look("Examine.", (BLUE,), think="Think."),
        Look("Examine.", (BLUE,), special_tokens=True),
        Look("Examine.", (BLUE,), sampler=TEXT),
        Look("Prüfe 漢字.", (RED,), "Think.", ("yes", "no"), True, TEXT),
    ]
    edits: list[Request] = [Edit(RED, "add a circle", n) for n in NOISE]
    edits += [
        Edit(BLUE, "add a circle", NOISE[0]),
        Edit(RED, "add a circle", NOISE[0], think="Plan."),
        Edit(RED, "add a circle", NOISE[0], special_tokens=True),
        Edit(RED, "add a circle", NOISE[0], sampler=FLOW),
        Edit(BLUE, "füge 漢字 hinzu", NOISE[4], "Plan.", True, FLOW),
    ]
    return [*draws, *looks, *edits]
