"""From option values to settings, the same way for every command that draws."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import typer

from uig_cli.benchmarks.card import Given
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.engine.scorers import terms_of
from uig_cli.errors import UigError
from uig_cli.loop.methods import draws, method
from uig_cli.option_groups import declared
from uig_cli.scoring.terms import Terms
from uig_cli.settings import (
    Drawing,
    Keeping,
    check_rounds,
    check_verdict_parser,
    parse_pairs,
    parse_shard,
    parse_size,
)
from uig_cli.templates import load_all

Value = TypeVar("Value")

REFUSED = {"geneval": ("split", "data"), "tiif": ("prompts_file",)}
"""Options that are for another benchmark."""


def drawing(values: Mapping[str, Any]) -> Drawing:
    """values: a command's parameters by name. Raises UigError for the first that cannot be."""
    from uig_cli.models.settings import parse_settings

    check_rounds(values.get("rounds", 0), values.get("yes", False))
    check_verdict_parser(values.get("verdict"))
    methods = tuple(dict.fromkeys(values["method"]))
    for name in methods:
        if method(name) and not draws(name):
            raise UigError(f"--method {name} draws nothing; bring pictures in with `uig score`.")
    samplers = parse_settings(values["sampler"] or ())
    for name in ("num_timesteps", "max_text_tokens"):
        if values[name] is not None:
            samplers[name] = str(values[name])
    return Drawing(
        model=values["model"],
        examiner=values.get("examiner"),
        editor=values.get("editor"),
        device=values["device"],
        dtype=values["dtype"],
        methods=methods,
        rounds=values.get("rounds", 0),
        verdict_parser=values.get("verdict"),
        seed=values["seed"],
        size=parse_size(values["size"]),
        samplers=samplers,
        templates=parse_pairs("--template", values["template"] or ()),
        batch_size=values["batch_size"],
    )


@dataclass(frozen=True, slots=True)
class Scoring:
    """Who is to score, as typed or exported. given: the names of the options that were typed."""

    judge: tuple[str, ...]
    detector: str | None
    color_clip: str | None
    ocr: str | None
    judge_parser: str
    judge_temperature: float
    judge_repeats: int
    judge_concurrency: int
    given: frozenset[str]


def scoring(context: typer.Context, values: Mapping[str, Any]) -> Scoring:
    names = [field.name for field in fields(Scoring) if field.name != "given"]
    typed = frozenset(n for n in names if _source(context, n) in ("COMMANDLINE", "DEFAULT_MAP"))
    found = {name: values[name] for name in names if name != "judge"}
    return Scoring(judge=tuple(values["judge"] or ()), **found, given=typed)


def terms(values: Mapping[str, Any], scoring: Scoring) -> Terms:
    """How scorers are to be asked."""
    templates = parse_pairs("--template", values["template"] or ())
    return terms_of(scoring, load_all(templates), values["device"])


def rules(
    context: typer.Context, benchmark: Benchmark, values: Mapping[str, Any]
) -> dict[str, float]:
    """The settings of the benchmark's rules that are given and not its own. Those of another
    benchmark's rules must not be typed."""
    from uig_cli.benchmarks import registry

    strangers = (own for card in registry.cards() for own in card.options
                 if card.name != benchmark.name and "rejudge" in own.commands)  # fmt: skip
    for own in strangers:
        for one in declared(own.group):
            if typed(context, one.name, values[one.name]) is not None:
                how = one.metadata["option"]
                raise UigError(f"{how.flags[0]} is a setting of {how.panel}; leave it out.")
    return dict(benchmark.rules(own_options(benchmark, values, "rejudge")))


def own_options(benchmark: Benchmark, values: Mapping[str, Any], command: str) -> Given:
    """The benchmark's own options that a command has."""
    groups = [own.group for own in benchmark.card.options if command in own.commands]
    return Given(
        tuple(group(**{one.name: values[one.name] for one in declared(group)}) for group in groups)
    )


def keeping(values: Mapping[str, Any]) -> Keeping:
    return Keeping(values["out"], values["fresh"], parse_shard(values.get("shard")))


def typed(context: typer.Context, name: str, value: Value) -> Value | None:
    """The value of an option, None if it only stands in the environment.

    What is exported for one benchmark must not get in another's way.
    """
    return None if _source(context, name) == "ENVIRONMENT" else value


def for_benchmark(
    context: typer.Context, name: str, values: Mapping[str, Any], also: Iterable[str] = ()
) -> dict[str, Any]:
    """The values for that benchmark: what it refuses, and those in `also`, only if typed."""
    unwanted = (*REFUSED.get(name, ()), *also)
    return {**values, **{one: typed(context, one, values[one]) for one in unwanted}}


def refuse_idle(context: typer.Context, values: Mapping[str, Any]) -> None:
    """Raises UigError for an option that none of the methods has a use for, if it is on the command
    line: environment and --config may speak of other commands.

    Not for `uig eval`: the name of its run holds these options, for methods that are added later.
    """
    methods = [method(name) for name in values["method"]]
    needs = {role for one in methods for role in one.needs}
    loops = any(one.loops for one in methods)
    useful = {
        "examiner": "look" in needs, "editor": "edit" in needs, "rounds": loops, "verdict": loops
    }  # fmt: skip
    for option, use in useful.items():
        if not use and on_the_line(context, option):
            raise UigError(
                f"--{option} means nothing to method {' and '.join(values['method'])}; leave it "
                "out, or give a --method that it is for."
            )


def refuse_verdict_parser(context: typer.Context, values: Mapping[str, Any]) -> None:
    """Raises UigError for a --verdict on the command line that every loop here would pass over."""
    loops = [one for one in map(method, values["method"]) if one.loops]
    others = [one for one in loops if one.fixed_parser and one.verdict_parser != values["verdict"]]
    if loops and others == loops and on_the_line(context, "verdict"):
        raise UigError(
            f"method {others[0].name} reads verdicts as {others[0].verdict_parser} always; leave "
            "--verdict out, or give another --method."
        )


def on_the_line(context: typer.Context, name: str) -> bool:
    return _source(context, name) == "COMMANDLINE"


def _source(context: typer.Context, name: str) -> str | None:
    source = context.get_parameter_source(name)
    return source.name if source else None


def recorded(values: Mapping[str, Any]) -> dict[str, Any]:
    """Option values as plain JSON, for run.json; what was not given is left out."""
    plain = {key: str(value) if isinstance(value, Path) else value for key, value in values.items()}
    return {key: value for key, value in plain.items() if value is not None}
