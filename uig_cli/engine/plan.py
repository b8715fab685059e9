"""How pictures are to be made: the options of models and loop, parsed and checked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from uig_cli.errors import UigError
from uig_cli.loop.methods import Method, draws, method
from uig_cli.models.protocol import Role, Size
from uig_cli.models.sampler_settings import parse_settings, with_preset
from uig_cli.option_values import check_rounds, check_verdict_parser, parse_size, parse_templates
from uig_cli.options import LoopOptions, ModelOptions


@dataclass(frozen=True, slots=True)
class DrawingPlan:
    """samplers: KEY -> VALUE texts, as given; templates: name -> the user's file."""

    models: ModelOptions
    methods: tuple[Method, ...]
    rounds: int
    verdict_parser: str | None
    seed: int
    size: Size | None
    samplers: Mapping[str, str]
    templates: Mapping[str, Path]

    @property
    def labels(self) -> tuple[str, ...]:
        """What its methods are called."""
        return tuple(of.label for of in self.methods)

    def model_for(self, role: Role) -> str:
        models = self.models
        given = {"draw": None, "look": models.examiner, "edit": models.editor}[role]
        return given or models.model

    @property
    def asks_oracle(self) -> bool:
        """Whether a method's pictures are examined by whoever knows the specifications."""
        return self.model_for("look") == ORACLE and any("look" in of.needs for of in self.methods)


ORACLE = "oracle"


def drawing_plan(models: ModelOptions, loop: LoopOptions) -> DrawingPlan:
    """Raises UigError for the first option that cannot be."""
    check_rounds(loop.rounds, loop.yes)
    check_verdict_parser(loop.verdict)
    methods = chosen_methods(loop.method)
    for of in methods:
        if not draws(of.name):
            raise UigError(f"--method {of.name} draws nothing; bring pictures in with `uig score`.")
    _refuse_idle_parser(methods, loop)
    samplers = parse_settings(loop.sampler)
    for name in ("num_timesteps", "max_text_tokens"):
        if (value := getattr(loop, name)) is not None:
            samplers[name] = str(value)
    samplers = with_preset(loop.preset, samplers)
    return DrawingPlan(
        models=models,
        methods=methods,
        rounds=loop.rounds,
        verdict_parser=loop.verdict,
        seed=loop.seed,
        size=parse_size(loop.size),
        samplers=samplers,
        templates=parse_templates(loop.template),
    )


def chosen_methods(specs: Iterable[str]) -> tuple[Method, ...]:
    """Each once, by its label. Raises UigError where two methods have one name."""
    by_label: dict[str, Method] = {}
    by_name: dict[str, Method] = {}
    for of in map(method, specs):
        other = by_name.setdefault(of.name, of)
        if (other.origin and other.origin.version) != (of.origin and of.origin.version):
            first, second = (one.origin.source if one.origin else "uig" for one in (other, of))
            raise UigError(
                f"{first} and {second} are both called {of.name}, and tables could not tell them "
                "apart; rename one, or leave one out."
            )
        by_label[of.label] = of
    return tuple(by_label.values())


def refuse_idle(models: ModelOptions, loop: LoopOptions) -> None:
    """Raises UigError for an option that none of the methods has a use for, if this very call gives
    it: environment and --config may speak of other commands.

    Not for a benchmark: the name of its run holds these options, for methods that are added later.
    """
    methods = chosen_methods(loop.method)
    needs = {role for one in methods for role in one.needs}
    loops = any(one.loops for one in methods)
    useful = {
        "examiner": "look" in needs, "editor": "edit" in needs, "rounds": loops, "verdict": loops
    }  # fmt: skip
    for name, use in useful.items():
        if not use and name in models.on_line | loop.on_line:
            raise UigError(
                f"--{name} means nothing to method {' and '.join(loop.method)}; leave it out, or "
                "give a --method that it is for."
            )


def _refuse_idle_parser(methods: Sequence[Method], loop: LoopOptions) -> None:
    """Raises UigError for a --verdict of this very call that every loop here would pass over."""
    loops = [one for one in methods if one.loops]
    others = [one for one in loops if one.fixed_parser and one.verdict_parser != loop.verdict]
    if loops and others == loops and "verdict" in loop.on_line:
        raise UigError(
            f"method {others[0].name} reads verdicts as {others[0].verdict_parser} always; leave "
            "--verdict out, or give another --method."
        )
