"""Measures of one Python file, by our own interpreter's parser and within its limits."""

import ast
import warnings
from dataclasses import dataclass


class Unreadable(Exception):
    """The file is beyond our parser; the message says where and why."""


@dataclass(frozen=True)
class Measure:
    """Size and McCabe's cyclomatic complexity: of the whole file, and of its worst function by name."""

    lines: int
    functions: int
    complexity: int
    worst: int = 0
    worst_name: str = ""


_BRANCHES = (
    ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.Assert, ast.comprehension,
)  # fmt: skip
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def measure(source: bytes, name: str) -> Measure:
    """Measure one file. Raises ``Unreadable``."""
    tree = _parse(source, name)
    counted = [(_complexity(node), node.name) for node in ast.walk(tree) if isinstance(node, _FUNCTIONS)]
    worst, worst_name = max(counted, default=(0, ""))
    outside = _decisions(tree) + 1
    lines = source.count(b"\n") + (not source.endswith(b"\n") and bool(source))
    return Measure(lines, len(counted), outside + sum(each for each, _ in counted), worst, worst_name)


def _parse(source: bytes, name: str) -> ast.Module:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # an invalid escape in foreign code is no concern of ours
            return ast.parse(source, name)
    except SyntaxError as error:
        place = f"line {error.lineno}" + (f", column {error.offset}" if error.offset else "")
        raise Unreadable(f"{place}: {error.msg}") from error
    except (ValueError, RecursionError, MemoryError) as error:
        raise Unreadable(str(error) or type(error).__name__) from error


def _complexity(function: ast.AST) -> int:
    return 1 + _decisions(function)


def _decisions(root: ast.AST) -> int:
    """Branches below ``root``, without those of functions inside it, which are counted by themselves."""
    found, open_nodes = 0, list(ast.iter_child_nodes(root))
    while open_nodes:
        node = open_nodes.pop()
        if isinstance(node, _FUNCTIONS):
            open_nodes.extend([*node.decorator_list, node.args])
            continue
        found += _weight(node)
        open_nodes.extend(ast.iter_child_nodes(node))
    return found


def _weight(node: ast.AST) -> int:
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    if isinstance(node, ast.match_case):
        return 0 if isinstance(node.pattern, ast.MatchAs) and node.pattern.pattern is None else 1
    return int(isinstance(node, _BRANCHES))
