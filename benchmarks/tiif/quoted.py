"""The words that a picture of the dimension `text` shall show: those the short prompt quotes.

The long prompt shall show the same ones, whether it quotes them all or not. In the official data a
pair of quotes holds one word; in own data it may hold several, each of which counts as a word.
"""

import re

DIMENSION = "text"

_QUOTED = re.compile(r'"([^"]*)"')


def quoted_words(short_prompt: str) -> list[str]:
    """In the order of the prompt, repeated ones as often as they are there."""
    return [word for quoted in _QUOTED.findall(short_prompt) for word in quoted.split()]
