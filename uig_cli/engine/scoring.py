"""Asking scorers about the pictures of a run: each picture and text once, whoever drew it.

One loop for judges, detectors and text readers. What is found is kept as it comes, so that a run
that is stopped goes on where it was.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path

from uig_cli.benchmarks.layout_checks import checked_flaw
from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Case
from uig_cli.console import Bar, Display
from uig_cli.engine.answers import ask_each
from uig_cli.engine.equal_pictures import equal_pictures
from uig_cli.engine.failures import RepeatedFailure
from uig_cli.engine.rereading import read_anew
from uig_cli.engine.score_so_far import ScoreSoFar
from uig_cli.errors import UigError
from uig_cli.models.protocol import Failure, Picture
from uig_cli.results.kept_findings import scorer_names
from uig_cli.results.run import RunReader, pictures_to_score
from uig_cli.runs.records import Recorded, Records, has_looked, home_of, scorer_folder
from uig_cli.runs.thresholds import by_thresholds
from uig_cli.scoring.finding_checks import validate_failure, validate_finding
from uig_cli.scoring.protocol import FINDING, Asked, Finding, Kind, Paid, Prepared, Reply, Scorer
from uig_cli.scoring.registry import EXACT, STRICT

WHO: Mapping[Kind, str] = {
    "answers": "judge",
    "ratings": "judge",
    "detections": "detector",
    "texts": "reader",
    "faults": "judge",
}
"""Whose failures those are that are made here."""
Flaw = Callable[[Finding, Picture], Failure | None]
USUAL_BATCH = 8
"""Pictures asked about at a time, where no model of the run says how many."""


@dataclass(frozen=True, slots=True)
class Asking:
    """How scorers are asked. shard: whose files findings go to. batch_size: of those who leave it
    open. cases: ids, or None for all of the run. candidates: all pictures of a round are scored, by
    whomever."""

    shard: str
    batch_size: int
    display: Display
    cases: Collection[str] | None = None
    candidates: bool = False


@dataclass(frozen=True, slots=True)
class Scoring:
    """work: pictures that somebody had to look at. folders: where the findings are, by kind."""

    work: int
    folders: Mapping[Kind, Sequence[Path]]

    def judges(self, run: RunReader) -> tuple[str, ...]:
        """What tables call those who have scored."""
        among = [path for paths in self.folders.values() for path in paths]
        return scorer_names(run.folder.root, run.benchmark, among)

    @property
    def readers(self) -> tuple[str, ...]:
        return tuple(path.name for path in self.folders.get("texts", ()))


def ask_scorers(
    run: RunReader,
    scorers: Sequence[Scorer],
    how: Asking,
    *,
    rules: Mapping[str, float] | None = None,
    known: Mapping[Kind, Sequence[Path]] | None = None,
) -> Scoring:
    """Asks every scorer for what it has not found yet in the pictures of a run, and keeps it.

    rules: settings that detections are judged by, where they are not the benchmark's own. known:
    folders of findings that are there already. Raises RunStopped after equal failures in a row.
    """
    folders = {kind: list(paths) for kind, paths in (known or {}).items()}
    work = 0
    for sentence in equal_pictures(run):
        how.display.say(f"note: {sentence}")
    if scorers:
        asked = [
            (one, _items(run.benchmark, _pictures(run, one, how), one.kind)) for one in scorers
        ]
        homes = []
        for scorer, items in asked:
            parent = home_of(run.folder.root, scorer.kind)
            home, renewed = _ready(parent, scorer, items, how, _flaw_in(run))
            folders.setdefault(scorer.kind, []).append(home)
            homes.append(home)
            work += renewed
        total = sum(len(items) for _, items in asked)
        with how.display.progress("scoring", total, "pictures") as bar:
            for (scorer, items), home in zip(asked, homes, strict=True):
                records = Records(home, scorer.kind, how.shard)
                so_far = ScoreSoFar(run, scorer.kind, records, scorer.name)
                bar.tell(so_far.lines)
                work += _ask(scorer, items, records, bar, how, _flaw_in(run), so_far.heard)
    if rules:
        home = home_of(run.folder.root, "detections")
        names = [path.name for path in folders.get("detections", ())]
        folders["detections"] = [home / name for name in by_thresholds(home, names, rules)]
    return Scoring(work, folders)


def _pictures(run: RunReader, scorer: Scorer, how: Asking) -> Iterator[tuple[Case, Picture]]:
    """What the scorer is to see; candidates without being told only where it costs nothing."""
    candidates = how.candidates or scorer.name in (EXACT, STRICT)
    for case, picture in pictures_to_score(run, candidates=candidates):
        if how.cases is None or case.id in how.cases:
            yield case, picture


def _items(
    benchmark: Benchmark, shown: Iterable[tuple[Case, Picture]], kind: Kind
) -> Sequence[Asked]:
    """Each picture and text once, also where several cases share them."""
    items: list[Asked] = []
    seen: set[tuple[str, str]] = set()
    for case, picture in shown:
        texts = dict.fromkeys(benchmark.wanted(case, kind))
        new = tuple(text for text in texts if (picture.sha256, text) not in seen)
        seen.update((picture.sha256, text) for text in new)
        if new:
            items.append(Asked(picture, new))
    return items


def _flaw_in(run: RunReader) -> Flaw:
    """Why the run's benchmark takes a finding about a picture for none."""
    benchmark, named = run.benchmark, run.manifest.drawing.benchmark.set
    return lambda found, picture: checked_flaw(benchmark.flaw(found, picture, named), benchmark)


def _ready(
    parent: Path, scorer: Scorer, items: Sequence[Asked], how: Asking, flaw: Flaw
) -> tuple[Path, int]:
    """Reads anew what the scorer said before, and has it get ready where that leaves something to
    ask; returns its folder, and of how many pictures it was. Raises UigError where it cannot be
    asked; one that has found nothing yet then leaves nothing behind."""
    if items and not has_looked(parent, scorer.identity):
        prepare([scorer])
    home = scorer_folder(parent, scorer.name, scorer.identity)
    with closing(Records(home, scorer.kind, how.shard)) as records:
        renewed = read_anew(scorer, items, records, how.display)
        if any(_open(item, records, flaw).wanted for item in items):
            prepare([scorer])
    return home, renewed


def prepare(scorers: Iterable[Scorer]) -> None:
    """Has them get ready to be asked, those that need to; raises UigError for the first that
    cannot."""
    for one in scorers:
        if isinstance(one, Prepared):
            one.prepare()


def _ask(
    scorer: Scorer,
    items: Sequence[Asked],
    records: Records,
    bar: Bar,
    how: Asking,
    flaw: Flaw,
    heard: Callable[[Asked, Reply], None],
) -> int:
    """Keeps every finding as it comes; returns about how many pictures the scorer was asked. heard:
    told of each reply once it is kept."""
    open_ = [one for item in items if (one := _open(item, records, flaw)).wanted]
    repeated = RepeatedFailure(f"scoring by {scorer.name}")
    bar.advance(len(items) - len(open_), scorer.name)
    first = _unproven(scorer, records)
    try:
        batches = _batches(open_, scorer.batch or how.batch_size, first is not None)
        with closing(
            ask_each(scorer.ask, batches, kinds=(tuple,), who=WHO[scorer.kind])
        ) as answers:
            for item, answer in answers:
                reply = _checked(answer, item, scorer.kind, flaw)
                failed = isinstance(reply, Failure)
                findings = (reply,) * len(item.wanted) if isinstance(reply, Failure) else reply
                for text, found in zip(item.wanted, findings, strict=True):
                    records.write(item.picture.sha256, text, found)
                repeated.add(reply if failed else None)
                heard(item, reply)
                bar.advance(1)
                if first is not None and (why := first.unreadable(reply)):
                    raise UigError(why)
                first = None
    finally:
        records.close()
    return len(open_)


def _open(item: Asked, records: Records, flaw: Flaw) -> Asked:
    """What is to be asked of an item. What an older version kept and this one takes for none is
    asked for again."""

    def has_flaw(found: Recorded) -> bool:
        return not isinstance(found, Failure) and flaw(found, item.picture) is not None

    return Asked(item.picture, records.wanting(item.picture.sha256, item.wanted, has_flaw))


def _unproven(scorer: Scorer, records: Records) -> Paid | None:
    """The scorer, if its first reply is to be looked at before more of them are paid for."""
    if not isinstance(scorer, Paid):
        return None
    if records.any_settled:
        scorer.proven()
        return None
    return scorer


def _checked(reply: Reply, item: Asked, kind: Kind, flaw: Flaw) -> Reply:
    """The reply, if it holds a finding of that kind for each text, none of them with a flaw."""
    if isinstance(reply, Failure):
        return validate_failure(reply)
    if len(reply) != len(item.wanted):
        counted = f"got {len(reply)} {kind} to {len(item.wanted)} questions"
        return Failure("protocol", counted)
    strange = [found for found in reply if not isinstance(found, FINDING[kind])]
    if strange:
        expected = FINDING[kind].__name__
        return Failure("protocol", f"got {type(strange[0]).__name__}, expected {expected}")
    flaws = (flaw(found, item.picture) for found in reply)  # they name what was expected there
    checked = tuple(map(validate_finding, reply))
    failed = next((one for one in chain(flaws, checked) if isinstance(one, Failure)), None)
    return failed or tuple(one for one in checked if not isinstance(one, Failure))


def _batches(items: Sequence[Asked], size: int, first_alone: bool) -> Iterator[list[Asked]]:
    left = iter(items)
    if first_alone:
        yield list(islice(left, 1))
    while batch := list(islice(left, size)):
        yield batch
