"""RapidOCR as a text reader: PP-OCR networks on onnxruntime, with the weights of its own wheel.

The paths of the weights are given outright, so that nothing is looked up or fetched. As in TIIF's
own measurement nobody turns lines that stand on their head.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import Image

from uig_cli.errors import UigError
from uig_cli.files import hash_of_files
from uig_cli.models.protocol import Failure, UnifiedModel
from uig_cli.scoring.protocol import Asked, Kind, Reply, TextLine, Transcript
from uig_cli.scoring.terms import Terms
from uig_cli.scoring.versions import FIRST, versions

BEHAVIOUR = FIRST
"""Raised when the same output of the package would be taken for another transcript."""
TOGETHER = 8
"""Pictures held in memory together."""


def check(rest: str, terms: Terms) -> None:
    """Raises UigError where the package is not installed or came without weights."""
    _installed()


def open_scorer(rest: str, terms: Terms, examiner: UnifiedModel | None) -> "RapidOcr":
    return RapidOcr.from_package()


class RapidOcr:
    """The reader `rapidocr`. engine: a RapidOCR, called with a picture; weights: its files."""

    name = "rapidocr"
    kind: Kind = "texts"
    batch = TOGETHER

    def __init__(self, engine: Callable[[Image.Image], Any], weights: Sequence[Path]) -> None:
        self._engine = engine
        self._weights = list(weights)

    @classmethod
    def from_package(cls) -> "RapidOcr":
        """UigError where the package is not installed or came without weights."""
        where, what = _installed()
        from rapidocr import RapidOCR

        settings = {
            "Det.model_path": str(where),
            "Rec.model_path": str(what),
            "Global.use_cls": False,
            "Global.text_score": 0,
            "Global.log_level": "critical",
            # One thread: what is read does not depend on the machine, and little time is lost.
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        }
        return cls(RapidOCR(params=settings), [where, what])

    @property
    def identity(self) -> Mapping[str, str]:
        return {
            "reader": self.name,
            "version": version("rapidocr"),
            "weights": hash_of_files(self._weights),
            **versions(behaviour=BEHAVIOUR),
        }

    def ask(self, items: Sequence[Asked]) -> Iterator[tuple[int, Reply]]:
        """One picture after the other; what breaks on one is that one's failure."""
        for index, item in enumerate(items):
            try:
                found = _transcript(self._engine(item.picture.image))
            except Exception as error:
                reason = " ".join(f"{type(error).__name__}: {error}".split())
                found = Failure("reader", reason)
            yield index, found if isinstance(found, Failure) else (found,) * len(item.wanted)


def _transcript(found: Any) -> Transcript | Failure:
    """From RapidOCR's output, which has no texts where nothing was found, and also where text
    was found that could not be made out: only then is it of another type."""
    texts = getattr(found, "txts", None)
    if texts is None:
        if getattr(found, "boxes", None) is not None:
            return Failure("reader", "text was found, but not one line of it could be read")
        return Transcript(())
    return Transcript(
        tuple(
            TextLine(text, round(float(confidence), 6), tuple((float(x), float(y)) for x, y in box))
            for text, confidence, box in zip(texts, found.scores, found.boxes, strict=True)
        )
    )


def _installed() -> tuple[Path, Path]:
    """The networks that find text and make it out; UigError where they are not here."""
    found = find_spec("rapidocr")
    if found is None or found.origin is None or find_spec("onnxruntime") is None:
        raise UigError(
            "--ocr rapidocr needs the packages rapidocr and onnxruntime, which are not "
            "installed; install the extra ocr (pip install 'uig[ocr]'), or leave --ocr out."
        )
    folder = Path(found.origin).parent / "models"
    return _weights(folder, "det"), _weights(folder, "rec")


def _weights(folder: Path, part: str) -> Path:
    """The network that finds text ("det") or makes it out ("rec")."""
    files = sorted(folder.glob(f"*_{part}_*.onnx"))
    if len(files) != 1:
        raise UigError(
            f"rapidocr: got {len(files)} files *_{part}_*.onnx in {folder}, expected the one that "
            "comes in its wheel; install rapidocr again from its wheel."
        )
    return files[0]
