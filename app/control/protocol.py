"""What is said over the socket: one line of JSON for a request, one for its reply, and signs of life between them."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import msgspec

from app.paths import Home
from services.core.errors import UserError

VERSION = 1
LONGEST_REQUEST = 256 * 1024
"""Bytes; a longer line is no request of ours and its connection is closed."""
LONGEST_REPLY = 16 * 1024 * 1024
PULSE = 0.5
"""Seconds between the signs of life of a request that is still carried out."""

Document = dict[str, Any]


class Request(msgspec.Struct, frozen=True):
    """Something asked of the instance: ``do`` names it as the command line does, ``fields`` are its arguments."""

    do: str
    fields: Document = {}
    version: int = VERSION


class Reply(msgspec.Struct, frozen=True, omit_defaults=True):
    """An answer, or a refusal in words, or (``working``) a sign of life before either."""

    answer: Document | None = None
    refused: str = ""
    fault: bool = False
    """The refusal is a fault of the program, not of what was asked."""
    guarded: bool = False
    """The refusal is that of a guard."""
    working: bool = False


class Refused(UserError):
    """The instance did not do what was asked; the message is its own, word for word."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return self.message


class RefusedByGuard(Refused):
    """A guard, such as the drawdown stop, did not let it be done."""


class Fault(Exception):
    """The instance failed at what was asked; its log has the traceback."""


class NotOurs(ValueError):
    """A line that is no message of this protocol."""


def encode(message: Request | Reply) -> bytes:
    return msgspec.json.encode(message, enc_hook=str) + b"\n"


def decode_request(line: bytes) -> Request:
    """Raises ``NotOurs``."""
    try:
        request = msgspec.json.decode(line, type=Request)
    except msgspec.MsgspecError as error:
        raise NotOurs(f"not a request: {error}") from error
    if request.version != VERSION:
        raise NotOurs(f"a request of version {request.version}; this Dreamscape speaks {VERSION}: update the older one")
    return request


def decode_reply(line: bytes) -> Reply:
    """Raises ``NotOurs``."""
    try:
        return msgspec.json.decode(line, type=Reply)
    except msgspec.MsgspecError as error:
        raise NotOurs(f"not a reply: {error}") from error


def server_name(home: Home) -> str:
    """The socket's name: the same for every path that leads to this home, and short, since systems cut long ones.

    Where the session has a folder that is the user's alone, it stands there; else in the temporary folder.
    """
    real = os.path.realpath(home.root)
    name = f"dreamscape-{hashlib.sha256(os.fsencode(os.path.normcase(real))).hexdigest()[:20]}"
    private = os.environ.get("XDG_RUNTIME_DIR", "")
    return os.path.join(private, name) if private and os.access(private, os.W_OK) else name  # noqa: PTH118


def address_file(home: Home) -> Path:
    """Where the server says what its socket is called, for clients of another session."""
    return home.root / "socket"


def address(home: Home) -> str:
    """The name to connect to: what the file says, unless it is of another home, as in a copy."""
    ours = server_name(home)
    try:
        told = address_file(home).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ours
    return told if Path(told).name == Path(ours).name else ours
