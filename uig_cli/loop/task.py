"""What a method is given: a prompt's place in the benchmark, and the settings of its loop."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from uig_cli.models.noise import NoiseKey
from uig_cli.models.protocol import Picture, Role, Sampler, Size
from uig_cli.templates import Template

if TYPE_CHECKING:
    from uig_cli.loop.trace import Spent

Own = TypeVar("Own")


@dataclass(frozen=True, slots=True)
class DrawTask:
    """One sample of one prompt. picture: the user's own first picture, where there is one. partner:
    the next case of the same dimension and split in the whole set, for methods that ask for it.
    mean: what `uig` takes on average in this run, for methods that wait for it; None where that is
    not known yet."""

    case: str
    prompt: str
    sample: int = 0
    seed: int = 0
    picture: Picture | None = None
    partner: "DrawTask | None" = None
    mean: "Spent | None" = None

    def noise(self, round: int = 0) -> NoiseKey:
        return NoiseKey(self.seed, self.case, self.sample, round)


@dataclass(frozen=True, slots=True)
class MethodSettings:
    """A method's settings.

    rounds: most rounds of refinement. verdict_parser: how verdicts are read, a key
    of `verdict.VERDICT_PARSERS`. size: of the first picture; None is the model's own.
    own_settings: those that the method declares itself; None where it declares none.
    """

    templates: Mapping[str, Template]
    rounds: int = 4
    verdict_parser: str = "robust"
    size: Size | None = None
    samplers: Mapping[Role, Sampler] = field(default_factory=dict)
    own_settings: Any = None

    def sampler(self, role: Role) -> Sampler:
        return self.samplers.get(role, {})

    def own(self, kind: type[Own]) -> Own:
        """The settings that the method declares as `Method(..., settings=kind)`."""
        found = kind() if self.own_settings is None else self.own_settings
        if not isinstance(found, kind):
            raise TypeError(f"settings are {type(found).__name__}, asked for as {kind.__name__}")
        return found


Kit, Task = MethodSettings, DrawTask
"""What these were called in version 0.1.0: methods written for it still find them."""
