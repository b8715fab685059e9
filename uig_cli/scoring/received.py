"""What a server sends, at the one place where it enters: in time, bounded, and without the key.

A reply is read within a deadline around the whole request, however slowly its bytes drip, and no
further than MOST_BYTES, counted as it would be read: a small body that unpacks to gigabytes is
given up too. Every text in it has the key masked, as careless servers echo it: in an answer, a
model's name, an error.
"""

import asyncio
import base64
import html
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx2

from uig_cli.plain_json import read_json

MOST_BYTES = 8_000_000
"""Of a whole reply. A thought of the longest text that is read takes a twentieth."""
SHORTEST_KEY = 8
"""Characters. Words such as "EMPTY", which local servers take for a key, are no secret, and an
answer may hold them."""
_UNPACKED = {"": None, "identity": None, "gzip": 47, "x-gzip": 47, "deflate": 47}
"""Window bits by content encoding; 47 tells gzip and zlib apart by themselves."""


class Unreceived(Exception):
    """A reply that is none, with the rest of a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Masked:
    """Masks a key wherever it stands in a text, as it is or as text formats write it; the length
    of a text stays."""

    key: str | None

    def text(self, text: str) -> str:
        """The text without the key, and without halves of characters, which no file can hold."""
        for form in self._forms():
            text = text.replace(form, ("[key]" + "*" * len(form))[: len(form)])
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def value(self, value: Any) -> Any:
        """A value of JSON, all of whose texts are masked."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.value(part) for part in value]
        if isinstance(value, dict):
            return {self.text(name): self.value(part) for name, part in value.items()}
        return value

    def _forms(self) -> list[str]:
        key = self.key
        if key is None or len(key) < SHORTEST_KEY:
            return []
        encoded = base64.b64encode(key.encode()).decode().rstrip("=")
        forms = {key, quote(key), quote(key, safe=""), html.escape(key), json.dumps(key)[1:-1]}
        return sorted(forms | {encoded}, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class Received:
    """A whole reply. text: decoded and masked; headers: names in small letters."""

    status: int
    headers: Mapping[str, str]
    text: str
    masked: Masked

    def json(self) -> Any:
        """Raises ValueError for what is no JSON; an odd number in it spoils nothing else."""
        return self.masked.value(read_json(self.text, any_numbers=True))


async def post(
    via: httpx2.AsyncClient, url: str, body: Mapping[str, Any], key: str | None, seconds: float
) -> Received:
    """Raises TimeoutError after `seconds`, Unreceived for a reply without an end, and what the
    client raises."""
    async with asyncio.timeout(seconds), via.stream("POST", url, json=body) as response:
        content = bytearray()
        async for chunk in response.aiter_raw():
            content += chunk
            if len(content) > MOST_BYTES:
                raise _too_long()
    masked = Masked(key)
    headers = {name.lower(): masked.text(value) for name, value in response.headers.items()}
    text = _unpacked(bytes(content), headers.get("content-encoding", ""))
    return Received(response.status_code, headers, masked.text(text), masked)


def _unpacked(content: bytes, encoding: str) -> str:
    name = encoding.strip().lower()
    if name not in _UNPACKED:
        raise Unreceived(f"its reply is encoded as {name[:40]!r}, which was not asked for")
    if (bits := _UNPACKED[name]) is not None:
        try:
            content = zlib.decompressobj(bits).decompress(content, MOST_BYTES + 1)
        except zlib.error as error:
            raise Unreceived(f"its reply cannot be unpacked ({error})") from None
    if len(content) > MOST_BYTES:
        raise _too_long()
    return content.decode("utf-8", "replace")


def _too_long() -> Unreceived:
    return Unreceived(f"its reply has more than {MOST_BYTES // 1_000_000} MB and was not read on")
