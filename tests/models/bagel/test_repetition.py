"""An end to endless repetition: a phrase that was said often enough is not begun once more."""

import torch

from uig_cli.models.bagel.text_decoding import PHRASE, TextSettings, going_on, hold_back

LOOP = [5, 6, 7, 8, 9, 10]


def test_a_phrase_is_held_back_once_it_was_said_so_often() -> None:
    assert len(LOOP) == PHRASE
    text = [1, *LOOP, 2, *LOOP, 3, *LOOP[:-1]]
    assert going_on(text, 3) == [] and going_on(text, 2) == [LOOP[-1]]
    assert going_on([*LOOP * 3, *LOOP[:-1]], 3) == [LOOP[-1]]
    assert going_on(LOOP[:-2], 1) == [] and going_on([], 1) == []


def test_other_rows_and_other_tokens_are_left_alone() -> None:
    logits = torch.zeros(2, 20)
    hold_back(logits, [[*LOOP * 3, *LOOP[:-1]], [1, 2, 3]], 3)
    assert logits[0].argmin() == LOOP[-1] and logits[0, LOOP[-1]] < -1e30
    assert logits.isfinite().all()
    assert (logits != 0).sum() == 1


def test_it_is_off_by_default() -> None:
    assert TextSettings(10, 0.0).stop_repetition == 0
