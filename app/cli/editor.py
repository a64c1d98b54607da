"""The words of a draft in the person's own editor. What they write is theirs: it stays until it is taken."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.cli.output import say
from app.control.protocol import Document
from services.core.errors import UserError


def draft_in(decision: Document) -> tuple[str, str]:
    """The field that holds the words, and the words. Raises ``UserError`` where there are none to edit."""
    where = f"decision {decision['id']}"
    for name in decision["editable"]:
        return name, decision["fields"][name]
    if decision["verdict"] != "waiting":
        raise UserError(f"it is {decision['verdict']} and cannot be edited", where)
    raise UserError("it has no draft to edit", where, "approve or reject it as it is")


def editor(env: Mapping[str, str]) -> list[str]:
    """The command of $VISUAL or $EDITOR. Raises ``UserError`` where neither is set."""
    for name in ("VISUAL", "EDITOR"):
        if words := shlex.split(env.get(name, "")):
            return words
    raise UserError("no editor is chosen", "edit", "set EDITOR, or give field=value")


@dataclass
class DraftFile:
    """The file in which a person changes the words ``before``."""

    path: Path
    before: str
    taken: bool = False
    """What stands in it is carried out, and needed here no more."""

    def written(self, command: list[str]) -> str:
        """What the person leaves; empty for nothing new. Raises ``UserError`` where the editor fails."""
        try:
            subprocess.run([*command, str(self.path)], check=True)
        except OSError as error:
            raise UserError(f"the editor does not start ({error.strerror})", command[0], "set EDITOR") from error
        except subprocess.CalledProcessError as error:
            told = f"the editor ended with exit code {error.returncode}, so nothing is changed"
            raise UserError(told, command[0]) from error
        return words_in(self.path) if self.has_news else ""

    @property
    def has_news(self) -> bool:
        """Whether there are words in it that are not those from before."""
        return self.path.exists() and self.path.read_bytes().strip() not in (b"", self.before.encode().strip())


@contextmanager
def draft_file(name: str, before: str, identity: str) -> Iterator[DraftFile]:
    """A file for their owner alone. It goes at the end, unless it has words that were not taken: then it is told."""
    folder = Path(tempfile.mkdtemp(prefix="dreamscape-"))
    draft = DraftFile(folder / f"{name}.txt", before)
    draft.path.write_bytes(before.encode())
    try:
        yield draft
    finally:
        if draft.has_news and not draft.taken:
            say(f"Your words are kept in {draft.path}: 'dreamscape edit {identity} --file {draft.path}' takes them.")
        else:
            shutil.rmtree(folder)


def words_in(file: Path) -> str:
    """The words in a file, without the line ends behind them. Raises ``UserError`` where it cannot be read."""
    try:
        return file.read_text(encoding="utf-8").rstrip("\n")
    except OSError as error:
        raise UserError(f"it cannot be read ({error.strerror})", str(file), "check the path") from error
    except UnicodeDecodeError as error:
        raise UserError("it is not UTF-8", str(file), "save it as UTF-8") from error
