"""Text from outside without what steers: control characters, and what turns the direction of a line."""

import re

_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Tab and line feed are text. So are the marks of right-to-left scripts, which turn no letter of others."""


def plain(text: str, instead: str = "�") -> str:
    """``text`` with ``instead`` for each character that steers a terminal or has a line read otherwise."""
    return text if text.isprintable() else _STEERS.sub(instead, text)


def escaped(document: str) -> str:
    """A JSON document that says the same and steers nothing where it is shown."""
    return document if document.isascii() else _STEERS.sub(lambda found: f"\\u{ord(found[0]):04x}", document)
