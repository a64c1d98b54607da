"""The draft in the person's own editor: a real program that is given a real file."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.editor import draft_in, edited, editor
from app.control.here import open_here, read
from app.control.lock import HomeLock
from app.control.protocol import Request
from app.paths import Home
from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import Origin
from services.core.errors import UserError
from services.engagement.effects import SendReply

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a terminal is made with pty")


def writes(words: str) -> list[str]:
    """An editor that puts ``words`` in the place of what it is given."""
    return [sys.executable, "-c", f"import sys; open(sys.argv[1], 'w').write({words!r})"]


def test_what_the_editor_leaves_is_the_draft() -> None:
    assert edited("before", writes("after\n"), "text") == "after\n"
    assert edited("as it was", [sys.executable, "-c", ""], "text") == "as it was"


@pytest.mark.parametrize(
    "command, told",
    [
        (["/nowhere/at/all"], "does not start"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "ended with exit code 3"),
        ([sys.executable, "-c", "import sys; open(sys.argv[1], 'wb').write(b'\\xff')"], "not UTF-8"),
    ],
)
def test_an_editor_that_fails_is_named(command: list[str], told: str) -> None:
    with pytest.raises(UserError, match=told):
        edited("before", command, "text")


def test_the_editor_is_the_persons_own() -> None:
    assert editor({"EDITOR": "nano -w"}) == ["nano", "-w"]
    assert editor({"EDITOR": "nano", "VISUAL": "vim"}) == ["vim"]
    with pytest.raises(UserError, match="Set EDITOR"):
        editor({})


def test_an_act_without_words_has_no_draft() -> None:
    assert draft_in({"id": "1", "fields": {"line": 1, "body": "words"}}) == ("body", "words")
    with pytest.raises(UserError, match="Give field=value; it has line"):
        draft_in({"id": "1", "fields": {"line": 1}})


def test_on_a_terminal_the_words_are_edited_and_taken_after_a_yes_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    identity = proposed(home)
    left = in_terminal(home, tmp_path, identity, answer="n\n")
    assert "Nothing is changed; it still waits." in left
    assert [item["id"] for item in read(home, Request("inbox"))["items"]] == [identity]
    assert "it still waits: what it rests on" in in_terminal(home, tmp_path, identity, answer="y\n")
    (decision,) = read(home, Request("decision", {"id": identity}))["decisions"]
    assert decision["fields"]["text"] == "better words"


def proposed(home: Home) -> str:
    with HomeLock(home):
        engine = open_here(home)
        effect = SendReply(network="sandbox", campaign="c", response="1", author="ada", text="words")
        identity = engine.acts.propose(Origin("process:c"), Proposal(effect, evidence={"text": "words"}))
        engine.close()
    return identity


def in_terminal(home: Home, folder: Path, identity: str, answer: str) -> str:
    """Run ``edit`` on a terminal of its own; gives what was seen there."""
    script = folder / "editor.py"
    script.write_text("import sys\nopen(sys.argv[1], 'w').write('better words\\n')\n")
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "app", "--home", str(home.root), "edit", identity]
    env = os.environ | {"EDITOR": f"{sys.executable} {script}"}
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=env):
        os.close(theirs)
        os.write(ours, answer.encode())
        seen = b""
        while chunk := _read(ours):
            seen += chunk
    os.close(ours)
    return seen.decode()


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, 4096)
    except OSError:  # Linux says so when the other side has closed
        return b""
