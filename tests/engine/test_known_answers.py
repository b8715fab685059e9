"""Known answers of a model: written, read, and held against another."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.conftest import Uig
from tests.models_for_tests import Quick
from uig_cli.engine.known_answers import (
    Known,
    KnownAnswer,
    KnownPicture,
    against,
    answers_of,
    as_text,
    read_known,
)
from uig_cli.errors import UigError
from uig_cli.models.protocol import Draw, Drawn, Picture, Reply, Request

QUICK = "python:tests/models_for_tests.py:Quick"


def known_of(color: tuple[int, int, int], **changes: object) -> Known:
    image = Image.new("RGB", (8, 8), color)
    picture = KnownPicture(Picture.of(image).sha256, (8, 8), image.tobytes().hex())
    answer = KnownAnswer("a red circle", picture, "draw it", "MATCH: x", "match", None)
    return Known({"kind": "x"}, (replace(answer, **changes),))  # type: ignore[arg-type]


def test_written_and_read_again(tmp_path: Path) -> None:
    known = answers_of(Quick())
    (tmp_path / "known.json").write_text(as_text(known), "utf-8")
    assert read_known(tmp_path / "known.json") == known
    found = list(against(known, answers_of(Quick())))
    assert len(found) >= 9 and all(one.same for one in found)


def test_what_is_otherwise_is_told() -> None:
    red = known_of((200, 0, 0))
    near, far = known_of((203, 0, 0)), known_of((0, 0, 200))
    assert [one.same for one in against(red, near)] == [True, True, True]
    assert "levels apart" in next(iter(against(red, near))).told
    assert [one.same for one in against(red, far)] == [False, True, True]
    other = known_of((200, 0, 0), verdict="edit", thought=None, picture=None)
    told = {one.what.rpartition(": ")[2]: one for one in against(red, other)}
    assert not any(one.same for one in told.values())
    assert told["verdict"].told == "was 'match', is 'edit'"
    assert not next(iter(against(red, Known({}, ())))).same


class Paler(Quick):
    """Draws what `Quick` does, only paler."""

    def answer(self, request: Request) -> Reply:
        reply = super().answer(request)
        if isinstance(reply, Drawn) and isinstance(request, Draw):
            pale = reply.picture.image.point(lambda level: level // 2 + 120)
            return replace(reply, picture=Picture.of(pale))
        return reply


def test_another_model_is_found(uig: Uig, tmp_path: Path) -> None:
    kept = tmp_path / "known.json"
    assert uig("check-model", QUICK, "--record", kept).code == 0
    same = uig("check-model", QUICK, "--against", kept)
    assert same.code == 0 and "OTHER" not in same.out
    other = uig("check-model", "python:tests/engine/test_known_answers.py:Paler", "--against", kept)
    assert other.code == 2 and "OTHER  a red circle: picture" in other.out
    assert "answers" in other.err and "otherwise" in other.err
    told = uig("check-model", QUICK, "--against", kept, "--json")
    assert all(one["same"] for one in json.loads(told.out)["answers"])
    both = uig("check-model", QUICK, "--against", kept, "--record", kept)
    assert both.code == 2 and "expected one of them" in both.err


@pytest.mark.parametrize(
    "content",
    ["", "[]", "{}", '{"kind": "known answers of a model", "format": 2}', "\ud800",
     '{"kind": "known answers of a model", "format": 1, "identity": {}, "answers": [7]}',
     as_text(known_of((1, 2, 3))).replace('"thumbnail": "', '"thumbnail": "zz'),
     as_text(known_of((1, 2, 3), thought=None)).replace('"thought": null', '"thought": 7')],
)  # fmt: skip
def test_a_file_that_is_none(tmp_path: Path, content: str) -> None:
    (tmp_path / "odd").write_bytes(content.encode("utf-8", "replace"))
    with pytest.raises(UigError, match="holds no known answers") as error:
        read_known(tmp_path / "odd")
    assert "\n" not in str(error.value)
    with pytest.raises(UigError, match="cannot be read"):
        read_known(tmp_path / "nowhere")
