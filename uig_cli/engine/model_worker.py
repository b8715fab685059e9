"""The models of a run behind the workers' seam: requests, and questions about a model.

A model may give functions where others give numbers and words. They stay where the model lives, and
are asked as it is.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import index as whole_number

from uig_cli.engine.workers import InProcess
from uig_cli.models.protocol import Drawn, Picture, Reply, Request, Role, UnifiedModel

ModelsByRole = Mapping[Role, UnifiedModel]


@dataclass(frozen=True, slots=True)
class MostPasses:
    """How many decoder passes does this request take at most? None: the model cannot tell."""

    request: Request


@dataclass(frozen=True, slots=True)
class UnknownWords:
    """Which words of these prompts does the role's model not know?"""

    role: Role
    prompts: tuple[str, ...]


ModelQuestion = MostPasses | UnknownWords


def model_workers(models: ModelsByRole) -> InProcess[Request, Reply]:
    """All roles on one thread. Pictures leave as bytes, so that a model may go on with its own."""

    def run(requests: Sequence[Request]) -> Iterator[tuple[int, Reply]]:
        for index, reply in models[requests[0].role].run(requests):
            yield index, _detached(reply)

    return InProcess(run)


def _detached(reply: Reply) -> Reply:
    if isinstance(reply, Drawn) and isinstance(reply.picture, Picture):
        return replace(reply, picture=reply.picture.detached())
    return reply


def answer_questions(
    models: ModelsByRole, questions: Sequence[ModelQuestion]
) -> Iterator[tuple[int, int | tuple[str, ...] | None]]:
    """What the functions that models brought say."""
    for index, question in enumerate(questions):
        if isinstance(question, MostPasses):
            most = models[question.request.role].capabilities.passes
            yield index, whole_number(most(question.request)) if callable(most) else None
        else:
            strange = models[question.role].capabilities.strange
            yield index, tuple(strange(question.prompts)) if strange else ()
