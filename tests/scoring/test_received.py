"""A server's reply where it enters: read in time, bounded as it unpacks, without the key."""

import base64
import gzip
import json
import time
import tracemalloc
from asyncio import run
from collections.abc import Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.judge_server import Reply, failed, said, serving
from uig_cli.errors import UigError
from uig_cli.models.protocol import LONGEST_TEXT
from uig_cli.scoring.chat import Heard, Patience, Unheard, ask, client
from uig_cli.scoring.received import MOST_BYTES, Masked
from uig_cli.scoring.servers import Server

KEY = "sk-test+key/0123456789"
ONCE = Patience(attempts=1, limited=1, first=0.01, longest=0.01, jitter=0.0, reply=1.0)


def reply_to(reply: Reply, patience: Patience = ONCE) -> Heard:
    with serving(lambda heard: reply) as served:
        server = Server(served.url, KEY)

        async def once() -> Heard:
            picture = {"type": "image_url", "image_url": {"url": ""}}
            content = [{"type": "text", "text": "?"}, picture]
            async with client(server, 1, patience) as via:
                body = {"messages": [{"role": "user", "content": content}]}
                return await ask(via, server, body, patience)

        return run(once())


def why_not(reply: Reply) -> str:
    with pytest.raises(Unheard) as error:
        reply_to(reply)
    return error.value.reason


def body(**more: object) -> str:
    return json.dumps({**json.loads(said("yes").body), **more})


@pytest.mark.parametrize(
    "form",
    [KEY, f"Bearer {KEY}", quote(KEY, safe=""), base64.b64encode(KEY.encode()).decode()],
)
def test_an_echoed_key_is_masked_in_answer_and_model(form: str) -> None:
    heard = reply_to(Reply(body(choices=json.loads(said(f"yes {form}").body)["choices"])))
    assert heard.text.startswith("yes ") and "[key]" in heard.text
    assert len(heard.text) == len(f"yes {form}")
    model = reply_to(Reply(body(model=form))).model
    assert form not in heard.text + model and "[key]" in model


def test_a_key_in_escapes_of_json_is_masked_too() -> None:
    escaped = "".join(f"\\u{ord(c):04x}" for c in KEY)
    text = said("yes KEY").body.replace("KEY", escaped)
    assert reply_to(Reply(text)).text == "yes [key]" + "*" * (len(KEY) - 5)


def test_a_word_that_servers_take_for_a_key_is_no_secret() -> None:
    assert Masked("yes").text("yes") == "yes"
    assert Masked(None).text("yes") == "yes"


@given(st.text(min_size=8), st.text(), st.text())
def test_whatever_stands_around_it_the_key_is_gone(key: str, before: str, after: str) -> None:
    masked = Masked(key).text(before + key + after)
    masked.encode()
    assert len(masked) == len(before + key + after)
    if "*" not in key and not set(key) & set("[key]"):
        assert key not in masked


def test_halves_of_characters_are_mended() -> None:
    assert reply_to(Reply(said("yes").body.replace("yes", "yes \\ud800."))).text == "yes \ufffd."


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        ({"prompt_tokens": 3, "completion_tokens": 4}, (3, 4)), ({"prompt_tokens": 3}, (3, 0)),
        ([1], None), ("many", None), ({"prompt_tokens": "many"}, None), (None, None),
        ({"prompt_tokens": 3, "completion_tokens": None}, (3, 0)),
        ({"prompt_tokens": 2**63}, None), ({"prompt_tokens": -1}, None),
        ({"prompt_tokens": True}, None), ({"prompt_tokens": 1.5}, None), ({}, None),
    ],
)  # fmt: skip
def test_an_odd_usage_loses_no_answer(usage: object, expected: tuple[int, int] | None) -> None:
    heard = reply_to(Reply(body(usage=usage)))
    assert (heard.text, heard.usage) == ("yes", expected)


@pytest.mark.parametrize("model", [["eye"], {"a": 1}, 7, None, "", "x" * 5000])
def test_an_odd_name_of_a_model_loses_no_answer(model: object) -> None:
    heard = reply_to(Reply(body(model=model)))
    assert heard.text == "yes" and len(heard.model) <= 200


@pytest.mark.parametrize("status", [200, 400, 503])
@pytest.mark.parametrize("text", ["[" * 200_000, "1e999", '{"a":' * 9000, "\x00\xff", "null", ""])
def test_nonsense_is_a_sentence(text: str, status: int) -> None:
    with pytest.raises(Unheard) as error:
        reply_to(Reply(text, status))
    assert len(error.value.reason) < 500 and "\n" not in error.value.reason


@pytest.mark.parametrize("number", ["1e999", "NaN", "9" * 5000])
def test_an_absurd_number_loses_no_answer(number: str) -> None:
    heard = reply_to(Reply(body().replace('"prompt_tokens": 100', f'"prompt_tokens": {number}')))
    assert (heard.text, heard.usage) == ("yes", None)


@pytest.mark.parametrize(
    "after",
    ["Mon, 01 Jan 99999999999999999999 00:00:00 GMT", "1e999", "-1", "nan", "soon", "9" * 5000],
)
def test_an_absurd_pause_is_no_traceback(after: str) -> None:
    assert "HTTP 429" in why_not(failed(429, "slow", retry_after=after))


def test_a_text_beyond_every_bound_is_a_failure() -> None:
    assert reply_to(said("y" * LONGEST_TEXT)).text == "y" * LONGEST_TEXT
    assert "at most" in why_not(said("y" * (LONGEST_TEXT + 1)))


def test_a_dripping_reply_is_given_up_in_time() -> None:
    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        with suppress(OSError):
            for _ in range(100):
                handler.wfile.write(b" ")
                handler.wfile.flush()
                time.sleep(0.1)

    start = time.monotonic()
    assert why_not(Reply(write=dripping)) == "no whole reply within 1 s"
    assert time.monotonic() - start < 6


def test_an_endless_reply_is_given_up_after_a_few_megabytes() -> None:
    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        with suppress(OSError):
            while True:
                handler.wfile.write(b"F4240\r\n" + b" " * 1_000_000 + b"\r\n")

    assert "8 MB" in why_not(Reply(write=endless))


def packed(content: bytes, encoding: str) -> Reply:
    def write(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        headers: Mapping[str, str] = {
            "Content-Encoding": encoding, "Content-Length": str(len(content)),
        }  # fmt: skip
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return Reply(write=write)


def test_a_packed_reply_is_read_and_a_bomb_is_not() -> None:
    assert reply_to(packed(gzip.compress(body().encode()), "gzip")).text == "yes"
    bomb = gzip.compress(b" " * 30 * MOST_BYTES)
    tracemalloc.start()
    try:
        assert "8 MB" in why_not(packed(bomb, "gzip"))
        assert tracemalloc.get_traced_memory()[1] < 5 * MOST_BYTES
    finally:
        tracemalloc.stop()
    assert "not asked for" in why_not(packed(gzip.compress(bomb), "gzip, gzip"))
    assert "cannot be unpacked" in why_not(packed(b"plain", "gzip"))


def test_a_limit_by_the_minute_is_waited_for_longer_than_a_broken_server() -> None:
    def requests(reply: Reply) -> int:
        with serving(lambda heard: reply) as served:
            patience = Patience(attempts=2, limited=5, first=0.01, longest=0.01, jitter=0.0)
            server = Server(served.url)

            async def once() -> None:
                picture = {"type": "image_url", "image_url": {"url": ""}}
                content = [{"type": "text", "text": "?"}, picture]
                async with client(server, 1, patience) as via:
                    await ask(via, server, {"messages": [{"content": content}]}, patience)

            with pytest.raises(Unheard):
                run(once())
            return len(served.heard)

    assert requests(failed(429, "slow")) == 5
    assert requests(failed(503, "broken")) == 2


@pytest.mark.parametrize(
    ("name", "value", "secret"),
    [
        ("ALL_PROXY", "gopher://name:pass@host", "pass"),
        ("https_proxy", "http://[::1", "::1"),
        ("SSL_CERT_FILE", "/nowhere/certificates.pem", None),
    ],
)
def test_an_environment_that_fits_no_client_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, secret: str | None
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UigError, match=f"environment variable {name}") as error:
        client(Server("https://host/v1"), 1, ONCE)
    assert secret is None or secret not in str(error.value)
