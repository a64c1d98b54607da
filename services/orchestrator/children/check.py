"""Parameters of a plug-in, checked where alone it may be imported: in a child that builds it and ends."""

import subprocess

import msgspec

from services.core.process import ConfigurationFault
from services.orchestrator.children.parent import spawn
from services.orchestrator.children.protocol import LONGEST, Ended, Start, decode_word, encode
from services.orchestrator.events import Result
from services.orchestrator.units.run import Description


def check_in_child(description: Description) -> None:
    """Build what is described and no more. Blocks; raises ``ConfigurationFault`` that tells every mistake.

    A child that hangs ends by its first lease.
    """
    child, contained = spawn(errors=subprocess.DEVNULL)
    try:
        ended = _ask(child, description)
    finally:
        contained.kill()
        child.communicate()
        contained.close()
    if ended is None:
        raise ConfigurationFault(f"{description.name}: what it takes cannot be checked: its file ends the interpreter")
    if ended.result is not Result.FINISHED:
        raise ConfigurationFault(ended.detail)


def _ask(child: "subprocess.Popen[bytes]", told: Description) -> Ended | None:
    """Its last word, or None where it ended without one."""
    assert child.stdin is not None
    assert child.stdout is not None
    start = Start(told.name, told.path, told.parameters, 0, None, {}, [], told.version, check=True)
    try:
        child.stdin.write(encode(start) + b"\n")
        child.stdin.flush()
    except OSError:
        return None
    while line := child.stdout.readline(LONGEST):
        try:
            word = decode_word(line)
        except msgspec.MsgspecError:
            continue
        if isinstance(word, Ended):
            return word
    return None
