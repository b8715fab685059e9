"""Lessons as conversations: who sees what, and how often a condition is dropped."""

from collections import Counter
from dataclasses import replace

import torch

from uig_cli.shapes.spec import ObjectGroup, ObjectKind, Spec
from uig_cli.training.batch import FLOWS, LESSONS, lay_out, left_open, noisy
from uig_cli.training.sequences import TokenKind


def flows(conversation):
    """The blocks whose latents are drawn, not read."""
    latent = [
        block
        for block in conversation.blocks
        if conversation.kinds[block.start + 1] == TokenKind.LATENT and block.end - block.start > 2
    ]
    drawn = [x.velocity is not None for x in conversation.latents]
    return [block for block, is_drawn in zip(latent, drawn, strict=True) if is_drawn]


def laid_out(desk, lesson, steps):
    return [each for step in range(steps) for each in lay_out(desk, lesson, step, 4)]


def test_conditions_are_dropped_as_often_as_planned(desk):
    often = replace(desk, plan=replace(desk.plan, drop=0.25))
    read = Counter(len(block.follows) for c in laid_out(often, "draw", 40) for block in flows(c))
    assert sum(read.values()) == 40 * 4 * FLOWS["draw"]
    assert 0.17 < read[0] / sum(read.values()) < 0.33
    read = Counter(len(block.follows) for c in laid_out(often, "edit", 40) for block in flows(c))
    assert set(read) == {2, 3, 5}  # without picture; without instruction; with everything
    for dropped in (2, 3):
        assert 0.17 < read[dropped] / sum(read.values()) < 0.33


def test_noisy_versions_and_questions_do_not_see_each_other(desk):
    for lesson in ("draw", "edit", "ask"):
        conversation = lay_out(desk, lesson, 0, 1)[0]
        mask = conversation.mask()
        assert mask.diagonal().all()
        for a in conversation.blocks:
            for b in conversation.blocks:
                seen = mask[a.start : a.end, b.start : b.end]
                if a == b:
                    expected = torch.ones_like(seen).tril() if a.causal else torch.ones_like(seen)
                    assert torch.equal(seen, expected)
                else:
                    assert bool(seen.all()) == (b in a.follows) == bool(seen.any())


def test_every_block_starts_where_the_context_it_follows_ends(desk):
    for lesson in LESSONS:
        for conversation in lay_out(desk, lesson, 0, 2):
            for block in conversation.blocks:
                positions = conversation.positions[block.start : block.end]
                first = block.follows[-1].position if block.follows else 0
                count = len(positions)
                assert positions == (
                    list(range(first, first + count)) if block.causal else [first] * count
                )


def test_answers_and_the_empty_thought_are_learned_and_nothing_else(desk):
    tokenizer = desk.tokenizer
    for lesson, count in (("draw", 0), ("edit", 1), ("examine", 1)):
        for conversation in lay_out(desk, lesson, 1, 2):
            said = [conversation.ids[i + 1] for i in conversation.learned]
            assert said.count(tokenizer.end) == count
            if lesson == "edit":
                assert said == [tokenizer.end]
            if lesson == "examine":
                text = tokenizer.decode(said)
                assert text.startswith("<think>") and ("MATCH:" in text or "EDIT_NEEDED:" in text)


def test_what_words_leave_open_is_counted():
    red, star = ObjectKind(color="red"), ObjectKind(shape="star", color="red")
    assert left_open(Spec((ObjectGroup(star),))) == (0, 1)
    assert left_open(Spec((ObjectGroup(red, 2), ObjectGroup(star)))) == (2, 3)


def test_noise_and_velocity_lead_back_to_the_data(desk):
    data = desk.latents("draw", 0)
    assert torch.equal(data, desk.latents("draw", 0))
    assert not torch.equal(data, desk.encoded("draw", 0, "test"))
    for n in range(20):
        made = noisy(desk, data, "test", n)
        assert 0 < made.time < 1
        torch.testing.assert_close(made.tokens - made.time * made.velocity, data)
