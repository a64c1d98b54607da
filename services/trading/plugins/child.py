"""The child in which a user's term runs: a script of the standard library alone, for it has nothing of ours to share.

    python -I child.py PLUGIN SHA256 FUNCTION BARS SERIES CUTS

``BARS`` holds columns of 64-bit numbers one behind the other: times, opens, highs, lows, closes, volumes. The function
is given them once whole and once up to each of ``CUTS``; what it says of a prefix must be the prefix of what it says of
the whole, bit by bit, or it looks ahead. Its last word is one line of JSON on standard error.
"""

import hashlib
import json
import math
import sys
import traceback
from array import array
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

COLUMNS = ("times", "opens", "highs", "lows", "closes", "volumes")


class Refused(Exception):
    """What the plug-in says is no term; the message tells the bar."""


def main(plugin: str, sha256: str, function: str, bars: str, series: str, cuts: str) -> dict[str, Any]:
    """Write the series; returns the last word."""
    term = _loaded(plugin, sha256, function)
    columns = _columns(bars)
    count = len(columns[0])
    whole = _said(term, columns, count)
    for cut in map(int, filter(None, cuts.split(","))):
        part = _said(term, columns, cut)
        bar = next((bar for bar in range(cut) if _bits(whole, bar) != _bits(part, bar)), None)
        if bar is not None:
            raise Refused(
                f"it looks ahead: at bar {bar} it says {part[bar]} of {cut} bars, and {whole[bar]} of {count}"
            )
    Path(series).write_bytes(whole.tobytes())
    return {"done": count}


def _bits(values: "array[float]", bar: int) -> bytes:
    return values[bar : bar + 1].tobytes()


def _loaded(plugin: str, sha256: str, function: str) -> Any:
    source = Path(plugin).read_bytes()
    if hashlib.sha256(source).hexdigest() != sha256:
        raise Refused("it is not the version that was approved")
    module = ModuleType("dreamscape_term")
    module.__file__ = plugin
    sys.modules[module.__name__] = module
    exec(compile(source, plugin, "exec", dont_inherit=True), module.__dict__)
    term = getattr(module, function, None)
    if not callable(term):
        raise Refused(f"it has no function {function}(bars)")
    return term


def _columns(path: str) -> "list[array[Any]]":
    content = Path(path).read_bytes()
    size = len(content) // len(COLUMNS)
    parts = [content[start : start + size] for start in range(0, len(content), size)]
    return [array("q" if place == 0 else "d", part) for place, part in enumerate(parts)]


def _said(term: Any, columns: "list[array[Any]]", upto: int) -> "array[float]":
    """What it says of the first so many bars; its own copy, so that nothing it does reaches the next call."""
    given = SimpleNamespace(**{name: list(column[:upto]) for name, column in zip(COLUMNS, columns, strict=True)})
    values = list(term(given))
    if len(values) != upto:
        raise Refused(f"it says {len(values)} numbers of {upto} bars")
    said = array("d", bytes(8 * upto))
    for bar, value in enumerate(values):
        if not isinstance(value, int | float) or not (math.isnan(value) or -1 <= value <= 1):
            raise Refused(f"at bar {bar} it says {value!r}, no number from -1 to 1 (NaN where it has no data)")
        said[bar] = math.nan if math.isnan(value) else float(value) + 0.0
    return said


def _line(error: BaseException, plugin: str) -> int:
    own = [frame.lineno or 0 for frame in traceback.extract_tb(error.__traceback__) if frame.filename == plugin]
    if isinstance(error, SyntaxError) and error.filename == plugin:
        return error.lineno or 0
    return own[-1] if own else 0


if __name__ == "__main__":
    try:
        word = main(*sys.argv[1:7])
    except Refused as refused:
        word = {"refused": str(refused), "line": 0}
    except BaseException as error:  # whatever a foreign file raises is its mistake, told with its line
        word = {"refused": f"it raised {type(error).__name__}: {error}", "line": _line(error, sys.argv[1])}
    sys.stderr.write("\n" + json.dumps(word) + "\n")
