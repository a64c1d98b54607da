"""Starts the exchange in a process of its own and drives it: what a test holds in its hand."""

import http.client
import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

KEY, SECRET = "testkey", "testsecret"
_ROOT = Path(__file__).parents[3]

LOST = {"answer": "lost"}
"""Done, and the answer never arrives."""
FAILED_AFTER = {"answer": {"status": 503, "body": {"code": -1007, "msg": "Timeout waiting for response from backend."}}}
"""Done, and answered by a 5xx."""
LATE = {"commit": "late", "answer": "lost"}
"""The answer never arrives; it is done at the release, or after ``seconds``."""
NEVER = {"commit": "never", "answer": "lost"}
"""Never done, and no answer: from outside it looks like ``LATE`` and ``LOST``."""
HIDDEN = {"hide": True}
"""Done and answered, and not to be seen until the release, or for ``seconds``."""
LAGGING = {"lag": True}
"""Done; the balances tell it only after the release, or ``seconds``."""
REPLACE = "POST /api/v3/order/cancelReplace"
CREATE, CANCEL, LOOK = "POST /api/v3/order", "DELETE /api/v3/order", "GET /api/v3/order"


class Remote:
    """An exchange that runs somewhere here: ``url`` is what the program is given, the rest is a test's own hand."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def ctl(self, command: str, **told: Any) -> Any:
        """Carry out a command of ``control.py``; raises what was wrong with it."""
        link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            link.request("POST", f"/_ctl/{command}", json.dumps(told), {"Content-Type": "application/json"})
            answer = link.getresponse()
            body = answer.read().decode()
        finally:
            link.close()
        if answer.status != 200:
            raise AssertionError(f"/_ctl/{command} {told}: {body}")
        return json.loads(body)

    def fault(self, on: str, *faults: dict[str, Any], **more: Any) -> None:
        """The next request ``on`` a method and path goes wrong; see ``faults.py`` for the rest."""
        told: dict[str, Any] = {"on": on}
        for each in (*faults, more):
            told |= each
        self.ctl("fault", **told)

    def ledger(self) -> dict[str, Any]:
        """Every order ever, all trades, all balances."""
        return dict(self.ctl("ledger"))

    def asked(self, request: str = "") -> list[dict[str, Any]]:
        """What was asked of it, in order; of one method and path, if given."""
        return [each for each in self.ctl("asked") if request in ("", each["request"])]


class Loopback(Remote):
    """One that this test started."""

    def __init__(self, port: int, process: "subprocess.Popen[str]") -> None:
        super().__init__(port)
        self.process = process


@contextmanager
def loopback() -> Iterator[Loopback]:
    """An exchange with nobody's money and no prices; ends with the block, whatever became of the program."""
    command = [sys.executable, "-m", "tests.support.exchange"]
    with subprocess.Popen(command, stdin=-1, stdout=-1, text=True, cwd=_ROOT, start_new_session=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield Loopback(int(process.stdout.readline()), process)
        finally:
            process.stdin.close()
            process.wait(timeout=20)
