"""Whether a text says that its writer did not look at the picture, or will not.

A judge that says so and answers all the same has made its answers up. "I cannot see a cat in the
image" is an answer; "I cannot see the image" is none. "No photos are included" speaks of what was
drawn, "no image was included" of what was sent.
"""

import re

_CANNOT = r"(?:can't|cannot|can not|could not|couldn't|unable to|not able to|no ability to)"
_LOOK = r"(?:see|view|access|open|load|process|display|analy[sz]e|examine|interpret|inspect)"
_WHICH = r"(?:(?:the|this|that|these|any|an?|your|provided|attached|uploaded|given|actual)\s+)*"
_PICTURE = (
    r"(?:image|picture|photo|photograph)s?\b(?!'s\b|'\s)"
    r"(?!\s+(?:of|on|in|frame|book)\b)"
)
_ONE = r"(?:image|picture|photo|photograph)"
_SENT = r"(?:provided|attached|uploaded|sent|shared)\b"
_HERE = r"(?:in|with)\s+(?:your|the|this)\s+(?:message|request|prompt|question)s?\b"

_REFUSALS = (
    rf"\b{_CANNOT}\s+(?:\w+ly\s+)?{_LOOK}\s+{_WHICH}{_PICTURE}",
    rf"\bno\s+{_PICTURE}\s+(?:was|were|is|are|has been|have been)\s+(?:actually\s+)?"
    rf"(?:{_SENT}|included\s+{_HERE})",
    rf"\bno\s+{_ONE}\s+(?:was|is|has been)\s+(?:actually\s+)?included\b",
    rf"\bI(?:'m|\s+am)?\s+(?:sorry,?\s+(?:but\s+)?I(?:'m|\s+am)?\s+)?{_CANNOT}\s+"
    r"(?:assist|help|comply|fulfill?|answer|do that|continue)\b",
)
_REFUSAL = re.compile("|".join(f"(?:{pattern})" for pattern in _REFUSALS), re.IGNORECASE)


def refuses(text: str) -> bool:
    """Whether the text is, or begins with, a refusal to look or to answer."""
    return _REFUSAL.search(text.replace("\u2019", "'")) is not None
