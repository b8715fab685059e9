"""The unified model as its own judge: every question gets an answer, and how sure it is.

Where the model can weigh choices, yes and no are compared by their likelihood, so nothing is
refused and nothing needs parsing. Where it cannot, what it says is read as any judge's words are,
and anything but yes or no is missing. A model that judges its own pictures knows its own blind
spots as little in judging as in drawing: compare such scores only between runs of the same judge.
"""

from collections.abc import Iterator, Mapping, Sequence

from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Look, Picture, Said, UnifiedModel
from uig_cli.models.protocol import Reply as ModelReply
from uig_cli.models.reply_checks import validate_reply
from uig_cli.scoring.parsing import parser_version, robust
from uig_cli.scoring.protocol import UNPARSED, Answer, Asked, Kind, Reply
from uig_cli.scoring.spoken import heard, read_again, together
from uig_cli.scoring.terms import Terms
from uig_cli.scoring.versions import versions
from uig_cli.templates import Template

CHOICES = ("yes", "no")

PARSER = "robust"
"""How a model without choices is read. In 0.1.0 its first word counted, as identities still say."""


def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> "SelfJudge":
    if examiner is None:
        raise UigError("judge self needs a model that looks at pictures; give --model MODEL.")
    return SelfJudge(examiner, terms.templates["judge"])


class SelfJudge:
    """The judge `self`. template: the "judge" template, filled with each question."""

    name = "self"
    kind: Kind = "answers"
    batch = None

    def __init__(self, model: UnifiedModel, template: Template) -> None:
        if "look" not in model.capabilities.roles:
            raise UigError(
                "judge self asks the model about pictures; got a model that can only "
                f"{', '.join(sorted(model.capabilities.roles))}, expected one that can look: give "
                "--examiner MODEL or another --judge."
            )
        self._model = model
        self._template = template
        self._choices = CHOICES if model.capabilities.choices else ()

    @property
    def identity(self) -> Mapping[str, str]:
        return {
            "judge": self.name,
            "template": self._template.sha256,
            "reading": "likelihood of yes against no" if self._choices else "first word",
            **({} if self._choices else versions(parser_version=parser_version(PARSER))),
            **{f"model {name}": value for name, value in self._model.identity.items()},
        }

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        """All questions of all items go to the model as one batch; an item is answered as soon as
        its last question is. A question that the model fails on is missing, with the failure as its
        status; an item whose every question fails is a failure."""
        looks, places = [], []
        replies: list[dict[int, ModelReply]] = [{} for _ in items]
        for index, item in enumerate(items):
            if not item.wanted:
                yield index, ()
            for number, question in enumerate(item.wanted):
                looks.append(self._look(item.picture, question))
                places.append((index, number))
        for place, reply in self._model.run(looks):
            index, number = places[place]
            found = replies[index]
            found[number] = validate_reply(reply) if isinstance(reply, Said) else reply
            if len(found) == len(items[index].wanted):
                failures = [each for each in found.values() if isinstance(each, Failure)]
                if len(failures) == len(found):
                    yield index, failures[0]
                else:
                    yield (
                        index,
                        tuple(
                            _answer(found[number], question)
                            for number, question in enumerate(items[index].wanted)
                        ),
                    )

    def read_again(self, kept: Sequence[tuple[str, Answer]]) -> Sequence[Answer | None]:
        return [None] * len(kept) if self._choices else read_again(robust, kept)

    def _look(self, picture: Picture, question: str) -> Look:
        return Look(self._template.fill(question=question), (picture,), choices=self._choices)


def _answer(reply: ModelReply, question: str) -> Answer:
    match reply:
        case Failure(kind, reason):
            return Answer(None, f"{kind}: {reason}")
        case Said(text, None):
            (answer,) = together((question,), (heard(robust, text, (question,)),))
            return answer
        case Said(text, (yes, no)):
            return Answer("yes" if yes > no else "no", yes=yes, raw=text)
        case Said(text, probabilities):
            return Answer(None, UNPARSED, raw=f"{text} {probabilities}")
    return Answer(None, f"{UNPARSED}: expected text, got {type(reply).__name__}")
