"""The command line: one line per command, nothing heavy imported before a command runs."""

import errno
import os
import signal
import sys
import traceback
from inspect import cleandoc
from pathlib import Path
from types import FrameType

import typer

from uig_cli import __version__, faults, streams
from uig_cli.commands.check_model import check_model
from uig_cli.commands.compare import compare
from uig_cli.commands.config import config_app
from uig_cli.commands.data import data_app
from uig_cli.commands.eval import evaluate
from uig_cli.commands.export import export
from uig_cli.commands.generate import generate
from uig_cli.commands.list import list_
from uig_cli.commands.plot import plot
from uig_cli.commands.refine import refine
from uig_cli.commands.rejudge import rejudge
from uig_cli.commands.report import report
from uig_cli.commands.score import score
from uig_cli.commands.show import show
from uig_cli.console import say
from uig_cli.errors import UigError
from uig_cli.plain_help import PlainTyper

app = PlainTyper(
    name="uig",
    pretty_exceptions_enable=False,
    help="Measure what understanding brings to generation: draw, examine, edit, repeat, over "
    "benchmarks, with every picture and score on record.",
)
app.command("generate")(generate)
app.command("refine")(refine)
app.command("eval")(evaluate)
app.command("rejudge")(rejudge)
app.command("score")(score)
app.command("compare")(compare)
app.command("show")(show)
app.command("report")(report)
app.command("plot")(plot)
app.command("export")(export)
app.command("list")(list_)
app.command("check-model")(check_model)
app.add_typer(data_app, name="data")
app.add_typer(config_app, name="config")


def _version(asked: bool) -> None:
    if asked:
        print(f"uig {__version__}")
        raise typer.Exit


def greeting() -> str:
    """
    uig measures what understanding brings to generation: a model draws a picture, examines it
    against the prompt, edits what is wrong, and looks again. With the model that comes with it, try

      uig refine --prompt "a drawing of a blue diamond that is above three red triangles"
          one prompt through the loop, with a contact sheet of every step

      uig eval tiif --split long --method direct --method uig --out results/first
          264 prompts, drawn at once and by the loop, every picture scored

      uig report results/first
          all of it as a page: scores, curves, and every picture of every round

    uig --help names every command, uig COMMAND --help its options; uig --install-completion
    completes them in your shell.
    """
    return cleandoc(greeting.__doc__ or "")


@app.callback(invoke_without_command=True)
def _top(
    context: typer.Context,
    version: bool = typer.Option(
        False, "--version", callback=_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    if context.invoked_subcommand is None:
        print(greeting())


def main() -> None:
    """Runs the command; an expected error is one sentence and its exit code, never a traceback."""
    streams.make_sound()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    try:
        try:
            faults.told_in_a_sentence(app)(prog_name="uig")
        finally:
            sys.stdout.flush()
    except UigError as error:
        if faults.debugging():
            traceback.print_exc()
        _fail(_with_place(error), error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            _fail(
                f"the disk is full ({error.filename or 'output folder'}); what is finished is "
                "kept: free some space and give the same command again to go on.",
                1,
            )
        place = error.filename2 or error.filename
        what = f"{error.strerror or error}" + (f": {place}" if place else "")
        _fail(f"{what}; what is finished is kept: give the same command again to go on.", 1)
    except Exception as error:
        if faults.debugging():
            traceback.print_exc()
        _fail(_unexpected(error), 1)


def _with_place(error: UigError) -> str:
    """What is wrong, and where in a user's own code, where it came from there."""
    where, sentence = faults.place(error), str(error)
    return sentence if where is None or where in sentence else f"{sentence} (at {where})"


def _unexpected(error: Exception) -> str:
    """What nobody foresaw, with what a report of it needs."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "nowhere"
    what = " ".join(str(error).split())[:300]
    met = f"{type(error).__name__} at {where}: {what}"
    return (
        f"uig {__version__} met what it did not expect ({met}); "
        "what is finished is kept. Please report this line and the command, with what "
        f"{faults.DEBUG}=1 shows beside it."
    )


def _fail(sentence: str, code: int) -> None:
    say(f"error: {sentence}")
    sys.exit(code)


def _stop(number: int, frame: FrameType | None) -> None:
    print(
        "\nstopped; what is finished is kept: give the same command again to go on.",
        file=sys.stderr,
    )
    raise faults.Stopped(128 + number)
