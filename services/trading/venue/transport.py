"""How a request leaves: through the jail, once, with no redirect followed; and what came back is metered.

Imports requests, so it is itself imported only by what opens an account.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from services.trading.venue.jail import Jail

Meter = Callable[[int, Mapping[str, str]], None]


@dataclass
class Sent:
    """What went out and came back since it was last cleared: by it a refusal is told from a silence."""

    requests: int = 0
    status: int | None = None

    def clear(self) -> None:
        self.requests, self.status = 0, None


@dataclass
class Line:
    """A session that can reach nothing but the jail's addresses."""

    jail: Jail
    meter: Meter
    sent: Sent = field(default_factory=Sent)

    def session(self) -> requests.Session:
        """A fresh session: no proxy, no netrc, no retry, no redirect."""
        session = requests.Session()
        session.trust_env = False
        session.max_redirects = 0
        session.adapters.clear()
        session.mount("https://", _Jailed(self))
        session.mount("http://", _Jailed(self))
        return session


class _Jailed(HTTPAdapter):
    """Checks where each request goes, the redirected ones too, before a connection is opened."""

    def __init__(self, line: Line) -> None:
        super().__init__(max_retries=0)
        self._line = line

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        self._line.jail.check(request.url or "")
        self._line.sent.requests += 1
        try:
            response = super().send(request, *args, **kwargs)
        except requests.ConnectionError as error:
            if _never_connected(error):
                self._line.sent.requests -= 1
            raise
        self._line.sent.status = response.status_code
        self._line.meter(response.status_code, response.headers)
        return response


def _never_connected(error: requests.ConnectionError) -> bool:
    """Whether no connection was opened, so that not a byte went out."""
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)
