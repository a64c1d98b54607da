"""The child interpreter's entry: takes its two pipes aside, builds the process, runs it, ends with the parent.

Whatever foreign code prints goes to the log: descriptor 1 points at standard error before any of it is imported.
It dies with its parent even while C code holds the interpreter's lock: at once where the kernel sees to it (Linux; a
job object on Windows), elsewhere when its lease runs out, for each renewed lease re-arms a dump that ends it.
"""

import faulthandler
import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from services.core.clock import SystemClock
from services.core.errors import UserError, in_words
from services.core.logs import LineHandler, Redactor, attach, encode, logging_as
from services.core.process import ConfigurationFault
from services.core.process.context import Context
from services.core.sandbox.parent_death import end_with_parent
from services.orchestrator.children.pipe_host import PipeHost
from services.orchestrator.children.prints import listen_to_prints
from services.orchestrator.children.protocol import LONGEST, Ended, Log, Renew, Start, decode_reply
from services.orchestrator.definitions.building import build, is_plugin, plugin_file
from services.orchestrator.events import ParametersTold, Result
from services.orchestrator.units.parameters import defaults_of
from services.orchestrator.units.run import Ending, perform

FIRST_LEASE = 30.0
"""Seconds a child lives without a word from its parent: imports of heavy packages come before the first renewal."""


def main() -> None:
    """Run what the parent describes; never returns."""
    end_with_parent()
    told, out = _take_pipes()
    faulthandler.enable()
    if sys.platform != "win32":
        faulthandler.register(signal.SIGUSR1, all_threads=True)
    _renew(FIRST_LEASE)
    start = decode_reply(told.readline(LONGEST))
    assert isinstance(start, Start)
    clock = SystemClock()
    host = PipeHost(out, clock)
    attach(LineHandler(lambda line: host.send(Log(encode(line).decode())), clock, Redactor(), start.name))
    threading.Thread(target=_listen, args=(told, host, _renew), name="parent", daemon=True).start()
    ending = _run(start, host, clock)
    sys.stdout.flush()
    host.flush()
    host.send(Ended(ending.result, ending.detail, ending.traceback, ending.amiss))
    sys.stderr.flush()
    os._exit(0)


def _run(start: Start, host: PipeHost, clock: SystemClock) -> Ending:
    try:
        for module in start.modules:
            importlib.import_module(module)
        if is_plugin(start.path):
            listen_to_prints(start.name, plugin_file(start.path))
        process = build(start.path, start.parameters, start.name, start.version)
        if start.check:
            return Ending(Result.FINISHED)
        if is_plugin(start.path):  # nobody else may import it, to see what its parameters are
            host.commit([ParametersTold(start.name, defaults=defaults_of(type(process)))], None, wait=False)
    except (ConfigurationFault, UserError) as error:
        return Ending(Result.MISCONFIGURED, str(error))
    except Exception as error:  # whatever a module does when it is imported
        return Ending(Result.MISCONFIGURED, in_words(error), traceback.format_exc())
    context = Context(start.name, start.epoch, host, clock, start.position, start.overrides)
    with logging_as(f"{start.name}#{start.epoch}", start.name):
        return perform(process, context)


def _listen(told: BinaryIO, host: PipeHost, renew: Callable[[float], None]) -> None:
    """Hear the parent; when it is gone, end at once."""
    while line := told.readline(LONGEST):
        reply = decode_reply(line)
        if isinstance(reply, Renew):
            renew(reply.seconds)
        else:
            host.hear(reply)
    os._exit(3)


def _renew(seconds: float) -> None:
    faulthandler.dump_traceback_later(seconds, exit=True)


def _take_pipes() -> tuple[BinaryIO, BinaryIO]:
    told = os.fdopen(os.dup(0), "rb")
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return told, out


if __name__ == "__main__":
    main()
