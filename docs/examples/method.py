"""A method in one file: draws several pictures, and keeps the one that the model itself likes best.

docs/adding-a-method.md goes through it.
"""

from dataclasses import dataclass, field, replace

from uig_cli.loop.first import as_failure
from uig_cli.loop.methods import Method
from uig_cli.loop.task import DrawTask, MethodSettings
from uig_cli.loop.trace import Candidate, Conversation, Step, Trace
from uig_cli.models.protocol import Cost, Draw, Drawn, Look, Reply, Said

QUESTION = "Does this picture show exactly this: {prompt}? Answer yes or no."


@dataclass(frozen=True)
class Settings:
    n: int = field(default=4, metadata={"help": "pictures to choose from"})
    question: str = field(default=QUESTION, metadata={"help": "what is asked of each"})

    def __post_init__(self) -> None:
        if self.n < 1:
            raise ValueError(f"n is {self.n}, expected 1 or more")


def run(task: DrawTask, settings: MethodSettings) -> Conversation:
    own = settings.own(Settings)
    first = Draw(task.prompt, task.noise(), size=settings.size, sampler=settings.sampler("draw"))
    others = [replace(first, stage=f"candidate-{number}") for number in range(1, own.n)]
    drawn = yield [first, *others]
    question = own.question.format(prompt=task.prompt)
    looks = [
        Look(question, (reply.picture,), choices=("yes", "no"), sampler=settings.sampler("look"))
        for reply in drawn
        if isinstance(reply, Drawn)
    ]
    said = iter((yield looks) if looks else ())
    candidates = tuple(
        candidate(reply, next(said)) if isinstance(reply, Drawn) else lost(reply) for reply in drawn
    )
    failed = next((one.failure for one in candidates if one.failure), None)
    if failed is not None:
        step = Step(0, None, failure=failed, candidates=candidates)
        return Trace((step,), complete=False)
    best = max(candidates, key=lambda one: one.score or 0)
    cost = sum((one.cost for one in candidates), Cost())
    return Trace((Step(0, best.picture, cost, candidates=candidates),))


def candidate(drawn: Drawn, said: Reply) -> Candidate:
    """A picture, and how likely the model is to say yes to it."""
    if not isinstance(said, Said):
        return lost(said)
    yes = said.text.lower().startswith("yes")
    score = said.probabilities[0] if said.probabilities else float(yes)
    return Candidate(drawn.picture, drawn.cost + said.cost, score)


def lost(reply: Reply) -> Candidate:
    return Candidate(None, failure=as_failure(reply))


PICK = Method(
    "pick",
    "draws several, keeps the one that the model likes best",
    run,
    needs=frozenset({"draw", "look"}),
    most_steps=lambda settings: 1,
    settings=Settings,
)
