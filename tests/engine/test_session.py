"""What a session leaves in its run folder: links, run.json, and how many pictures are to come."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from tests.methods_for_tests import ALL
from tests.models_for_tests import Quick
from uig_cli.console import Silent, Terminal
from uig_cli.engine.drive import Job, drive
from uig_cli.engine.estimate import to_score
from uig_cli.engine.model_worker import model_workers
from uig_cli.engine.session import _Watching
from uig_cli.loop.first import ask
from uig_cli.loop.methods import Method
from uig_cli.loop.rehearse import rehearsal
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Step, Trace
from uig_cli.models.protocol import ROLES, Draw, Drawn, Role, pixel_hash
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.journal import Journal
from uig_cli.templates import load_all

SETTINGS = MethodSettings(load_all({}), rounds=2)


def keeping(choices: list[int]) -> Method:
    """A method that draws a picture a round and keeps the one that `choices` says."""

    def run(task: DrawTask, settings: MethodSettings) -> Conversation:
        made, steps = [], []
        for round, choice in enumerate(choices):
            drawn = yield from ask(Draw(task.prompt, task.noise(round)))
            assert isinstance(drawn, Drawn)
            made.append(drawn.picture)
            steps.append(Step(round, made[choice % len(made)]))
        return Trace(tuple(steps))

    return Method("keeping", "", run, frozenset({"draw"}))


def draw(root: Path, of: Method, *, links: bool = True) -> None:
    journal = Journal(RunFolder(root), "0-of-1")
    loop = of.run(DrawTask("case/1", "a dog"), SETTINGS)
    try:
        with Silent().progress("drawing", 1, "loops") as bar:
            watching = _Watching(journal.folder if links else None, bar, Terminal())
            jobs = [Job(of.name, "case/1", 0, "a dog", loop)]
            with model_workers({"draw": Quick()}) as workers:
                identities: dict[Role, Mapping[str, str]] = {"draw": Quick.identity}
                drive(jobs, workers, identities, journal, watching, batches=dict.fromkeys(ROLES, 4))
    finally:
        journal.close()


@given(st.lists(st.lists(st.integers(0, 4), min_size=1, max_size=5), min_size=1, max_size=3))
def test_whatever_is_kept_no_picture_is_replaced(
    tmp_path_factory: pytest.TempPathFactory, sessions: list[list[int]]
) -> None:
    root = tmp_path_factory.mktemp("run")
    written: dict[Path, bytes] = {}
    for choices in sessions:
        draw(root, keeping(choices))
        now = {path: path.read_bytes() for path in (root / "drawn").rglob("*.png")}
        assert written.items() <= now.items()
        written = now
        lines = map(json.loads, (root / "journal" / "0-of-1.jsonl").read_text().splitlines())
        made = {line["first_asked"]["round"]: line["picture"] for line in lines}
        for picture in made.values():
            assert pixel_hash(Image.open(root / picture["path"])) == picture["sha256"]
        links = sorted((root / "pictures" / "keeping" / "case.1" / "0").iterdir())
        kept = [made[choice % (number + 1)]["path"] for number, choice in enumerate(choices)]
        assert [link.resolve() for link in links] == [(root / path).resolve() for path in kept]


def test_without_links_there_is_no_pictures_folder(tmp_path: Path) -> None:
    draw(tmp_path, keeping([0, 0]), links=False)
    assert not (tmp_path / "pictures").exists() and (tmp_path / "drawn").is_dir()


def test_a_file_system_without_links_needs_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*given: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "symlink_to", refused)
    draw(tmp_path, keeping([0, 0]))
    assert "no links to the pictures can be made" in capsys.readouterr().err
    assert len(list((tmp_path / "drawn").rglob("*.png"))) == 2


@pytest.mark.parametrize(
    ("name", "scored", "all_scored"),
    [("BEAM", 2, 6), ("HONEST", 1, 3), ("FIRST", 3, 3), ("SILENT", 3, 3)],
)
def test_pictures_to_score_are_counted_before(name: str, scored: int, all_scored: int) -> None:
    course = rehearsal(ALL[name], replace(SETTINGS, rounds=2 if ALL[name].loops else 0))
    assert to_score(*course, candidates=False) == scored
    assert to_score(*course, candidates=True) == all_scored
