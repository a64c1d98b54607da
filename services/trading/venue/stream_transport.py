"""How a stream is opened: through the jail, with no redirect followed. Imports aiohttp, so it is imported late."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import aiohttp
from aiohttp.client_reqrep import ConnectionKey

from services.trading.venue.jail import Jail, Jailed


class _JailedConnector(aiohttp.TCPConnector):
    """Checks where each connection goes before it is opened."""

    def __init__(self, jail: Jail) -> None:
        super().__init__()
        self._jail = jail

    async def connect(self, req: Any, traces: Any, timeout: Any) -> Any:
        self._jail.check(str(req.url))
        return await super().connect(req, traces, timeout)

    async def _create_connection(self, req: Any, traces: Any, timeout: Any) -> Any:
        key: ConnectionKey = req.connection_key
        self._jail.check_peer(key.host, key.port or (443 if key.is_ssl else 80))
        return await super()._create_connection(req, traces, timeout)


async def _refuse(session: aiohttp.ClientSession, context: SimpleNamespace, redirect: Any) -> None:
    raise Jailed(f"a redirect of {redirect.url.host} was refused")


def session(jail: Jail, told: Callable[[int, Mapping[str, str]], None]) -> aiohttp.ClientSession:
    """A session that reaches nothing but the jail's addresses; made within a running loop.

    ``told`` hears the status and the headers of each answer: the weight used, a pause asked for.
    """

    async def hear(session: aiohttp.ClientSession, context: SimpleNamespace, ended: Any) -> None:
        told(ended.response.status, ended.response.headers)

    tracing = aiohttp.TraceConfig()
    tracing.on_request_end.append(hear)
    tracing.on_request_redirect.append(_refuse)
    return aiohttp.ClientSession(connector=_JailedConnector(jail), trace_configs=[tracing], trust_env=False)
