"""A stand-in for an OpenAI-compatible server: real HTTP on loopback, replies by a rule."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Reply:
    """status and body of one HTTP reply; pause: seconds before it; drop: close without one; write:
    writes the reply by hand instead."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0
    drop: bool = False
    write: Callable[[BaseHTTPRequestHandler], None] | None = None


@dataclass
class Heard:
    """One request as the server got it. questions: those of judge-many, or the one of judge."""

    text: str
    image: str
    body: dict[str, Any]
    headers: dict[str, str]
    at: float

    @property
    def questions(self) -> list[str]:
        listed = [line.partition(". ")[2] for line in self.text.splitlines() if line[:1].isdigit()]
        single = [line[10:] for line in self.text.splitlines() if line.startswith("Question: ")]
        return listed or single


def said(text: str | None, **more: Any) -> Reply:
    """A chat completion with this text."""
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": "stop", **more}
    usage = {"prompt_tokens": 100, "completion_tokens": 10}
    return Reply(json.dumps({"model": "eye-2026-01", "choices": [choice], "usage": usage}))


def failed(status: int, message: str = "", code: str = "", **headers: str) -> Reply:
    error = {"error": {"message": message, "code": code}}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(json.dumps(error), status, named)


Rule = Callable[[Heard], Reply]


@dataclass
class Serving:
    url: str
    heard: list[Heard]


@contextmanager
def serving(rule: Rule) -> Iterator[Serving]:
    """The server's base URL and, as they come, the requests it got; ended with the block."""
    heard: list[Heard] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            body = json.loads(content)
            text, image = body["messages"][-1]["content"]
            got = Heard(
                text["text"], image["image_url"]["url"], body, dict(self.headers), time.monotonic()
            )
            heard.append(got)
            reply = rule(got) if self.path == "/v1/chat/completions" else Reply("{}", 404)
            time.sleep(reply.pause)
            if reply.drop:
                self.close_connection = True
                return
            if reply.write is not None:
                self.close_connection = True
                reply.write(self)
                return
            self.send_response(reply.status)
            for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body.encode())

        def log_message(self, *about: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        request_queue_size = 128
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *about: Any) -> None:
            return

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield Serving(f"http://127.0.0.1:{server.server_address[1]}/v1", heard)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
