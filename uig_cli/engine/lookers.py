"""Who looks at the pictures of a run: judges, or a detector and rules, and a reader of words.

They are chosen in one place, checked before any weight is loaded, opened once, and may then look at
the pictures of several runs.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from uig_cli.benchmarks.protocol import Benchmark
from uig_cli.cases import Case
from uig_cli.console import Display
from uig_cli.engine import defaults, gather, transcribe
from uig_cli.errors import UigError
from uig_cli.models.protocol import Role, UnifiedModel
from uig_cli.option_values import parse_pairs
from uig_cli.options import RuleOptions, ScoringOptions
from uig_cli.runs.folder import RunFolder
from uig_cli.runs.thresholds import by_thresholds
from uig_cli.scoring.detection import Detector
from uig_cli.scoring.judging import Judge
from uig_cli.scoring.registry import Terms, check_judges, need_examiner, open_judges
from uig_cli.scoring.text_reading import TextReader
from uig_cli.templates import load_all


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is to look, by name. device: where judges and detectors of our own work."""

    judges: tuple[str, ...]
    detector: str | None
    reader: str | None
    terms: Terms
    color_clip: str | None
    rules: Mapping[str, float]
    device: str

    @property
    def roles(self) -> list[Role]:
        """Roles of the examined model that somebody here asks for."""
        return ["look"] if need_examiner(self.judges) else []


def choose(
    benchmark: Benchmark,
    set_name: str | None,
    options: ScoringOptions,
    template: Sequence[str],
    device: str,
    *,
    rules: RuleOptions | None = None,
    wanted: bool = True,
) -> Choice:
    """wanted: somebody must look, since nothing is known yet. Raises UigError for whom cannot be
    had, and for options that mean nothing to the benchmark, unless they only stand in the
    environment."""
    by_answers = benchmark.evidence == "answers"
    options = options.unless_exported(("detector",) if by_answers else ("judge",))
    settings = _rules(benchmark, rules)
    judges = list(options.judge)
    if wanted and not judges:
        judges = defaults.usual_judges(benchmark, set_name)
    detector = options.detector
    if detector is None and not by_answers and (settings or not wanted):
        detector = "none"
    detector = detector or defaults.usual_detector(benchmark, set_name, judges)
    gather.check_scoring(benchmark, judges, detector)
    defaults.check_exact(benchmark, set_name, [*judges, detector])
    terms = Terms(
        load_all(parse_pairs("--template", template)),
        parser=options.judge_parser,
        temperature=options.judge_temperature,
        repeats=options.judge_repeats,
        concurrency=options.judge_concurrency,
        device=device,
    )
    check_judges(judges, terms)
    return Choice(tuple(judges), detector, options.ocr, terms, options.color_clip, settings, device)


def _rules(benchmark: Benchmark, options: RuleOptions | None) -> dict[str, float]:
    """The settings of GenEval's rules that are given and not the official ones."""
    from uig_cli.benchmarks.geneval.rules import OFFICIAL

    if options is None:
        return {}
    official = asdict(OFFICIAL)
    if benchmark.evidence != "detections":
        options = options.unless_exported(official)
    given = {name: value for name in official if (value := getattr(options, name)) is not None}
    if given and benchmark.evidence != "detections":
        option = next(iter(given)).replace("_", "-")
        raise UigError(f"--{option} is a setting of GenEval's rules; leave it out.")
    return {name: value for name, value in given.items() if value != official[name]}


@dataclass(frozen=True, slots=True)
class Lookers:
    """rules: settings that the detector's boxes are judged by, where not the benchmark's own."""

    judges: Sequence[Judge]
    detector: Detector | None
    reader: TextReader | None
    rules: Mapping[str, float]
    batch_size: int

    def look(
        self,
        folder: RunFolder,
        shard: str,
        cases: Collection[str],
        known: Sequence[str] = (),
        *,
        display: Display,
    ) -> "Looked":
        """Gathers what is not known yet. known: folders whose evidence is there already."""
        gathering = gather.Gathering(folder, shard, self.batch_size, display, cases)
        found = [gather.Gathered(0, tuple(known))]
        if self.judges:
            found.append(gather.by_questions(gathering, self.judges))
        if self.detector is not None:
            found.append(gather.by_detector(gathering, self.detector))
        names = tuple(name for one in found for name in one.judges)
        if self.rules:
            names = by_thresholds(folder.detections, names, self.rules)
        read = transcribe.by_reader(gathering, self.reader) if self.reader else None
        work = sum(one.work for one in found) + (read.work if read else 0)
        return Looked(work, names, read.judges if read else ())


@dataclass(frozen=True, slots=True)
class Looked:
    """work: pictures that somebody had to look at; the rest: who has looked, by folder."""

    work: int
    judges: tuple[str, ...]
    readers: tuple[str, ...]


def open_lookers(
    choice: Choice, cases: Sequence[Case], examiner: UnifiedModel | None, batch_size: int | None
) -> Lookers:
    usual_size = examiner.capabilities.batch if examiner else 8
    return Lookers(
        open_judges(choice.judges, choice.terms, examiner),
        gather.open_named_detector(choice.detector, choice.color_clip, choice.device),
        transcribe.reader_for(choice.reader, cases),
        choice.rules,
        batch_size or usual_size,
    )
