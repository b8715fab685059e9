"""The texts given to models and judges: ours by default, anybody's by file, known by their hash.

A template file is UTF-8 text with named fields in braces and is used unstripped, a last newline
included. Braces in the values that fill it are harmless; only plain field names are filled, so a
template cannot reach into Python objects.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from io import BytesIO, TextIOWrapper
from pathlib import Path
from string import Formatter

from uig_cli.errors import UigError, unknown
from uig_cli.files import cache_folder, read_given

_EXAMINE = frozenset({"original_prompt", "user_prompt", "history", "instruction"})

FIELDS: Mapping[str, frozenset[str]] = {
    "examine": _EXAMINE,
    "examine-all": _EXAMINE,
    "examine-worst": _EXAMINE,
    "examine-description": _EXAMINE,
    "checklist-questions": frozenset({"user_prompt"}),
    "checklist-answer": frozenset({"question", "user_prompt"}),
    "checklist-instruction": frozenset({"question", "user_prompt"}),
    "decompose": frozenset({"original_prompt", "user_prompt"}),
    "judge": frozenset({"question"}),
    "judge-many": frozenset({"questions"}),
    "think-look": frozenset(),
    "think-draw": frozenset(),
}

OF_0_1_0 = ("examine", "decompose", "judge", "judge-many", "think-look", "think-draw")
"""Those that every run keeps; later ones stand only in runs that use them."""


PUBLISHED = "published"
"""What `--template` calls the wordings of BAGEL's and UiG's authors, which are not ours to ship."""

OF_PUBLISHED = ("examine", "decompose", "think-look", "think-draw")


@dataclass(frozen=True, slots=True)
class Template:
    """A named text. given: it came from the user, not from us."""

    name: str
    text: str
    given: bool = False

    @property
    def sha256(self) -> str:
        return sha256(self.text.encode("utf-8", "surrogatepass")).hexdigest()

    def fill(self, **values: str) -> str:
        """The text with its fields replaced; `{{` and `}}` stand for braces."""
        if not FIELDS[self.name]:
            return self.text
        parts = []
        for literal, name, _, _ in Formatter().parse(self.text):
            parts.append(literal)
            if name is not None:
                parts.append(values[name])
        return "".join(parts)

    def pieces(self) -> list[str]:
        """The fixed texts around and between the fields."""
        if not FIELDS[self.name]:
            return [self.text]
        return [literal for literal, _, _, _ in Formatter().parse(self.text) if literal]


def ours(name: str) -> Template:
    """The template of that name in `prompts/`."""
    if name not in FIELDS:
        raise unknown("template", name, FIELDS)
    return Template(name, files("uig_cli.prompts").joinpath(f"{name}.txt").read_text("utf-8"))


def from_file(name: str, path: Path) -> Template:
    """A user's template; its fields are checked before anything is drawn with it."""
    if name not in FIELDS:
        raise unknown("template", name, FIELDS)
    try:
        with TextIOWrapper(BytesIO(read_given(path)), "utf-8") as opened:  # line ends as usual
            text = opened.read()
    except OSError as error:
        raise UigError(
            f"template {name}: cannot read {path} ({error.strerror}); give a readable text file."
        ) from error
    except UnicodeDecodeError as error:
        raise UigError(f"template {name}: {path} is not UTF-8 text; save it as UTF-8.") from error
    template = Template(name, text, given=True)
    if FIELDS[name]:
        _check_fields(template, path)
    return template


def _check_fields(template: Template, path: Path) -> None:
    allowed = FIELDS[template.name]
    known = " or ".join(f"{{{name}}}" for name in sorted(allowed))
    try:
        names = {name for _, name, _, _ in Formatter().parse(template.text) if name is not None}
    except ValueError as error:
        raise UigError(
            f"template {template.name}: {path} has unpaired braces ({error}); "
            "write {{ and }} where a brace is meant."
        ) from error
    for name in sorted(names - allowed):
        raise UigError(
            f"template {template.name}: {path} has the field {{{name}}}, expected {known}; "
            "write {{ and }} where a brace is meant."
        )
    if not names:
        raise UigError(f"template {template.name}: {path} has no field, expected {known} in it.")


def published_folder() -> Path:
    """Where `uig data pull templates` puts them."""
    return cache_folder() / "templates" / PUBLISHED


def published() -> dict[str, Path]:
    """Their files by name. Raises UigError where they were not pulled."""
    found = {name: published_folder() / f"{name}.txt" for name in OF_PUBLISHED}
    if lost := [path for path in found.values() if not path.is_file()]:
        raise UigError(
            f"the published templates are not here ({lost[0]}); fetch them once with `uig data "
            "pull templates`."
        )
    return found


def load_all(given: Mapping[str, Path]) -> dict[str, Template]:
    """All templates, ours where none is given."""
    for name in given:
        if name not in FIELDS:
            raise unknown("template", name, FIELDS)
    return {name: from_file(name, given[name]) if name in given else ours(name) for name in FIELDS}
