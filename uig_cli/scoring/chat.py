"""One question to an OpenAI-compatible server, asked until there is an answer or no hope of one.

What passes by itself (408, 409, 425, 429, 5xx, a broken connection, a reply that is no reply) is
tried again after a growing, jittered pause, or after the one that the server asks for. What does
not (a wrong key, an unknown model, a spent account) is not.
"""

import os
import random
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import stamina
from stamina.instrumentation import set_on_retry_hooks

from uig_cli.errors import UigError
from uig_cli.models.protocol import LONGEST_TEXT
from uig_cli.scoring.received import Received, Unreceived, post
from uig_cli.scoring.refusals import refuses
from uig_cli.scoring.servers import Server

AGAIN = frozenset({408, 409, 425, 429, *range(500, 600)})
LONGEST_NAME = 200
"""Characters of what a server calls its model."""
LONGEST_WAIT = 120.0
"""Seconds; a server that asks for a longer pause is not waited for."""
TOO_MANY = 429
SPENT = "insufficient_quota"
"""OpenAI's code for an account without credit; its status is 429, which it will stay."""
CUT = frozenset({"length", "max_tokens"})
"""Reasons to finish that are a limit of tokens."""
BLOCKED = frozenset({"content_policy_violation", "content_filter"})
MOST_TOKENS = 2**63 - 1
"""The largest number that a table holds."""
_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")
_CERTIFICATES = ("SSL_CERT_FILE", "SSL_CERT_DIR")

# Pauses are part of the work; one line for each would drown what a user has to see.
set_on_retry_hooks(())


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to try. attempts: in all, and `limited` where the server says that it is asked too
    often and not for how long: its limits are by the minute. Seconds: first and longest pause,
    jitter added to it, and the wait for one whole reply (a large model reading a large picture
    takes its time)."""

    attempts: int = 6
    limited: int = 7
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
    """No answer. again: whether to ask once more, or after how many seconds; limited: it was asked
    too often."""

    def __init__(
        self, kind: str, reason: str, again: bool | float = False, *, limited: bool = False
    ) -> None:
        super().__init__(reason)
        self.kind, self.reason, self.again, self.limited = kind, reason, again, limited


def client(server: Server, connections: int, patience: Patience) -> httpx2.AsyncClient:
    """A client for use within one event loop; redirects are not followed, lest the key goes too.

    Raises UigError where the environment names proxies or certificates that cannot be used.
    """
    key = {"Authorization": f"Bearer {server.key}"} if server.key else {}
    try:
        return httpx2.AsyncClient(
            headers={"Accept-Encoding": "identity", **key},
            timeout=httpx2.Timeout(patience.reply, connect=10.0, pool=None),
            limits=httpx2.Limits(
                max_connections=connections, max_keepalive_connections=connections
            ),
        )
    except (OSError, ssl.SSLError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        raise UigError(
            f"{_set(_CERTIFICATES)} cannot be read as certificates ({reason}); mend or unset it."
        ) from None
    except (ValueError, TypeError, httpx2.InvalidURL):  # whose words may hold a proxy's password
        raise UigError(
            f"{_set(_PROXIES)} is no proxy that can be used; expected an address such as "
            "http://HOST:PORT: mend or unset it."
        ) from None


def _set(names: tuple[str, ...]) -> str:
    """Those of the variables that the environment sets; they may be written small."""
    found = [name for name in names if os.environ.get(name)]
    small = [name.lower() for name in names if os.environ.get(name.lower())]
    return f"the environment variable {' or '.join(found + small) or names[0]}"


async def ask(
    via: httpx2.AsyncClient, server: Server, body: Mapping[str, Any], patience: Patience
) -> Heard:
    """The server's reply to a chat request; raises Unheard with the last reason."""
    left = patience.attempts

    def again(error: Exception) -> bool | float:
        nonlocal left
        if not isinstance(error, Unheard):
            return False
        left -= not error.limited
        if left < 1 or isinstance(error.again, bool):
            return left > 0 and bool(error.again)
        return error.again + random.uniform(0, patience.jitter)

    async for attempt in stamina.retry_context(
        on=again,
        attempts=max(patience.attempts, patience.limited),
        timeout=None,
        wait_initial=patience.first,
        wait_max=patience.longest,
        wait_jitter=patience.jitter,
    ):
        with attempt:
            return await _ask_once(via, server, body, patience.reply)
    raise AssertionError("the last attempt returns or raises")


async def _ask_once(
    via: httpx2.AsyncClient, server: Server, body: Mapping[str, Any], seconds: float
) -> Heard:
    try:
        reply = await post(via, f"{server.url}/chat/completions", body, server.key, seconds)
    except TimeoutError:
        raise Unheard("timeout", f"no whole reply within {seconds:g} s", True) from None
    except httpx2.TimeoutException as error:
        raise Unheard("timeout", f"no reply in time ({type(error).__name__})", True) from None
    except Unreceived as error:
        raise Unheard("reply", server.hidden(str(error))) from None
    except httpx2.RequestError as error:
        reason = f"{type(error).__name__}: {error}"
        raise Unheard("connection", server.hidden(reason), True) from None
    if reply.status != 200:
        return _no_answer(reply, server)
    try:
        return _heard(reply.json())
    except (ValueError, LookupError, TypeError, AttributeError):
        shown = server.hidden(reply.text) or "nothing"
        raise Unheard("reply", f"got no chat completion but: {shown}", True) from None


def _heard(reply: Any) -> Heard:
    """Reads a chat completion; raises LookupError, TypeError or AttributeError for anything else,
    an empty message included."""
    choice = reply["choices"][0]
    message = choice["message"]
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
    if len(text) > LONGEST_TEXT:
        raise Unheard(
            "reply", f"its answer has {len(text)} characters, at most {LONGEST_TEXT} are read"
        )
    model = reply.get("model")
    name = " ".join(model.split())[:LONGEST_NAME] if isinstance(model, str) else ""
    return Heard(text, bool(refusal) or filtered, name, _usage(reply.get("usage")), cut)


def _usage(told: Any) -> tuple[int, int] | None:
    """Tokens read and written; None where they are not told as whole numbers. What a server counts
    beside a good answer is no reason to lose the answer."""
    if not isinstance(told, dict):
        return None
    tokens = [told.get(name) or 0 for name in ("prompt_tokens", "completion_tokens")]
    if not any(tokens) or not all(type(n) is int and 0 <= n <= MOST_TOKENS for n in tokens):
        return None
    return tokens[0], tokens[1]


def _no_answer(reply: Received, server: Server) -> Heard:
    """A refusal by the provider's filter is an answer of its kind; all else raises Unheard."""
    status = reply.status
    message, code = _error(reply)
    told = f"HTTP {status}" + (f", {server.hidden(message)}" if message else "")
    if status in (401, 403):  # such messages like to quote the key
        raise Unheard("key", f"HTTP {status}: the server does not accept the key")
    if code in BLOCKED or (status == 400 and refuses(message)):
        return Heard(server.hidden(message), True, "", None)
    if status not in AGAIN or code == SPENT:
        raise Unheard("request", told)
    wait = _asked_pause(reply.headers)
    if wait is None:
        raise Unheard("server", told, True, limited=status == TOO_MANY)
    if wait > LONGEST_WAIT:
        raise Unheard("server", f"{told}; it asks to wait {wait:.0f} s")
    raise Unheard("server", told, wait)


def _error(reply: Received) -> tuple[str, str]:
    """Message and code of an error reply, in the shapes that servers give it."""
    try:
        found = reply.json()
        found = found.get("error") or found.get("detail") or found.get("message") or ""
        if isinstance(found, dict):
            return str(found.get("message") or ""), str(found.get("code") or "")
        return str(found), ""
    except (ValueError, AttributeError):
        return reply.text, ""


def _asked_pause(headers: Mapping[str, str]) -> float | None:
    """Seconds to wait by Retry-After: a number, or a date (RFC 9110, 10.2.3)."""
    asked = headers.get("retry-after", "").strip()
    try:
        return max(0.0, float(asked))
    except ValueError:
        pass
    try:
        until = parsedate_to_datetime(asked)
    except (ValueError, OverflowError, TypeError, LookupError):  # a year of twenty digits, say
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
