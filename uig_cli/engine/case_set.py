"""What is to be drawn: some cases of a benchmark's data, each so many times."""

from dataclasses import dataclass

from uig_cli.benchmarks import own, select
from uig_cli.benchmarks.built_in import BUILT_IN_SETS
from uig_cli.benchmarks.plugin_checks import checked_cases
from uig_cli.benchmarks.prompt_files import PromptList, read_prompt_list
from uig_cli.benchmarks.protocol import Benchmark, Data, Source
from uig_cli.cases import Case
from uig_cli.console import Display
from uig_cli.engine.defaults import usual_set
from uig_cli.errors import UigError
from uig_cli.inputs import InputPicture
from uig_cli.option_values import Shard
from uig_cli.options import CaseOptions, PromptOptions


@dataclass(frozen=True, slots=True)
class CaseSet:
    """cases: those that are to be drawn now; chosen: they and those of the other shards."""

    benchmark: Benchmark
    data: Data
    cases: tuple[Case, ...]
    samples: int
    chosen: tuple[Case, ...]

    @property
    def ids(self) -> set[str]:
        return {case.id for case in self.cases}


SHARED = frozenset({"split", "data", "prompts_file"})
"""Options that some benchmarks have."""


def foreign_options(benchmark: Benchmark) -> frozenset[str]:
    """Those that are for another benchmark: where they only stand in the environment, they are not
    meant."""
    return SHARED - benchmark.card.takes.keys()


def source_of(benchmark: Benchmark, options: CaseOptions, model: str | None = None) -> Source:
    """Where the benchmark is to read. model: who draws, by whom the usual set is chosen.

    A --data that only stands in the environment is for sets that are read from a folder.
    """
    named_data = options.data if "data" in options.given else None
    chosen = options.set
    if model is not None and named_data is None:
        chosen = chosen or usual_set(benchmark, model)
    data = named_data if chosen in BUILT_IN_SETS else options.data
    return Source(options.split, chosen, data, options.prompts_file)


def open_case_set(
    benchmark: Benchmark,
    options: CaseOptions,
    model: str,
    shard: Shard,
    display: Display,
    *,
    partners: bool = False,
) -> CaseSet:
    """The chosen cases. partners: a method asks for theirs. Raises UigError for data that cannot be
    used."""
    data = benchmark.open(source_of(benchmark, options, model))
    checked_cases(data, benchmark)
    _warn(data, display)
    chosen = select.spread(select.only_dimensions(data.cases, options.dimension), options.limit)
    if partners:
        chosen = select.with_partners(chosen, data.cases)
    cases = select.shard(chosen, (shard.index, shard.of))
    samples = options.samples or benchmark.samples
    return CaseSet(benchmark, data, tuple(cases), samples, tuple(chosen))


def own_case_set(options: PromptOptions, picture: InputPicture | None, display: Display) -> CaseSet:
    """A user's own prompts, each from the picture where one is given."""
    benchmark = own.benchmark
    found = _prompts(options)
    data = benchmark.of(found.prompts, picture.facts if picture else {}, found.notes)
    _warn(data, display)
    cases = tuple(data.cases)
    return CaseSet(benchmark, data, cases, options.samples or benchmark.samples, cases)


def _warn(data: Data, display: Display) -> None:
    for warning in data.warnings:
        display.say(f"note: {warning}")


def _prompts(options: PromptOptions) -> PromptList:
    """The prompts in the order given; one on the command line must be text, and not empty."""
    for prompt in options.prompt:
        if not prompt.strip():
            raise UigError('--prompt is empty; give a description, e.g. --prompt "a red circle".')
        if prompt != prompt.encode("utf-8", "replace").decode():
            raise UigError("--prompt is not UTF-8 text; give it in UTF-8.")
    listed = read_prompt_list(options.prompts) if options.prompts is not None else PromptList(())
    prompts = (*options.prompt, *listed.prompts)
    if not prompts:
        raise UigError("no prompts given; give --prompt TEXT or --prompts FILE.")
    return PromptList(prompts, listed.notes)
