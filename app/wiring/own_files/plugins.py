"""Plug-ins and their approval: a new or changed one runs after one approval that shows its source or its diff.

Which versions are approved stands in the ledger and nowhere else: each is a decision whose key has the file's name
and SHA-256.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import unified_diff
from pathlib import Path
from typing import Any

from sqlalchemy import Row, select

from app.wiring.own_files.file_checks import read_bounded
from services.core.blobs import keep_blob, read_blob
from services.core.decisions import ledger
from services.core.decisions.decision import Proposal, Verdict
from services.core.decisions.events import DecisionChanged
from services.core.decisions.ledger import Origin
from services.core.effects import AT_ONCE, Details, Effect, Outcome, Standing
from services.core.effects.acts import Acts
from services.core.errors import UserError
from services.core.events import Recorded
from services.core.journal import Transaction
from services.core.store.schema import decisions
from services.orchestrator.definitions.plugin_files import digest

LARGEST = 200_000
"""Bytes of a plug-in: all of it is shown before it runs."""
TAKEN_BACK = "you took its approval back; until you approve it again it does not run"
CHANGE_IT = "Change it and you are asked again, or remove its process"


class ApprovePlugin(Effect, name="plugin.approve"):
    """Let one version of a plug-in run. ``asked`` counts the times that this version was asked about."""

    file: str
    sha256: str
    asked: int = 1

    @property
    def key(self) -> str:
        again = f":{self.asked}" if self.asked > 1 else ""
        return f"plugin:{self.file}:{self.sha256}{again}"

    @property
    def what(self) -> str:
        return f"Let plug-in {self.file} run (version {self.sha256[:12]})"


class PluginApprovals:
    """An approval is a line of the ledger: there is nothing else to carry out, and it can be taken back."""

    def carry_out(self, effect: ApprovePlugin) -> Details:
        return {"sha256": effect.sha256}

    def look_up(self, effect: ApprovePlugin) -> Outcome:
        return Outcome(Standing.NOT_DONE, why="the program ended before it was noted")

    def settling(self, effect: ApprovePlugin) -> timedelta:
        return AT_ONCE

    def undo(self, effect: ApprovePlugin, details: Details) -> Details:
        return {"now": f"{effect.file} does not run; it waits in the Inbox until you approve it again"}


@dataclass(frozen=True)
class Permission:
    """Whether a plug-in may run: in which version, or why not, or what it waits for."""

    version: str = ""
    fault: str = ""
    awaits: str = ""


@dataclass
class Plugins:
    """Asks the ledger about the files of the home's ``plugins``, and a person about the rest. Blocks."""

    acts: Acts
    folder: Path
    _asked: set[str] = field(default_factory=set)

    def permission(self, file: str) -> Permission:
        """What may be done with the plug-in ``file`` as it is now; asks for an approval where none was asked."""
        path = self.folder / file
        try:
            source = _source(path)
        except UserError as mistake:
            return Permission(fault=str(mistake))
        version = digest(source.encode())
        known = self._known(file)
        self._expire([row for row in known if _of(row).sha256 != version], file)
        return self._stands(file, source, version, [row for row in known if _of(row).sha256 == version])

    def concerns(self, batch: Sequence[Recorded]) -> bool:
        """Whether one of these events settles what was asked about a plug-in."""
        changed = (recorded.event for recorded in batch)
        return any(isinstance(event, DecisionChanged) and event.id in self._asked for event in changed)

    def _stands(self, file: str, source: str, version: str, known: Sequence[Row[Any]]) -> Permission:
        path = self.folder / file
        match Verdict(known[0].verdict) if known else None:
            case Verdict.DONE:
                return Permission(version)
            case Verdict.REJECTED:
                return Permission(fault=f"{path}: you declined this version of the plug-in. {CHANGE_IT}.")
            case Verdict.WAITING | Verdict.INTENDED | Verdict.UNKNOWN | Verdict.UNDOING:
                return Permission(awaits=f"your approval of plug-in {file}")
        taken_back = bool(known) and known[0].verdict == Verdict.UNDONE
        self._ask(ApprovePlugin(file, version, len(known) + 1), source, taken_back=taken_back)
        return Permission(awaits=f"your approval of plug-in {file}")

    def _ask(self, effect: ApprovePlugin, source: str, *, taken_back: bool) -> None:
        """Put a version before a person; one whose approval they took back as a whole, since they know why."""
        before = None if taken_back else self._approved(effect.file)
        evidence = {"sha256": effect.sha256, **_shown(effect.file, before, source)}
        self._write(lambda tx: keep_blob(tx, source.encode()))
        why = "it has changed since you approved it" if before is not None else "it is new"
        why = TAKEN_BACK if taken_back else why
        proposal = Proposal(effect, {"plug-in": effect.file, "asked because": why}, evidence=evidence)
        self._asked.add(self.acts.propose(Origin("program"), proposal))

    def _approved(self, file: str) -> str | None:
        """The source of the version that was approved last, where it is still kept."""
        done = [row for row in self._known(file) if row.verdict == Verdict.DONE]
        if not done:
            return None
        with self.acts.journal.store.reading.connect() as connection:
            blob = read_blob(connection, _of(done[0]).sha256)
        return blob.decode() if blob is not None else None

    def _known(self, file: str) -> list[Row[Any]]:
        """What was ever asked about a plug-in, newest first."""
        asked = select(decisions).where(decisions.c.kind == ApprovePlugin.type_name).order_by(decisions.c.at.desc())
        with self.acts.journal.store.reading.connect() as connection:
            rows = [row for row in connection.execute(asked) if _of(row).file == file]
        self._asked.update(row.id for row in rows)
        return rows

    def _expire(self, rows: Sequence[Row[Any]], file: str) -> None:
        """Withdraw questions about versions that are no longer there."""
        stale = [row.id for row in rows if row.verdict == Verdict.WAITING]

        def work(tx: Transaction) -> None:
            for identity in stale:
                entry = ledger.by_id(tx, identity)
                if entry.decision.verdict is Verdict.WAITING:
                    outcome = Outcome(Standing.NOT_DONE, why=f"{file} has changed since")
                    ledger.change(tx, entry, Verdict.EXPIRED, "program", outcome)

        if stale:
            self._write(work)

    def _write(self, work: Any) -> None:
        self.acts.journal.clock.result(self.acts.journal.write(work))


def _of(row: Row[Any]) -> ApprovePlugin:
    """The version as it was asked about: the key, which no edit of the decision changes."""
    _, file, version, *again = row.key.split(":")
    return ApprovePlugin(file, version, int(again[0]) if again else 1)


def _source(path: Path) -> str:
    if not path.is_file():
        raise UserError("there is no such plug-in", str(path), "put the file there, or name another in 'kind'")
    data = read_bounded(path)
    if len(data) > LARGEST:
        raise UserError(f"the plug-in is larger than {LARGEST:,} bytes", str(path), "all of it has to be shown to you")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise UserError(f"byte {error.start} is not UTF-8", str(path), "save the file as UTF-8") from error
    _refuse_hidden(text, path)
    return text


def _shown(file: str, before: str | None, source: str) -> dict[str, str]:
    """What a person looks at: the whole of a new plug-in, the difference of a changed one."""
    if before is None:
        return {"source": source}
    # Split at line feeds alone: every other difference, such as a carriage return, must be in the diff.
    old, new = before.split("\n"), source.split("\n")
    return {"diff": "\n".join(unified_diff(old, new, f"{file} (approved)", f"{file} (now)", lineterm=""))}


def _refuse_hidden(text: str, path: Path) -> None:
    """What cannot be seen cannot be approved: characters that reorder or hide the text around them."""
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        for column, letter in enumerate(line, 1):
            if unicodedata.category(letter) in ("Cc", "Cf") and letter not in "\t\r\f":
                place = f"{path}:{number}:{column}"
                raise UserError(f"U+{ord(letter):04X} cannot be seen", place, f"write it as \\u{ord(letter):04x}")
