"""Complexity is McCabe's: one, and one more for each branch."""

import pytest

from services.debugger.scanner.measure import Unreadable, measure

PLAIN = b"def f():\n    return 1\n"
BRANCHY = b"""
def f(a, b):
    if a and b or a:
        for x in a:
            while x:
                x -= 1
    try:
        pass
    except ValueError:
        pass
    return [y for y in b if y] if a else None
"""
MATCH = b"""
def f(a):
    match a:
        case 1: return 1
        case 2: return 2
        case _: return 0
"""
NESTED = b"""
def outer(a):
    def inner(b):
        return 1 if b else 2
    return inner if a else None
"""


@pytest.mark.parametrize(
    ("source", "worst"), [(PLAIN, 1), (BRANCHY, 1 + 1 + 2 + 1 + 1 + 1 + 2 + 1), (MATCH, 3), (NESTED, 2)]
)
def test_the_worst_function_is_counted_by_itself(source, worst):
    assert measure(source, "f.py").worst == worst


def test_a_file_counts_its_lines_its_functions_and_its_module_level():
    found = measure(NESTED + b"if outer(1): pass", "f.py")
    assert (found.lines, found.functions, found.complexity) == (6, 2, 2 + 2 + 2)


def test_an_empty_file_is_no_lines_of_complexity_one():
    assert (measure(b"", "f.py").lines, measure(b"", "f.py").complexity) == (0, 1)


def test_a_syntax_error_says_line_and_column():
    with pytest.raises(Unreadable, match=r"line 2, column \d+: "):
        measure(b"x = 1\ndef (:\n", "f.py")


@pytest.mark.parametrize("source", [b"a = '\0'", b"\xff\xfe", b"x" + b"+x" * 60_000, b"(" * 300])
def test_what_the_parser_cannot_take_is_unreadable_and_not_fatal(source):
    with pytest.raises(Unreadable):
        measure(source, "f.py")


def test_an_invalid_escape_in_foreign_code_warns_nobody():
    assert measure(b"a = '\\d'\n", "f.py").lines == 1
