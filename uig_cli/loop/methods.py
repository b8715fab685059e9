"""The methods that can be compared, one registry.

A method is a generator, pure in task and replies. That lets one engine batch many prompts that
are at different stages, lets a resumed run replay what is known, and lets methods share requests:
the first picture of `uig` is the picture of `direct`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from importlib.metadata import entry_points

from uig_cli.errors import UigError, unknown
from uig_cli.loop.first import First, after_a_thought, at_once, from_details
from uig_cli.loop.refine import refine, refine_as_published
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Trace
from uig_cli.models.protocol import Role


@dataclass(frozen=True, slots=True)
class Method:
    """needs: roles it asks for; templates: those it fills; loops: whether rounds matter to it;
    verdict_parser: how it reads verdicts unless told otherwise; fixed_parser: it cannot be told.
    most_steps: how many steps it makes at most; None: the first, and one for each round."""

    name: str
    summary: str
    run: Callable[[DrawTask, MethodSettings], Conversation]
    needs: frozenset[Role]
    templates: tuple[str, ...] = ()
    loops: bool = False
    verdict_parser: str = "robust"
    fixed_parser: bool = False
    most_steps: Callable[[MethodSettings], int] | None = None

    def last_step(self, settings: MethodSettings) -> int:
        """The number of the last step that it may come to, as far as it tells."""
        steps = 1 + settings.rounds if self.most_steps is None else self.most_steps(settings)
        return max(0, steps - 1)


def alone(first: First) -> Trace:
    """The trace of a method that draws once."""
    return Trace((first.step,), first.detailed_prompt, complete=first.step.picture is not None)


def _direct(task: DrawTask, settings: MethodSettings) -> Conversation:
    first = yield from at_once(task, settings)
    return alone(first)


def _think(task: DrawTask, settings: MethodSettings) -> Conversation:
    first = yield from after_a_thought(task, settings)
    return alone(first)


def _decompose(task: DrawTask, settings: MethodSettings) -> Conversation:
    first = yield from from_details(task, settings)
    return alone(first)


def _uig(task: DrawTask, settings: MethodSettings) -> Conversation:
    first = yield from at_once(task, settings)
    return (yield from refine(task, settings, first))


def _uig_reference(task: DrawTask, settings: MethodSettings) -> Conversation:
    first = yield from at_once(task, settings, special_tokens=True)
    return (yield from refine_as_published(task, settings, first))


_DRAW: frozenset[Role] = frozenset({"draw"})
_ALL: frozenset[Role] = frozenset({"draw", "look", "edit"})

BUILT_IN: tuple[Method, ...] = (
    Method("direct", "draw at once", _direct, _DRAW),
    Method("think", "plan in words, then draw", _think, _DRAW, ("think-draw",)),
    Method(
        "decompose",
        "spell the prompt out, then draw from the description",
        _decompose,
        frozenset({"draw", "look"}),
        ("decompose", "think-look"),
    ),
    Method(
        "uig",
        "draw, examine, edit, repeat; every picture examined",
        _uig,
        _ALL,
        ("examine", "think-look", "think-draw"),
        loops=True,
    ),
    Method(
        "uig-reference",
        "the loop exactly as published, its defects included",
        _uig_reference,
        _ALL,
        ("examine", "think-look", "think-draw"),
        loops=True,
        verdict_parser="reference",
        fixed_parser=True,
    ),
)


EXTERNAL = Method("external", "pictures made elsewhere, one for each prompt", _direct, _DRAW)
"""What pictures that `uig score` brings in stand under; nobody draws by it."""

ELSEWHERE = replace(EXTERNAL, name="elsewhere")
"""The same in runs of version 0.1.0, which keep the name."""


def methods() -> Mapping[str, Method]:
    """All methods by name: ours, then those that installed packages offer as `uig.methods`."""
    found = {method.name: method for method in BUILT_IN}
    for entry in entry_points(group="uig.methods"):
        loaded = entry.load()
        if not isinstance(loaded, Method):
            raise UigError(
                f'entry point uig.methods "{entry.name}" gives {type(loaded).__name__}, '
                "expected a uig_cli.loop.methods.Method."
            )
        found.setdefault(loaded.name, loaded)
    return found


def method(name: str) -> Method:
    known = {**methods(), EXTERNAL.name: EXTERNAL, ELSEWHERE.name: ELSEWHERE}
    if name not in known:
        raise unknown("method", name, methods())
    return known[name]


def draws(name: str) -> bool:
    """Whether pictures are drawn by this method, rather than brought in."""
    return name not in (EXTERNAL.name, ELSEWHERE.name)
