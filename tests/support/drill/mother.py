"""Gives birth to lives: it has everything imported, and each life is a fork of it that may be killed.

``python -m tests.support.drill.mother`` reads one JSON object a line and answers with one; it forks before any thread
is started, and ends with its standard input.
"""

import json
import os
import sys
import traceback
from typing import Any

import ccxt  # noqa: F401 - imported once here, instead of a second in each life

from tests.support.drill.life import Orders, live


def birth(told: dict[str, Any]) -> dict[str, Any]:
    """Let one life be lived; tells how it ended and what it said."""
    read, write = os.pipe()
    child = os.fork()
    if not child:
        os.close(read)
        _be_born(told, write)
    os.close(write)
    with os.fdopen(read) as words:
        said = words.read()
    _, status = os.waitpid(child, 0)
    signal = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    return {"signal": signal, "code": os.waitstatus_to_exitcode(status), "said": json.loads(said or "{}")}


def _be_born(told: dict[str, Any], write: int) -> None:
    code = 1
    try:
        said = json.dumps(live(Orders(**told)))
        os.write(write, said.encode())
        code = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(birth(json.loads(line))) + "\n")
        sys.stdout.flush()
