"""What can be pulled, where it goes, and how it is used from there."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from uig_cli.benchmarks import registry
from uig_cli.benchmarks.card import Card, RemoteData
from uig_cli.console import Display, how_many
from uig_cli.downloads import hub, published_templates
from uig_cli.downloads.pulled import Pulled, faults, pull, record_of
from uig_cli.downloads.remote_files import GITHUB_FILES, HUB, RemoteFile, address
from uig_cli.errors import UigError, unknown
from uig_cli.files import cache_folder
from uig_cli.models.pulled_models import ON_THE_HUB, model_folder
from uig_cli.templates import published_folder

TEMPLATES, MODEL = "templates", "model"


@dataclass(frozen=True, slots=True)
class Fetched:
    """use: what to do with it now, a sentence."""

    folder: Path
    record: Pulled
    use: str


@dataclass(frozen=True, slots=True)
class Pullable:
    """A thing that can be pulled. asked: the words behind `uig data pull`."""

    asked: str
    about: str
    home: str
    licence: str
    folder: Path | None
    record: Pulled | None

    @property
    def told(self) -> str:
        state = "not here"
        if self.record is not None:
            state = f"{how_many(len(self.record.files), 'file')} in {self.folder}"
        return f"{self.about} ({self.home}; licence: {self.licence}): {state}"

    def as_plain(self) -> dict[str, Any]:
        return {
            "pull": self.asked,
            "home": self.home,
            "licence": self.licence,
            "folder": str(self.folder) if self.record else None,
            "revision": self.record.revision if self.record else None,
        }


def fetch(
    what: str, name: str | None, revision: str, out: Path | None, display: Display
) -> Fetched:
    """Raises UigError for what is not known, cannot be reached, or is not what it should be."""
    remote = _remote()
    if what == MODEL:
        if name is None:
            raise UigError(
                f"say which model: {', '.join(ON_THE_HUB)}, or OWNER/NAME as on the hub."
            )
        return _model(name, revision, out, display)
    if name is not None:
        raise UigError(f"got {what} {name}; only model has a name behind it.")
    if what == TEMPLATES:
        if out is not None:
            raise UigError("templates go into the cache, where --template published finds them.")
        found = published_templates.pull_templates(display)
        told = "Use them with --template published."
        return Fetched(published_folder(), found, told)
    if what not in remote:
        raise unknown("data", what, (*remote, TEMPLATES, MODEL))
    return _benchmark(remote[what], out, display)


def everything() -> list[Pullable]:
    """All that is known, and every other model that is in the cache."""
    found = [
        _entry(name, card.summary, card.remote.home, card.remote.licence, cache_folder() / name)
        for name, card in _remote().items()
        if card.remote is not None
    ]
    homes = dict.fromkeys(f"github.com/{where[0]}" for where in published_templates.PLACES.values())
    found.append(
        _entry(TEMPLATES, "the published wordings of BAGEL's and UiG's templates",
               " and ".join(homes), "as those repositories say", published_folder())
    )  # fmt: skip
    known = {model_folder(full): (short, full) for short, full in ON_THE_HUB.items()}
    here = _pulled_models()
    for folder in dict.fromkeys((*known, *here)):
        record = here.get(folder)
        short, full = known.get(folder, (record.name, record.name) if record else ("", ""))
        licence = record.licence if record else "as the hub says"
        home = f"huggingface.co/{full}"
        found.append(_entry(f"{MODEL} {short}", full, home, licence, folder))
    return found


def verified(folders: Iterable[Path] | None = None) -> dict[Path, list[str]]:
    """Folder -> what is not as it was pulled. Raises UigError where nothing was pulled."""
    asked = list(folders or (one.folder for one in everything() if one.record and one.folder))
    found: dict[Path, list[str]] = {}
    for folder in asked:
        record = record_of(folder)
        if record is None:
            raise UigError(f"{folder} holds nothing that `uig data pull` fetched.")
        found[folder] = faults(folder, record)
    return found


def _remote() -> dict[str, Card]:
    return {card.name: card for card in registry.cards() if card.remote is not None}


def _entry(asked: str, about: str, home: str, licence: str, folder: Path) -> Pullable:
    return Pullable(asked, about, home.removeprefix("https://"), licence, folder, record_of(folder))


def _benchmark(card: Card, out: Path | None, display: Display) -> Fetched:
    remote = card.remote
    assert remote is not None
    folder = out or cache_folder() / card.name
    wanted = list(_listed(card.name, remote))
    found = pull(card.name, remote.home, remote.revision, remote.licence, wanted, folder, display)
    told = f"`uig eval {card.name}` finds it there."
    if out is not None:
        told = f"Use it with `uig eval {card.name} --data {folder}`."
    return Fetched(folder, found, told)


def _listed(name: str, remote: RemoteData) -> Iterator[RemoteFile]:
    """The files of a benchmark's list: SHA-256, bytes and path a line."""
    text = files(f"uig_cli.benchmarks.{name}").joinpath("files.sha256").read_text("utf-8")
    for line in text.splitlines():
        sha256, size, path = line.split(" ", 2)
        url = address(GITHUB_FILES, f"{remote.repository}/{remote.revision}/{remote.folder}{path}")
        yield RemoteFile(path, url, sha256=sha256, size=int(size))


def _model(name: str, revision: str, out: Path | None, display: Display) -> Fetched:
    full = ON_THE_HUB.get(name, name)
    folder = out or model_folder(full)
    before = record_of(folder)
    if before is not None and before.revision == revision and not faults(folder, before):
        return Fetched(folder, before, _model_use(name, folder))
    commit, licence, wanted = hub.listing(full, revision)
    home = f"{HUB}/{full}"
    found = pull(full, home, commit, licence, wanted, folder, display)
    return Fetched(folder, found, _model_use(name, folder))


def _model_use(name: str, folder: Path) -> str:
    if name in ON_THE_HUB and folder == model_folder(ON_THE_HUB[name]):
        return f"Use it with --model {name}."
    return f"It is in {folder}."


def _pulled_models() -> dict[Path, Pulled]:
    home = cache_folder() / "models"
    folders = sorted(home.iterdir()) if home.is_dir() else []
    return {folder: found for folder in folders if (found := record_of(folder)) is not None}
