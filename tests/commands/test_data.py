"""uig data: against a server on loopback with the paths of the public places. Cut files, wrong
hashes, no network, a cache that cannot be written: a sentence each, and only what is whole."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.conftest import Uig
from uig_cli.benchmarks.tiif.card import CARD
from uig_cli.downloads import remote_files as downloads

UIG, BAGEL = "1" * 40, "2" * 40
CODE = '''
import os
os.abort()  # it is read and never run
VLM_THINK_SYSTEM_PROMPT = """You should first think.\\nThen say."""
GEN_THINK_SYSTEM_PROMPT = "You should first plan."
'''


@dataclass
class Mirror:
    """files: content by path. cut: paths whose connection breaks after so many bytes, once.
    busy: paths that answer 503 once. asked: paths, with the range, and the token that came."""

    files: dict[str, bytes] = field(default_factory=dict)
    cut: dict[str, int] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    asked: list[tuple[str, str | None, str | None]] = field(default_factory=list)
    url: str = ""

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.asked]


@pytest.fixture
def mirror(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Mirror]:
    found = Mirror()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path).lstrip("/")
            span = self.headers.get("Range")
            found.asked.append((path, span, self.headers.get("Authorization")))
            if path in found.busy:
                found.busy.discard(path)
                self.send_error(503)
                return
            content = found.files.get(path)
            if content is None:
                self.send_error(404)
                return
            start = int(span.removeprefix("bytes=").removesuffix("-")) if span else 0
            if start >= len(content) > 0:
                self.send_error(416)
                return
            self.send_response(206 if span else 200)
            self.send_header("Content-Length", str(len(content) - start))
            self.end_headers()
            most = found.cut.pop(path, None)
            self.wfile.write(content[start:][:most])
            self.wfile.flush()
            if most is not None:
                self.connection.close()

        def log_message(self, *told: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("UIG_DATA_URL", found.url)
    monkeypatch.setenv("UIG_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(downloads, "WAIT", 0.01)
    yield found
    server.shutdown()
    server.server_close()


def templates(mirror: Mirror) -> None:
    mirror.files |= {
        "repos/QC-LY/UiG/commits/HEAD": json.dumps({"sha": UIG}).encode(),
        "repos/ByteDance-Seed/Bagel/commits/HEAD": json.dumps({"sha": BAGEL}).encode(),
        f"QC-LY/UiG/{UIG}/prompts/evaluation_prompt.txt": b"Look at {original_prompt}.\n",
        f"QC-LY/UiG/{UIG}/prompts/decomposition_prompt.txt": b"Tell of {user_prompt}.",
        f"ByteDance-Seed/Bagel/{BAGEL}/inferencer.py": CODE.encode(),
    }


def test_templates_are_read_and_never_run(uig: Uig, mirror: Mirror, tmp_path: Path) -> None:
    templates(mirror)
    first = uig("refine", "--prompt", "a red circle", "--template", "published", "--quiet")
    assert first.code == 2 and "uig data pull templates" in first.err
    done = uig("data", "pull", "templates")
    assert done.code == 0, done.err
    home = tmp_path / "cache" / "templates" / "published"
    assert (home / "think-look.txt").read_text() == "You should first think.\nThen say."
    assert (home / "think-draw.txt").read_text() == "You should first plan."
    assert (home / "examine.txt").read_bytes() == b"Look at {original_prompt}.\n"
    assert uig("data", "verify").code == 0
    run = tmp_path / "r"
    drawn = uig("refine", "--prompt", "a red circle", "--template", "published", "--rounds", "1",
                "--out", run, "--quiet")  # fmt: skip
    assert drawn.code == 0, drawn.err
    kept = json.loads((run / "run.json").read_text())["drawing"]["templates"]
    assert kept["examine"]["text"] == "Look at {original_prompt}.\n" and kept["examine"]["given"]
    own = tmp_path / "own.txt"
    own.write_text("Mine: {user_prompt}")
    both = ("--template", f"examine={own}", "--template", "published")
    assert uig("refine", "--prompt", "a red circle", *both, "--rounds", "1", "--out",
               tmp_path / "r2", "--quiet").code == 0  # fmt: skip
    kept = json.loads((tmp_path / "r2" / "run.json").read_text())["drawing"]["templates"]
    assert kept["examine"]["text"] == "Mine: {user_prompt}"


def test_a_text_that_has_moved_is_a_sentence(uig: Uig, mirror: Mirror) -> None:
    templates(mirror)
    mirror.files[f"ByteDance-Seed/Bagel/{BAGEL}/inferencer.py"] = b"GEN = 1\n"
    done = uig("data", "pull", "templates")
    assert done.code == 2
    assert "VLM_THINK_SYSTEM_PROMPT" in done.err and "docs/templates.md" in done.err


def tiif(mirror: Mirror, shared: Path) -> None:
    remote = CARD.remote
    source = shared / "data" / "tiif"
    for path in (*source.glob("test*_prompts/*.jsonl"),):
        name = f"{remote.repository}/{remote.revision}/data/{path.relative_to(source).as_posix()}"
        mirror.files[name] = path.read_bytes()


def test_tiif_is_pulled_whole_and_used_without_a_network(
    uig: Uig, mirror: Mirror, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiif(mirror, shared)
    assert len(mirror.files) == 156
    done = uig("data", "pull", "tiif")
    assert done.code == 0, done.err
    assert "156 files in" in done.err and "licence: none is named" in done.err
    monkeypatch.setenv("UIG_DATA_URL", "http://127.0.0.1:9")
    told = uig("eval", "tiif", "--set", "testmini", "--split", "short", "--limit", "3", "--judge",
               "none", "--method", "direct", "--out", tmp_path / "r", "--quiet")  # fmt: skip
    assert told.code == 0, told.err
    assert uig("data", "pull", "tiif").code == 0  # all is here: nothing is asked for
    assert "156 files in" in uig("data", "list").out
    victim = tmp_path / "cache" / "tiif" / "testmini_prompts" / "text_prompts.jsonl"
    victim.write_text("other")
    wrong = uig("data", "verify")
    assert (
        wrong.code == 2 and "testmini_prompts/text_prompts.jsonl is another file now" in wrong.err
    )


def test_a_wrong_file_is_not_kept(uig: Uig, mirror: Mirror, shared: Path, tmp_path: Path) -> None:
    tiif(mirror, shared)
    name = next(
        path for path in mirror.files if path.endswith("testmini_prompts/text_prompts.jsonl")
    )
    mirror.files[name] = mirror.files[name][:-2] + b"!\n"
    done = uig("data", "pull", "tiif")
    assert done.code == 2 and "is not the file that was expected: expected SHA-256" in done.err
    home = tmp_path / "cache" / "tiif"
    assert not (home / "testmini_prompts" / "text_prompts.jsonl").exists()
    assert list(home.rglob("*.part")) == [] and not (home / "pulled.json").exists()
    assert uig("data", "verify", home).code == 2


WEIGHTS = bytes(range(256)) * 40_000
NONE: Mapping[str, bytes] = {}


def model(mirror: Mirror, name: str = "me/tiny", more: Mapping[str, bytes] = NONE) -> None:
    contents = {"config.json": b"{}", "model.safetensors": WEIGHTS, **more}
    listed = []
    for path, content in contents.items():
        mirror.files[f"{name}/resolve/{'3' * 40}/{path}"] = content
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()
        one = {"rfilename": path, "size": len(content), "blobId": blob}
        if path.endswith(".safetensors"):
            sha256 = hashlib.sha256(content).hexdigest()
            one["lfs"] = {"sha256": sha256, "size": len(content)}
        listed.append(one)
    told = {"sha": "3" * 40, "siblings": listed, "cardData": {"license": "apache-2.0"}}
    mirror.files[f"api/models/{name}/revision/main"] = json.dumps(told).encode()


def test_a_model_goes_on_where_it_broke_off(uig: Uig, mirror: Mirror, tmp_path: Path) -> None:
    model(mirror)
    weights = f"me/tiny/resolve/{'3' * 40}/model.safetensors"
    mirror.cut[weights] = 3_000_000
    mirror.busy.add(f"me/tiny/resolve/{'3' * 40}/config.json")
    done = uig("data", "pull", "model", "me/tiny")
    assert done.code == 0, done.err
    spans = [span for path, span, _ in mirror.asked if path == weights]
    assert spans == [None, "bytes=3000000-"]
    home = tmp_path / "cache" / "models" / "me--tiny"
    assert (home / "model.safetensors").read_bytes() == WEIGHTS
    record = json.loads((home / "pulled.json").read_text())
    assert record["revision"] == "3" * 40 and record["licence"] == "apache-2.0"
    assert record["files"]["model.safetensors"] == hashlib.sha256(WEIGHTS).hexdigest()
    assert "model me/tiny" in uig("data", "list").out
    before = len(mirror.asked)
    assert uig("data", "pull", "model", "me/tiny").code == 0
    assert len(mirror.asked) == before + 1  # the listing alone
    asked = uig("data", "pull", "model", "me/tiny", "--revision", "3" * 40)
    assert asked.code == 0 and len(mirror.asked) == before + 1  # a commit that is here


def test_what_arrived_before_a_stop_stays(uig: Uig, mirror: Mirror, tmp_path: Path) -> None:
    model(mirror)
    weights = f"me/tiny/resolve/{'3' * 40}/model.safetensors"
    content = mirror.files.pop(weights)
    assert uig("data", "pull", "model", "me/tiny").code == 2
    half = tmp_path / "cache" / "models" / "me--tiny" / "model.safetensors.part"
    half.write_bytes(content[:1_000_000])
    mirror.files[weights] = content
    assert uig("data", "pull", "model", "me/tiny").code == 0
    assert [span for path, span, _ in mirror.asked if path == weights][-1] == "bytes=1000000-"


def test_another_file_under_an_old_half(uig: Uig, mirror: Mirror, tmp_path: Path) -> None:
    """A half that is of another file: told, removed, and whole the next time."""
    model(mirror)
    home = tmp_path / "cache" / "models" / "me--tiny"
    home.mkdir(parents=True)
    (home / "model.safetensors.part").write_bytes(b"x" * 1000)
    done = uig("data", "pull", "model", "me/tiny")
    assert done.code == 2 and "is not the file that was expected" in done.err
    assert uig("data", "pull", "model", "me/tiny").code == 0


def test_only_what_a_loader_reads_is_taken(uig: Uig, mirror: Mirror, tmp_path: Path) -> None:
    more = {
        "model_index.json": b"{}",
        "unet/weights.safetensors": b"w",
        "unet/weights.fp16.safetensors": b"h",
        "pytorch_model.bin": b"pickle",
        "run.py": b"code",
    }
    model(mirror, more=more)
    assert uig("data", "pull", "model", "me/tiny").code == 0
    home = tmp_path / "cache" / "models" / "me--tiny"
    found = {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}
    assert found == {"config.json", "model_index.json", "unet/weights.safetensors", "pulled.json"}


@pytest.mark.parametrize(
    "path", ["../../evil.json", "/etc/x.json", "a\\b.json", "a\nb.json", "~/x.json"]
)
def test_names_that_lead_out_are_refused(
    uig: Uig, mirror: Mirror, path: str, tmp_path: Path
) -> None:
    model(mirror, more={path: b"{}"})
    done = uig("data", "pull", "model", "me/tiny")
    assert done.code == 2 and "no path of a file" in done.err
    assert not list(tmp_path.rglob("evil.json"))


@pytest.mark.parametrize(
    "listing",
    [b"", b"[]", b"<html>", b'{"sha": "main", "siblings": []}', b'{"sha": null}',
     json.dumps({"sha": "3" * 40, "siblings": [{"rfilename": "a.json", "size": -1}]}).encode()],
)  # fmt: skip
def test_odd_listings(uig: Uig, mirror: Mirror, listing: bytes) -> None:
    mirror.files["api/models/me/tiny/revision/main"] = listing
    done = uig("data", "pull", "model", "me/tiny")
    assert done.code == 2 and "Traceback" not in done.err


def test_bagel_by_its_name(uig: Uig, mirror: Mirror, tmp_path: Path) -> None:
    lost = uig("refine", "--prompt", "a", "--model", "bagel", "--quiet")
    assert lost.code == 2 and "uig data pull model bagel" in lost.err
    pocket = Path(downloads.__file__).parents[1] / "pocket"
    contents = {path.name: path.read_bytes() for path in pocket.iterdir()}
    model(mirror, "ByteDance-Seed/BAGEL-7B-MoT", contents)
    done = uig("data", "pull", "model", "bagel")
    assert done.code == 0 and "Use it with --model bagel." in done.err
    drawn = uig("generate", "--prompt", "a red circle", "--model", "bagel", "--out", tmp_path / "r",
                "--quiet")  # fmt: skip
    assert drawn.code == 0, drawn.err


def test_a_token_goes_where_it_belongs(
    uig: Uig, mirror: Mirror, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    model(mirror)
    assert uig("data", "pull", "model", "me/tiny").code == 0
    assert {token for _, _, token in mirror.asked} == {"Bearer hf_secret"}
    monkeypatch.delenv("UIG_DATA_URL")
    assert downloads._key("https://raw.githubusercontent.com/x") == {}
    assert downloads._key("https://huggingface.co.evil.org/x") == {}
    assert downloads._key("https://huggingface.co/x") == {"Authorization": "Bearer hf_secret"}
    failed = uig("data", "pull", "model", "me/none")
    assert "hf_secret" not in failed.err


def test_no_network_and_a_cache_that_cannot_be_written(
    uig: Uig, mirror: Mirror, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("UIG_DATA_URL", "http://127.0.0.1:9")
    done = uig("data", "pull", "tiif")
    assert done.code == 2 and "give the command again where there is a network" in done.err
    monkeypatch.setenv("UIG_DATA_URL", "ftp://x")
    assert "expected an address that begins with https" in uig("data", "pull", "tiif").err
    monkeypatch.setenv("UIG_DATA_URL", mirror.url)
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("UIG_CACHE", str(tmp_path / "file"))
    done = uig("data", "pull", "tiif")
    assert done.code == 2 and "set UIG_CACHE to a folder that you may write to" in done.err


def test_words_that_mean_nothing(uig: Uig, mirror: Mirror) -> None:
    for words, told in (
        (("pull", "tif"), 'Did you mean "tiif"?'),
        (("pull", "model"), "say which model"),
        (("pull", "tiif", "x"), "only model has a name"),
        (("pull", "model", "nobody"), "expected OWNER/NAME"),
        (("pull", "model", "me/none"), "is not there (404)"),
    ):
        done = uig("data", *words)
        assert done.code == 2 and told in done.err, done.err
