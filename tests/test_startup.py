"""Asking for help costs next to nothing, and the package is what its wheel will be."""

import subprocess
import sys
from importlib.resources import files

import pytest

HEAVY = {"torch", "transformers", "datasets", "pandas", "scipy", "numpy", "PIL"}


@pytest.mark.parametrize("words", [["--help"], ["eval", "--help"], ["refine", "--help"]])
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\n"
        "from uig_cli.app import main\n"
        f"sys.argv = ['uig', *{words!r}]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"print('HEAVY', sorted({HEAVY!r} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    assert done.stdout.strip().endswith("HEAVY []")


def test_texts_of_the_package_are_found() -> None:
    assert files("uig_cli.prompts").joinpath("examine.txt").is_file()
    assert files("uig_cli.scoring.detectors").joinpath("object_names.txt").is_file()
    assert files("uig_cli").joinpath("py.typed").is_file()
