"""Where a remote judge is: `MODEL[@BASE_URL]`, and a key that only the environment knows."""

import os
import re
from dataclasses import dataclass, field

from httpx2 import URL, InvalidURL

from uig_cli.errors import UigError

OPENAI = "https://api.openai.com/v1"
KEY = "OPENAI_API_KEY"
EXAMPLES = "openai:gpt-4o or openai:MODEL@http://localhost:8000/v1"

_SPEC = re.compile(r"(?P<model>[^\s@]+)(?:@(?P<url>https?://[^\s@]+))?")
SHOWN = 300


@dataclass(frozen=True, slots=True)
class Server:
    """Where to ask. url: up to and with "/v1"; key: None where none is needed."""

    url: str
    key: str | None = field(default=None, repr=False)

    def hidden(self, text: str) -> str:
        """The text on one line and not too long, without the key and what a terminal would obey."""
        words = " ".join((text.replace(self.key, "[key]") if self.key else text).split())
        shown = "".join(
            c if c.isprintable() else c.encode("unicode_escape").decode()
            for c in words[: SHOWN * 2]
        )
        return shown if len(shown) <= SHOWN else shown[: SHOWN - 3] + "..."


def server_of(spec: str) -> tuple[str, Server]:
    """Model and server of `MODEL[@BASE_URL]`, OpenAI's own by default.

    Raises UigError, which never repeats an address that may hold a password, where they are none
    or the key is none.
    """
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise UigError(
            "judge openai: what follows is not MODEL[@BASE_URL] with a plain http(s) address; "
            f"write e.g. {EXAMPLES}, and put a key into the environment variable {KEY}."
        )
    model = match["model"]
    try:
        url = URL(match["url"] or OPENAI)
    except InvalidURL as error:
        raise UigError(
            f"judge openai:{model}: its address is none ({error}); write e.g. {EXAMPLES}."
        ) from None
    if url.query or url.fragment or not url.host:
        raise UigError(
            f"judge openai:{model}: its address must be host and path alone; write e.g. "
            f"{EXAMPLES}, and put a key into the environment variable {KEY}."
        )
    return model, Server(str(url).rstrip("/"), _key())


def check_key(model: str, server: Server) -> None:
    """Raises UigError where the server takes nobody without a key, and there is none."""
    if server.key is None and URL(server.url).host == URL(OPENAI).host:
        raise UigError(f"judge openai:{model} needs a key; set the environment variable {KEY}.")


def _key() -> str | None:
    key = os.environ.get(KEY, "").strip()
    if not (key.isascii() and key.isprintable() and " " not in key):
        raise UigError(f"{KEY} holds characters that no key has; set it to the key alone.")
    return key or None
