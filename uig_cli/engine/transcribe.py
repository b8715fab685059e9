"""Reading the text in the pictures that shall show words: each picture once, whoever drew it."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from uig_cli.cases import Case
from uig_cli.console import progress, say
from uig_cli.engine.answers import each_once
from uig_cli.engine.failures import RepeatedFailure
from uig_cli.engine.gather import Gathered, Gathering
from uig_cli.engine.judge import pictures_to_judge
from uig_cli.models.protocol import Failure, Picture
from uig_cli.results.run import open_run
from uig_cli.runs.records import Transcripts, evidence_folder
from uig_cli.scoring.text_reading import (
    TextReader,
    Transcript,
    check_reader,
    open_reader,
    wanted_words,
)

READ_AT_ONCE = 8
"""Pictures held in memory together."""


def reader_for(spec: str | None, cases: Iterable[Case]) -> TextReader | None:
    """The reader of --ocr; None where it is "none" or not given, and where no case wants words.

    Raises UigError for a reader that is not known or cannot be opened.
    """
    if spec is None or spec == "none":
        return None
    check_reader(spec)
    return open_reader(spec) if _want_words(cases) else None


def say_unread(spec: str | None, cases: Iterable[Case]) -> None:
    """A note where cases want words and nobody was named to read them, and the other way round."""
    if spec is None and _want_words(cases):
        say("note: nobody has read the words in the pictures (GNED, recall); give --ocr rapidocr.")
    if spec not in (None, "none") and not _want_words(cases):
        say(f"note: no case here asks for words in its picture; --ocr {spec} has read nothing.")


def _want_words(cases: Iterable[Case]) -> bool:
    return any(wanted_words(case.facts) for case in cases)


def by_reader(gathering: Gathering, reader: TextReader) -> Gathered:
    """Lets the reader look at every picture of a case with words that it has not read yet."""
    run = open_run(gathering.folder.root)
    pictures = {
        picture.sha256: picture
        for case, picture in pictures_to_judge(run)
        if wanted_words(case.facts) and (gathering.cases is None or case.id in gathering.cases)
    }
    home = evidence_folder(run.folder.transcripts, reader.name, reader.identity)
    kept = Transcripts(home, gathering.shard)
    try:
        with progress("reading text", len(pictures), "pictures", quiet=gathering.quiet) as bar:
            work = read_texts(list(pictures.values()), reader, kept, bar.advance)
    finally:
        kept.close()
    return Gathered(work, (home.name,))


def read_texts(
    pictures: Sequence[Picture], reader: TextReader, kept: Transcripts, told: Callable[[int], None]
) -> int:
    """Reads what is not read yet, keeps every transcript; returns how many pictures that took."""
    looked, repeated = 0, RepeatedFailure("reading text")

    def read(batch: Sequence[Picture]) -> Iterator[tuple[int, Transcript | Failure]]:
        return reader.read([picture.image for picture in batch])

    unread = [picture for picture in pictures if isinstance(kept.found(picture.sha256), Failure)]
    told(len(pictures) - len(unread))
    for start in range(0, len(unread), READ_AT_ONCE):
        batch = unread[start : start + READ_AT_ONCE]
        for index, found in each_once(read, batch, kinds=(Transcript,), who="reader"):
            kept.write(batch[index].sha256, found)
            looked += 1
            repeated.add(found)
            told(1)
    return looked
