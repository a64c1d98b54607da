"""What asks the program to end in order."""

import signal


def end_signals() -> tuple[signal.Signals, ...]:
    """Ctrl-C, SIGTERM, and a terminal that is closed; that one counts not where it was set aside, as by nohup."""
    asked = [signal.SIGINT, signal.SIGTERM]
    closed: signal.Signals | None = getattr(signal, "SIGHUP", None)
    if closed is not None and signal.getsignal(closed) is not signal.SIG_IGN:
        asked.append(closed)
    return tuple(asked)
