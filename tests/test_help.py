"""`--help` says every text as it was written, brackets included, under the declared headings."""

import pytest
import typer

from tests.conftest import Uig
from uig_cli.app import app
from uig_cli.plain_help import WIDTH

COMMANDS = sorted(typer.main.get_command(app).commands)  # type: ignore[attr-defined]


@pytest.mark.parametrize("columns", ["60", "100", "140"])
@pytest.mark.parametrize("name", COMMANDS)
def test_nothing_of_a_text_is_lost(
    name: str, columns: str, uig: Uig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    said = uig(name, "--help")
    assert said.code == 0
    shown = " ".join(said.out.split())
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    for parameter in command.params:
        assert " ".join((parameter.help or "").split()) in shown
        if panel := getattr(parameter, "rich_help_panel", None):
            assert f"\n{panel}:\n" in said.out
    assert max(len(line) for line in said.out.splitlines()) <= max(min(int(columns), WIDTH), 70)


def test_brackets_are_no_markup(uig: Uig) -> None:
    assert "openai:MODEL[@BASE_URL]," in uig("eval", "--help").out
    assert "RUN[:METHOD[@STEP]]" in uig("compare", "--help").out


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_can_be_pasted(name: str, uig: Uig, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal of 80 columns none is broken; every command has one."""
    monkeypatch.setenv("COLUMNS", "80")
    command = typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    parts = getattr(command, "commands", {None: command})
    examples = 0
    for part, one in parts.items():
        shown = [
            line.strip() for line in uig(name, *filter(None, [part]), "--help").out.splitlines()
        ]
        for line in (one.callback.__doc__ or "").splitlines():
            if line.strip().startswith(f"uig {name} "):
                examples += 1
                assert line.strip() in shown, line
    assert examples
