"""What a model says of itself, put to use: how much work a request is, which words it lacks.

Both are worked out here from numbers and words. Where a model brings functions instead, it is asked
where it lives.
"""

import re
from collections.abc import Container, Iterable, Mapping, Sequence
from functools import partial

from uig_cli.engine.answers import each_once
from uig_cli.engine.model_worker import (
    ModelQuestion,
    ModelsByRole,
    MostPasses,
    UnknownWords,
    answer_questions,
)
from uig_cli.errors import UigError
from uig_cli.models.guidance import Guidance
from uig_cli.models.protocol import Capabilities, Failure, Look, Passes, Request, Role, Sampler

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")


def most_passes(requests: Sequence[Request], models: ModelsByRole) -> list[int | None]:
    """The most decoder passes of each request; None where its model does not tell."""
    found: list[int | None] = []
    asked: list[int] = []
    for number, request in enumerate(requests):
        able = models[request.role].capabilities
        asked += [number] if callable(able.passes) else []
        found.append(None if callable(able.passes) else _counted(request, able, able.passes))
    answers = _ask(models, [MostPasses(requests[number]) for number in asked])
    for number, answer in zip(asked, answers, strict=True):
        found[number] = answer if isinstance(answer, int) else None
    return found


def _counted(
    request: Request, able: Capabilities, passes: Mapping[Role, Passes] | None
) -> int | None:
    if passes is None or request.role not in passes:
        return None
    each = passes[request.role]
    sampler = {**able.sampler.get(request.role, {}), **request.sampler}
    parts: list[tuple[int, int | None]] = []  # passes of one, how many; None: not told
    if not isinstance(request, Look):
        parts.append((each.step, _steps_and_branches(sampler)))
    if isinstance(request, Look) or request.think:
        choices = len(request.choices) if isinstance(request, Look) else 0
        limit = sampler.get("max_text_tokens")
        parts.append((each.token, choices or (limit if isinstance(limit, int) else None)))
    total = each.fixed
    for one, many in parts:
        if one and many is None:
            return None
        total += one * (many or 0)
    return total


def _steps_and_branches(sampler: Sampler) -> int | None:
    """Settings that a model does not have are as if there were no guidance."""
    points = sampler.get("num_timesteps")
    if not isinstance(points, int):
        return None
    usual = {"shift": 1.0, "text_scale": 1.0, "image_scale": 1.0, "interval": (0.0, 1.0)}
    values = {name: sampler.get(name, value) for name, value in usual.items()}
    return Guidance(points, **values).passes  # type: ignore[arg-type]


def unknown_words(prompts: Iterable[str], role: Role, models: ModelsByRole) -> Sequence[str]:
    """Words that the role's model has not learned, in order, each once."""
    able = models[role].capabilities
    if able.known_words is not None:
        return words_outside(able.known_words, prompts)
    if able.strange is None:
        return ()
    (answer,) = _ask(models, [UnknownWords(role, tuple(prompts))])
    return answer if isinstance(answer, tuple) else ()


def words_outside(known: Container[str], texts: Iterable[str]) -> list[str]:
    """In order, each once, in lower case."""
    found = (word for text in texts for word in _WORD.findall(text.lower()))
    return list(dict.fromkeys(word for word in found if word not in known))


def _ask(
    models: ModelsByRole, questions: Sequence[ModelQuestion]
) -> list[int | tuple[str, ...] | None]:
    """The answers, in order. Raises UigError with what a model's own function raised."""
    asked = partial(answer_questions, models)
    answers = dict(each_once(asked, questions, kinds=(int, tuple, type(None)), who="model"))
    for answer in answers.values():
        if isinstance(answer, Failure):
            raise UigError(
                f"a model cannot tell its passes or unknown words ({answer.reason}); mend the "
                "functions in its capabilities, or leave them out."
            )
    return [answers[number] for number in range(len(questions))]  # type: ignore[misc]
