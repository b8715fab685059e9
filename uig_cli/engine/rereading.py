"""Kept texts are read anew where their parser has changed: nobody is asked for them twice."""

from collections.abc import Sequence

from uig_cli.console import Display, how_many
from uig_cli.runs.records import Records, read_before
from uig_cli.scoring.findings import Answer, settled
from uig_cli.scoring.protocol import Asked, Scorer, Speaking


def read_anew(scorer: Scorer, items: Sequence[Asked], records: Records, display: Display) -> int:
    """Takes over into `records` what the same judge's texts of an older parser version say by
    today's; returns of how many pictures. What they leave open is asked."""
    speaks = isinstance(scorer, Speaking)
    folders = read_before(records.folder.parent, scorer.identity) if speaks else []
    older = [Records(folder, scorer.kind) for folder in folders]
    pictures = taken = 0
    for item in items if older else ():
        before = taken
        for kept in older:
            taken += _take(scorer, item, kept, records)
        pictures += taken > before
    if taken:
        told = f"{how_many(taken, 'answer')} about {how_many(pictures, 'picture')}"
        display.say(
            f"note: {told} came from what {scorer.name} said to an older version of its parser, "
            "read anew; it is asked for what they leave open."
        )
    return pictures


def _take(scorer: Scorer, item: Asked, kept: Records, records: Records) -> int:
    """How many answers about a picture could be read in what is kept."""
    assert isinstance(scorer, Speaking)
    picture = item.picture.sha256
    open_ = set(records.wanting(picture, item.wanted))
    found = [(text, kept.found(picture, text)) for text in item.wanted] if open_ else []
    said = [(text, one) for text, one in found if isinstance(one, Answer) and one.raw]
    taken = 0
    for (text, _), answer in zip(said, scorer.read_again(said), strict=True):
        if text in open_ and answer is not None and settled(answer):
            records.write(picture, text, answer)
            taken += 1
    return taken
