"""A gate whose cases are too few to say by how much the score fell, but not that it fell."""

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.compare.sides import compared
from uig_cli.errors import UigError
from uig_cli.report.gate_report import gate
from uig_cli.report.junit import write_junit
from uig_cli.stats.gate import Rule


@pytest.mark.parametrize("allow", [False, True])
@pytest.mark.parametrize(("lost", "code", "verdict"), [(6, 100, "failure"), (5, 3, "error")])
def test_worse_has_words_and_exit_codes_of_its_own(
    lost: int, code: int, verdict: str, allow: bool, tmp_path: Path
) -> None:
    comparison = compared([(5, 5, 0)] * 10, [(0, 5, 0)] * lost + [(5, 5, 0)] * (10 - lost))
    found = gate(Rule(0.55, allow_underpowered=allow), comparison, "overall")
    assert found.line.startswith("GATE WORSE ours overall direct@final: 100.0 -> ")
    assert "worse beyond doubt; by more than the margin not beyond doubt" in next(found.details())
    assert found.exit_code == code
    write_junit(found, tmp_path / "gate.xml")
    (case,) = Xml.parse(tmp_path / "gate.xml").getroot()[0]
    told = case.find(verdict)
    assert told is not None and told.get("type") == "worse"


def test_a_name_of_two_lines_is_no_metric() -> None:
    """A dimension and a group may be called alike: the gate is a test of one of them."""
    comparison = compared([(5, 5, 0)] * 10, [(4, 5, 0)] * 10)
    (alone, overall) = comparison.final.differences
    both = (alone, replace(alone, level="group", difference=-0.5), overall)
    comparison = replace(comparison, final=replace(comparison.final, differences=both))
    with pytest.raises(UigError, match="--metric d names 2 lines; give dimension:d or group:d"):
        gate(Rule(0.05), comparison, "d")
    assert gate(Rule(0.05), comparison, "group:d").difference.difference == -0.5
    assert gate(Rule(0.05), comparison, "overall").difference == overall
