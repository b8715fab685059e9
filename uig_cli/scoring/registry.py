"""Where judges are found: a kind, and for some kinds a colon and what that kind needs.

A kind is checked before any weight of any model is loaded, and opened after the examiner is there.
Installed packages offer further kinds as entry points `uig.judges`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import cast

from uig_cli.errors import UigError, unknown
from uig_cli.models.protocol import UnifiedModel
from uig_cli.scoring.judging import Judge
from uig_cli.scoring.repeats import Repeated
from uig_cli.templates import Template

NONE, SELF, EXACT, OPENAI, HF = "none", "self", "exact", "openai", "hf"


@dataclass(frozen=True, slots=True)
class Terms:
    """On what terms judges are asked. templates: by name, "judge" among them.

    parser: how answers in words are read (scoring/parsing.py). repeats: times each question is
    put. concurrency: most requests to a judge's server at a time. device: for local judges.
    """

    templates: Mapping[str, Template]
    parser: str = "robust"
    temperature: float = 0.0
    repeats: int = 1
    concurrency: int = 16
    device: str = "auto"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of judge. usage: how it is written; check and open take what stands behind the colon.

    check: raises UigError for whatever can be known to fail without loading a weight. open: the
    judge; the model is the examiner, None where no judge asked for it. takes: a colon and more
    must follow the kind. looks: it asks the examiner. speaks: it answers in words, so that parser,
    temperature and repeats mean something to it.
    """

    usage: str
    summary: str
    check: Callable[[str, Terms], None]
    open: Callable[[str, Terms, UnifiedModel | None], Judge | None]
    takes: bool = False
    looks: bool = False
    speaks: bool = False


def _nothing_to_check(rest: str, terms: Terms) -> None:
    return


def _nobody(rest: str, terms: Terms, examiner: UnifiedModel | None) -> None:
    return


def _open_self(rest: str, terms: Terms, examiner: UnifiedModel | None) -> Judge:
    from uig_cli.scoring.self_judge import SelfJudge

    if examiner is None:
        raise UigError("judge self needs a model that looks at pictures; give --model MODEL.")
    return SelfJudge(examiner, terms.templates["judge"])


def _open_exact(rest: str, terms: Terms, examiner: UnifiedModel | None) -> Judge:
    from uig_cli.scoring.exact import ExactJudge

    return ExactJudge()


def _check_openai(rest: str, terms: Terms) -> None:
    from uig_cli.scoring.openai_judge import check

    check(rest, terms)


def _open_openai(rest: str, terms: Terms, examiner: UnifiedModel | None) -> Judge:
    from uig_cli.scoring.openai_judge import open_judge

    return open_judge(rest, terms)


def _check_hf(rest: str, terms: Terms) -> None:
    from uig_cli.scoring.hf_judge import check

    check(rest, terms)


def _open_hf(rest: str, terms: Terms, examiner: UnifiedModel | None) -> Judge:
    from uig_cli.scoring.hf_judge import open_judge

    return open_judge(rest, terms)


_OURS: Mapping[str, Kind] = {
    NONE: Kind(
        NONE,
        "nobody: draw now, judge later with uig rejudge",
        _nothing_to_check,
        _nobody,
    ),
    SELF: Kind(
        SELF,
        "the examined model compares how likely yes and no are as its answer",
        _nothing_to_check,
        _open_self,
        looks=True,
    ),
    EXACT: Kind(
        EXACT,
        "a reader of drawn shapes that makes no guesses, for the sets named built-in",
        _nothing_to_check,
        _open_exact,
    ),
    OPENAI: Kind(
        "openai:MODEL[@BASE_URL]",
        "a vision model behind any OpenAI-compatible server; key from OPENAI_API_KEY",
        _check_openai,
        _open_openai,
        takes=True,
        speaks=True,
    ),
    HF: Kind(
        "hf:PATH_OR_NAME",
        "a Qwen2.5-VL or Qwen3-VL checkpoint, run here",
        _check_hf,
        _open_hf,
        takes=True,
        speaks=True,
    ),
}


def kinds() -> dict[str, Kind]:
    """All kinds of judges by name."""
    found = dict(_OURS)
    for entry in entry_points(group="uig.judges"):
        found.setdefault(entry.name, cast(Kind, entry.load()))
    return found


def kind_of(spec: str) -> tuple[Kind, str]:
    """The kind that a judge is of, and what stands behind its colon; UigError for no such kind."""
    name, colon, rest = spec.partition(":")
    known = kinds()
    if name not in known:
        raise unknown("judge", name, known)
    if known[name].takes and not rest:
        raise UigError(f'judge "{name}" says no model; expected {known[name].usage}.')
    if colon and not known[name].takes:
        raise UigError(f'judge "{name}" takes nothing more; write {known[name].usage} alone.')
    return known[name], rest


def need_examiner(specs: Iterable[str]) -> bool:
    """Whether one of these judges asks the examiner."""
    return any(kind_of(spec)[0].looks for spec in specs)


def check_judges(specs: Iterable[str], terms: Terms) -> None:
    """Raises UigError for the first judge that cannot be had, before any weight is loaded."""
    asked = [kind_of(spec) for spec in dict.fromkeys(specs)]
    if not any(kind.speaks for kind, _ in asked):
        _refuse_terms_of_speech(terms)
    for kind, rest in asked:
        kind.check(rest, terms)


def _refuse_terms_of_speech(terms: Terms) -> None:
    usual = Terms(terms.templates)
    for name in ("parser", "temperature", "repeats"):
        if getattr(terms, name) != getattr(usual, name):
            raise UigError(
                f"--judge-{name} is for judges that answer in words (openai:..., hf:...); give "
                "such a --judge, or leave the option out."
            )


def open_judges(specs: Iterable[str], terms: Terms, examiner: UnifiedModel | None) -> list[Judge]:
    """These judges, each once; "none" is nobody."""
    opened = []
    for spec in dict.fromkeys(specs):
        kind, rest = kind_of(spec)
        judge = kind.open(rest, terms, examiner)
        if judge is not None and kind.speaks and terms.repeats > 1:
            judge = Repeated(judge, terms.repeats)
        if judge is not None:
            opened.append(judge)
    return opened
