"""Sampler settings as typed: BAGEL's published names are other names of ours."""

import json
from pathlib import Path

import pytest

from tests.conftest import Uig
from uig_cli.errors import UigError
from uig_cli.models.bagel.settings import ALIASES, LEAST, ONE_OF, UNSAID, default_samplers
from uig_cli.models.protocol import Capabilities
from uig_cli.models.sampler_settings import LONG_LOOKS, PRESETS, resolve, with_preset

BAGEL = Capabilities(
    roles=frozenset({"draw", "look", "edit"}),
    sampler=default_samplers(3.0),
    least=LEAST,
    one_of=ONE_OF,
    aliases=ALIASES,
    unsaid=UNSAID,
)
GIVEN = {
    "cfg_text_scale": "5", "cfg_interval": "0.2,0.9", "cfg_renorm_type": "channel",
    "cfg_renorm_min": "0.5", "timestep_shift": "2", "text_temperature": "0.7",
    "max_think_token_n": "300", "edit.cfg_img_scale": "1.5",
}  # fmt: skip


def test_published_names_are_recorded_under_ours() -> None:
    draw, edit = (resolve(BAGEL, role, GIVEN, "bagel") for role in ("draw", "edit"))
    assert draw == {
        "num_timesteps": 50, "shift": 2.0, "text_scale": 5.0, "renorm_min": 0.5,
        "image_scale": 1.0, "interval": (0.2, 0.9), "renorm": "channel", "max_text_tokens": 300,
        "temperature": 0.7,
    }  # fmt: skip
    assert edit == {**draw, "image_scale": 1.5}
    assert resolve(BAGEL, "look", GIVEN, "bagel") == {"max_text_tokens": 300, "temperature": 0.7}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"cfg_txt_scale": "5"}, 'mean "cfg_text_scale"'),
        ({"timestep_shift": "0"}, "timestep_shift: got 0.0, expected a number from 0.01 up"),
        ({"cfg_renorm_type": "none"}, "global"),
        ({"cfg_text_scale": "5", "text_scale": "4"}, "are one setting"),
    ],
)
def test_what_is_wrong_is_said_in_the_user_s_name(given: dict[str, str], says: str) -> None:
    with pytest.raises(UigError, match=says):
        resolve(BAGEL, "draw", given, "bagel")


def test_a_run_by_either_name_is_the_same_run(uig: Uig, tmp_path: Path) -> None:
    words = ["generate", "--prompt", "a red circle", "--num-timesteps", 3, "--quiet"]
    ours, published = tmp_path / "ours", tmp_path / "published"
    assert uig(*words, "--sampler", "text_scale=3", "--out", ours).code == 0
    assert uig(*words, "--sampler", "cfg_text_scale=3", "--out", published).code == 0
    runs = [json.loads((run / "run.json").read_text("utf-8")) for run in (ours, published)]
    assert runs[0]["identities"] == runs[1]["identities"]
    assert runs[1]["drawing"]["samplers"]["draw"]["text_scale"] == 3.0


def test_what_came_later_is_said_only_where_it_is_set() -> None:
    """A setting that 0.1.0 did not have stands in no request and no identity by default."""
    assert "stop_repetition" not in resolve(BAGEL, "look", {}, "bagel")
    assert "stop_repetition" not in resolve(BAGEL, "look", {"look.stop_repetition": "0"}, "bagel")
    assert resolve(BAGEL, "look", LONG_LOOKS, "bagel")["stop_repetition"] == 3


def test_presets_are_outranked_by_what_is_given() -> None:
    given = with_preset("weak-both", {"edit.num_timesteps": "7"})
    assert resolve(BAGEL, "draw", given, "bagel")["num_timesteps"] == 4
    assert resolve(BAGEL, "edit", given, "bagel")["num_timesteps"] == 7
    for role in ("draw", "edit"):
        everywhere = with_preset("weak-drawing", {"num_timesteps": "9"})
        assert resolve(BAGEL, role, everywhere, "bagel")["num_timesteps"] == 9
    assert with_preset(None, {"a": "b"}) == {"a": "b"}
    for name in PRESETS:
        assert resolve(BAGEL, "look", with_preset(name, {}), "bagel")["max_text_tokens"] == 256
    with pytest.raises(UigError, match='unknown preset "weak"'):
        with_preset("weak", {})
