"""From logging's records to our lines."""

from __future__ import annotations

import logging

from services.core.clock import Clock
from services.core.logs.line import LONGEST_TEXT, LogLine, Take, bounded
from services.core.logs.redaction import Redactor
from services.core.logs.run import current_run
from services.core.plain import plain

PROGRAM = "dreamscape"
OURS = ("app", "widgets", "services", "strategies", "plugins", "process", PROGRAM)
_traceback = logging.Formatter()


class LineHandler(logging.Handler):
    """Turns records into redacted lines and hands them on: to the recorder, or from a child to its parent."""

    def __init__(self, take: Take, clock: Clock, redactor: Redactor, process: str = PROGRAM) -> None:
        super().__init__(logging.DEBUG)
        self._take = take
        self._clock = clock
        self._redactor = redactor
        self._process = process

    def emit(self, record: logging.LogRecord) -> None:
        """Format at once: redaction comes before any keeping, and arguments may change later."""
        try:
            run = current_run()
            line = LogLine(
                at=self._clock.now(),
                level=record.levelname,
                process=run.process if run else self._process,
                text=self._clean(_text(record)),
                run=run.run if run else "",
                logger=record.name,
                template=self._redactor.clean_template(record.msg)
                if record.args and isinstance(record.msg, str)
                else "",
                printed=getattr(record, "printed", False),
            )
            self._take(line)
        except Exception:
            self.handleError(record)

    def _clean(self, text: str) -> str:
        """Redact before the cut, as half a secret is not recognised; but bound the work for huge texts."""
        return bounded(plain(self._redactor.clean(text[: 4 * LONGEST_TEXT])), len(text))


def _text(record: logging.LogRecord) -> str:
    try:
        text = record.getMessage()
    except (TypeError, ValueError, KeyError) as error:
        text = f"{record.msg!r} does not fit its arguments {record.args!r} ({error})"
    if record.exc_info:
        text = f"{text}\n{_traceback.formatException(record.exc_info)}"
    if record.stack_info:
        text = f"{text}\n{record.stack_info}"
    return text


def attach(handler: logging.Handler) -> None:
    """Send all records to the handler: DEBUG of our own packages, WARNING of others.

    Others stay at WARNING, since a library that finds DEBUG on may log statements with their parameters.
    """
    logging.getLogger().addHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.DEBUG)


def detach(handler: logging.Handler) -> None:
    """Undo `attach`."""
    logging.getLogger().removeHandler(handler)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.NOTSET)
