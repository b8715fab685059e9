"""Templates and assets of pages. Every value is escaped, and a name that does not exist is an
error; control characters are made visible."""

from base64 import b64encode
from hashlib import sha256
from importlib import resources

import jinja2

from uig_cli.console import harmless


def environment() -> jinja2.Environment:
    found = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: _read("templates", name)),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["plain"] = harmless
    return found


def asset(name: str) -> str:
    """The text of one of the files that pages load."""
    return _read("assets", name)


def allowed(text: str) -> str:
    """What a security policy calls a style that stands in the page itself, letter by letter."""
    return f"'sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}'"


def _read(folder: str, name: str) -> str:
    return (resources.files("uig_cli.report.page") / folder / name).read_text("utf-8")
