"""The methods that can be compared.

A method is a generator, pure in task and replies. That lets one engine batch many prompts that
are at different stages, lets a resumed run replay what is known, and lets methods share requests:
the first picture of `uig` is the picture of `direct`.
"""

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Literal

from uig_cli import own_settings, registry
from uig_cli.errors import UigError
from uig_cli.loop.best_of import BestOfNSettings, best_of_n, most_pictures
from uig_cli.loop.checklist import ChecklistSettings, checklist
from uig_cli.loop.controls import empty, of_partner, refine_by
from uig_cli.loop.first import First, after_a_thought, at_once, from_details
from uig_cli.loop.keep_score import KEEP_SCORES, ScoreName
from uig_cli.loop.refine import MUCH_WRONG, Course, Keep, RepairBy, refine, refine_as_published
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Trace
from uig_cli.models.protocol import ROLES, Role
from uig_cli.registry import Located, Origin

Style = Literal["published", "all", "worst", "description"]
STYLES: Mapping[Style, str] = {
    "published": "examine",
    "all": "examine-all",
    "worst": "examine-worst",
    "description": "examine-description",
}
"""How an examination shall put what is to be changed: the template that asks for it."""

FIRST = "1"
"""The version of a method that has not changed yet; left out of identities."""


@dataclass(frozen=True, slots=True)
class Needs:
    """What a method's own settings ask for beside what it always needs. choices: a look must tell
    how likely given choices are; after_uig: it begins once `uig` is through all cases."""

    roles: frozenset[Role] = frozenset()
    templates: tuple[str, ...] = ()
    choices: bool = False
    after_uig: bool = False


@dataclass(frozen=True, slots=True)
class Method:
    """needs: roles it asks for; templates: those it fills; loops: whether rounds matter to it;
    verdict_parser: how it reads verdicts unless told otherwise; fixed_parser: it cannot be told.
    most_steps: how many steps it makes at most; None: the first, and one for each round.
    more: what it needs further by its own settings. partner: whether it asks for the task's
    partner; choices: whether a look must tell how likely given choices are; waiting: whether it
    begins once `uig` is through all cases (`DrawTask.mean`). measured: whether the models of
    this repository can show what it does.
    settings: a frozen dataclass of what it can be told beside that (own_settings.py), which `run`
    reads as `settings.own(...)`. version: raised when equal settings, or none, make other pictures
    than before. own: the settings it was chosen with, None for the defaults; origin: where its code
    is, if it is none of ours."""

    name: str
    summary: str
    run: Callable[[DrawTask, MethodSettings], Conversation]
    needs: frozenset[Role]
    templates: tuple[str, ...] = ()
    loops: bool = False
    verdict_parser: str = "robust"
    fixed_parser: bool = False
    most_steps: Callable[[MethodSettings], int] | None = None
    more: Callable[[Any], Needs] | None = None
    partner: bool = False
    choices: bool = False
    waiting: bool = False
    measured: bool = True
    settings: type[Any] | None = None
    version: str = FIRST
    own: Any = None
    origin: Origin | None = None

    @property
    def label(self) -> str:
        """What tables, folders and identities call it: its name, and the settings that are not as
        by default, in the order of their names."""
        chosen = own_settings.joined(self.chosen)
        return f"{self.name}:{chosen}" if chosen else self.name

    @property
    def chosen(self) -> dict[str, str]:
        """The settings that are not as by default."""
        if self.own is None:
            return {}
        values = {one.name: getattr(self.own, one.name) for one in fields(self.own)}
        return own_settings.written(values, own_settings.of_dataclass(type(self.own)))

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


_KEEP = "return the last picture or the best, or accept only what is no worse"
_SCORE = "what tells better from worse"


@dataclass(frozen=True, slots=True)
class UigSettings:
    """keep: which picture is returned; score: what chooses; repair: how; style: of instructions."""

    keep: Keep = field(
        default="last",
        metadata={"help": _KEEP},
    )
    score: ScoreName = field(default="verdict", metadata={"help": _SCORE})
    repair: RepairBy = field(
        default="edit",
        metadata={"help": f"edit, draw anew, or that where {MUCH_WRONG} things or more are wrong"},
    )
    style: Style = field(
        default="published",
        metadata={
            "help": "ask for all changes at once, the worst alone, or a full description of what "
            "shall be there; not measured here, no model of ours has learned them"
        },
    )

    def __post_init__(self) -> None:
        _check_idle_score(self.keep, self.score)

    @property
    def course(self) -> Course:
        score = None if self.keep == "last" else self.score
        return Course(self.keep, self.repair, STYLES[self.style], score)


@dataclass(frozen=True, slots=True)
class RedrawSettings:
    """keep: which picture is returned; score: what chooses."""

    keep: Keep = field(default="last", metadata={"help": _KEEP})
    score: ScoreName = field(default="verdict", metadata={"help": _SCORE})

    def __post_init__(self) -> None:
        _check_idle_score(self.keep, self.score)


def _check_idle_score(keep: Keep, score: ScoreName) -> None:
    """Raises ValueError for a score that is given and means nothing."""
    if keep == "last" and score != "verdict":
        raise ValueError(f"score={score} chooses nothing where keep=last")


def _uig(task: DrawTask, settings: MethodSettings) -> Conversation:
    first = yield from at_once(task, settings)
    return (yield from refine(task, settings, first, settings.own(UigSettings).course))


def _redraw(task: DrawTask, settings: MethodSettings) -> Conversation:
    own = settings.own(RedrawSettings)
    first = yield from at_once(task, settings)
    course = UigSettings(own.keep, own.score, "redraw").course
    return (yield from refine(task, settings, first, course))


def _uig_empty(task: DrawTask, settings: MethodSettings) -> Conversation:
    first = yield from at_once(task, settings)
    return (yield from refine_by(task, settings, first, empty))


def _uig_partner(task: DrawTask, settings: MethodSettings) -> Conversation:
    first = yield from at_once(task, settings)
    return (yield from refine_by(task, settings, first, of_partner))


def _uig_reference(task: DrawTask, settings: MethodSettings) -> Conversation:
    first = yield from at_once(task, settings, special_tokens=True)
    return (yield from refine_as_published(task, settings, first))


_DRAW: frozenset[Role] = frozenset({"draw"})
_LOOKS: frozenset[Role] = frozenset({"draw", "look"})
_ALL: frozenset[Role] = frozenset({"draw", "look", "edit"})
_LOOP = ("examine", "think-look", "think-draw")


def _needs_of(score: ScoreName, examine: str = "examine") -> Needs:
    """What a score to keep by asks for, and an examination in another style."""
    style = () if examine == "examine" else (examine,)
    templates = (*style, *KEEP_SCORES[score].templates)
    return Needs(templates=templates, choices=score in ("p-match", "questions"))


def _needs_of_best(own: BestOfNSettings) -> Needs:
    """A budget by `uig` is what its loop takes, whose requests it asks."""
    needs = _needs_of(own.score)
    if own.budget == "none":
        return needs
    after_uig = own.budget == "uig-mean"
    return replace(
        needs, roles=_ALL, templates=(*needs.templates, "think-draw"), after_uig=after_uig
    )


BUILT_IN: tuple[Method, ...] = (
    Method("direct", "draw at once", _direct, _DRAW),
    Method("think", "plan in words, then draw", _think, _DRAW, ("think-draw",)),
    Method(
        "decompose",
        "spell the prompt out, then draw from the description",
        _decompose,
        _LOOKS,
        ("decompose", "think-look"),
    ),
    Method(
        "uig",
        "draw, examine, edit, repeat; every picture examined",
        _uig,
        _ALL,
        _LOOP,
        loops=True,
        settings=UigSettings,
        more=lambda own: _needs_of(own.score, STYLES[own.style]),
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
    Method(
        "redraw",
        "draw, examine, draw anew with other noise until it matches",
        _redraw,
        _LOOKS,
        ("examine", "think-look"),
        loops=True,
        settings=RedrawSettings,
        more=lambda own: _needs_of(own.score),
    ),
    Method(
        "best-of-n",
        "draw several, examine each, keep the best",
        best_of_n,
        _LOOKS,
        ("examine", "think-look"),
        loops=True,
        most_steps=lambda settings: most_pictures(settings.own(BestOfNSettings)),
        settings=BestOfNSettings,
        more=_needs_of_best,
    ),
    Method(
        "checklist",
        "make yes/no questions of the prompt, edit what fails most until all are passed",
        checklist,
        _ALL,
        ("checklist-questions", "checklist-answer", "checklist-instruction"),
        loops=True,
        settings=ChecklistSettings,
        choices=True,
        measured=False,
    ),
    Method(
        "uig-empty",
        "a control: uig with an empty instruction, the examination only says when to stop",
        _uig_empty,
        _ALL,
        _LOOP,
        loops=True,
    ),
    Method(
        "uig-partner",
        "a control: uig with the instruction that another case's first picture got",
        _uig_partner,
        _ALL,
        _LOOP,
        loops=True,
        partner=True,
    ),
)


EXTERNAL = Method("external", "pictures made elsewhere, one for each prompt", _direct, _DRAW)
"""What pictures that `uig score` brings in stand under; nobody draws by it."""

ELSEWHERE = replace(EXTERNAL, name="elsewhere")
"""The same in runs of version 0.1.0, which keep the name."""


OURS: Mapping[str, Method] = {one.name: one for one in BUILT_IN}

_BROUGHT = {one.name: one for one in (EXTERNAL, ELSEWHERE)}
_NAME = re.compile(r"\w[\w.+-]*")
"""A name may stand in RUN:METHOD@STEP, before settings."""


def methods() -> Mapping[str, Method]:
    """All methods by name: ours, then those that installed packages offer as `uig.methods`."""
    found = (look_up(name) for name in registry.names("methods"))
    return {one.name: one for one in found}


def method(spec: str) -> Method:
    """The method of NAME[:KEY=VALUE,...] or FILE.py:NAME[:KEY=VALUE,...].

    Raises UigError where there is none, or its settings cannot be.
    """
    if spec in _BROUGHT:
        return _BROUGHT[spec]
    found = registry.find("methods", _as_offered(spec))
    of = _checked(found)
    own = _own(of, found.rest)
    needs = Needs() if of.more is None else of.more(own)
    return replace(
        of,
        own=own,
        needs=of.needs | needs.roles,
        templates=(*of.templates, *needs.templates),
        choices=of.choices or needs.choices,
        waiting=of.waiting or needs.after_uig,
        origin=found.origin,
    )


def look_up(spec: str) -> Method:
    """The same without its settings, which may have to be given."""
    return _checked(registry.find("methods", _as_offered(spec)))


def _as_offered(spec: str) -> str:
    """A package may offer a method under another name than it declares; both find it."""
    name, _, rest = spec.partition(":")
    if registry.is_file("methods", spec) or name in registry.names("methods"):
        return spec
    for offered in registry.offered("methods"):
        found = registry.find("methods", offered).thing
        if getattr(found, "name", None) == name:
            return f"{offered}:{rest}" if rest else offered
    return spec


def _checked(found: Located) -> Method:
    """What was found, if it is a method."""
    of = found.thing
    if not isinstance(of, Method):
        raise UigError(
            f"{found.where} gives {type(of).__name__}, expected a uig_cli.loop.methods.Method."
        )
    if not callable(of.run) or not isinstance(of.needs, Set) or not of.needs <= set(ROLES):
        raise UigError(
            f"{found.where} is a method that needs {of.needs!r:.60} and runs {of.run!r:.60}; "
            f"expected a set of {', '.join(ROLES)}, and a generator function."
        )
    registry.refuse_ours("methods", of.name, found.origin)
    if of.name in _BROUGHT or not _NAME.fullmatch(of.name):
        raise UigError(
            f'{found.where} is a method called "{of.name}"; expected a name of letters, digits, '
            f"'.', '+', '-' and '_', and none of {', '.join(_BROUGHT)}."
        )
    return of


def _own(of: Method, text: str) -> Any:
    if of.settings is None:
        own_settings.parse(text, (), of.name)
        return None
    if not is_dataclass(of.settings):
        raise UigError(f"method {of.name} has settings that are no dataclass; make them one.")
    values = own_settings.parse(text, own_settings.of_dataclass(of.settings), of.name)
    try:
        return of.settings(**values)
    except ValueError as error:
        raise UigError(f"{of.name}:{text} cannot be: {error}.") from error


def draws(name: str) -> bool:
    """Whether pictures are drawn by this method, rather than brought in."""
    return name not in (EXTERNAL.name, ELSEWHERE.name)
