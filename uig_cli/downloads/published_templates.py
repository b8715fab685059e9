"""The published wordings of BAGEL's and UiG's templates, fetched from where their authors keep
them: two files, and two strings of a Python file, which is read and never run."""

import ast
import hashlib
from collections.abc import Mapping

from uig_cli.console import Display
from uig_cli.downloads.pulled import Pulled
from uig_cli.downloads.remote_files import (
    GITHUB_API,
    GITHUB_FILES,
    address,
    connection,
    read_listing,
)
from uig_cli.errors import UigError
from uig_cli.files import write_whole
from uig_cli.models.pulled_models import RECORD
from uig_cli.plain_json import read_json
from uig_cli.templates import published_folder

PLACES: Mapping[str, tuple[str, str, str | None]] = {
    "examine": ("QC-LY/UiG", "prompts/evaluation_prompt.txt", None),
    "decompose": ("QC-LY/UiG", "prompts/decomposition_prompt.txt", None),
    "think-look": ("ByteDance-Seed/Bagel", "inferencer.py", "VLM_THINK_SYSTEM_PROMPT"),
    "think-draw": ("ByteDance-Seed/Bagel", "inferencer.py", "GEN_THINK_SYSTEM_PROMPT"),
}
"""Template -> repository, file, and the name of the string where the file is code."""


def pull_templates(display: Display) -> Pulled:
    """Raises UigError, naming the place, where a text is not where it was."""
    home = published_folder()
    known: dict[str, str] = {}
    revisions: dict[str, str] = {}
    with connection() as client:
        for repository in dict.fromkeys(where[0] for where in PLACES.values()):
            url = address(GITHUB_API, f"repos/{repository}/commits/HEAD")
            try:
                revisions[repository] = str(read_json(read_listing(client, url))["sha"])
            except (KeyError, TypeError, ValueError) as error:
                raise UigError(f"{url} tells no commit of {repository}.") from error
        with display.progress("pulling templates", len(PLACES), "files") as bar:
            for name, (repository, path, constant) in PLACES.items():
                url = address(GITHUB_FILES, f"{repository}/{revisions[repository]}/{path}")
                text = _text(read_listing(client, url), constant, url)
                file = f"{name}.txt"
                write_whole(home / file, text)
                known[file] = hashlib.sha256(text.encode("utf-8")).hexdigest()
                bar.advance(1, name)
    found = Pulled(
        name="templates",
        home=" and ".join(f"https://github.com/{name}" for name in revisions),
        revision=" and ".join(revisions.values()),
        licence="as those repositories say",
        files=known,
    )
    write_whole(home / RECORD, found.model_dump_json(indent=1) + "\n")
    return found


def _text(content: bytes, constant: str | None, url: str) -> str:
    try:
        text = content.decode("utf-8")
        if constant is None:
            return text
        return _string(ast.parse(text), constant)
    except (UnicodeDecodeError, SyntaxError, ValueError, LookupError, RecursionError) as error:
        what = f"a string named {constant}" if constant else "a text"
        raise UigError(
            f"{url} holds no {what.removeprefix('a ')} any more; the authors may have moved it: "
            "save it to a file yourself and give --template NAME=FILE (docs/templates.md)."
        ) from error


def _string(tree: ast.Module, name: str) -> str:
    """What is assigned to a name at the top of a module, where that is a string as it stands."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == name for target in node.targets
        ):
            value = ast.literal_eval(node.value)
            if isinstance(value, str):
                return value
    raise LookupError(name)
