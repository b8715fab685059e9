"""A judge behind an OpenAI-compatible server: GPT-4o, or any vision model that vLLM serves.

All questions about a picture go in one request, as the benchmarks' own scripts do it; those that
got no answer are asked again one by one, a few times, and are missing if that does not help.
Many requests are under way at a time. What identifies the judge is what it is asked and how it is
read, not where it runs or how often the line broke: that stands beside each answer.
"""

import asyncio
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from httpx2 import AsyncClient
from PIL import Image

from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, UnifiedModel
from uig_cli.scoring.chat import Heard, Patience, Unheard, ask, client
from uig_cli.scoring.parsing import parser, parser_version
from uig_cli.scoring.pictures import data_url
from uig_cli.scoring.protocol import ANSWERED, REFUSED, UNPARSED, Answer, Asked, Kind, Reply
from uig_cli.scoring.servers import KEY, Server, check_key, server_of
from uig_cli.scoring.spoken import heard, read_again, together
from uig_cli.scoring.terms import Terms
from uig_cli.scoring.versions import versions

ONE_BY_ONE = 2
"""How often a question without an answer is asked again by itself."""
USUAL, SHORT = Patience(), Patience(attempts=2, reply=60.0)
WAITING = 32
"""Pictures in the queue for each request under way: the line is never idle for long."""

_ADVICE: Mapping[str, str] = {
    "connection": "check that the server runs and that its address is right",
    "timeout": "check that the server is not overloaded",
    "key": f"set the environment variable {KEY} to a key of that server",
    "request": "check the model's name and the options of the judge",
}


def check(rest: str, terms: Terms) -> None:
    """Raises UigError for an address that is none; the server is not asked yet."""
    server_of(rest)
    parser(terms.parser)


def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> "OpenAIJudge":
    return OpenAIJudge(*server_of(rest), terms)


@dataclass(frozen=True, slots=True)
class _Line:
    """What requests of one event loop share."""

    via: AsyncClient
    free: asyncio.Semaphore


class OpenAIJudge:
    """The judge `openai:MODEL[@BASE_URL]`."""

    kind: Kind = "answers"

    def __init__(
        self, model: str, server: Server, terms: Terms, patience: Patience = USUAL
    ) -> None:
        self.name = "openai-" + re.sub(r"[^\w+-]+", "-", model.split("/")[-1], flags=re.ASCII)
        self.batch = WAITING * terms.concurrency
        self._model, self._server, self._terms, self._patience = model, server, terms, patience
        self._parse, self._proven, self._probed = parser(terms.parser), False, False

    def prepare(self) -> None:
        """Puts one real question to the server; raises UigError where that brings no answer."""
        if not self._probed:
            check_key(self._model, self._server)
            self.probe()
            self._probed = True

    def proven(self) -> None:
        self._proven = True

    def unreadable(self, reply: Reply) -> str | None:
        found = () if isinstance(reply, Failure) else [a for a in reply if isinstance(a, Answer)]
        if not found or any(map(self._readable, found)):
            return None
        return self._unreadable(found[0].raw)

    def _readable(self, answer: Answer) -> bool:
        """Whether there is some yes or no in what was said, be it too few of them, or a reason why
        there is none."""
        lines = answer.raw.splitlines() if answer.status == UNPARSED else []
        return answer.status != UNPARSED or any(
            self._parse(line, ("",))[0].answer for line in lines
        )

    def read_again(self, kept: Sequence[tuple[str, Answer]]) -> Sequence[Answer | None]:
        return read_again(self._parse, kept)

    @property
    def identity(self) -> Mapping[str, str]:
        terms = self._terms
        return {
            "judge": "openai",
            "model": self._model,
            "template judge": terms.templates["judge"].sha256,
            "template judge-many": terms.templates["judge-many"].sha256,
            "parser": terms.parser,
            **versions(parser_version=parser_version(terms.parser)),
            "temperature": str(float(terms.temperature)),
            "asking": f"together, then one by one {ONE_BY_ONE} times",
        }

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        """Answers items as they finish. Whoever stops listening ends what is under way."""
        replies: asyncio.Queue[tuple[int, Reply]] = asyncio.Queue()

        async def judge(index: int, item: Asked, line: _Line) -> None:
            async with line.free:
                replies.put_nowait((index, await self._judge(item, line.via)))

        with asyncio.Runner() as runner:
            line = self._line()
            loop = runner.get_loop()
            tasks = [loop.create_task(judge(i, item, line)) for i, item in enumerate(items)]
            try:
                for _ in tasks:
                    yield runner.run(replies.get())
            finally:
                for task in tasks:
                    task.cancel()
                runner.run(_end(tasks, line.via))

    def _line(self) -> _Line:
        most = self._terms.concurrency
        return _Line(client(self._server, most, self._patience), asyncio.Semaphore(most))

    async def _judge(self, item: Asked, via: AsyncClient) -> Reply:
        try:
            url = await asyncio.to_thread(lambda: data_url(item.picture.image))
        except (OSError, ValueError) as error:
            return Failure("picture", f"{type(error).__name__}: {error}")
        try:
            tries = [[answer] for answer in await self._put(via, url, item.wanted)]
        except Unheard as error:
            return Failure(error.kind, error.reason)
        except Exception as error:  # the queue waits for an answer, whatever happens
            return Failure("judge", self._server.hidden(f"{type(error).__name__}: {error}"))
        self._proven = self._proven or any(self._readable(given[-1]) for given in tries)
        for _ in range(ONE_BY_ONE if self._proven else 0):
            for question, given in zip(item.wanted, tries, strict=True):
                if given[-1].status != ANSWERED:
                    given.append(await self._put_one(via, url, question))
        return together(item.wanted, tries)

    async def _put_one(self, via: AsyncClient, url: str, question: str) -> Answer:
        try:
            (answer,) = await self._put(via, url, (question,))
        except Unheard as error:
            return Answer(None, f"{error.kind}: {error.reason}")
        return answer

    async def _put(
        self, via: AsyncClient, url: str, questions: Sequence[str]
    ) -> tuple[Answer, ...]:
        """One request; raises Unheard where it stays without a reply."""
        said = await ask(via, self._server, self._body(url, questions), self._patience)
        answers = (
            (Answer(None, REFUSED, raw=said.text),) * len(questions)
            if said.refused
            else heard(self._parse, said.text, questions, said.cut)
        )
        by = f"{said.model or self._model} at {self._server.url}"
        return tuple(
            replace(answer, by=by, usage=None if place else said.usage)
            for place, answer in enumerate(answers)
        )

    def _body(self, url: str, questions: Sequence[str]) -> dict[str, Any]:
        parts = [
            {"type": "text", "text": self._text(questions)},
            {"type": "image_url", "image_url": {"url": url}},
        ]
        return {
            "model": self._model,
            "messages": [{"role": "user", "content": parts}],
            "temperature": self._terms.temperature,
        }

    def _text(self, questions: Sequence[str]) -> str:
        asked = [" ".join(question.split()) for question in questions]
        if len(asked) == 1:
            return self._terms.templates["judge"].fill(question=asked[0])
        listed = "\n".join(f"{number}. {question}" for number, question in enumerate(asked, 1))
        return self._terms.templates["judge-many"].fill(questions=listed)

    def probe(self, patience: Patience = SHORT) -> None:
        """Asks whether a red square is red. Any answer will do that can be read as one; a judge
        that thinks beyond its limit of tokens may still come to an end over others."""
        url = data_url(Image.new("RGB", (112, 112), "red"))
        question = "Is the picture red?"

        async def once() -> Heard:
            async with client(self._server, 1, patience) as via:
                return await ask(via, self._server, self._body(url, (question,)), patience)

        try:
            said = asyncio.run(once())
        except Unheard as error:
            advice = _ADVICE.get(error.kind, "try again later or give another judge")
            raise UigError(f"{self._where} does not answer ({error.reason}); {advice}.") from None
        (answer,) = self._parse(said.text, (question,), said.cut)
        shown = self._server.hidden(said.text)
        if said.refused or answer.status == REFUSED:
            raise UigError(
                f"{self._where} will not look at a picture ({shown}); give a model that sees."
            )
        if answer.status == UNPARSED:
            raise UigError(self._unreadable(said.text))

    @property
    def _where(self) -> str:
        return f"judge openai:{self._model} at {self._server.url}"

    def _unreadable(self, said: str) -> str:
        return (
            f"{self._where} says what cannot be read as yes or no by the parser "
            f"{self._terms.parser} ({self._server.hidden(said)}); nothing more is asked of it: "
            "give another model, --template judge=FILE or judge-many=FILE, or --judge-parser."
        )


async def _end(tasks: Sequence[asyncio.Task[None]], via: AsyncClient) -> None:
    await asyncio.gather(*tasks, return_exceptions=True)
    await via.aclose()
