"""Questions that ask about another line's prompt, found by their words.

The full set's `comparison` questions have slipped against their prompts. Such a slip lasts for a
run of lines, and over that run questions and prompts share no telling words. A single line that
shares few may be put in other words, and is left alone.
"""

import re
from collections import Counter
from collections.abc import Sequence
from math import log

FITS = 0.45
"""Between the best fit of a slipped line (0.39) and the least of a run of two others (0.47), in
all 39 dimensions of the full set."""
RUN = 3

_STEM = 5


def misaligned(prompts: Sequence[str], questions: Sequence[Sequence[str]]) -> list[range]:
    """Runs of at least three lines whose questions do not fit their prompt.

    prompts: one text per line of a dimension (the concise one: it is nearest to the questions).
    questions: the question texts of the same lines.
    """
    runs, start = [], 0
    fits = [fit >= FITS for fit in _fits(prompts, questions)]
    for end, fit in enumerate([*fits, True]):
        if fit:
            if end - start >= RUN:
                runs.append(range(start, end))
            start = end + 1
    return runs


def _fits(prompts: Sequence[str], questions: Sequence[Sequence[str]]) -> list[float]:
    """Per line the share, 0..1, of its questions' words that its prompt holds.

    A word weighs the square of its inverse document frequency among the questions, as in a tf-idf
    cosine: what every line asks ("in the image") weighs nothing, and needs no list of stop words.
    """
    asked = [_words(" ".join(texts)) for texts in questions]
    seen = Counter(word for words in asked for word in words)
    weights = {word: log(len(asked) / count) ** 2 for word, count in seen.items()}
    fits = []
    for words, prompt in zip(asked, prompts, strict=True):
        whole = sum(weights[word] for word in words)
        shared = sum(weights[word] for word in words & _words(prompt))
        fits.append(shared / whole if whole else 1.0)
    return fits


def _words(text: str) -> set[str]:
    return {word[:_STEM] for word in re.findall(r"\w+", text.lower())}
