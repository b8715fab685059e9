"""The remote judge over a real HTTP server on loopback that misbehaves as it is told."""

import json
import logging
import re
import time
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from PIL import Image

from tests.judge_server import Heard, Reply, Rule, Serving, failed, said, serving
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.scoring.chat import Patience
from uig_cli.scoring.judges.openai import OpenAIJudge
from uig_cli.scoring.protocol import Answer, Asked, Prepared
from uig_cli.scoring.protocol import Reply as Given
from uig_cli.scoring.registry import named
from uig_cli.scoring.servers import check_key, server_of
from uig_cli.scoring.terms import Terms
from uig_cli.templates import Template, load_all

QUICK = Patience(attempts=4, first=0.01, longest=0.05, jitter=0.01, reply=5.0)
RED = Picture.of(Image.new("RGB", (8, 8), "red"))
QUESTIONS = ("Is it red?", "Is it round?", "Is there a dog?")
KEY = "sk-test-0123456789"


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)


def judge(served: Serving, patience: Patience = QUICK, **terms: object) -> OpenAIJudge:
    """One that has been read before."""
    made = Terms(load_all({}), **terms)  # type: ignore[arg-type]
    found = OpenAIJudge(*server_of(f"org/eye-1.5@{served.url}"), made, patience)
    found.proven()
    return found


def answers(
    rule: Rule, *items: Asked, patience: Patience = QUICK, **terms: object
) -> tuple[list[Given], list[Heard]]:
    with serving(rule) as served:
        replies = dict(judge(served, patience, **terms).ask(items))
        return [replies[index] for index in range(len(items))], served.heard


def one(rule: Rule, questions: Sequence[str] = QUESTIONS, **more: object) -> tuple[Answer, ...]:
    (reply,), _ = answers(rule, Asked(RED, tuple(questions)), **more)  # type: ignore[arg-type]
    assert not isinstance(reply, Failure), reply
    return tuple(found for found in reply if isinstance(found, Answer))


def failure(rule: Rule, **more: object) -> tuple[Failure, int]:
    """The failure that the rule leads to, and how many requests it took."""
    (reply,), heard = answers(rule, Asked(RED, QUESTIONS), **more)  # type: ignore[arg-type]
    assert isinstance(reply, Failure), reply
    return reply, len(heard)


def truth(heard: Heard) -> list[str]:
    """An answer for each question that depends on question and picture."""
    return [word(question, heard.image) for question in heard.questions]


def word(question: str, image: str) -> str:
    return "yes" if sha256(f"{question} {image}".encode()).digest()[0] % 2 else "no"


def honest(heard: Heard) -> Reply:
    return said("\n".join(f"{each}, I think" for each in truth(heard)))


def then(*replies: Reply | Rule) -> Rule:
    """These replies in turn, the last one for ever."""
    left = list(replies)

    def rule(heard: Heard) -> Reply:
        reply = left.pop(0) if len(left) > 1 else left[0]
        return reply if isinstance(reply, Reply) else reply(heard)

    return rule


def test_one_request_for_all_questions_of_a_picture() -> None:
    (reply,), (heard,) = answers(honest, Asked(RED, QUESTIONS))
    assert heard.questions == list(QUESTIONS)
    assert heard.body["temperature"] == 0
    assert heard.body["model"] == "org/eye-1.5"
    assert heard.headers["Authorization"] == f"Bearer {KEY}"
    assert heard.image.startswith("data:image/png;base64,")
    assert isinstance(reply, tuple)
    assert [answer.answer for answer in reply] == truth(heard)
    assert reply[0].raw == f"{truth(heard)[0]}, I think"
    assert reply[0].by.startswith("eye-2026-01 at http://127.0.0.1:")
    assert [answer.usage for answer in reply] == [(100, 10), None, None]


def test_pictures_are_sent_as_pixels_alone() -> None:
    from base64 import b64decode
    from io import BytesIO

    image = Image.new("RGBA", (4, 4), (255, 0, 0, 0))
    image.info["uig:prompt"] = "secret"
    _, (heard,) = answers(honest, Asked(Picture.of(image), QUESTIONS[:1]))
    sent = Image.open(BytesIO(b64decode(heard.image.partition(",")[2])))
    assert (sent.format, sent.mode, sent.getpixel((0, 0))) == ("PNG", "RGB", (255, 255, 255))
    assert sent.info == {}


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 529])
def test_what_passes_by_itself_is_tried_again(status: int) -> None:
    reply = one(then(failed(status, "busy"), failed(status, "busy"), honest))
    assert {answer.status for answer in reply} == {"answered"}


@pytest.mark.parametrize(
    "broken",
    [
        Reply("not json"),
        Reply("[]"),
        Reply('{"choices": []}'),
        Reply(json.dumps({"choices": [{"message": {"content": ""}}]})),
        Reply(json.dumps({"choices": [{"message": {"content": 7}}]})),
        Reply("<html>gateway</html>", 502),
        Reply(drop=True),
    ],
)
def test_a_reply_that_is_none_is_tried_again(broken: Reply) -> None:
    assert {answer.status for answer in one(then(broken, honest))} == {"answered"}
    found, requests = failure(broken_for_ever(broken))
    assert requests == QUICK.attempts
    assert found.kind in ("reply", "server", "connection")


def broken_for_ever(reply: Reply) -> Rule:
    return lambda heard: reply


def test_a_slow_reply_is_tried_again() -> None:
    impatient = Patience(attempts=3, first=0.01, longest=0.02, jitter=0.0, reply=0.3)
    slow = Reply(honest_body(), pause=3.0)
    assert one(then(slow, honest), patience=impatient)[0].status == "answered"
    found, _ = failure(lambda heard: slow, patience=impatient)
    assert found == Failure("timeout", "no whole reply within 0.3 s")


def honest_body() -> str:
    return said("yes\nyes\nyes").body


@pytest.mark.parametrize(
    ("reply", "kind", "reason"),
    [
        (failed(401, f"Incorrect API key provided: {KEY}"), "key", "does not accept the key"),
        (failed(403, "no"), "key", "HTTP 403"),
        (failed(404, "The model `eye` does not exist"), "request", "`eye` does not exist"),
        (failed(400, f"bad header {KEY}"), "request", "bad header [key]*"),
        (failed(429, "no credit", "insufficient_quota"), "request", "no credit"),
        (failed(503, "later", retry_after="3600"), "server", "asks to wait 3600 s"),
        (Reply('{"detail": "no such field"}', 422), "request", "HTTP 422, no such field"),
    ],
)
def test_what_does_not_pass_is_not_tried_again(reply: Reply, kind: str, reason: str) -> None:
    found, requests = failure(lambda heard: reply)
    assert (found.kind, requests) == (kind, 1)
    assert reason in found.reason and KEY not in found.reason


@pytest.mark.parametrize("asked", ["0.4", "1"])
def test_retry_after_is_honoured(asked: str) -> None:
    _, heard = answers(then(failed(429, retry_after=asked), honest), Asked(RED, QUESTIONS))
    waited = heard[1].at - heard[0].at
    assert float(asked) <= waited < float(asked) + 1


def test_retry_after_may_be_a_date() -> None:
    from email.utils import formatdate

    now, start = time.time(), time.monotonic()
    later = formatdate(int(now) + 3, usegmt=True)
    _, heard = answers(then(failed(503, retry_after=later), honest), Asked(RED, QUESTIONS))
    until = start + int(now) + 3 - now
    assert until - 0.1 < heard[1].at < until + 1.5


def test_a_count_that_does_not_fit_is_asked_one_by_one() -> None:
    (reply,), heard = answers(then(said("yes\nno"), honest), Asked(RED, QUESTIONS))
    assert [len(each.questions) for each in heard] == [3, 1, 1, 1]
    assert isinstance(reply, tuple)
    assert [answer.answer for answer in reply] == [word(q, heard[0].image) for q in QUESTIONS]
    assert [answer.usage for answer in reply] == [(200, 20), (100, 10), (100, 10)]


def test_what_stays_unparsed_is_missing_with_its_text() -> None:
    def rule(heard: Heard) -> Reply:
        if len(heard.questions) > 1:
            return said("I see a dog.")
        return said("Perhaps." if "dog" in heard.questions[0] else "yes")

    (reply,), heard = answers(rule, Asked(RED, QUESTIONS))
    assert isinstance(reply, tuple)
    assert [answer.answer for answer in reply] == ["yes", "yes", None]
    assert reply[2].status == "unparsed"
    assert "I see a dog." in reply[2].raw and "Perhaps." in reply[2].raw
    assert len(heard) == 1 + 3 + 1


def cut(text: str | None) -> Reply:
    return said(text, finish_reason="length")


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (cut("<think>\nYes, but let me look again.\nNo, it"), "cut off"),
        (cut("<think>\nYes, it is.\nNo, it is not.\nNo dog.\n"), "cut off"),
        (said("<think>\nYes, it is.\nNo, it is not.\nNo dog."), "cut off"),
        (cut(None), "cut off"),
        (cut("yes\nno\nyes"), "cut off"),
        (said("yes\nno\nyes", finish_reason="max_tokens"), "cut off"),
        (cut("yes\nno\nno\nAll in"), "answered"),
    ],
)
def test_what_was_cut_off_is_asked_again_and_then_missing(reply: Reply, status: str) -> None:
    found, heard = answers(lambda heard: reply, Asked(RED, QUESTIONS))
    assert isinstance(found[0], tuple)
    assert {answer.status for answer in found[0]} == {status}
    assert len(heard) == (1 if status == "answered" else 1 + 2 * 3)
    again = one(then(reply, lambda heard: said("\n".join("no" for _ in heard.questions))))
    assert {answer.status for answer in again} == {"answered"}


def test_what_a_cut_reply_said_in_full_is_kept() -> None:
    (reply,), heard = answers(
        then(cut("1. yes\n2. no\n3. yes, bec"), said("no")), Asked(RED, QUESTIONS)
    )
    assert isinstance(reply, tuple)
    assert [answer.answer for answer in reply] == ["yes", "no", "no"]
    assert [len(each.questions) for each in heard] == [3, 1]
    (spoken,) = reply[0].replies
    assert (spoken.text, spoken.about, spoken.cut) == (
        "1. yes\n2. no\n3. yes, bec",
        QUESTIONS,
        True,
    )


def test_one_long_text_is_kept_once() -> None:
    reply = one(lambda heard: said("I see a dog. " * 100))
    assert sum(len(answer.raw) for answer in reply) < 1500
    assert len(reply[0].replies) == 1 and reply[0].raw.startswith("I see a dog.")
    assert {answer.raw for answer in reply[1:]} == {'[as to "Is it red?"]'}


@pytest.mark.parametrize(
    ("reply", "requests", "told"),
    [
        (said("A fine \x1b[31marrangement."), 1, r"cannot be read .*A fine \\x1b\[31marr"),
        (said("A" * 5000), 1, "AAA\\.\\.\\."),
        (said(f"See {KEY}."), 1, r"See \[key\]\*+\."),
        (said("yes\nno"), 1 + 3 * 2, None),
        (said("I'm sorry, I can't help with that."), 1 + 3 * 2, None),
        (said("<think>Hm", finish_reason="length"), 1 + 3 * 2, None),
        (failed(404, "no such model"), 1, None),
    ],
)
def test_a_first_reply_that_cannot_be_read_is_told_before_more_is_paid_for(
    reply: Reply, requests: int, told: str | None
) -> None:
    with serving(lambda heard: reply) as served:
        fresh = OpenAIJudge(*server_of(f"eye@{served.url}"), Terms(load_all({})), QUICK)
        ((_, given),) = fresh.ask([Asked(RED, QUESTIONS)])
        assert len(served.heard) == requests
    why = fresh.unreadable(given)
    assert why is None if told is None else why is not None and re.search(told, why)
    assert why is None or (KEY not in why and len(why) < 700)


@pytest.mark.parametrize(
    "refusal",
    [
        said("I'm sorry, I can't help with that."),
        said(None, message={"content": None, "refusal": "I will not."}),
        said("", finish_reason="content_filter"),
        failed(400, "blocked", "content_policy_violation"),
    ],
)
def test_refusals_are_missing_and_say_so(refusal: Reply) -> None:
    reply = one(lambda heard: refusal)
    assert {(answer.answer, answer.status) for answer in reply} == {(None, "refused")}
    asked_again = one(then(refusal, honest))
    assert {answer.status for answer in asked_again} == {"answered"}


def test_a_question_that_fails_leaves_the_others() -> None:
    def rule(heard: Heard) -> Reply:
        if len(heard.questions) > 1:
            return said("?")
        return failed(400, "too long") if "dog" in heard.questions[0] else said("no")

    reply = one(rule)
    assert [answer.answer for answer in reply] == ["no", "no", None]
    assert reply[2].status == "request: HTTP 400, too long"


def test_no_more_requests_at_a_time_than_allowed() -> None:
    running, most = 0, 0

    def rule(heard: Heard) -> Reply:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)
        running -= 1
        return honest(heard)

    replies, _ = answers(rule, *[Asked(RED, QUESTIONS)] * 30, concurrency=4)
    assert len(replies) == 30
    assert 1 < most <= 4


def test_whoever_stops_listening_ends_what_is_under_way() -> None:
    with serving(lambda heard: Reply(honest_body(), pause=0.05)) as served:
        replies = judge(served, concurrency=2).ask([Asked(RED, QUESTIONS)] * 200)
        next(replies)
        start = time.monotonic()
        replies.close()  # type: ignore[attr-defined]
        assert time.monotonic() - start < 1
        assert len(served.heard) < 20


def test_a_picture_that_cannot_be_read_is_its_own_failure() -> None:
    def gone() -> Image.Image:
        raise FileNotFoundError("step-0.png")

    lost = Picture("0" * 64, (8, 8), gone)
    replies, _ = answers(honest, Asked(lost, QUESTIONS), Asked(RED, QUESTIONS))
    assert replies[0] == Failure("picture", "FileNotFoundError: step-0.png")
    assert isinstance(replies[1], tuple)


BAD: dict[str, Callable[[], Reply]] = {
    "429": lambda: failed(429, "slow down", retry_after="0.01"),
    "500": lambda: failed(500, "oops"),
    "timeout": lambda: Reply(honest_body(), pause=3.0),
    "garbage": lambda: Reply("\x00<garbage>"),
    "refusal": lambda: said("I'm sorry, but I can't view the image."),
}


@pytest.mark.slow
def test_a_fifth_of_bad_replies_costs_no_answer_that_can_be_had() -> None:
    """Every kind of trouble, some passing and some for ever: all that can be judged is."""
    pictures = [Picture.of(Image.new("RGB", (8, 8), (i, 0, 0))) for i in range(100)]
    tries: Counter[str] = Counter()
    for_ever: dict[str, str] = {}
    bad = 0

    def rule(heard: Heard) -> Reply:
        nonlocal bad
        digest = sha256(heard.image.encode()).digest()
        kind = list(BAD)[digest[1] % len(BAD)]
        if digest[0] < 20:
            for_ever[heard.image] = kind
        tries[heard.text + heard.image] += 1
        if heard.image in for_ever or (digest[0] < 60 and tries[heard.text + heard.image] == 1):
            bad += 1
            return BAD[kind]()
        return honest(heard)

    impatient = Patience(attempts=3, first=0.01, longest=0.05, jitter=0.01, reply=0.4)
    items = [Asked(picture, QUESTIONS) for picture in pictures]
    replies, heard = answers(rule, *items, patience=impatient, concurrency=32)
    assert 0.15 < bad / len(heard) < 0.5
    assert set(for_ever.values()) == set(BAD)
    from uig_cli.scoring.pictures import data_url

    for picture, reply in zip(pictures, replies, strict=True):
        image = data_url(picture.image)
        kind = for_ever.get(image)
        if kind is None:
            assert isinstance(reply, tuple)
            assert [each.answer for each in reply] == [word(q, image) for q in QUESTIONS]
        elif kind == "refusal":
            assert isinstance(reply, tuple)
            assert {each.status for each in reply} == {"refused"}
        else:
            assert isinstance(reply, Failure)
            expected = {"429": "HTTP 429, slow down", "500": "HTTP 500, oops",
                        "timeout": "no whole reply within", "garbage": "got no chat"}  # fmt: skip
            assert reply.reason.startswith(expected[kind])


def test_identity_is_what_is_asked_and_read_not_where() -> None:
    def identity(spec: str, **terms: object) -> dict[str, str]:
        made = Terms(**{"templates": load_all({}), **terms})  # type: ignore[arg-type]
        return dict(named("judges", f"openai:{spec}").open(made, None).identity)

    usual = identity("eye@http://one:8000/v1")
    assert usual == identity("eye@https://two/v1", concurrency=64)
    others = [
        identity("eye2@http://one:8000/v1"),
        identity("eye@http://one:8000/v1", parser="strict"),
        identity("eye@http://one:8000/v1", temperature=1.0),
        identity("eye@http://one:8000/v1", repeats=3),
        *(
            identity(
                "eye@http://one:8000/v1",
                templates={**load_all({}), name: Template(name, f"{{{field}}}")},
            )
            for name, field in (("judge", "question"), ("judge-many", "questions"))
        ),
    ]
    distinct = {tuple(sorted(each.items())) for each in (usual, *others)}
    assert len(distinct) == 1 + len(others)
    assert KEY not in str(usual)


def ready(url: str) -> None:
    """What is done before anything else is asked."""
    OpenAIJudge(*server_of(f"eye@{url}"), Terms(load_all({}))).prepare()


def test_one_real_question_comes_first() -> None:
    with serving(honest) as served:
        eye = named("judges", f"openai:eye@{served.url}")
        eye.check(Terms(load_all({})))
        opened = eye.open(Terms(load_all({}), repeats=3), None)
        assert isinstance(opened, Prepared) and served.heard == []
        opened.prepare()
        opened.prepare()
        (heard,) = served.heard
    assert heard.questions == ["Is the picture red?"]
    assert heard.image.startswith("data:image/png")


@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (failed(401, f"Incorrect API key provided: {KEY}"), "set the environment variable"),
        (failed(404, "The model `eye` does not exist."), "check the model's name"),
        (failed(400, "temperature must be 1"), "temperature must be 1"),
        (said("I cannot view images."), "give a model that sees"),
        (said("A fine arrangement."), "cannot be read as yes or no by the parser robust"),
    ],
)
def test_a_judge_that_does_not_answer_is_an_error_at_once(reply: Reply, told: str) -> None:
    with serving(lambda heard: reply) as served, pytest.raises(UigError) as error:
        ready(served.url)
    sentence = str(error.value)
    assert told in sentence and sentence.startswith(f"judge openai:eye at {served.url}")
    assert KEY not in sentence and "\n" not in sentence
    assert error.value.exit_code == 2


def test_a_judge_that_thinks_too_long_about_one_square_may_be_asked_about_others() -> None:
    with serving(lambda heard: cut("<think>\nYes, but")) as served:
        ready(served.url)


def test_a_server_that_is_down_is_an_error_at_once() -> None:
    with serving(honest) as served:
        pass
    with pytest.raises(UigError, match=r"does not answer .*check that the server runs"):
        ready(served.url)


@pytest.mark.parametrize(
    "spec",
    [
        "eye@localhost:8000/v1",
        "eye@http://user:secret@host/v1",
        "eye@http://host/v1?key=secret",
        "eye@http://",
        "eye@ftp://host/v1",
        "two words",
        "@http://host",
    ],
)
def test_an_address_that_cannot_be_is_refused_and_not_repeated(spec: str) -> None:
    with pytest.raises(UigError, match="openai") as error:
        named("judges", f"openai:{spec}").check(Terms(load_all({})))
    assert "secret" not in str(error.value)


def test_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-a\nb")
    with pytest.raises(UigError, match="characters that no key has") as error:
        server_of("eye@http://host/v1")
    assert "sk-a" not in str(error.value)
    monkeypatch.delenv("OPENAI_API_KEY")
    assert server_of("eye@http://host/v1/")[1].url == "http://host/v1"
    check_key(*server_of("eye@http://host/v1/"))
    with pytest.raises(UigError, match="needs a key; set the environment variable OPENAI_API_KEY"):
        check_key(*server_of("gpt-4o"))
    monkeypatch.setenv("OPENAI_API_KEY", f" {KEY}\n")
    model, server = server_of("gpt-4o")
    assert (model, server.url, server.key) == ("gpt-4o", "https://api.openai.com/v1", KEY)
    assert KEY not in repr(server)


def test_the_key_is_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    one(then(failed(500, f"oops {KEY}"), Reply(drop=True), honest))
    assert caplog.records
    assert KEY not in caplog.text
