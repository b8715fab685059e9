"""A gate whose cases are too few to say by how much the score fell, but not that it fell."""

from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest

from tests.compare.sides import compared
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
