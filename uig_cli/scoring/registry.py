"""The scorers there are: judges, detectors and text readers alike.

A spec is a name, and for some a colon and what that kind needs. It is checked before any weight of
any model is loaded, and opened after the examiner is there. Installed packages offer more as entry
points of `uig.judges`, `uig.detectors` and `uig.readers`; FILE.py:NAME is one's own.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Literal

from uig_cli import faults, own_settings, registry
from uig_cli.errors import UigError
from uig_cli.models.protocol import UnifiedModel
from uig_cli.own_settings import DeclaredSetting
from uig_cli.registry import NOUN, Located
from uig_cli.scoring.around import Around
from uig_cli.scoring.protocol import (
    FINDING,
    Asked,
    Kind,
    Reply,
    Scorer,
)
from uig_cli.scoring.repeats import Repeated
from uig_cli.scoring.scorer_checks import checked
from uig_cli.scoring.terms import Terms

ScorerGroup = Literal["judges", "detectors", "readers"]

NONE, SELF, EXACT, STRICT = "none", "self", "exact", "strict"

CheckScorer = Callable[[str, Terms], None]
Open = Callable[[str, Terms, UnifiedModel | None], Scorer]


def _nothing_to_check(rest: str, terms: Terms) -> None:
    return


@dataclass(frozen=True, slots=True)
class ScorerType:
    """What can be named after --judge, --detector or --ocr. usage: how it is written.

    kind: of its findings. open and check take what stands behind the colon; check raises UigError
    for whatever can be known to fail without loading a weight; open's model is the examiner, None
    where nobody asks for it. takes: what must follow a colon ("model", "folder"), "" for nothing.
    asks_examiner: it looks through the examined model. terms: those of `Terms` that mean something
    to it, of "parser", "temperature" and "repeats". settings: what it can be told as KEY=VALUE.
    origin: which code this is, where it is none of ours; it joins the identity, so that changed
    code is another scorer.
    """

    usage: str
    summary: str
    kind: Kind
    open: Open
    check: CheckScorer = _nothing_to_check
    takes: str = ""
    asks_examiner: bool = False
    terms: frozenset[str] = frozenset()
    origin: Mapping[str, str] = field(default_factory=dict)
    settings: tuple[DeclaredSetting, ...] = ()


def _ours(module: str, checks: bool = False) -> dict[str, Any]:
    """`open`, and `check` where there is one, of a module that is imported when they are called."""

    def load() -> Any:
        return import_module(f"uig_cli.scoring.{module}")

    def check(rest: str, terms: Terms) -> None:
        load().check(rest, terms)

    def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> Scorer:
        scorer: Scorer = load().open_scorer(rest, terms, examiner)
        return scorer

    return {"open": open_scorer, **({"check": check} if checks else {})}


_SPEECH = frozenset({"parser", "temperature", "repeats"})
"""What means something to judges that answer in words."""

JUDGES: Mapping[str, ScorerType] = {
    SELF: ScorerType(
        SELF,
        "the examined model compares how likely yes and no are as its answer",
        "answers",
        **_ours("judges.self"),
        asks_examiner=True,
    ),
    EXACT: ScorerType(
        EXACT,
        "a reader of drawn shapes that makes no guesses, for the sets named built-in",
        "answers",
        **_ours("judges.exact"),
    ),
    STRICT: ScorerType(
        STRICT,
        "nothing at all is wrong by the prompt's own specification; beside exact, of itself",
        "faults",
        **_ours("judges.strict"),
    ),
    "openai": ScorerType(
        "openai:MODEL[@BASE_URL]",
        "a vision model behind any OpenAI-compatible server; key from OPENAI_API_KEY",
        "answers",
        **_ours("judges.openai", checks=True),
        takes="model",
        terms=_SPEECH,
    ),
    "hf": ScorerType(
        "hf:PATH_OR_NAME",
        "a Qwen2.5-VL or Qwen3-VL checkpoint, run here",
        "answers",
        **_ours("judges.hf", checks=True),
        takes="model",
        terms=_SPEECH,
    ),
}

DETECTORS: Mapping[str, ScorerType] = {
    "mask2former": ScorerType(
        "mask2former:PATH",
        "a Mask2Former checkpoint finds objects, the CLIP of --color-clip names their colors",
        "detections",
        **_ours("detectors.mask2former", checks=True),
        takes="folder",
    ),
    EXACT: ScorerType(
        EXACT,
        "a reader of drawn shapes that makes no guesses, for the sets named built-in",
        "detections",
        **_ours("detectors.exact"),
    ),
}

READERS: Mapping[str, ScorerType] = {
    "rapidocr": ScorerType(
        "rapidocr",
        "RapidOCR's PP-OCR networks, from the extra ocr",
        "texts",
        **_ours("readers.rapidocr", checks=True),
    ),
}


def names(group: ScorerGroup) -> list[str]:
    """All of a group, without anything imported."""
    return registry.names(group)


def type_named(group: ScorerGroup, spec: str) -> ScorerType:
    """UigError, with the nearest name, if there is none of that name."""
    return _type(registry.find(group, spec, also=(NONE,)))


def _type(found: Located) -> ScorerType:
    if found.origin is None:
        ours: ScorerType = found.thing
        return ours
    key = "file" if found.origin.path else "package"
    return type_of(found.thing, found.where, {key: found.origin.version})


def type_of(offered: Any, name: str, origin: Mapping[str, str]) -> ScorerType:
    """What a package or a file offers: a `ScorerType`, a scorer, or the class of one, whose
    constructor's parameters are its settings. UigError for anything else."""
    if isinstance(offered, ScorerType):
        return replace(offered, origin={**offered.origin, **origin})
    kind: Any = getattr(offered, "kind", None)
    if kind not in list(FINDING) or not callable(getattr(offered, "ask", None)):
        raise UigError(
            f"scorer {name} is {type(offered).__name__} {offered!r:.60}, expected an object with "
            f"name, kind ({', '.join(FINDING)}), identity, batch and ask, or its class, or a "
            "ScorerType (docs/adding-a-scorer.md)."
        )
    settings = own_settings.of_constructor(offered) if isinstance(offered, type) else ()

    def check(rest: str, terms: Terms) -> None:
        own_settings.parse(rest, settings, name)

    def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> Scorer:
        given = own_settings.parse(rest, settings, name)
        with faults.blaming(f"scorer {name}"):
            scorer: Scorer = offered(**given) if isinstance(offered, type) else offered
        return scorer

    summary = (offered.__doc__ or "").strip().split("\n")[0]
    return ScorerType(name, summary, kind, open_scorer, check, origin=origin, settings=settings)


def usages(group: ScorerGroup) -> dict[str, str]:
    """How each of a group is written, and what it is."""
    types = (type_named(group, name) for name in names(group))
    return {NONE: nobody(group), **{one.usage: one.summary for one in types}}


def nobody(group: registry.RegistryGroup) -> str:
    """What it means to name none."""
    later = {"judges": "judge later with uig rejudge", "detectors": "detect later"}
    return f"nobody: draw now, {later[group]}" if group in later else "nobody"


class Brought(Around):
    """A scorer whose code came from elsewhere, as its identity says; it can do what that can."""

    def __init__(self, scorer: Scorer, origin: Mapping[str, str]) -> None:
        super().__init__(scorer)
        self._origin = origin

    @property
    def identity(self) -> Mapping[str, str]:
        return {**self._scorer.identity, **self._origin}

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        return self._scorer.ask(items)


@dataclass(frozen=True, slots=True)
class Named:
    """A scorer as it was named. rest: what stands behind the colon."""

    group: ScorerGroup
    spec: str
    type: ScorerType
    rest: str

    @property
    def kind(self) -> Kind:
        return self.type.kind

    def check(self, terms: Terms) -> None:
        """Raises UigError where it cannot be had, as far as that can be known without weights."""
        self.type.check(self.rest, terms)

    def open(self, terms: Terms, examiner: UnifiedModel | None) -> Scorer:
        scorer = self.type.open(self.rest, terms, examiner)
        if self.type.origin:
            scorer = Brought(checked(scorer, self.spec), {**self.type.origin, **self._settings()})
        repeats = terms.repeats > 1 and "repeats" in self.type.terms
        return Repeated(scorer, terms.repeats) if repeats else scorer

    def _settings(self) -> dict[str, str]:
        """Those that are not as by default and say more than where something is, for the
        identity."""
        known = [one for one in self.type.settings if not one.is_place]
        if not known:
            return {}
        names = {one.name for one in known}
        given = own_settings.parse(self.rest, self.type.settings, self.spec)
        told = {name: value for name, value in given.items() if name in names}
        return {f"setting {k}": v for k, v in own_settings.written(told, known).items()}


def named(group: ScorerGroup, spec: str) -> Named:
    """Raises UigError for a scorer that is not known or written in another way."""
    one, noun = registry.find(group, spec, also=(NONE,)), NOUN[group]
    found = _type(one)
    if found.takes and not one.rest:
        raise UigError(f'{noun} "{one.name}" says no {found.takes}; expected {found.usage}.')
    if (one.rest or spec.endswith(":")) and not (found.takes or found.settings):
        raise UigError(f'{noun} "{one.name}" takes nothing more; write {found.usage} alone.')
    return Named(group, spec, found, one.rest)


def refuse_idle_terms(scorers: Iterable[Named], given: Iterable[str]) -> None:
    """Raises UigError for a term that means nothing to any of these. given: those not as usual."""
    useful = frozenset[str]().union(*(one.type.terms for one in scorers))
    for term in given:
        if term not in useful:
            raise UigError(
                f"--judge-{term} is for judges that answer in words (openai:..., hf:...); give "
                "such a --judge, or leave the option out."
            )
