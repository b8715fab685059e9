"""What a checkpoint brings of its own: settings over the published ones, the words it knows."""

import json

import pytest

from uig_cli.errors import UigError
from uig_cli.models.bagel.checkpoint_extras import read_extras
from uig_cli.models.bagel.settings import default_samplers


@pytest.fixture
def write(tmp_path):
    def written(**content):
        (tmp_path / "uig_config.json").write_text(json.dumps(content), "utf-8")
        return tmp_path

    return written


def test_settings_of_a_checkpoint_stand_over_the_published_ones(write):
    given = {"draw": {"text_scale": 2.5, "interval": [0.2, 1.0]}, "look": {"max_text_tokens": 99}}
    own = read_extras(write(samplers=given), shift=3.0)
    published = default_samplers(3.0)
    assert own.samplers["draw"] == {
        **published["draw"],
        "text_scale": 2.5,
        "interval": (0.2, 1.0),
    }
    assert own.samplers["look"]["max_text_tokens"] == 99
    assert own.samplers["edit"] == published["edit"]


def test_a_checkpoint_that_says_nothing_has_the_published_settings_and_knows_everything(tmp_path):
    own = read_extras(tmp_path, shift=3.0)
    assert own.samplers == default_samplers(3.0)
    assert own.known_words is None


def test_the_words_of_a_small_world(write):
    own = read_extras(write(world="draws only shapes", words=["a", "red"]), shift=3.0)
    assert own.domain == "draws only shapes" and own.known_words == frozenset({"a", "red"})


@pytest.mark.parametrize(
    "content, named",
    [
        ({"samplers": {"draw": {"text_skale": 2.0}}}, "text_skale"),
        ({"samplers": {"draw": {"text_scale": "much"}}}, "text_scale"),
        ({"samplers": {"draw": {"text_scale": float("inf")}}}, "text_scale.*inf.*a finite number"),
        ({"samplers": {"draw": {"interval": [0.4, float("nan")]}}}, "interval.*nan.*finite"),
        ({"samplers": {"draw": 3}}, "draw"),
        ({"samplers": []}, "samplers"),
        ({"words": "red"}, "words"),
    ],
)
def test_what_cannot_be_is_refused_with_its_file(write, content, named):
    with pytest.raises(UigError, match=named) as refused:
        read_extras(write(**content), shift=3.0)
    assert "uig_config.json" in str(refused.value)
