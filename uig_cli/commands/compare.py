"""uig compare: paired differences between runs, methods or steps; with --gate a check for CI."""

from typing import TYPE_CHECKING, Annotated

import typer

from uig_cli import options as opt

if TYPE_CHECKING:
    from collections.abc import Sequence

    from uig_cli.compare.comparison import Comparison
    from uig_cli.report.gate import Gate


def compare(
    context: typer.Context,
    sides: Annotated[
        list[str],
        typer.Argument(
            metavar="RUN[:METHOD[@STEP]]...",
            help="Run folders or reference files; the first is the baseline.",
        ),
    ],
    judge: opt.SharedJudge = None,
    split: opt.Split = None,
    gate: opt.GateMargin = None,
    metric: opt.Metric = "overall",
    allow_missing: opt.AllowMissing = 0.0,
    allow_underpowered: opt.AllowUnderpowered = False,
    junit: opt.Junit = None,
    markdown: opt.MarkdownFile = None,
    quiet: opt.Quiet = False,
    json: opt.Json = False,
    config: opt.Config = None,
) -> None:
    """Compare runs, methods or steps on the cases that both sides have.

    Without METHOD every method that both runs have is compared; STEP is 0, 1, ... or final.

      uig compare RUN:direct RUN:uig

      uig compare results/reference.json RUN:uig --gate 2 --junit gate.xml

    With --gate the exit code is 100 when the score fell by more than MARGIN points beyond doubt.
    It is 3 when there is no verdict: pictures are missing, or the cases are too few.
    """
    from uig_cli.commands import asked
    from uig_cli.commands.conclude import print_json
    from uig_cli.compare.pairing import compared, paired
    from uig_cli.console import say
    from uig_cli.errors import UigError
    from uig_cli.report import comparison as written

    if junit is not None and gate is None:
        raise UigError("--junit tells what a gate found; give --gate MARGIN, too.")
    split = asked.typed(context, "split", split)
    pairs, remarks = paired(sides, judge)
    comparisons = compared(pairs, None if split == "both" else split)
    decided = None if gate is None else _gate(comparisons, gate, metric, allow_missing,
                                              allow_underpowered)  # fmt: skip
    for remark in remarks:
        say(f"note: {remark}")
    if decided is not None and junit is not None:
        from uig_cli.report.junit import write_junit

        write_junit(decided, junit)
    if markdown is not None:
        markdown.parent.mkdir(parents=True, exist_ok=True)
        markdown.write_text(written.as_markdown(comparisons, remarks, decided), "utf-8")
    if json:
        print_json(
            {
                "comparisons": [written.as_plain(one) for one in comparisons],
                "notes": remarks,
                "gate": None if decided is None else written.gate_as_plain(decided),
            }
        )
    else:
        from uig_cli.report.terminal_comparison import show_comparisons

        show_comparisons([] if quiet else comparisons, decided)
    if decided is not None and decided.exit_code:
        raise typer.Exit(decided.exit_code)


def _gate(
    comparisons: "Sequence[Comparison]",
    margin: float,
    metric: str,
    allow_missing: float,
    allow_underpowered: bool,
) -> "Gate":
    """A gate is one test: of one split, one method, one candidate."""
    from uig_cli.errors import UigError
    from uig_cli.report.gate import gate
    from uig_cli.stats.gate import Rule

    if len(comparisons) > 1:
        found = "; ".join(f"{one.where} {one.after.label}" for one in comparisons)
        raise UigError(
            f"a gate is one test, got {len(comparisons)} comparisons ({found}); give RUN:METHOD, "
            "two sides, and --split where there are several."
        )
    return gate(Rule(margin / 100, allow_missing, allow_underpowered), comparisons[0], metric)
