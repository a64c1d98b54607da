"""Questions to git. Nothing in the repository's own configuration may run while it is asked."""

import shutil
from pathlib import Path

from services.debugger.command import ToolFailed, Tools

_QUIET = ["-c", "core.quotepath=off", "-c", "core.fsmonitor=false", "-c", "core.untrackedCache=false"]
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}


class Git:
    """Asks git about one folder. Every answer may raise ``ToolFailed``."""

    def __init__(self, root: Path, tools: Tools) -> None:
        self._root = root
        env = {name: value for name, value in tools.env.items() if not name.startswith("GIT_")}
        env |= {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
        self._tools = Tools(tools.clock, env, tools.heed)

    def top(self) -> Path:
        """The work tree's top folder."""
        lines = self._ask("rev-parse", "--show-toplevel")
        if not lines or not lines[0]:
            raise ToolFailed("git: a repository without a work tree")
        return Path(lines[0])

    def head(self) -> str:
        """The commit that is checked out, or an empty string before the first one."""
        try:
            return self._ask("rev-parse", "--verify", "HEAD")[0]
        except ToolFailed:
            return ""

    def python_files(self) -> list[str]:
        """Tracked and untracked, not ignored Python files, relative to the folder."""
        return [plain(line) for line in self._ask("ls-files", "-co", "--exclude-standard", "--", "*.py")]

    def churn(self, commits: int) -> dict[str, int]:
        """How many of the last ``commits`` commits touched each Python file."""
        lines = self._ask(
            "log", f"--max-count={commits}", "--format=", "--name-only", "--no-renames", "--relative", "--", "*.py"
        )
        counts: dict[str, int] = {}
        for line in filter(None, lines):
            counts[plain(line)] = counts.get(plain(line), 0) + 1
        return counts

    def _ask(self, *words: str) -> list[str]:
        program = shutil.which("git", path=self._tools.env.get("PATH"))
        if program is None:
            raise ToolFailed("git is not installed")
        return self._tools.ask([program, *_QUIET, *words], self._root)


def plain(name: str) -> str:
    """Undo git's C-style quoting of a name with quotes, tabs or line ends in it."""
    if not (name.startswith('"') and name.endswith('"')):
        return name
    out, characters = [], iter(name[1:-1])
    for character in characters:
        if character != "\\":
            out.append(character)
            continue
        follow = next(characters, "\\")
        if follow.isdigit():
            out.append(chr(int(follow + next(characters, "") + next(characters, ""), 8)))
        else:
            out.append(_ESCAPES.get(follow, follow))
    return "".join(out)
