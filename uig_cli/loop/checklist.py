"""A loop over a checklist, in the shape of EPIC (arXiv 2605.11722) and RAISE: yes/no questions are
made once from the prompt, every picture is asked all of them, and what fails is mended one question
at a time, the worst first.

The questions are the model's own. Those that a benchmark scores by are never shown to a method.
"""

import re
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace

from uig_cli.loop.examine import present
from uig_cli.loop.first import as_failure, ask, at_once, made
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Conversation, Step, Trace
from uig_cli.loop.verdict import strip_thoughts
from uig_cli.models.protocol import (
    Cost,
    Edit,
    Failure,
    Look,
    Picture,
    Reply,
    Request,
    Said,
)

MOST_QUESTIONS = 12
"""More than a prompt of a benchmark has parts; a looping model writes hundreds."""
PASSES = 0.5
"""P(yes) above which a question is passed."""

_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])?\s*(?P<question>\S[^\n]{2,300}\?)\s*$", re.MULTILINE)

_Asking = Generator[Sequence[Request], Sequence[Reply], "Questions | Failure"]


@dataclass(frozen=True, slots=True)
class ChecklistSettings:
    """passes: the probability of yes above which a question is passed."""

    passes: float = field(
        default=PASSES, metadata={"help": "P(yes) above which a question is passed"}
    )

    def __post_init__(self) -> None:
        if not 0 < self.passes < 1:
            raise ValueError(f"passes is {self.passes:g}, expected more than 0 and less than 1")


@dataclass(frozen=True, slots=True)
class Questions:
    texts: tuple[str, ...]
    cost: Cost


def questions_of(task: DrawTask, settings: MethodSettings) -> _Asking:
    """The questions that the model makes of a prompt; a failure where none can be read. Equal
    requests are answered once, so that it makes no difference how often a method asks."""
    reply = yield from ask(
        Look(
            text=settings.templates["checklist-questions"].fill(user_prompt=task.prompt),
            sampler=settings.sampler("look"),
        )
    )
    if not isinstance(reply, Said):
        return as_failure(reply)
    texts = dict.fromkeys(read_questions(reply.text))
    if not texts:
        said = " ".join(reply.text.split())[:60]
        return Failure("questions", f'no yes/no question can be read from "{said}"')
    return Questions(tuple(texts)[:MOST_QUESTIONS], reply.cost)


def read_questions(text: str) -> list[str]:
    """Lines that end in a question mark, without what numbers them."""
    return [found["question"].strip() for found in _ITEM.finditer(strip_thoughts(text))]


def answers(
    task: DrawTask, settings: MethodSettings, picture: Picture, questions: Sequence[str]
) -> Generator[Sequence[Request], Sequence[Reply], tuple[tuple[float, ...], Cost] | Failure]:
    """How likely the model answers each question about the picture with yes."""
    replies = yield [
        Look(
            text=settings.templates["checklist-answer"].fill(
                question=question, user_prompt=task.prompt
            ),
            pictures=(picture,),
            choices=("yes", "no"),
            sampler=settings.sampler("look"),
        )
        for question in questions
    ]
    found: list[float] = []
    cost = Cost()
    for reply in replies:
        if not isinstance(reply, Said):
            return as_failure(reply)
        if reply.probabilities is None:
            return Failure("questions", "the model tells no probabilities of yes and no")
        found.append(reply.probabilities[0])
        cost += reply.cost
    return tuple(found), cost


def passed_share(
    task: DrawTask, settings: MethodSettings, picture: Picture
) -> Generator[Sequence[Request], Sequence[Reply], tuple[float, Cost] | Failure]:
    """The share of the model's own questions that a picture passes, and the cost of asking."""
    questions = yield from questions_of(task, settings)
    if isinstance(questions, Failure):
        return questions
    said = yield from answers(task, settings, picture, questions.texts)
    if isinstance(said, Failure):
        return said
    likely, cost = said
    return sum(one > PASSES for one in likely) / len(likely), cost


def checklist(task: DrawTask, settings: MethodSettings) -> Conversation:
    """Draws, asks, mends what fails most, until all questions are passed or the rounds are over."""
    own = settings.own(ChecklistSettings)
    questions = yield from questions_of(task, settings)
    if isinstance(questions, Failure):
        return Trace((Step(0, None, failure=questions),), complete=False)
    first = yield from at_once(task, settings)
    steps = [replace(first.step, cost=first.step.cost + questions.cost)]
    while steps[-1].picture is not None:
        steps[-1] = step = yield from _asked(task, settings, steps[-1], questions.texts, own.passes)
        rounds = len(steps) - 1
        if step.verdict != "edit" or rounds == settings.rounds:
            break
        request = Edit(
            picture=present(step),
            instruction=step.instruction or "",
            noise=task.noise(rounds + 1),
            sampler=settings.sampler("edit"),
        )
        steps.append(made(rounds + 1, (yield from ask(request))))
    last = steps[-1]
    complete = last.picture is not None and last.failure is None
    return Trace(tuple(steps), iterations=len(steps) - 1, complete=complete)


def _asked(
    task: DrawTask, settings: MethodSettings, step: Step, questions: Sequence[str], passes: float
) -> Generator[Sequence[Request], Sequence[Reply], Step]:
    """The step with what the model answers, and the instruction for what fails most."""
    said = yield from answers(task, settings, present(step), questions)
    if isinstance(said, Failure):
        return replace(step, failure=said)
    likely, cost = said
    told = "\n".join(f"{p:.2f} {text}" for p, text in zip(likely, questions, strict=True))
    share = sum(one > passes for one in likely) / len(likely)
    worst = min(range(len(likely)), key=likely.__getitem__)
    instruction = ""
    if likely[worst] <= passes:
        template = settings.templates["checklist-instruction"]
        instruction = template.fill(question=questions[worst], user_prompt=task.prompt)
    return replace(
        step,
        examination=told,
        verdict="edit" if instruction else "match",
        instruction=instruction,
        cost=step.cost + cost,
        score=share,
    )
