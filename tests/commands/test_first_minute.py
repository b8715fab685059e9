"""What a newcomer sees first: the loop repairs the first prompt of `make demo` and breaks the
second, by the exact reader; and `uig` alone says what to try."""

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT, Uig
from uig_cli.benchmarks.tiif import hard
from uig_cli.models.protocol import Failure
from uig_cli.results.run import open_run
from uig_cli.scoring.judges.strict import faults

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
FIRST, SECOND = (
    re.search(rf"^{name} := (.*)$", MAKEFILE, re.MULTILINE)[1] for name in ("FIRST", "SECOND")
)


@pytest.mark.slow
def test_the_first_prompt_is_repaired_and_the_second_broken(uig: Uig, tmp_path: Path) -> None:
    specs = {line.short: line.spec for line in hard.lines(range(24))}
    done = uig("refine", "--prompt", FIRST, "--prompt", SECOND, "--out", tmp_path / "r")
    assert done.code == 0
    found = {}
    for drawn in open_run(tmp_path / "r").drawn():
        steps = drawn.trace.steps
        prompt = drawn.case.prompt
        pictures = [step.picture for step in steps if step.picture]
        wrong = [faults(specs[prompt], one) for one in pictures]
        assert not any(isinstance(one, Failure) for one in wrong)
        found[prompt] = (
            [len(tuple(one)) for one in wrong if isinstance(one, tuple)],
            [step.verdict for step in steps],
        )
    assert found[FIRST] == ([2, 1, 0], ["edit", "edit", "match"])
    assert found[SECOND] == ([0, 1], ["edit", "match"])
    assert "edit: Remove the blue diamond at the top right." in done.err  # said as it comes


def test_readme_and_greeting_begin_with_it(uig: Uig) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    assert FIRST in readme
    assert readme.index("docs/images/first-minute.png") < readme.index("## Start")
    done = uig()
    assert done.code == 0 and done.err == ""
    assert FIRST in done.out
    assert done.out.count("\n  uig ") == 3
