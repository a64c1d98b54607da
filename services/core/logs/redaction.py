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
    | (?P<scheme>\b(?:Bearer|Basic)\s+)(?P<credential>[A-Za-z0-9._~+/=-]{4,})
    | (?P<named>
        (?P<name>
          (?:api[_-]?key|secret|token(?!s)|passw(?:or)?d|passphrase|signature|(?<![A-Za-z])key)
          (?![A-Za-z0-9_]{0,40}(?:Error|Exception|Warning)\b)  # KeyError: tells of a fault, and of no key
          [A-Za-z0-9_-]{0,40}["']?)
        \s*(?P<sign>[=:])\s*)
      (?P<value>"[^"]*"|'[^']*'|[^\s,;&"'})\]]+)
    | (?P<login>://)[^/\s:@]*:[^/\s@]+(?=@)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CODE = re.compile(r"lambda|None|True|False|null|true|false")
_CALL = re.compile(r"[A-Za-z_][\w.]*\(.*")
"""Values in source text, such as that of a traceback: ``key=lambda r: r.at``."""
_WORD = re.compile(r"""(?P<quote>["']?)[A-Z]?[a-z]{0,14}(?:_[a-z]{1,14}){0,2}(?P=quote)|\W+|\([a-z_]*""")
"""No generated key is one short word in small letters."""
_COUNT = re.compile(r"\d{1,3}")
_CHOSEN = re.compile(r"secret|passw|passphrase|api[_-]?key", re.IGNORECASE)
"""Names of what a person may have chosen, so that it may well be a word."""
_SAYS = re.compile(
    r"a|all|an|cannot|does|expected|extra|field|has|in|input|invalid|is|missing|must|no|not|of|required|should|the|too"
    r"|unset|value|was|wrong",
    re.IGNORECASE,
)
"""Words with which a sentence about a password goes on."""
_SCHEMES = re.compile(r"(?:auth|authentication|authorization|scheme|tokens?)\.?", re.IGNORECASE)


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

    def hide(self, text: str) -> str:
        """The text with the registered values masked, and nothing else changed: for data that code goes on with."""
        return text if self._known is None else self._known.sub(MASK, text)

    def clean(self, text: str) -> str:
        """The text with every secret masked."""
        text = self.hide(text)
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
    if match["value"] is not None and _tells(match["name"], match["sign"], match["value"]):
        return match[0]
    if match["credential"] is not None and _names_a_scheme(match["scheme"], match["credential"]):
        return match[0]
    kept = next(match[part] for part in ("header", "scheme", "named", "login") if match[part] is not None)
    return f"{kept}{MASK}"


def _tells(name: str, sign: str, value: str) -> bool:
    """Whether this is code or a sentence about a secret, and none itself. What has a quoted name is data."""
    if name.endswith(("'", '"')):
        return False
    if sign == "=":
        called = name.lower() in ("key", "signature") and _CALL.fullmatch(value) is not None
        return called or _CODE.fullmatch(value) is not None
    if name.lower().endswith("secrets"):
        return _WORD.fullmatch(value) is not None or _COUNT.fullmatch(value) is not None
    if _CHOSEN.search(name):
        return _SAYS.fullmatch(value) is not None
    return _WORD.fullmatch(value) is not None


def _names_a_scheme(scheme: str, credential: str) -> bool:
    """``Basic authentication`` and ``Bearer token`` are spoken of, and ``basic checks`` are ordinary words."""
    if _SCHEMES.fullmatch(credential):
        return True
    return scheme.startswith("basic") and _WORD.fullmatch(credential.rstrip(".")) is not None
