"""Judge servers that misbehave: what they reply, by name."""

import json
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.judge_server import Heard, Reply, Rule, failed, said

KEY = "sk-canary-7c9e6679f1d24b0e"


def _chat(text: Callable[[Heard], str], **more: Any) -> Rule:
    """A good answer to every question, with something odd beside it."""

    def rule(heard: Heard) -> Reply:
        body = json.loads(said(text(heard)).body)
        return Reply(json.dumps({**body, **more}))

    return rule


def _yes(heard: Heard) -> str:
    return "\n".join("yes" for _ in heard.questions)


def _answers(body: str, status: int = 200, **headers: str) -> Rule:
    return lambda heard: Reply(body, status, dict(headers))


def _cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"choices":')


def _garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\x16\x03\x01\x02\x00 this is no HTTP\r\n\r\n")


def _endless_header(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.wfile.write(b"X: " + b"a" * 2_000_000)


SERVERS: Mapping[str, Rule] = {
    "key-in-answer": lambda heard: said(f"{_yes(heard)} {heard.headers['Authorization']}"),
    "key-in-model": lambda heard: _chat(_yes, model=heard.headers["Authorization"])(heard),
    "key-in-error": lambda heard: failed(400, f"no such key: {heard.headers['Authorization']}"),
    "key-in-nonsense": lambda heard: Reply(f"<html>{heard.headers['Authorization']}</html>"),
    "usage-list": _chat(_yes, usage=[1]),
    "usage-words": _chat(_yes, usage={"prompt_tokens": "many", "completion_tokens": None}),
    "usage-huge": _chat(_yes, usage={"prompt_tokens": 10**30, "completion_tokens": -5}),
    "model-object": _chat(_yes, model={"name": "eye"}),
    "no-choices": _answers('{"choices": []}'),
    "choices-text": _answers('{"choices": "yes"}'),
    "content-number": _answers('{"choices": [{"message": {"content": 7}}]}'),
    "content-null": _answers('{"choices": [{"message": {"content": null}}]}'),
    "deep": _answers("[" * 100_000),
    "deep-error": _answers('{"error":' * 50_000, 500),
    "infinite": _answers('{"choices": 1e999}'),
    "empty": _answers(""),
    "html": _answers("<html>" * 1000, 502),
    "surrogate": _answers('{"choices": [{"message": {"content": "yes \\ud800"}}]}'),
    "long": lambda heard: said("yes " * 100_000),
    "controls": lambda heard: said(f"{_yes(heard)} \x1b[2J\x00<script>"),
    "retry-year": lambda heard: failed(429, "slow", retry_after="Mon, 01 Jan 99999999 00:00:00"),
    "retry-words": lambda heard: failed(503, "slow", retry_after="soon"),
    "redirect": lambda heard: Reply("", 302, {"Location": "http://127.0.0.1:9/"}),
    "not-found": _answers('{"detail": "nothing here"}', 404),
    "drop": lambda heard: Reply(drop=True),
    "cut": lambda heard: Reply(write=_cut),
    "garbage": lambda heard: Reply(write=_garbage),
    "endless-header": lambda heard: Reply(write=_endless_header),
}
