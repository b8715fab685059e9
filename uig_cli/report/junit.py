"""A gate as JUnit XML: one test, so that a CI server shows what failed and why."""

from pathlib import Path
from xml.etree import ElementTree as Xml

from uig_cli.console import harmless
from uig_cli.outputs import write_named
from uig_cli.report.gate_report import REGRESSION, Gate
from uig_cli.report.phrasing import sides


def write_junit(gate: Gate, path: Path) -> None:
    """A regression is a failure; what gives no verdict is an error."""
    name = f"{gate.comparison.where} {gate.difference.name} {sides(gate.comparison)}"
    details = "\n".join(map(harmless, (gate.line, *gate.details())))
    verdict = {0: None, REGRESSION: "failure"}.get(gate.exit_code, "error")
    suite = Xml.Element(
        "testsuite",
        name="uig compare",
        tests="1",
        failures=str(int(verdict == "failure")),
        errors=str(int(verdict == "error")),
        skipped="0",
    )
    case = Xml.SubElement(suite, "testcase", classname="uig.gate", name=harmless(name))
    if verdict is not None:
        Xml.SubElement(case, verdict, message=harmless(gate.line), type=gate.outcome).text = details
    Xml.SubElement(case, "system-out").text = details
    root = Xml.Element("testsuites")
    root.append(suite)
    Xml.indent(root)
    content: bytes = Xml.tostring(root, encoding="utf-8", xml_declaration=True)
    write_named("--junit", path, content)
