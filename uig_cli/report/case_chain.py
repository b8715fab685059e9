"""All that happened to one case, from prompt to raw answer: a score that is checked by hand."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from uig_cli.errors import unknown
from uig_cli.models.protocol import Picture
from uig_cli.report.printed import Printed
from uig_cli.results.rows import CaseTrace, Scored, score, share, turned
from uig_cli.results.run import RunReader

StyledLine = tuple[str, str]
"""A text and its style."""


def chain_of(run: RunReader, case_id: str) -> dict[str, Any]:
    """Everything known of one case, as plain JSON."""
    by_id = {case.id: case for case in run.cases}
    if case_id not in by_id:
        raise unknown("case of this run", case_id, by_id)
    case = by_id[case_id]
    loops = [
        run.one(case, method, sample)
        for method in run.manifest.methods
        for sample in range(run.manifest.samples)
    ]
    return {
        "case": case.id,
        "prompt": case.prompt,
        "split": case.split,
        "dimension": case.dimension,
        "facts": dict(case.facts),
        "loops": [_loop(run, one) for one in loops],
    }


def _loop(run: RunReader, one: CaseTrace) -> dict[str, Any]:
    judged = [list(score(one, scorer)) for scorer in run.scorers()]
    steps = []
    for step in one.trace.steps:
        scores = [by_judge[: step.number + 1][-2:] for by_judge in judged]
        steps.append(
            {
                "step": step.number,
                "picture": _path(step.picture),
                "sha256": step.picture.sha256 if step.picture else None,
                "made": _path(step.made) if step.returned else None,
                "returns_to": one.returns_to(step.number),
                "candidates": [
                    {
                        "picture": _path(candidate.picture),
                        "chosen": step.chosen(candidate),
                        "score": candidate.score,
                        "failure": candidate.failure.reason if candidate.failure else None,
                    }
                    for candidate in step.candidates
                ],
                "thought": step.thought,
                "examination": step.examination,
                "verdict": step.verdict,
                "instruction": step.instruction,
                "kept_by": step.score,
                "made_examination": asdict(step.made_examination)
                if step.made_examination
                else None,
                "failure": step.failure.reason if step.failure else None,
                "judged": [_judged(before, found) for before, found in map(_pair, scores)],
            }
        )
    return {
        "method": one.method,
        "sample": one.sample,
        "detailed_prompt": one.trace.detailed_prompt,
        "steps": steps,
    }


def _path(picture: Picture | None) -> str | None:
    return str(picture.path) if picture and picture.path else None


def _pair(scored: list[Scored]) -> tuple[Scored | None, Scored]:
    """The step before, if there is one, and the step."""
    return (scored[0] if len(scored) > 1 else None), scored[-1]


def _judged(before: Scored | None, found: Scored) -> dict[str, Any]:
    """What one judge says of a step: of the picture kept, of the one made, and what edit and return
    did to it."""
    returned = found.step.returned
    return {
        "judge": found.judge,
        "score": share(found.tally),
        "made_score": share(found.made_tally) if returned else None,
        "by_edit": turned(before.tally, found.made_tally) if before else None,
        "by_return": turned(found.made_tally, found.tally) if returned else None,
        "candidate_scores": [share(tally) for tally in found.candidate_tallies],
        "questions": _lines(found),
    }


def _lines(found: Scored) -> list[dict[str, Any]]:
    return [
        {
            "question": line.question,
            "wanted": line.wanted,
            "answer": line.answer,
            "value": line.value,
            "status": line.status,
            "raw": line.raw,
        }
        for line in found.checks
    ]


def _mark(value: float | None) -> str:
    if value is None:
        return "missing"
    return "right" if value == 1 else "wrong" if value == 0 else "in part"


def show_chain(chain: Mapping[str, Any]) -> None:
    """The chain for human readers; model texts are shown as they are, markup not interpreted."""
    out = Printed()
    for text, style in _told(chain):
        out.passage(text, style)


def _told(chain: Mapping[str, Any]) -> Iterator[StyledLine]:
    yield chain["case"], "bold"
    yield f"prompt: {chain['prompt']}", ""
    for loop in chain["loops"]:
        yield "", ""
        yield f"{loop['method']}, sample {loop['sample']}", "bold"
        if loop["detailed_prompt"]:
            yield f"drawn from: {loop['detailed_prompt']}", ""
        for step in loop["steps"]:
            yield from _told_step(step)
            for judge in step["judged"]:
                yield from _told_score(judge)


def _told_step(step: Mapping[str, Any]) -> Iterator[StyledLine]:
    yield f"step {step['step']}: {step['picture'] or 'missing'}", "cyan"
    if step["made"]:
        earlier = step["returns_to"]
        kept = "an earlier picture" if earlier is None else f"step {earlier}"
        yield f"  made: {step['made']}, returned to {kept}", ""
        if other := step["made_examination"]:
            own = "" if other["score"] is None else f", {other['score']:.3g}"
            kept = "" if step["kept_by"] is None else f" against {step['kept_by']:.3g}"
            yield f"  of the one made: {other['verdict']}{own}{kept}", ""
    for number, candidate in enumerate(step["candidates"]):
        mark = ", chosen" if candidate["chosen"] else ""
        own = "" if candidate["score"] is None else f", {candidate['score']:g}"
        where = candidate["picture"] or f"missing: {candidate['failure']}"
        yield f"  candidate {number}{own}{mark}: {where}", ""
    for field in ("thought", "examination", "verdict", "instruction", "failure"):
        if step[field]:
            yield f"  {field}: {step[field]}", ""


def _told_score(judge: Mapping[str, Any]) -> Iterator[StyledLine]:
    told = "no score" if judge["score"] is None else f"{judge['score']:.1f} %"
    if judge["made_score"] is not None:
        told = f"made {judge['made_score']:.1f} %, kept {told}"
    for what in ("edit", "return"):
        if judge[f"by_{what}"]:
            told += f", {judge[f'by_{what}']} by the {what}"
    yield f"  {judge['judge']}: {told}", ""
    for found in judge["questions"]:
        answer = found["answer"] or found["status"]
        wanted = f" wanted {found['wanted']}," if found["wanted"] else ""
        yield f"    {_mark(found['value'])}: {found['question']}{wanted} got {answer}", ""
        if found["raw"]:
            yield f"      {found['raw']}", "dim"
