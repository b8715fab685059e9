"""On what terms scorers are asked: what options say, the same for all of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from uig_cli.templates import Template


@dataclass(frozen=True, slots=True)
class Terms:
    """templates: by name, "judge" among them. parser: how answers in words are read
    (scoring/parsing.py). repeats: times each question is put. concurrency: most requests to a
    server at a time. device: for scorers that run here. color_clip: the folder of the CLIP that
    names colors. Which of them mean something is said by the kind of scorer."""

    templates: Mapping[str, Template]
    parser: str = "robust"
    temperature: float = 0.0
    repeats: int = 1
    concurrency: int = 16
    device: str = "auto"
    color_clip: str | None = None
