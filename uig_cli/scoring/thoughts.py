"""What a reasoning model said when it had done thinking."""

import re

_TAG = re.compile(
    r"<(/?)(?:think|thinking|thoughts?|reasoning|seed:think)>|\[(/?)think\]|\u25c1(/?)think\u25b7",
    re.IGNORECASE,
)


def after_thought(text: str) -> str | None:
    """The text without the thought that it shows; None where the thought has no end.

    Servers that open the thought themselves send its end alone. An answer may stand before the
    thought, where nothing stands behind it.
    """
    tags = list(_TAG.finditer(text))
    if not tags:
        return text
    if not _closes(tags[-1]):
        return None
    behind = text[tags[-1].end() :]
    if behind.strip() or _closes(tags[0]):
        return behind
    return text[: tags[0].start()]


def _closes(tag: re.Match[str]) -> bool:
    return any(tag.groups())
