"""The words of a draft in the person's own editor."""

from __future__ import annotations

import shlex
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from app.control.protocol import Document
from services.core.errors import UserError

_TEXTS = ("text", "body", "message", "content", "caption")
"""Fields of an act that hold words for people, the likeliest first."""


def draft_in(decision: Document) -> tuple[str, str]:
    """The field that holds the words, and the words. Raises ``UserError`` where there are none."""
    for name in _TEXTS:
        text = decision["fields"].get(name)
        if isinstance(text, str):
            return name, text
    fields = ", ".join(sorted(decision["fields"]))
    mend = f"give field=value; it has {fields}" if fields else "approve or reject it as it is"
    raise UserError("it has no text to edit", f"decision {decision['id']}", mend)


def editor(env: Mapping[str, str]) -> list[str]:
    """The command of $VISUAL or $EDITOR. Raises ``UserError`` where neither is set."""
    for name in ("VISUAL", "EDITOR"):
        if words := shlex.split(env.get(name, "")):
            return words
    raise UserError("no editor is chosen", "edit", "set EDITOR, or give field=value")


def edited(text: str, command: list[str], name: str) -> str:
    """What the person leaves. Raises ``UserError`` where the editor does not start or ends with a fault."""
    with tempfile.TemporaryDirectory(prefix="dreamscape-") as folder:
        file = Path(folder) / f"{name}.txt"
        file.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*command, str(file)], check=True)
            return file.read_text(encoding="utf-8")
        except OSError as error:
            raise UserError(f"the editor does not start ({error.strerror})", command[0], "set EDITOR") from error
        except subprocess.CalledProcessError as error:
            told = f"the editor ended with exit code {error.returncode}, so nothing is changed"
            raise UserError(told, command[0]) from error
        except UnicodeDecodeError as error:
            raise UserError("what the editor left is not UTF-8", command[0], "save it as UTF-8") from error
