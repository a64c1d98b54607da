"""`dreamscape schema`: the form of a file as JSON Schema, for editors."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli.output import document, say
from services.core.errors import UserError
from services.core.whole_files import OTHERS_READ, write_whole

if TYPE_CHECKING:
    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

_FORMS = ("strategy", "rules", "campaign")
"""As ``app.wiring.own_files.schemas`` has them, which costs more to import than a usage is worth."""


def add_parser(subparsers: Parsers) -> None:
    parser = subparsers.add_parser("schema", help="the form of a file as JSON Schema, for editors")
    parser.add_argument("form", metavar="FORM", choices=_FORMS, help=", ".join(_FORMS))
    parser.add_argument("--out", metavar="FILE", default="", help="write it there instead of showing it")


def run(args: argparse.Namespace) -> int:
    """Needs no instance and no home: the forms are the program's own."""
    from app.wiring.own_files.schemas import schema_of

    schema = schema_of(args.form)
    if not args.out:
        document(schema)
        return 0
    path = Path(args.out).absolute()
    try:
        write_whole(path, (json.dumps(schema, indent=2) + "\n").encode(), mode=OTHERS_READ)
    except OSError as error:
        raise UserError(
            f"cannot be written: {error.strerror}", str(path), "Name a file in a folder of yours"
        ) from error
    if args.json:
        document({"path": str(path)})
    else:
        say(f"{path} is written. A first line in a file makes an editor use it: # yaml-language-server: $schema={path}")
    return 0
