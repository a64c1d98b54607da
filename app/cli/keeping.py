"""`dreamscape backup`, `restore`, `export` and `import`: the store, in and out."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.commands import COMMANDS
from app.cli.output import document, say
from app.control.protocol import Document, Request
from app.paths import Home
from services.core.errors import UserError
from services.core.words import counted

_ASKS = "Before anything is done outside, it is looked up whether that was done since."

if TYPE_CHECKING:
    from app.control.lock import HomeLock

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]


def add_parser(subparsers: Parsers) -> None:
    backup = subparsers.add_parser("backup", help="a checked copy of the store")
    backup.add_argument("file", metavar="FILE", nargs="?", type=Path, help="else one in the home's backups folder")
    restore = subparsers.add_parser("restore", help=COMMANDS["restore"].help)
    restore.add_argument("file", metavar="FILE", type=Path)
    export = subparsers.add_parser("export", help="the store as JSON lines")
    export.add_argument("file", metavar="FILE", type=Path)
    bring = subparsers.add_parser("import", help=COMMANDS["import"].help)
    for each in (restore, bring):
        told = COMMANDS[each.prog.split()[-1]].help
        each.description = f"{told[0].upper()}{told[1:]}. 'dreamscape quit' ends Dreamscape."
    bring.add_argument("file", metavar="FILE", type=Path)
    bring.add_argument("--learner", metavar="NAME", help="who learns from an old file that names no learners")
    bring.add_argument("--replace", action="store_true", help="forget what that learner has learned before")


def run(args: argparse.Namespace) -> int:
    home = Home.choose(args.home, os.environ)
    obey = {"backup": _backup, "restore": _restore, "export": _export, "import": _import}[args.command]
    told = obey(home, args)
    if args.json:
        document(told)
    else:
        say(told["told"])
    return 1 if told.get("not_understood") else 0


def _backup(home: Home, args: argparse.Namespace) -> Document:
    from app.control.here import tell

    if not home.store.exists():
        raise UserError("there is no store to copy yet", str(home.store), "'dreamscape run' makes one")
    told = tell(home, Request("backup", {"file": str(args.file.absolute()) if args.file else ""}))
    return told | {"told": f"The store is copied and checked: {told['path']} ({counted(told['bytes'], 'byte')})."}


def _restore(home: Home, args: argparse.Namespace) -> Document:
    from app.wiring.last_end.starts import RUNNING
    from services.core.store.backup import restore_from
    from services.core.store.beside import put_back_missing

    if not args.file.is_file():
        raise UserError("there is no such file", str(args.file), "backups lie in the home's backups folder")
    with _ended(home, "restore"):
        had, now = home.store.exists(), datetime.now(UTC)
        kept_as = home.backups / f"before-restore-{now:%Y%m%d-%H%M%S-%f}.db"
        # A copy made while the program ran says that it runs: its next start would take that for a crash.
        keep = restore_from(args.file, home.store, kept_as, now, forget=(RUNNING,))
        missing = [str(path.relative_to(home.root)) for path in put_back_missing(args.file, home.root)]
    kept = str(keep) if had else None
    also = f" What stood there is kept as {kept}." if kept else ""
    also += f" {', '.join(missing)} {'was' if len(missing) == 1 else 'were'} missing and put back." if missing else ""
    told = f"{args.file} is now the store.{also} {_ASKS}"
    return {"path": str(home.store), "kept": kept, "put_back": missing, "told": told}


def _export(home: Home, args: argparse.Namespace) -> Document:
    from app.transfer.exporting import export_to

    tables = export_to(home, args.file)
    return {
        "path": str(args.file.absolute()),
        "rows": sum(tables.values()),
        "tables": tables,
        "told": f"{args.file} holds {_counted(tables)}.",
    }


def _import(home: Home, args: argparse.Namespace) -> Document:
    from app.transfer.exporting import is_export
    from app.transfer.importing import import_export
    from app.transfer.learning import import_learning

    with _ended(home, "import"):
        if is_export(args.file):
            tables = import_export(home, args.file)
            told = f"{args.file} is imported: {_counted(tables)}. {_ASKS}"
            return {"rows": sum(tables.values()), "tables": tables, "told": told}
        arms, left = import_learning(home, args.file, args.learner, args.replace)
    of_each = ", ".join(f"{counted(count, 'arm')} of {name}" for name, count in arms.items())
    told = f"{args.file} is imported: {of_each}."
    lines = [told, *(f"Left out: {each}." for each in left)]
    return {"rows": sum(arms.values()), "learners": arms, "not_understood": left, "told": "\n".join(lines)}


def _ended(home: Home, command: str) -> HomeLock:
    """The home's lock, taken. Raises ``UserError`` while Dreamscape runs there: it would go on with what it knows."""
    from app.control.lock import HomeLock, HomeTaken

    try:
        return HomeLock(home).take()
    except HomeTaken as taken:
        mend = f"end it with 'dreamscape quit', {command} again, then start it; {taken.unsure}".rstrip("; ")
        raise UserError(f"{taken.what}, and {command} needs it ended", taken.where, mend) from taken


def _counted(tables: dict[str, int]) -> str:
    return ", ".join(f"{count:,} {name.replace('_', ' ')}" for name, count in tables.items())
