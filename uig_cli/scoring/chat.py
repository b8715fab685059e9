"""One question to an OpenAI-compatible server, asked until there is an answer or no hope of one.

What passes by itself (408, 409, 425, 429, 5xx, a broken connection, a reply that is no reply) is
tried again after a growing, jittered pause, or after the one that the server asks for. What does
not (a wrong key, an unknown model, a spent account) is not. No error holds the key, whatever a
server may say.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import stamina
from stamina.instrumentation import set_on_retry_hooks

from uig_cli.scoring.refusals import refuses
from uig_cli.scoring.servers import Server

AGAIN = frozenset({408, 409, 425, 429, *range(500, 600)})
LONGEST_WAIT = 120.0
"""Seconds; a server that asks for a longer pause is not waited for."""
SPENT = "insufficient_quota"
"""OpenAI's code for an account without credit; its status is 429, which it will stay."""
CUT = frozenset({"length", "max_tokens"})
"""Reasons to finish that are a limit of tokens."""
BLOCKED = frozenset({"content_policy_violation", "content_filter"})

# Pauses are part of the work; one line for each would drown what a user has to see.
set_on_retry_hooks(())


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try. Seconds: first and longest pause, jitter added to it, and the wait for one
    reply (a large model reading a large picture takes its time)."""

    attempts: int = 6
    first: float = 0.5
    longest: float = 30.0
    jitter: float = 1.0
    reply: float = 180.0


@dataclass(frozen=True, slots=True)
class Heard:
    """What the server said. model: the version that answered; usage: tokens read and written. cut:
    it ended at the limit of tokens; nothing may have been said by then but a thought that the
    server keeps to itself."""

    text: str
    refused: bool
    model: str
    usage: tuple[int, int] | None
    cut: bool = False


class Unheard(Exception):
    """No answer. again: whether to ask once more, or after how many seconds."""

    def __init__(self, kind: str, reason: str, again: bool | float = False) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.again = kind, reason, again


def client(server: Server, connections: int, patience: Patience) -> httpx2.AsyncClient:
    """A client for use within one event loop; redirects are not followed, lest the key goes too."""
    return httpx2.AsyncClient(
        headers={"Authorization": f"Bearer {server.key}"} if server.key else {},
        timeout=httpx2.Timeout(patience.reply, connect=10.0, pool=None),
        limits=httpx2.Limits(max_connections=connections, max_keepalive_connections=connections),
    )


async def ask(
    via: httpx2.AsyncClient, server: Server, body: Mapping[str, Any], patience: Patience
) -> Heard:
    """The server's reply to a chat request; raises Unheard with the last reason."""

    def again(error: Exception) -> bool | float:
        if not isinstance(error, Unheard):
            return False
        if isinstance(error.again, bool):
            return error.again
        return error.again + random.uniform(0, patience.jitter)

    async for attempt in stamina.retry_context(
        on=again,
        attempts=patience.attempts,
        timeout=None,
        wait_initial=patience.first,
        wait_max=patience.longest,
        wait_jitter=patience.jitter,
    ):
        with attempt:
            return await _ask_once(via, server, body)
    raise AssertionError("the last attempt returns or raises")


async def _ask_once(via: httpx2.AsyncClient, server: Server, body: Mapping[str, Any]) -> Heard:
    try:
        response = await via.post(f"{server.url}/chat/completions", json=body)
    except httpx2.TimeoutException as error:
        raise Unheard("timeout", f"no reply in time ({type(error).__name__})", True) from None
    except httpx2.RequestError as error:
        reason = f"{type(error).__name__}: {error}"
        raise Unheard("connection", server.hidden(reason), True) from None
    if response.status_code != 200:
        return _no_answer(response, server)
    try:
        return _heard(response.json())
    except (ValueError, LookupError, TypeError, AttributeError):
        shown = server.hidden(response.text) or "nothing"
        raise Unheard("reply", f"got no chat completion but: {shown}", True) from None


def _heard(reply: Any) -> Heard:
    """Reads a chat completion; raises LookupError, TypeError or AttributeError for anything else,
    an empty message included."""
    choice = reply["choices"][0]
    message, usage = choice["message"], reply.get("usage") or {}
    said = message.get("content") or ""
    if not isinstance(said, str):
        said = "\n".join(part["text"] for part in said if part.get("type") == "text")
    refusal = message.get("refusal") or ""
    finish = str(choice.get("finish_reason")).lower()
    filtered, cut = finish == "content_filter", finish in CUT
    text = f"{said}\n{refusal}" if refusal else said
    text = text if cut else text.strip()
    if not text and not filtered and not cut:
        raise LookupError("an empty message")
    tokens = usage.get("prompt_tokens"), usage.get("completion_tokens")
    return Heard(
        text,
        bool(refusal) or filtered,
        str(reply.get("model") or ""),
        (int(tokens[0] or 0), int(tokens[1] or 0)) if any(tokens) else None,
        cut,
    )


def _no_answer(response: httpx2.Response, server: Server) -> Heard:
    """A refusal by the provider's filter is an answer of its kind; all else raises Unheard."""
    status = response.status_code
    message, code = _error(response)
    told = f"HTTP {status}" + (f", {server.hidden(message)}" if message else "")
    if status in (401, 403):  # such messages like to quote the key
        raise Unheard("key", f"HTTP {status}: the server does not accept the key")
    if code in BLOCKED or (status == 400 and refuses(message)):
        return Heard(server.hidden(message), True, "", None)
    if status not in AGAIN or code == SPENT:
        raise Unheard("request", told)
    wait = _asked_pause(response.headers)
    if wait is None:
        raise Unheard("server", told, True)
    if wait > LONGEST_WAIT:
        raise Unheard("server", f"{told}; it asks to wait {wait:.0f} s")
    raise Unheard("server", told, wait)


def _error(response: httpx2.Response) -> tuple[str, str]:
    """Message and code of an error reply, in the shapes that servers give it."""
    try:
        found = response.json()
        found = found.get("error") or found.get("detail") or found.get("message") or ""
        if isinstance(found, dict):
            return str(found.get("message") or ""), str(found.get("code") or "")
        return str(found), ""
    except (ValueError, AttributeError):
        return response.text, ""


def _asked_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by Retry-After: a number, or a date (RFC 9110, 10.2.3)."""
    asked = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(asked)
    except ValueError:
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
