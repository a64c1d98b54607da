"""`dreamscape config`: the settings in force with where each came from, and secrets put into the keyring."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from app.cli.run import add_environment
from app.environment import ALSO_ARMED, Environment
from app.paths import Home
from app.secrets import Secrets, Status
from app.settings import Loaded, load
from app.settings.effect import effect_of
from app.settings.fields import KeyPath, dotted, is_secret, walk
from app.settings.last_good import read_last_good
from app.surroundings import environment_of, in_environment
from services.core.errors import UserError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    Parsers = argparse._SubParsersAction[argparse.ArgumentParser]

MASKED = "**********"


def add_parser(subparsers: Parsers) -> None:
    """Add `config` and what stands below it."""
    parser = subparsers.add_parser("config", help="the settings in force, and where each came from")
    parser.add_argument("--explain", action="store_true", help="say in one line why this is dev or prod")
    add_environment(parser)
    actions = parser.add_subparsers(dest="config_action", metavar="ACTION")
    keep = actions.add_parser("set-secret", help="put a secret into the keyring; it is asked for, or read from stdin")
    keep.add_argument("name", metavar="NAME", help="such as trading.api_key")


def run(
    args: argparse.Namespace,
    env: Mapping[str, str] | None = None,
    secrets: Secrets | None = None,
    prompt: Callable[[str], str] = getpass.getpass,
) -> int:
    """Obey; 2 if a setting is wrong, after showing those that hold. Raises UserError for what stops everything."""
    env = os.environ if env is None else env
    secrets = secrets or Secrets(env)
    if args.config_action == "set-secret":
        return _set_secret(args.name, secrets, env, prompt, as_json=args.json)
    home = Home.choose(args.home, env)
    status = secrets.status()
    loaded = load(home, env, keyring=secrets.from_keyring() if status.usable else {})
    environment = environment_of(loaded, env, args.env, live=args.live)
    loaded = in_environment(loaded, environment)
    if args.json:
        sys.stdout.write(json.dumps(_document(home, loaded, environment, status), indent=2) + "\n")
    elif args.explain:
        sys.stdout.write(environment.explain() + "\n")
    else:
        _show(home, loaded, environment, status)
    for mistake in loaded.mistakes:
        sys.stderr.write(f"{mistake}\n")
    return 2 if loaded.mistakes else 0


def _set_secret(
    name: str, secrets: Secrets, env: Mapping[str, str], prompt: Callable[[str], str], *, as_json: bool
) -> int:
    variable_name = secrets.variable(name)
    value = prompt(f"{name}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    if not value:
        raise UserError("no value was given", name, "type it when asked, or send it on standard input")
    secrets.set(name, SecretStr(value))
    if env.get(variable_name):
        sys.stderr.write(f"{name}: {variable_name} is set in the environment and still wins.\n")
    said = json.dumps({"kept": name, "in": "keyring"}) if as_json else f"{name} is kept in the keyring."
    sys.stdout.write(said + "\n")
    return 0


def _rows(loaded: Loaded) -> Iterable[tuple[KeyPath, Any, str]]:
    """Each setting as path, printable value and source; secrets masked."""
    for path, field in walk():
        value: Any = loaded.settings
        for part in path:
            value = getattr(value, str(part))
        plain = MASKED if value is not None and is_secret(field) else _plain(value)
        yield path, plain, loaded.sources[dotted(path)]


def _plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def _document(home: Home, loaded: Loaded, environment: Environment, status: Status) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for path, value, source in _rows(loaded):
        table = settings
        for part in path[:-1]:
            table = table.setdefault(str(part), {})
        table[str(path[-1])] = {"value": value, "from": source, "takes_effect": str(effect_of(dotted(path)))}
    return {
        "home": {"path": str(home.root), "from": home.chosen_by},
        "environment": {
            "name": environment.name,
            "because": environment.because,
            "live_allowed": environment.live_allowed,
            "banner": environment.banner,
            "explain": environment.explain(),
        },
        "keyring": {"usable": status.usable, "status": status.text},
        "settings": settings,
        "mistakes": [{"what": each.what, "where": each.where, "mend": each.mend} for each in loaded.mistakes],
    }


def _show(home: Home, loaded: Loaded, environment: Environment, status: Status) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(file=sys.stdout)
    live = f"allowed; {ALSO_ARMED}" if environment.live_allowed else f"off, {environment.live_because}"
    lines = [
        Text(f"Home         {home.root} ({home.chosen_by})"),
        Text(f"Environment  {environment.name} ({environment.because}); live trading {live}"),
        Text(f"Keyring      {status.text}"),
        Text(f"Settings     {loaded.summary()}{_since(home, loaded)}; {_written(home)}"),
    ]
    if environment.banner:
        lines.append(Text(environment.banner, style="bold yellow"))
    for line in lines:
        console.print(line, soft_wrap=True)
    console.print(_table(home, loaded, console))


def _written(home: Home) -> str:
    """Where a person writes them."""
    return f"yours stand in {home.settings}" if home.settings.exists() else f"yours go into {home.settings}"


def _since(home: Home, loaded: Loaded) -> str:
    """Since when the file's settings hold, where they do; a mistake says itself what goes on instead."""
    good = read_last_good(home)
    if loaded.mistakes or good is None or good.values != loaded.in_file or not home.settings.exists():
        return ""
    return f"; settings.toml holds since {good.when}"


def _table(home: Home, loaded: Loaded, console: Console) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table("Setting", "Value", "From", "Takes effect", box=None, header_style="bold", pad_edge=False)
    table.columns[0].no_wrap = True
    table.columns[1].overflow = table.columns[2].overflow = "fold"
    folder = f"{home.root}{os.sep}"
    for path, value, source in _rows(loaded):
        changed = not source.startswith("default")
        shown = value if isinstance(value, str) else json.dumps(value) if value is not None else "-"
        style = "" if changed or not console.is_terminal else "dim"
        table.add_row(
            Text(dotted(path)), Text(shown), Text(source.removeprefix(folder)), effect_of(dotted(path)), style=style
        )
    return table
