"""What the options that benchmarks share mean to each of them, as their cards say it."""

import typer

from uig_cli.benchmarks import registry
from uig_cli.benchmarks.card import Card, meaning, usual
from uig_cli.option_groups import Part, Several
from uig_cli.registry import completing

CARDS: tuple[Card, ...] = registry.cards()

BENCHMARK = typer.Argument(
    metavar="BENCHMARK",
    help=f"{', '.join(registry.names())} or FILE.py:NAME.",
    autocompletion=completing("benchmarks"),
)

_SAMPLES = "the benchmark's: " + ", ".join(f"{card.name} {card.samples}" for card in CARDS)

CASES = Part(
    helps={
        "split": f"{meaning(CARDS, 'split')}.",
        "set": f"{meaning(CARDS, 'set')}. Built-in sets are about drawn shapes and are scored "
        "exactly.",
        "prompts_file": f"{meaning(CARDS, 'prompts_file')}.",
    },
    shown={
        "split": ", ".join(card.usual["split"] for card in CARDS if "split" in card.usual),
        "set": "built-in for pocket, else "
        + " or ".join(card.usual["set"] for card in CARDS if "set" in card.usual),
        "data": ", ".join(card.usual["data"] for card in CARDS if "data" in card.usual),
        "samples": _SAMPLES,
    },
)

OWN_PROMPTS = Part(shown={"samples": "1"})

SCORING = Part(
    helps={name: f"{meaning(CARDS, name)}." for name in ("detector", "color_clip", "ocr")}
)

EXTERNAL = Part(
    helps={
        name: f"{meaning(CARDS, name)}." for name in ("pictures_of", "judgements", "detections")
    },
    shown={"pictures_of": usual(CARDS, "pictures_of")},
)

COMPARED = Part(helps={"split": CASES.helps["split"]}, shown={"split": CASES.shown["split"]})


def own_options(command: str) -> Several:
    """Options that one benchmark alone has, of all benchmarks of ours that offer some here."""
    return Several(
        tuple(own.group for card in CARDS for own in card.options if command in own.commands)
    )
