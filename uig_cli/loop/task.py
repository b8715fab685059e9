"""What a method is given: a prompt's place in the benchmark, and the settings of its loop."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Picture, Role, Sampler, Size
from uig_cli.templates import Template


@dataclass(frozen=True, slots=True)
class DrawTask:
    """One sample of one prompt. picture: the user's own first picture, where there is one."""

    case: str
    prompt: str
    sample: int = 0
    seed: int = 0
    picture: Picture | None = None

    def noise(self, round: int = 0) -> NoiseKey:
        return NoiseKey(self.seed, self.case, self.sample, round)


@dataclass(frozen=True, slots=True)
class MethodSettings:
    """A method's settings.

    rounds: most rounds of refinement. verdict_parser: how verdicts are read, a key
    of `verdict.VERDICT_PARSERS`. size: of the first picture; None is the model's own.
    """

    templates: Mapping[str, Template]
    rounds: int = 4
    verdict_parser: str = "robust"
    size: Size | None = None
    samplers: Mapping[Role, Sampler] = field(default_factory=dict)

    def sampler(self, role: Role) -> Sampler:
        return self.samplers.get(role, {})


Kit, Task = MethodSettings, DrawTask
"""What these were called in version 0.1.0: methods written for it still find them."""
