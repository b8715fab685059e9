"""Texts of others inside Markdown: ids, prompts and paths may hold anything."""

import re

from uig_cli.console import harmless

_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;", ":": "&#58;", ".": "&#46;"}
_MARKS = re.compile(
    r"[\\`*_\[\]|~#!$&<>@]"  # emphasis, code, links, tables, HTML, mentions, formulas
    r"|:(?=//)|(?<=www)\."  # what becomes a link by itself
    r"|^[-+=]|(?<=^\d)[.)]"  # lists and headings at the start of a line
)


def markdown(text: str) -> str:
    """The text as Markdown that shows it letter by letter: one line, no markup, no links."""
    plain = harmless(" ".join(text.split()))
    return _MARKS.sub(lambda found: _NAMED.get(found[0], f"\\{found[0]}"), plain)
