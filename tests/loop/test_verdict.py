"""What an examination said, in both readings."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from uig_cli.loop.verdict import reference, robust, strip_thoughts


def test_reference() -> None:
    """Its golden table is checked in tests/test_bagel_parity.py."""
    assert reference("MISMATCH: x").kind == "match"
    assert reference("match: x").instruction == "match: x"
    assert reference("EDIT_NEEDED: a \n EDIT_NEEDED: b").instruction == "a"
    assert reference(" ").instruction == " "


@pytest.mark.parametrize(
    ("text", "kind", "instruction"),
    [
        ("MATCH: all fits", "match", ""),
        ("match: all fits", "match", ""),
        ("**MATCH:** all fits", "match", ""),
        ("**EDIT_NEEDED**: make it red", "edit", "make it red"),
        ("- EDIT_NEEDED: make it red", "edit", "make it red"),
        ("Edit needed: make it red", "edit", "make it red"),
        ("Verdict: MATCH: fine", "match", ""),
        ("1. EDIT_NEEDED: a\nthen b", "edit", "a\nthen b"),
        ("EDIT_NEEDED: **make it red**", "edit", "make it red"),
        ("It fits. MATCH: yes", "match", ""),
        # The last verdict counts.
        ("MATCH: no wait\nEDIT_NEEDED: add a cat", "edit", "add a cat"),
        ("EDIT_NEEDED: add a cat\nOn second look:\nMATCH: it is there", "match", ""),
        # A verdict word inside an instruction is not a verdict.
        ("EDIT_NEEDED: remove the sign that says MATCH: here", "edit",
         "remove the sign that says MATCH: here"),
        # Thoughts are set aside.
        ("<think>MATCH: maybe</think>\nEDIT_NEEDED: add a cat", "edit", "add a cat"),
        ("<think>EDIT_NEEDED: x</think>MATCH: good", "match", ""),
        ("I wonder. EDIT_NEEDED: x</think> MATCH: good", "match", ""),
        ("<think>EDIT_NEEDED: cut at the lim", "unclear", ""),
        # No verdict is no instruction.
        ("", "unclear", ""),
        ("The picture shows a cat.", "unclear", ""),
        ("MISMATCH: the sky is wrong", "unclear", ""),
        ("It does not match: the sky is green", "unclear", ""),
        ("This is NOT MATCH: at all", "unclear", ""),
        ("EDIT_NEEDED:  \n ", "unclear", ""),
    ],
)  # fmt: skip
def test_robust(text: str, kind: str, instruction: str) -> None:
    verdict = robust(text)
    assert (verdict.kind, verdict.instruction) == (kind, instruction)


@given(st.text())
def test_robust_takes_any_text(text: str) -> None:
    verdict = robust(text)
    assert (verdict.instruction != "") == (verdict.kind == "edit")


@given(st.text(alphabet="ab <>/think\n"))
def test_no_complete_thought_is_left(text: str) -> None:
    assert "</think>" not in strip_thoughts(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("a<think>b</think>c", "ac"), ("a<THINK>b", "a"), ("b</think>c", "c"),
        ("a<think>b<think>c</think>d", "ad"), ("a<think>b</think>c</think>d", "d"),
        ("a<think>b</think>c<think>d", "ac"), ("a</think>b<think>c", "b"), ("none", "none"),
    ],
)  # fmt: skip
def test_thoughts_are_taken_out(text: str, left: str) -> None:
    assert strip_thoughts(text) == left


def test_a_loop_of_opened_thoughts_is_read_in_one_pass() -> None:
    """Three seconds for 100 kB where each tag looks for its end anew; a hundredth otherwise."""
    start = time.process_time()
    assert strip_thoughts("<think>" * 40_000) == ""
    assert time.process_time() - start < 1
