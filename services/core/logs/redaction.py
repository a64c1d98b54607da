"""Secrets taken out of text before anything keeps it."""

from __future__ import annotations

import re
import threading
from urllib.parse import quote

from msgspec.structs import replace

from services.core.logs.line import LONGEST_TEXT, LogLine, bounded

MASK = "•••"
_MOST_TEMPLATES = 1000
_SHORTEST = 4  # a shorter value would blank out ordinary words

_PATTERN = re.compile(
    r"""
    (?P<header>authorization["']?\s*[=:]\s*["']?)[^\r\n,;"'}]+
    | (?P<bearer>\b(?:Bearer|Basic)\s+)[A-Za-z0-9._~+/=-]{4,}
    | (?P<named>
        (?:api[_-]?key|secret|token(?!s)|passw(?:or)?d|passphrase|signature|(?<![A-Za-z])key)
        [A-Za-z0-9_-]{0,40}["']?\s*[=:]\s*)
      (?:"[^"]*"|'[^']*'|[^\s,;&"'})\]]+)
    | (?P<login>://)[^/\s:@]*:[^/\s@]+(?=@)
    """,
    re.VERBOSE | re.IGNORECASE,
)


class Redactor:
    """Masks registered values and what looks like a secret: key=…, Authorization: …, ://user:password@."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._values: frozenset[str] = frozenset()
        self._known: re.Pattern[str] | None = None
        self._templates: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Redactor({len(self._values)} values)"

    def register(self, secret: str) -> None:
        """Mask this value from now on, also as it stands in an address or in a repr."""
        if len(secret) < _SHORTEST:
            return
        forms = {secret, quote(secret, safe=""), repr(secret)[1:-1]}
        with self._lock:
            self._values |= forms
            longest_first = sorted(self._values, key=len, reverse=True)
            self._templates = {}
            self._known = re.compile("|".join(map(re.escape, longest_first)))

    def clean(self, text: str) -> str:
        """The text with every secret masked."""
        if self._known is not None:
            text = self._known.sub(MASK, text)
        return _PATTERN.sub(_masked, text) if _may_match(text) else text

    def clean_template(self, template: str) -> str:
        """Like `clean`, remembering the answer: templates are few and come again."""
        cleaned = self._templates.get(template)
        if cleaned is None:
            if len(self._templates) >= _MOST_TEMPLATES:
                self._templates = {}
            cleaned = self._templates[template] = bounded(self.clean(template[:LONGEST_TEXT]))
        return cleaned

    def redacted(self, line: LogLine) -> LogLine:
        """A line from elsewhere, such as a child, with its texts cleaned."""
        return replace(line, text=bounded(self.clean(line.text)), template=self.clean_template(line.template))


def _may_match(text: str) -> bool:
    """Whether the pattern has anything to look for: most lines do not, and the pattern costs as much as the rest."""
    return "=" in text or ":" in text or "bearer" in (lowered := text.lower()) or "basic" in lowered


def _masked(match: re.Match[str]) -> str:
    return f"{match.group(match.lastgroup or 0)}{MASK}"
