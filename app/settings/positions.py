"""Line and column of every key and value in a TOML text.

Parsers give values without places, so this scan gives places without values. It expects a text that a parser
has already accepted, hence it checks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.settings.fields import KeyPath

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_INLINE_SPACE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^,\]}#\r\n]*")
_STRING = re.compile(r'"""(?:\\.|[^\\])*?"""+|\'\'\'.*?\'\'\'+|"(?:\\.|[^"\\])*"|\'[^\']*\'', re.DOTALL)
_ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a key and its value stand; lines and columns count from 1."""

    key: tuple[int, int]
    value: tuple[int, int]


def positions(text: str) -> Mapping[KeyPath, Place]:
    """The place of each table, key and list item, by its path."""
    scan = _Scan(text)
    scan.document()
    return scan.places


class _Scan:
    """One pass over one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.places: dict[KeyPath, Place] = {}
        self.lengths: dict[KeyPath, int] = {}

    def document(self) -> None:
        table: KeyPath = ()
        self.skip(_SPACE)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(_SPACE)

    def header(self) -> KeyPath:
        """`[a.b]` or `[[a.b]]`; the path leads into the newest item of each list of tables on its way."""
        start = self.where()
        is_list = self.text.startswith("[[", self.at)
        self.at += 2 if is_list else 1
        names = self.key()
        self.at += 2 if is_list else 1
        path: KeyPath = ()
        for name in names[:-1]:
            path = self.newest((*path, name))
            self.places.setdefault(path, Place(start, start))
        path = (*path, names[-1])
        if is_list:
            self.places.setdefault(path, Place(start, start))
            self.lengths[path] = self.lengths.get(path, 0) + 1
        path = self.newest(path)
        self.places[path] = Place(start, start)
        return path

    def newest(self, path: KeyPath) -> KeyPath:
        return (*path, self.lengths[path] - 1) if path in self.lengths else path

    def pair(self, table: KeyPath) -> None:
        key = self.where()
        path = (*table, *self.key())
        self.at += 1  # the equals sign
        self.skip(_INLINE_SPACE)
        for depth in range(len(table) + 1, len(path)):
            self.places.setdefault(path[:depth], Place(key, key))
        self.places[path] = Place(key, self.where())
        self.value(path)

    def value(self, path: KeyPath) -> None:
        opening = self.text[self.at]
        if opening == "[":
            self.items(path)
        elif opening == "{":
            self.inline_table(path)
        elif opening in "\"'":
            self.skip(_STRING)
        else:
            self.skip(_SCALAR)

    def items(self, path: KeyPath) -> None:
        self.at += 1
        index = 0
        self.skip(_SPACE)
        while self.text[self.at] != "]":
            self.places[(*path, index)] = Place(self.where(), self.where())
            self.value((*path, index))
            self.separator()
            index += 1
        self.at += 1

    def inline_table(self, path: KeyPath) -> None:
        self.at += 1
        self.skip(_SPACE)
        while self.text[self.at] != "}":
            self.pair(path)
            self.separator()
        self.at += 1

    def separator(self) -> None:
        self.skip(_SPACE)
        if self.text[self.at] == ",":
            self.at += 1
            self.skip(_SPACE)

    def key(self) -> tuple[str, ...]:
        """A key, bare, quoted or dotted; ends before the equals sign or closing bracket."""
        names = [self.simple_key()]
        while self.text[self.at] == ".":
            self.at += 1
            names.append(self.simple_key())
        return tuple(names)

    def simple_key(self) -> str:
        self.skip(_INLINE_SPACE)
        quote = self.text[self.at]
        raw = self.skip(_STRING if quote in "\"'" else _BARE_KEY)
        self.skip(_INLINE_SPACE)
        if quote == "'":
            return raw[1:-1]
        return _ESCAPE.sub(_unescape, raw[1:-1]) if quote == '"' else raw

    def skip(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.text, self.at)
        passed = match.group() if match else ""
        self.at += len(passed)
        return passed

    def where(self) -> tuple[int, int]:
        start_of_line = self.text.rfind("\n", 0, self.at) + 1
        return self.text.count("\n", 0, self.at) + 1, self.at - start_of_line + 1


def _unescape(match: re.Match[str]) -> str:
    code = match.group(1)
    if code[0] in "uU":
        return chr(int(code[1:], 16))
    return {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r", "e": "\x1b"}.get(code, code)
