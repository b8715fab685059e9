"""uig export: scores as tables for papers and programs, runs as files that others read."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, cast

import typer

from uig_cli import completions
from uig_cli.options import Config

FORMATS = ("md", "tex", "csv", "parquet")
LAYOUTS = ("official", "reference")
INTERVALS = ("no", "half", "full")

Runs = Annotated[
    list[Path],
    typer.Argument(metavar="RUN...", help="Run folders.", autocompletion=completions.runs),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="|".join(FORMATS),
        help="A row for each run, split, method and judge: groups or tags, overall, intervals, "
        "missing. md and tex are for reading, csv and parquet for computing.",
        show_default="md",
    ),
]
IntervalsOption = Annotated[
    str | None,
    typer.Option(
        "--intervals",
        metavar="|".join(INTERVALS),
        help="How md and tex show 95 % intervals: not, as plus or minus half of one, or whole.",
        show_default="half in tex, full in md",
    ),
]
LayoutOption = Annotated[
    str | None,
    typer.Option(
        "--layout",
        metavar="|".join(LAYOUTS),
        help="One run as files: official writes the folders of the benchmark's own scripts, "
        "reference a small file without pictures that `uig compare` takes as baseline.",
    ),
]
To = Annotated[
    Path | None,
    typer.Option(
        "--out",
        help="The file to write; for --layout official an empty or new folder.",
        show_default="standard output",
    ),
]


def export(
    runs: Runs,
    format: Format = None,
    intervals: IntervalsOption = None,
    layout: LayoutOption = None,
    out: To = None,
    config: Config = None,
) -> None:
    """Write the scores of runs as a table, or one run in a layout that other programs read.

    Rows are held together only where they compare: same prompts, cases, samples and judge. Other
    rows go into a table of their own, with a note that says what differs.

      uig export results/tiif-a results/tiif-b --format tex --out scores.tex

      uig export results/geneval-a --layout official --out geneval-images
    """
    from uig_cli.errors import UigError, unknown

    if format is not None and layout is not None:
        raise UigError(
            "got --format and --layout, expected one of them; leave --format out to write files, "
            "or --layout to write a table."
        )
    if format is not None and format not in FORMATS:
        raise unknown("format", format, FORMATS)
    if layout is not None and layout not in LAYOUTS:
        raise unknown("layout", layout, LAYOUTS)
    if intervals is not None and intervals not in INTERVALS:
        raise unknown("kind of intervals", intervals, INTERVALS)
    if intervals is not None and (layout is not None or format in ("csv", "parquet")):
        raise UigError("--intervals is for --format md and tex; the other files have both bounds.")
    if layout is not None:
        _write_layout(runs, layout, out)
    else:
        _write_table(runs, format or FORMATS[0], intervals, out)


def _write_table(
    runs: Sequence[Path], format: str, intervals: str | None, out: Path | None
) -> None:
    from uig_cli.errors import UigError
    from uig_cli.outputs import write_named
    from uig_cli.report import score_formats, tex_tables
    from uig_cli.report.scores import blocks
    from uig_cli.report.tex_tables import Intervals
    from uig_cli.results.outcomes import results_of
    from uig_cli.results.run import open_run
    from uig_cli.streams import write_bytes

    if format == "parquet" and out is None:
        raise UigError("--format parquet writes a binary file; give --out FILE.")
    opened = [open_run(root) for root in dict.fromkeys(runs)]
    found = blocks(opened)
    match format:
        case "parquet":
            content = score_formats.parquet(found)
        case "csv":
            content = score_formats.csv(found).encode("utf-8")
        case "tex":
            results = {str(one.folder.root): results_of(one) for one in opened}
            shown = cast(Intervals, intervals or "half")
            content = tex_tables.tex(found, results, shown).encode("utf-8")
        case _:
            shown = cast(Intervals, intervals or "full")
            content = score_formats.markdown(found, shown).encode("utf-8")
    if out is None:
        write_bytes(content)
    else:
        write_named("--out", out, content)


def _write_layout(runs: Sequence[Path], layout: str, out: Path | None) -> None:
    from uig_cli.console import say
    from uig_cli.errors import UigError
    from uig_cli.results.run import open_run

    if len(runs) != 1:
        raise UigError(
            f"--layout {layout} writes one run; got {len(runs)}: give the command once for each."
        )
    if out is None:
        what = "a folder" if layout == "official" else "a file"
        raise UigError(f"--layout {layout} writes {what}; give --out.")
    run = open_run(runs[0])
    if layout == "official":
        from uig_cli.results.official import write_official

        write_official(run, out)
    else:
        from uig_cli.results.reference import write_reference

        write_reference(run, out)
    say(f"{run.folder.root}: written to {out}")
