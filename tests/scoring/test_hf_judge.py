"""Local Qwen-VL judges: tiny random checkpoints, real files, real generation."""

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file

from tests import tiny_qwen_vl
from uig_cli.errors import UigError
from uig_cli.models.protocol import Picture
from uig_cli.scoring.judges.hf import HfJudge
from uig_cli.scoring.protocol import Answer, Asked
from uig_cli.scoring.qwen_vl import KINDS
from uig_cli.scoring.registry import named
from uig_cli.scoring.terms import Terms
from uig_cli.templates import Template, load_all

SIZES = ((40, 60), (100, 64), (64, 64), (28, 200), (90, 90))
QUESTIONS = (
    "Is it red?",
    "Is there a much larger dog behind the small house?",
    "<|im_end|> Is it?",
)


@pytest.fixture(scope="module", params=sorted(KINDS))
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_qwen_vl.save(tmp_path_factory.mktemp("judge") / request.param, request.param)


def opened(folder: Path, **terms: object) -> HfJudge:
    made = Terms(**{"templates": load_all({}), "device": "cpu", **terms})  # type: ignore[arg-type]
    found = named("judges", f"hf:{folder}")
    found.check(made)
    judge = found.open(made, None)
    assert isinstance(judge, HfJudge)
    return judge


def items() -> list[Asked]:
    noise = np.random.default_rng(0)
    pictures = [
        Picture.of(Image.fromarray(noise.integers(0, 255, (height, width, 3), dtype=np.uint8)))
        for height, width in SIZES
    ]
    return [Asked(picture, QUESTIONS[: 1 + i % 3]) for i, picture in enumerate(pictures)]


def answers(judge: HfJudge, asked: list[Asked]) -> list[tuple[Answer, ...]]:
    found = dict(judge.ask(asked))
    return [found[index] for index in range(len(asked))]  # type: ignore[misc]


def test_answers_do_not_depend_on_the_batch(folder: Path) -> None:
    judge, asked = opened(folder), items()
    together = answers(judge, asked)
    assert [len(each) for each in together] == [1, 2, 3, 1, 2]
    given = [answer for each in together for answer in each]
    assert {answer.status for answer in given} == {"answered"}
    for item, expected in zip(asked, together, strict=True):
        for question, answer in zip(item.wanted, expected, strict=True):
            (((alone,),)) = answers(judge, [Asked(item.picture, (question,))])
            assert (alone.answer, alone.raw, alone.usage) == (
                answer.answer, answer.raw, answer.usage,
            )  # fmt: skip
            assert alone.yes == pytest.approx(answer.yes, abs=1e-4)


def test_the_answer_is_the_likelier_word(folder: Path) -> None:
    told = [answer for each in answers(opened(folder), items()) for answer in each]
    sure = [answer for answer in told if answer.yes is not None]
    assert sure
    for answer in sure:
        assert answer.yes is not None
        assert (answer.yes > 0.5) == (answer.answer == "yes")
    assert len({answer.yes for answer in sure}) > 1


def test_markers_in_a_question_are_text(folder: Path) -> None:
    model = opened(folder)._model
    end, pad = model._marker("", "im_end"), model._marker("", "image_pad")
    prompt = model._prompt(4, "<|im_end|><|image_pad|>?")
    assert prompt.count(pad) == 4
    assert prompt.count(end) == model._prompt(4, "?").count(end)


def test_the_picture_is_looked_at(folder: Path) -> None:
    model = opened(folder)._model
    told = model.answer([(item.picture.image, "Is it?") for item in items()])
    assert len({each.yes for each in told}) > 2


def test_identity_is_content_and_terms_not_place(folder: Path, tmp_path: Path) -> None:
    import shutil

    copy = shutil.copytree(folder, tmp_path / "copy")
    usual = opened(folder).identity
    assert opened(copy).identity == usual
    assert opened(copy).name != opened(folder).name
    other = tiny_qwen_vl.save(tmp_path / "other", folder.name, seed=1)
    wording = {**load_all({}), "judge": Template("judge", "{question}")}
    changed = [opened(other), opened(folder, parser="strict"), opened(folder, temperature=0.5),
               opened(folder, templates=wording)]  # fmt: skip
    assert all(judge.identity != usual for judge in changed)


def test_an_answer_that_runs_into_the_limit_of_tokens_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from uig_cli.scoring import qwen_vl

    judge, asked = opened(folder), [Asked(items()[0].picture, QUESTIONS[:1])]
    ((whole,),) = answers(judge, asked)
    assert whole.usage is not None and whole.usage[1] > 1
    monkeypatch.setattr(qwen_vl, "MOST_TOKENS", whole.usage[1] - 1)
    ((cut,),) = answers(judge, asked)
    assert (cut.answer, cut.status, cut.yes) == (None, "cut off", None)
    assert [one.cut for one in cut.replies] == [True]


def test_sampling_differs_from_time_to_time(folder: Path) -> None:
    torch.manual_seed(0)
    judge = opened(folder, temperature=2.0)
    found = {answers(judge, items()[:1])[0][0].raw for _ in range(8)}
    assert len(found) > 1


def test_what_is_no_checkpoint_is_refused(folder: Path, tmp_path: Path) -> None:
    import shutil

    def refused(spec: object, told: str) -> None:
        with pytest.raises(UigError, match=told) as error:
            named("judges", f"hf:{spec}").check(Terms(load_all({})))
        assert "\n" not in str(error.value)

    refused(tmp_path / "nowhere", "is no folder")
    other = tmp_path / "other"
    other.mkdir()
    (other / "config.json").write_text('{"model_type": "llama"}')
    refused(other, "llama model; expected one of qwen2_5_vl, qwen3_vl")
    pickled = shutil.copytree(folder, tmp_path / "pickled")
    torch.save(load_file(pickled / "model.safetensors"), pickled / "pytorch_model.bin")
    (pickled / "model.safetensors").unlink()
    refused(pickled, "pickled weights")


def test_missing_weights_are_an_error(folder: Path, tmp_path: Path) -> None:
    import shutil

    from safetensors.torch import save_file

    broken = shutil.copytree(folder, tmp_path / "broken")
    weights = load_file(broken / "model.safetensors")
    gone = next(name for name in weights if "o_proj" in name)
    del weights[gone]
    save_file(weights, broken / "model.safetensors", {"format": "pt"})
    judge = opened(broken)
    assert judge.read_again([("Is it red?", Answer(None, "unparsed", raw="No."))])[0]
    with pytest.raises(UigError, match="lacks 1 weights"):
        judge.prepare()


def test_numbers_that_are_none_are_no_answer(folder: Path) -> None:
    judge = opened(folder)
    for weight in judge._model._network.lm_head.parameters():
        weight.data.fill_(torch.nan)
    ((answer,),) = answers(judge, [items()[0]])
    assert (answer.answer, answer.yes) == (None, None)
    assert answer.status == "numbers: the judge's logits are not finite (NaN or infinity)"


def test_only_the_first_token_s_chances_are_kept_and_every_step_is_looked_at() -> None:
    from uig_cli.scoring.qwen_vl import _Watched

    steps = torch.zeros(3, 2, 5)
    steps[0, 0, 4] = 9.0
    steps[1, 1, 2] = torch.nan  # of one row, after the first token
    watched, nothing = _Watched(), torch.zeros(2, 1, dtype=torch.long)
    assert all(watched(nothing, step) is step for step in steps)
    first, finite = watched.seen()
    assert torch.equal(first, steps[0].softmax(-1)) and finite == [True, False]
