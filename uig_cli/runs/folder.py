"""Where things stand in a run folder (docs/run-folder.md says what they are).

Case ids come from benchmarks and may hold anything; on disk they are made safe and short, and
stay different where the ids are different.
"""

import re
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from uig_cli.models.protocol import Draw, Edit

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9+_/-]{0,79}")


def safe_name(name: str) -> str:
    """A file name for `name`: itself with "/" as ".", or cleaned and shortened with a hash."""
    if _PLAIN.fullmatch(name) and "//" not in name and not name.endswith("/"):
        return name.replace("/", ".")
    cleaned = re.sub(r"[^A-Za-z0-9+_-]+", "-", name).strip("-")[:40]
    return f"{cleaned or 'case'}~{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:10]}"


@dataclass(frozen=True, slots=True)
class RunFolder:
    """Paths below one run folder."""

    root: Path

    @property
    def manifest(self) -> Path:
        return self.root / "run.json"

    @property
    def cases(self) -> Path:
        return self.root / "cases"

    @property
    def journal(self) -> Path:
        return self.root / "journal"

    @property
    def tables(self) -> Path:
        return self.root / "tables"

    def drawn(self, request: Draw | Edit, key: str) -> Path:
        """The file of what that request makes: `drawn/` shows all methods of a case together."""
        noise = request.noise
        place = self.root / "drawn" / safe_name(noise.case) / str(noise.sample)
        return place / f"round-{noise.round}.{request.role}.{key[:12]}.png"

    def links(self, method: str, case: str, sample: int) -> Path:
        """Where links lead to what a method kept, step by step, for eyes alone."""
        return self.root / "pictures" / safe_name(method) / safe_name(case) / str(sample)

    def relative(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()
