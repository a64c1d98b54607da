"""Serve until standard input ends: ``python -m tests.support.exchange``; the port is the first line told."""

import asyncio
import os
import sys

from aiohttp import web

from tests.support.exchange import control, server
from tests.support.exchange.desk import Desk


async def main() -> None:
    desk = Desk()
    app = web.Application()
    app.router.add_route("*", "/_ctl/{command}", lambda request: control.obey(desk, request))
    app.router.add_route("*", "/{path:.*}", lambda request: server.api(desk, request))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    sys.stdout.write(f"{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    os._exit(0)  # whoever still waits for a held answer is not waited for


if __name__ == "__main__":
    asyncio.run(main())
