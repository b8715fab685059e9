"""A headless Chromium that is installed already. Without one these tests fail: `make test-page`."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.conftest import ROOT

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    found = os.environ.get("UIG_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.fail("no Chromium is installed; install one, or name it with UIG_CHROMIUM=PATH")
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Visit:
    """A page that was opened, and everything that it complained of or asked a network for."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def nodes(self) -> int:
        return self.page.evaluate("document.querySelectorAll('*').length")


class Visitor:
    """Opens files, watched."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: list[BrowserContext] = []
        self.visits: list[Visit] = []

    def open(self, path: Path, at: str = "", width: int = 1200, scheme: str = "light") -> Visit:
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        self.contexts.append(context)
        visit = Visit(context.new_page())
        self.visits.append(visit)
        page = visit.page
        page.on("console", lambda line: visit.complaints.append(line.text))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on("requestfailed", lambda asked: visit.complaints.append(asked.url))
        page.on("request", lambda asked: visit.asked.append(asked.url))
        page.on("dialog", lambda dialog: visit.complaints.append(dialog.message))
        page.goto(path.resolve().as_uri() + at)
        return visit


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visitor]:
    """Whatever a test does, nothing may stand on the console and nothing may leave the disk."""
    visitor = Visitor(browser)
    yield visitor
    for one in visitor.visits:
        assert one.complaints == []
        assert all(url.startswith(("file:", "data:")) for url in one.asked)
    for context in visitor.contexts:
        context.close()


def command(*words: object, **more: str) -> None:
    """A `uig` command in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", **more}
    subprocess.run(
        [sys.executable, "-m", "uig_cli", *map(str, words)], check=True, cwd=ROOT, env=environment
    )


HOSTILE = ROOT / "tests" / "browser" / "hostile.py"
DRAWN = (f"{HOSTILE}:BENCHMARK", "--model", f"{HOSTILE}:Hostility", "--quiet")


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run whose every text is hostile."""
    root = tmp_path_factory.mktemp("hostile")
    methods = ("--method", "direct", "--method", "uig")
    command("eval", *DRAWN, *methods, "--judge", "self", "--out", root / "run")
    command("report", root / "run", "--out", root / "page", "--self-contained", "--quiet")
    return root / "page"


@pytest.fixture(scope="session")
def real(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a run of the built-in model, in which edits repair, break and return."""
    root = tmp_path_factory.mktemp("real")
    methods = ("direct", "uig", "uig:keep=best,score=denials")
    command(
        "eval", "tiif", "--set", "built-in-hard", "--split", "long", "--limit", "24",
        "--sampler", "edit.num_timesteps=10", "--out", root / "run", "--quiet",
        *(word for method in methods for word in ("--method", method)),
    )  # fmt: skip
    command("report", root / "run", "--quiet")
    return root / "run" / "page"
