"""The oracle examiner of a set, made of what its prompts say."""

from collections.abc import Mapping

from uig_cli.engine.case_set import CaseSet
from uig_cli.errors import UigError
from uig_cli.models.protocol import UnifiedModel
from uig_cli.scoring.oracle import NAME, OracleExaminer
from uig_cli.shapes.spec_text import spec_of


def oracle_of(case_set: CaseSet) -> Mapping[str, UnifiedModel]:
    """By its name. Raises UigError for a set whose prompts have no specifications."""
    specs = {
        case.prompt: spec_of(text)
        for case in case_set.data.cases
        for text in case_set.benchmark.wanted(case, "faults")
    }
    if not specs:
        raise UigError(
            f"--examiner oracle knows what prompts of built-in sets say; "
            f"{case_set.benchmark.name} {case_set.data.set} has none: give --set built-in."
        )
    return {NAME: OracleExaminer(specs)}
