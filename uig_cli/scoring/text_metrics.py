"""How near the text in a picture comes to the words that were asked for: GNED and recall.

The two numbers of TIIF-Bench (arXiv 2506.02161), as its official script computes them: everything
lower-cased, every line taken apart at single blanks (double ones leave empty tokens, tabs do not
separate), a picture without any line counted as one empty token. Where that script divides by
zero, there is no number here; what is not a reading of a picture never gets one either, since
that is not for these functions to say (runs.texts).
"""

from collections.abc import Sequence

NEAR = 0.3
"""A token this near to a word, or nearer, is that word to recall."""


def tokens(lines: Sequence[str]) -> list[str]:
    """What is compared with the words: lines in lower case, taken apart at single blanks."""
    return [token for line in lines or [""] for token in line.lower().split(" ")]


def gned(words: Sequence[str], lines: Sequence[str]) -> float:
    """Global normalised edit distance, 0 (the words and nothing else) to 1.

    The cheapest one-to-one pairing of words and tokens, each pair at its `ned`, plus 1 for
    everything left over, divided by the larger number of the two. Text that nobody asked for
    costs as much as words that are missing.
    """
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    wanted, found = [word.lower() for word in words], tokens(lines)
    larger, surplus = max(len(wanted), len(found)), abs(len(wanted) - len(found))
    if not wanted:
        return surplus / larger
    cost = np.array([[ned(token, word) for word in wanted] for token in found])
    paired = cost[linear_sum_assignment(cost)].sum()
    return float((paired + surplus) / larger)


def recall(words: Sequence[str], lines: Sequence[str]) -> float | None:
    """The share of the words that were found, 0 to 1; None without words.

    Words in order; each takes the first token not taken yet that is at most `NEAR` away, be it
    the best or not.
    """
    if not words:
        return None
    left, found = tokens(lines), 0
    for word in words:
        near = next((i for i, token in enumerate(left) if ned(token, word.lower()) <= NEAR), None)
        if near is not None:
            del left[near]
            found += 1
    return found / len(words)


def ned(one: str, other: str) -> float:
    """Levenshtein's distance over the longer length: 0 (equal, or both empty) to 1."""
    if one == other:
        return 0.0
    return _levenshtein(one, other) / max(len(one), len(other))


def _levenshtein(one: str, other: str) -> int:
    """The fewest insertions, deletions and substitutions that turn one text into the other."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        above, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            above, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, above + (a != b))
    return row[-1]
