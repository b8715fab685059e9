"""Templates: ours, a user's, and what may stand in them."""

from pathlib import Path

import pytest

from uig_cli.errors import UigError
from uig_cli.templates import FIELDS, from_file, load_all, ours


@pytest.mark.parametrize("name", FIELDS)
def test_ours_hold_the_fields_they_may_have(name: str) -> None:
    template = ours(name)
    filled = template.fill(**dict.fromkeys(FIELDS[name], "«a {b} c»"))
    assert ("«a {b} c»" in filled) == bool(FIELDS[name])
    assert not template.given and len(template.sha256) == 64


def test_a_file_is_used_as_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "examine.txt"
    file.write_bytes(b"  {{keep}} {original_prompt}\r\n\n")
    template = from_file("examine", file)
    assert template.given
    filled = template.fill(original_prompt="{0} {x.__class__} %s", user_prompt="")
    assert filled == "  {keep} {0} {x.__class__} %s\n\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{prompt}", "{prompt}"),
        ("{original_prompt.__class__}", "{original_prompt.__class__}"),
        ("{original_prompt} {", "unpaired"),
        ("{} {0}", "expected"),
        ("nothing to fill", "no field"),
        ("", "no field"),
    ],
)
def test_wrong_fields_are_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "examine.txt"
    file.write_text(text)
    with pytest.raises(UigError) as error:
        from_file("examine", file)
    assert said in str(error.value) and "\n" not in str(error.value)


def test_think_prompts_are_plain_text(tmp_path: Path) -> None:
    file = tmp_path / "think.txt"
    file.write_text("Use {braces} freely {")
    assert from_file("think-look", file).fill() == "Use {braces} freely {"


def test_unknown_names_and_unreadable_files(tmp_path: Path) -> None:
    with pytest.raises(UigError, match='Did you mean "examine"'):
        load_all({"examin": tmp_path})
    with pytest.raises(UigError, match="cannot read"):
        from_file("examine", tmp_path)
    (tmp_path / "latin.txt").write_bytes(b"\xe9 {original_prompt}")
    with pytest.raises(UigError, match="not UTF-8"):
        from_file("examine", tmp_path / "latin.txt")
