"""The one loop that asks scorers, without a command around it."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import ROOT
from tests.scoring_for_tests import Toy
from uig_cli.benchmarks.tiif.benchmark import benchmark as tiif
from uig_cli.cases import Case, Question
from uig_cli.console import Silent
from uig_cli.engine.scoring import Asking, Flaw, _ask, _items, _ready
from uig_cli.errors import RunStopped, UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.runs.records import Recorded, Records
from uig_cli.scoring.parsing import robust
from uig_cli.scoring.protocol import Answer, Asked, Detections, Finding, Rating, Reply
from uig_cli.scoring.spoken import read_again

HOW = Asking("0-of-1", 4, Silent())


class NoBar:
    done = 0

    def advance(self, by: int = 1, note: str = "") -> None:
        self.done += by

    def tell(self, lines: Callable[[], Iterable[str]]) -> None:
        return


def picture(number: int) -> Picture:
    return Picture.of(Image.new("RGB", (2, 2), (number, 0, 0)))


def items(count: int, *texts: str) -> list[Asked]:
    return [Asked(picture(n), texts or ("a?", "b?")) for n in range(count)]


def no_flaw(found: Finding, shown: Picture) -> None:
    return


def ask(
    scorer: Toy, asked: Sequence[Asked], folder: Path, flaw: Flaw = no_flaw
) -> tuple[int, Records]:
    bar = NoBar()
    records = Records(folder, scorer.kind, HOW.shard)
    work = _ask(scorer, asked, records, bar, HOW, flaw, lambda item, reply: None)
    assert bar.done == len(asked)
    return work, Records(folder, scorer.kind)


def test_what_is_found_is_never_asked_again_and_what_failed_is(tmp_path: Path) -> None:
    def rule(shown: Picture, text: str) -> Recorded:
        return Answer(None, "refused") if text == "b?" else Answer("yes")

    first = Toy("eye", "answers", rule)
    assert ask(first, items(3), tmp_path)[0] == 3
    again = Toy("eye", "answers", lambda shown, text: Answer("no"))
    work, kept = ask(again, items(4), tmp_path)
    assert work == 4
    assert sorted({text for _, text in again.asked[:3]}) == ["b?"]
    assert kept.found(picture(0).sha256, "a?") == Answer("yes")
    assert kept.found(picture(0).sha256, "b?") == Answer("no")
    assert ask(Toy("eye", "answers", rule), items(4), tmp_path)[0] == 0


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        ((Answer("yes"),), "protocol: got 1 answers to 2 questions"),
        ((Rating(1.0), Rating(1.0)), "protocol: got Rating, expected Answer"),
        (
            (Answer("yes"), Answer("Yes")),  # type: ignore[arg-type]
            'protocol: got the answer "Yes", expected yes, no or None',
        ),
        ("yes", "protocol: got str as an answer"),
        (Failure("server", "down"), "server: down"),
    ],
)
def test_a_reply_that_does_not_fit_is_a_failure(reply: object, status: str, tmp_path: Path) -> None:
    class Odd(Toy):
        def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
            yield from ((index, reply) for index in range(len(items)))  # type: ignore[misc]

    _, kept = ask(Odd("odd", "answers", None), items(2), tmp_path)
    for text in ("a?", "b?"):
        assert kept.found(picture(1).sha256, text) == Answer(None, status)


def test_one_picture_that_breaks_a_scorer_is_its_own_trouble(tmp_path: Path) -> None:
    def rule(shown: Picture, text: str) -> Recorded:
        if shown == picture(1):
            raise OSError("torn")
        return Answer("yes")

    _, kept = ask(Toy("eye", "answers", rule), items(3, "a?"), tmp_path)
    told = [kept.found(picture(n).sha256, "a?") for n in range(3)]
    assert told == [Answer("yes"), Answer(None, "judge: OSError: torn"), Answer("yes")]


def test_ten_equal_failures_stop_and_keep_what_there_is(tmp_path: Path) -> None:
    down = Toy("eye", "answers", lambda shown, text: Failure("server", "down"))
    with pytest.raises(RunStopped, match="scoring by eye stopped after 10 equal failures"):
        ask(down, items(15, "a?"), tmp_path)
    kept = Records(tmp_path, "answers", HOW.shard)  # closed, so that it can be written again
    assert kept.found(picture(9).sha256, "a?") == Answer(None, "server: down")
    assert kept.found(picture(14).sha256, "a?") == Answer(None, "not judged yet")


def test_what_an_older_version_kept_with_a_flaw_is_asked_again(tmp_path: Path) -> None:
    def flaw(found: Finding, shown: Picture) -> Failure | None:
        assert isinstance(found, Detections)
        return Failure("protocol", "upside down") if "cat" in found.boxes else None

    def saw(name: str) -> Detections:
        return Detections({name: [[0.0, 0.0, 2.0, 2.0, 0.9]]}, {}, (2, 2))

    seen = {picture(0): "cat", picture(1): "dog"}
    older = Toy("eye", "detections", lambda shown, text: saw(seen[shown]))
    assert ask(older, items(2, ""), tmp_path)[0] == 2
    for still in (Failure("memory", "none left"), saw("cat")):
        failing = Toy("eye", "detections", lambda shown, text, still=still: still)
        assert ask(failing, items(2, ""), tmp_path, flaw)[0] == 1
    mended = Toy("eye", "detections", lambda shown, text: saw("horse"))
    work, kept = ask(mended, items(2, ""), tmp_path, flaw)
    assert work == 1 and mended.asked == [(picture(0).sha256, "")]
    assert kept.found(picture(0).sha256, "") == saw("horse")
    assert kept.found(picture(1).sha256, "") == saw("dog")
    assert ask(mended, items(2, ""), tmp_path, flaw)[0] == 0


class Costly(Toy):
    """A judge behind a server."""

    trusted = False

    def proven(self) -> None:
        self.trusted = True

    def unreadable(self, reply: Reply) -> str | None:
        fine = isinstance(reply, Failure) or any(
            isinstance(one, Answer) and one.status != "unparsed" for one in reply
        )
        return None if fine else "it says what cannot be read."


def test_a_first_reply_that_cannot_be_read_stops_before_the_others(tmp_path: Path) -> None:
    mumbling = Costly("eye", "answers", lambda shown, text: Answer(None, "unparsed", raw="Hm."))
    with pytest.raises(UigError, match="cannot be read") as error:
        ask(mumbling, items(9), tmp_path)
    assert error.value.exit_code == 2
    assert len(mumbling.asked) == 2  # the questions of one picture
    assert Records(tmp_path, "answers").found(picture(0).sha256, "a?") == Answer(
        None, "unparsed", raw="Hm."
    )


def test_a_judge_that_was_read_before_is_asked_on(tmp_path: Path) -> None:
    def rule(shown: Picture, text: str) -> Recorded:
        return Answer("yes") if shown == picture(0) else Answer(None, "unparsed")

    first = Costly("eye", "answers", rule)
    assert ask(first, items(9), tmp_path)[0] == 9
    again = Costly("eye", "answers", rule)
    assert ask(again, items(9), tmp_path)[0] == 8
    assert again.trusted and not first.trusted


class Eye(Toy):
    """Its words can be read anew, as version 2 of its parser reads them."""

    def read_again(self, kept: Sequence[tuple[str, Answer]]) -> Sequence[Answer | None]:
        return read_again(robust, kept)


def test_kept_texts_are_read_anew_and_only_what_they_leave_open_is_asked(tmp_path: Path) -> None:
    said = {"a?": Answer("yes", raw="Yes or no: no"), "b?": Answer("no", raw="No idea")}
    older = Eye("eye", "answers", lambda shown, text: said[text])
    assert ask(older, items(3), tmp_path / "eye")[0] == 3
    (tmp_path / "eye" / "identity.json").write_text(json.dumps(older.identity))
    newer = Eye("eye", "answers", lambda shown, text: Answer("yes"))
    newer.identity = {**older.identity, "parser version": "2"}
    home, renewed = _ready(tmp_path, newer, items(4), HOW, no_flaw)
    work, kept = ask(newer, items(4), home)
    assert (renewed, work) == (3, 4)
    assert sorted(text for _, text in newer.asked) == ["a?", "b?", "b?", "b?", "b?"]
    assert kept.found(picture(0).sha256, "a?") == Answer("no", raw="Yes or no: no")
    assert ask(newer, items(4), home)[0] == 0
    before = Records(tmp_path / "eye", "answers")
    assert before.found(picture(0).sha256, "a?") == said["a?"]  # stays as it was


class Gone(Eye):
    """A judge whose server is there no longer."""

    def prepare(self) -> None:
        raise UigError("it does not answer.")


def test_a_scorer_gets_ready_only_where_it_is_to_be_asked(tmp_path: Path) -> None:
    """What it said before is read anew without it; one that has said nothing leaves nothing."""
    gone = Gone("eye", "answers", None)
    with pytest.raises(UigError, match="does not answer"):
        _ready(tmp_path, gone, items(3), HOW, no_flaw)
    assert list(tmp_path.iterdir()) == []
    assert _ready(tmp_path, gone, [], HOW, no_flaw)[1] == 0
    ask(Eye("eye", "answers", lambda shown, text: Answer("yes", raw="Yes.")), items(3),
        tmp_path / "eye")  # fmt: skip
    home, renewed = _ready(tmp_path, gone, items(3), HOW, no_flaw)
    assert (home.name, renewed) == ("eye", 0)
    newer = Gone("eye", "answers", None)
    newer.identity = {**gone.identity, "parser version": "2"}
    home, renewed = _ready(tmp_path, newer, items(3), HOW, no_flaw)
    assert (home != tmp_path / "eye", renewed) == (True, 3)
    with pytest.raises(UigError, match="does not answer"):
        _ready(tmp_path, newer, items(4), HOW, no_flaw)
    assert Records(home, "answers").found(picture(2).sha256, "b?") == Answer("yes", raw="Yes.")


def test_a_picture_that_cases_share_is_asked_about_once() -> None:
    cases = [Case(f"t/{n}", "", questions=(Question("a?", "yes"),)) for n in range(2)]
    longer = Case("t/2", "", questions=(Question("a?", "no"), Question("c?", "yes")) * 2)
    shown = [(case, picture(0)) for case in (*cases, longer)]
    found = [item.wanted for item in _items(tiif, shown, "answers")]
    assert found == [("a?",), ("c?",)]
    assert _items(tiif, shown, "ratings") == []


def test_there_is_one_loop() -> None:
    """Whoever asks a scorer goes through the one loop of the engine."""
    files = [path for path in (ROOT / "uig_cli").rglob("*.py") if "scoring" in path.read_text()]
    callers = {p.name for p in files if "ask_each(" in p.read_text() and p.parent.name == "engine"}
    assert callers == {"scoring.py"}
