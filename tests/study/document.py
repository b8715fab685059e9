"""Puts the study's tables into docs/study.md, between the marks that name them."""

import re
from collections.abc import Mapping

from tests.conftest import ROOT

DOCUMENT = ROOT / "docs" / "study.md"


def filled(text: str, tables: Mapping[str, str]) -> str:
    """The document with each table behind its mark, in place of what stood there. Raises KeyError
    for a mark that names none."""

    def table(mark: re.Match[str]) -> str:
        return f"<!-- {mark['name']} -->\n\n{tables[mark['name']]}\n\n<!-- end -->"

    return re.sub(r"<!-- (?P<name>(?!end\b)[a-z ]+) -->(?:\n\n.*?\n\n<!-- end -->)?", table, text,
                  flags=re.DOTALL)  # fmt: skip
