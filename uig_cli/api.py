"""What the commands do, as functions: `import uig_cli.api as uig`.

They take the option groups of the command line, read no environment, print nothing and never exit:
what cannot be is a `UigError`, and what became of the work is a `Run`, whose tables are pandas
frames. Importing this module loads nothing heavy.

    run = uig.evaluate("tiif", cases=uig.CaseOptions(split="long", limit=40))
    run.summary()
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from uig_cli.console import Display, Silent, Terminal
from uig_cli.errors import Incomplete, RunStopped, UigError
from uig_cli.faults import told_in_a_sentence
from uig_cli.options import (
    CaseOptions,
    CompareOptions,
    ExternalOptions,
    LoopOptions,
    ModelOptions,
    PromptOptions,
    RescoringOptions,
    RunOptions,
    ScoringOptions,
)

if TYPE_CHECKING:
    import pandas as pd

    from uig_cli.compare.comparison import Comparison
    from uig_cli.compare.equal_cost import EqualCost
    from uig_cli.engine.evaluation import Worked
    from uig_cli.engine.external_runs import ScoredModel
    from uig_cli.option_groups import Group
    from uig_cli.report.gate_report import Gate
    from uig_cli.results.rows import CaseTrace
    from uig_cli.results.run import RunReader
    from uig_cli.results.tables import Selection, Tables

__all__ = [
    "CaseOptions",
    "CompareOptions",
    "Compared",
    "ExternalOptions",
    "Incomplete",
    "LoopOptions",
    "ModelOptions",
    "PromptOptions",
    "RescoringOptions",
    "Run",
    "RunOptions",
    "RunStopped",
    "ScoringOptions",
    "Terminal",
    "UigError",
    "compare",
    "evaluate",
    "generate",
    "open_run",
    "refine",
    "rejudge",
    "report",
    "score",
]

_MODELS, _LOOP, _ONCE = ModelOptions(), LoopOptions(), LoopOptions(method=("direct",), rounds=0)
_CASES = CaseOptions()
_SCORING, _RESCORING = ScoringOptions(), RescoringOptions()
_RUN, _EXTERNAL, _COMPARE = RunOptions(), ExternalOptions(), CompareOptions()
_SILENT = Silent()


class Run:
    """A run folder and its tables (docs/run-folder.md says what their columns are).

    name: of the model, where several were scored. selection: what the call that returned the run
    was about; None for the whole run. sheet: its contact sheet, where one was made.
    scored: cases and samples with a picture, or a judgement of one, of a model that was scored.
    """

    def __init__(self, root: Path, name: str = "", selection: "Selection | None" = None) -> None:
        self.root, self.name, self.selection = root, name, selection
        self.scored: frozenset[tuple[str, int]] = frozenset()
        self.sheet: Path | None = None

    @cached_property
    def opened(self) -> "RunReader":
        """The folder read back: cases, traces, what was said of pictures."""
        from uig_cli.results.run import open_run

        return open_run(self.root)

    @cached_property
    def tables(self) -> "Tables":
        from uig_cli.results.tables import make_tables

        return make_tables(self.opened)

    def drawn(self) -> "list[CaseTrace]":
        """What was drawn of each case and sample by each method, as far as the selection goes."""
        chosen = self.selection
        return [one for one in self.opened.drawn() if chosen is None or chosen.holds(one)]

    def steps(self) -> "pd.DataFrame":
        """A row per picture and judge."""
        return self.tables.steps

    def questions(self) -> "pd.DataFrame":
        """A row per question, answered or missing."""
        return self.tables.questions

    def summary(self) -> "pd.DataFrame":
        """Groups and overall, per split, method, judge and step, with intervals."""
        return self.tables.summary

    def candidates(self) -> "pd.DataFrame":
        """A row per picture that a method chose from, where it did."""
        return self.tables.candidates

    def texts(self) -> "pd.DataFrame":
        """What text readers read, with GNED and recall."""
        return self.tables.texts

    def agreement(self) -> "pd.DataFrame":
        """How far judges agree, with kappa."""
        return self.tables.agreement

    def missing(self) -> float:
        """The share of the pictures asked for that lack their picture or a judgement, at the step
        of the method and before the judge where it is largest."""
        from uig_cli.results.completeness import worst_missing

        worst = worst_missing(self.tables, self.selection)
        return worst.share if worst else 0.0

    @property
    def methods(self) -> tuple[str, ...]:
        return self.opened.manifest.methods

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader of the numbers must know, a sentence each."""
        from uig_cli.results.self_judging import self_judging_of

        return (*self.opened.manifest.notes, *self_judging_of(self.opened))


@dataclass(frozen=True)
class Compared:
    """comparisons: one for each split, method and candidate. remarks: what else differs, a
    sentence each. gate: what it found, where a margin was given; equal: each comparison at equal
    cost, where that was asked for."""

    comparisons: "tuple[Comparison, ...]"
    remarks: tuple[str, ...]
    gate: "Gate | None" = None
    equal: "tuple[EqualCost, ...]" = ()


@told_in_a_sentence
def open_run(root: Path | str) -> Run:
    """Raises UigError where the folder is no run."""
    run = Run(Path(root))
    _ = run.opened
    return run


@told_in_a_sentence
def evaluate(
    benchmark: str,
    *,
    cases: CaseOptions = _CASES,
    models: ModelOptions = _MODELS,
    loop: LoopOptions = _LOOP,
    scoring: ScoringOptions = _SCORING,
    run: RunOptions = _RUN,
    display: Display = _SILENT,
) -> Run:
    """A benchmark's prompts through one or several methods, every step's picture scored.

    Called again it goes on with the run; more cases, samples or methods widen it.
    """
    from uig_cli.engine.evaluation import evaluate_cases

    done = evaluate_cases(benchmark, cases, models, loop, scoring, run, display)
    return _with_tables(done)


@told_in_a_sentence
def refine(
    prompts: PromptOptions,
    *,
    models: ModelOptions = _MODELS,
    loop: LoopOptions = _LOOP,
    run: RunOptions = _RUN,
    display: Display = _SILENT,
) -> Run:
    """The loop on a user's own prompts, a picture per step, not scored."""
    from uig_cli.engine.evaluation import refine_prompts

    done = refine_prompts(prompts, models, loop, run, display)
    return _with_tables(done)


@told_in_a_sentence
def generate(
    prompts: PromptOptions,
    *,
    models: ModelOptions = _MODELS,
    loop: LoopOptions = _ONCE,
    run: RunOptions = _RUN,
    display: Display = _SILENT,
) -> Run:
    """One picture per prompt and sample, without refining them."""
    from uig_cli.engine.evaluation import generate_prompts

    done = generate_prompts(prompts, models, loop, run, display)
    return _with_tables(done)


@told_in_a_sentence
def rejudge(
    run: Run | Path | str,
    *,
    scoring: RescoringOptions = _RESCORING,
    own: "Sequence[Group]" = (),
    shard: str | None = None,
    display: Display = _SILENT,
) -> Run:
    """More judgements of the pictures of a run, or the first ones; draws nothing.

    own: options that the run's benchmark alone has, such as thresholds of its rules.
    """
    from uig_cli.engine.evaluation import rejudge_run

    root = run.root if isinstance(run, Run) else Path(run)
    done = rejudge_run(root, scoring, own, shard, display)
    return _with_tables(done)


@told_in_a_sentence
def score(
    benchmark: str,
    pictures: Path | None = None,
    *,
    cases: CaseOptions = _CASES,
    external: ExternalOptions = _EXTERNAL,
    scoring: RescoringOptions = _RESCORING,
    own: "Sequence[Group]" = (),
    run: RunOptions = _RUN,
    display: Display = _SILENT,
) -> list[Run]:
    """Pictures or judgements made elsewhere, in the benchmark's official layout, as runs: one for
    each model."""
    from uig_cli.benchmarks import registry
    from uig_cli.engine.external_runs import score_layout

    done = score_layout(
        registry.benchmark(benchmark), pictures, cases, external, scoring, own, run, display
    )
    return [_model_run(one) for one in done]


def _model_run(model: "ScoredModel") -> Run:
    from uig_cli.results.official import write_official_scores

    run = _with_tables(model.work, sheet=False)
    run.scored = model.scored
    write_official_scores(run.opened, run.tables)
    return run


@told_in_a_sentence
def report(
    runs: Sequence[Run | Path | str], out: Path | None = None, *, self_contained: bool = False
) -> Path:
    """Writes runs as a page and returns the file to open. out: a new folder, or that of an older
    page; None: `page` in the first run's. self_contained: with copies of all pictures."""
    from uig_cli.report.page.site import write_site

    roots = [one.root if isinstance(one, Run) else Path(one) for one in runs]
    if not roots:
        raise UigError("got no runs, expected at least one to make a page of.")
    return write_site(roots, out or roots[0] / "page", standing_alone=self_contained).index


@told_in_a_sentence
def compare(sides: Sequence[str], *, options: CompareOptions = _COMPARE) -> Compared:
    """The first of the sides, each RUN[:METHOD[@STEP]], against every other one, case by case."""
    from uig_cli.compare.equal_cost import at_equal_cost
    from uig_cli.compare.pairing import compared, paired
    from uig_cli.report.gate_report import one_gate

    if options.junit is not None and options.gate is None:
        raise UigError("--junit tells what a gate found; give --gate MARGIN, too.")
    split = options.split if "split" in options.given else None
    pairs, remarks = paired(sides, options.judge)
    comparisons = compared(pairs, None if split == "both" else split)
    gate = None if options.gate is None else one_gate(comparisons, options)
    equal: tuple[EqualCost, ...] = ()
    if options.at_equal is not None:
        equal = tuple(at_equal_cost(one, options.at_equal) for one in comparisons)
    return Compared(tuple(comparisons), tuple(remarks), gate, equal)


def _with_tables(done: "Worked", *, sheet: bool = True) -> Run:
    """The run with its tables written, and a contact sheet."""
    from uig_cli.report.contact import sheet_of
    from uig_cli.results.tables import write_tables

    run = Run(done.run.folder.root, done.name, done.selection)
    run.opened = done.run
    run.tables = write_tables(done.run, worked=done.worked)
    if sheet:
        run.sheet = sheet_of(done.run, run.tables, done.selection, worked=done.worked)
    return run
