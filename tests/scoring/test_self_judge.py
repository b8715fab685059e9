"""The unified model as judge, over models that say exactly what a test tells them to."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PIL import Image

from uig_cli.errors import UigError
from uig_cli.models.protocol import (
    Capabilities,
    Drawn,
    Failure,
    Look,
    Picture,
    Reply,
    Request,
    Role,
    Said,
)
from uig_cli.scoring.judges.self import SelfJudge
from uig_cli.scoring.protocol import Answer, Asked
from uig_cli.templates import Template, from_file, ours

RED, BLUE = (Picture.of(Image.new("RGB", (2, 2), color)) for color in ("red", "blue"))
PLAIN = Template("judge", "{question}")


@dataclass
class Scripted:
    """Replies by a rule, last request first."""

    rule: Callable[[Look], Reply]
    choices: bool = True
    roles: frozenset[Role] = frozenset({"look"})
    name: str = "scripted"
    batches: list[list[Look]] = field(default_factory=list)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(self.roles, choices=self.choices)

    @property
    def identity(self) -> Mapping[str, str]:
        return {"checkpoint": self.name}

    def run(self, requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        looks = [request for request in requests if isinstance(request, Look)]
        self.batches.append(looks)
        for index in reversed(range(len(looks))):
            yield index, self.rule(looks[index])


def answers(model: Scripted, *items: Asked) -> list[tuple[Answer, ...] | Failure]:
    replies = dict(SelfJudge(model, PLAIN).ask(items))
    return [replies[index] for index in range(len(items))]  # type: ignore[misc]


def said(model: Scripted, question: str = "Is it red?") -> Answer:
    ((answer,),) = answers(model, Asked(RED, (question,)))  # type: ignore[misc]
    return answer


def test_one_batch_and_answers_in_order() -> None:
    def rule(look: Look) -> Reply:
        likely = 0.9 if (look.text == "red?") == (look.pictures == (RED,)) else 0.2
        return Said("yes" if likely > 0.5 else "no", (likely, 1 - likely))

    model = Scripted(rule)
    yes, no = Answer("yes", yes=0.9, raw="yes"), Answer("no", yes=0.2, raw="no")
    asked = (
        Asked(RED, ("red?", "blue?")),
        Asked(BLUE, ()),
        Asked(BLUE, ("red?", "blue?", "blue?")),
    )
    assert answers(model, *asked) == [(yes, no), (), (no, yes, yes)]
    (batch,) = model.batches
    assert len(batch) == 5
    assert {look.choices for look in batch} == {("yes", "no")}
    assert {look.think for look in batch} == {None}


@pytest.mark.parametrize(
    ("probabilities", "answer"), [((0.51, 0.49), "yes"), ((0.5, 0.5), "no"), ((0.0, 1.0), "no")]
)
def test_the_likelier_word_is_the_answer(probabilities: tuple[float, float], answer: str) -> None:
    given = said(Scripted(lambda look: Said("well", probabilities)))
    assert (given.answer, given.yes, given.status) == (answer, probabilities[0], "answered")


@pytest.mark.parametrize("probabilities", [(1.0,), ()])
def test_what_is_no_likelihood_is_no_answer(probabilities: tuple[float, ...]) -> None:
    given = said(Scripted(lambda look: Said("yes", probabilities)))
    assert (given.answer, given.status) == (None, "unparsed")


@pytest.mark.parametrize(
    ("probabilities", "reason"),
    [
        ((float("nan"), float("nan")), "numbers: the probabilities of the choices are not finite"),
        ((0.3, float("inf")), "numbers: the probabilities of the choices are not finite"),
        ((-3.0, 7.0), "numbers: got -3 as the probability of a choice, expected 0 to 1"),
    ],
)
def test_numbers_that_are_no_probabilities_are_a_failure(
    probabilities: tuple[float, ...], reason: str
) -> None:
    def rule(look: Look) -> Reply:
        return Said("yes", probabilities if look.text == "big?" else (0.9, 0.1))

    two, one = answers(Scripted(rule), Asked(RED, ("big?", "red?")), Asked(BLUE, ("big?",)))
    assert isinstance(two, tuple) and two[1].answer == "yes"
    assert two[0].answer is None and two[0].status.startswith(reason)
    assert isinstance(one, Failure) and f"{one.kind}: {one.reason}".startswith(reason)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("yes", "yes"),
        ("No, there is none.", "no"),
        ("  **Yes**: it is", "yes"),
        ("1", None),
        ("Nothing can be seen", None),
        ("I think yes", None),
        ("Yes or no: no", "no"),
        ("No idea, the picture is blank.", None),
        ("<think>Yes, but let me look", None),
        ("", None),
    ],
)
def test_without_choices_it_is_read_as_other_judges_are(text: str, answer: str | None) -> None:
    model = Scripted(lambda look: Said(text), choices=False)
    given = said(model)
    assert (given.answer, given.yes, given.raw) == (answer, None, text.strip())
    missing = "cut off" if "let me look" in text else "unparsed"
    assert given.status == ("answered" if answer else missing)
    assert model.batches[0][0].choices == ()


def test_a_failure_on_one_question_leaves_the_others() -> None:
    def rule(look: Look) -> Reply:
        return Failure("memory", "out of it") if look.text == "big?" else Said("yes", (1.0, 0.0))

    ((first, second),) = answers(Scripted(rule), Asked(RED, ("big?", "red?")))  # type: ignore[misc]
    assert first == Answer(None, "memory: out of it")
    assert second.answer == "yes"


def test_a_picture_is_no_answer() -> None:
    given = said(Scripted(lambda look: Drawn(RED)))
    assert (given.answer, given.status) == (None, "unparsed: expected text, got Drawn")


def test_our_template_holds_the_question_and_its_braces() -> None:
    model = Scripted(lambda look: Said("no", (0.0, 1.0)))
    question = "Does it read '{question} {0} {{x}} %s'?"
    list(SelfJudge(model, ours("judge")).ask([Asked(RED, (question,))]))
    text = model.batches[0][0].text
    assert text.count(question) == 1
    assert len(text) > len(question)


def test_a_template_with_another_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "judge.txt"
    path.write_text("Is {object} there?")
    with pytest.raises(UigError, match=r"\{object\}, expected \{question\}"):
        from_file("judge", path)


def test_identity_tells_judges_apart() -> None:
    rule = Scripted(lambda look: Said("yes")).rule
    judges = [
        SelfJudge(Scripted(rule), ours("judge")),
        SelfJudge(Scripted(rule), PLAIN),
        SelfJudge(Scripted(rule, choices=False), PLAIN),
        SelfJudge(Scripted(rule, name="another"), PLAIN),
    ]
    identities = [dict(judge.identity) for judge in judges]
    assert all(identity["judge"] == "self" for identity in identities)
    assert len({tuple(sorted(identity.items())) for identity in identities}) == 4
    assert identities[0] == SelfJudge(Scripted(rule), ours("judge")).identity


def test_a_model_that_cannot_look_is_refused() -> None:
    blind = Scripted(lambda look: Said("yes"), roles=frozenset({"draw", "edit"}))
    with pytest.raises(UigError, match="can only draw, edit"):
        SelfJudge(blind, PLAIN)
