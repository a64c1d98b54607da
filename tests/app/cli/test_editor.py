"""The draft in the person's own editor: a real program that is given a real file."""

import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.editor import draft_file, draft_in, editor
from app.cli.main import main
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
    return writes_bytes(words.encode())


def writes_bytes(words: bytes) -> list[str]:
    return [sys.executable, "-c", f"import sys; open(sys.argv[1], 'wb').write({words!r})"]


def test_what_the_editor_leaves_is_the_draft() -> None:
    with draft_file("text", "before", "d1") as draft:
        assert draft.written([sys.executable, "-c", ""]) == "", "as it was"
        assert draft.written(writes(" \n")) == "", "no words"
        assert draft.written(writes("after\n")) == "after"
        draft.taken = True
    assert not draft.path.parent.exists()


@pytest.mark.parametrize(
    "command, told",
    [
        (["/nowhere/at/all"], "does not start"),
        ([sys.executable, "-c", "raise SystemExit(3)"], "ended with exit code 3"),
    ],
)
def test_an_editor_that_fails_is_named(command: list[str], told: str) -> None:
    with pytest.raises(UserError, match=told), draft_file("text", "before", "d1") as draft:
        draft.written(command)
    assert not draft.path.parent.exists(), "nothing was written"


def test_what_was_written_and_not_taken_stays_and_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    latin = writes_bytes(b"caf\xe9")
    with pytest.raises(UserError, match=r"not UTF-8\. Save it as UTF-8"), draft_file("text", "before", "d1") as draft:
        draft.written(latin)
    assert draft.path.read_bytes() == b"caf\xe9"
    assert f"Your words are kept in {draft.path}: 'dreamscape edit d1 --file {draft.path}'" in capsys.readouterr().out
    assert draft.path.parent.stat().st_mode & 0o077 == 0
    shutil.rmtree(draft.path.parent)


def test_the_editor_is_the_persons_own() -> None:
    assert editor({"EDITOR": "nano -w"}) == ["nano", "-w"]
    assert editor({"EDITOR": "nano", "VISUAL": "vim"}) == ["vim"]
    with pytest.raises(UserError, match="Set EDITOR"):
        editor({})


def test_an_act_without_words_has_no_draft() -> None:
    fields = {"author": "ada", "text": "words"}
    waits = {"id": "1", "verdict": "waiting", "fields": fields}
    assert draft_in(waits | {"editable": ["text"]}) == ("text", "words")
    with pytest.raises(UserError, match=r"no draft to edit\. Approve or reject it"):
        draft_in(waits | {"editable": []})
    with pytest.raises(UserError, match="is done and cannot be edited"):
        draft_in(waits | {"verdict": "done", "editable": []})


def test_on_a_terminal_the_words_are_edited_and_taken_after_a_yes_alone(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    identity = proposed(home)
    left = in_terminal(home, tmp_path, identity, "better words", answers="n\n")
    assert "Nothing is changed; it still waits." in left
    assert [item["id"] for item in read(home, Request("inbox"))["items"]] == [identity]
    (kept,) = tmp_path.glob("dreamscape-*/text.txt")
    assert f"dreamscape edit {identity[:8]} --file {kept}" in left.replace("\r\n", "")
    assert "it still waits: what it rests on" in in_terminal(home, tmp_path, identity, "better words", answers="y\n")
    assert list(tmp_path.glob("dreamscape-*/text.txt")) == [kept], "what was taken is not kept beside"
    assert text_of(home, identity) == "better words"


def test_words_that_are_refused_can_be_mended_and_are_never_lost(tmp_path: Path) -> None:
    home = Home(tmp_path / "home").create()
    identity = proposed(home)
    too_long = "better words " * 30
    seen = in_terminal(home, tmp_path, identity, too_long, answers="y\n\ny\nn\n")
    assert seen.count("and 300 are allowed") == seen.count("Open the editor again?") == 2
    assert "nothing is changed, and it still waits" in seen
    (kept,) = tmp_path.glob("dreamscape-*/text.txt")
    assert kept.read_text() == too_long
    assert text_of(home, identity) == "words"
    kept.write_text("fewer words\n")
    assert main(["--home", str(home.root), "edit", identity, "--file", str(kept)]) == 1, "what it rests on is not there"
    assert text_of(home, identity) == "fewer words"


def text_of(home: Home, identity: str) -> str:
    (decision,) = read(home, Request("decision", {"id": identity}))["decisions"]
    text: str = decision["fields"]["text"]
    return text


def proposed(home: Home) -> str:
    with HomeLock(home):
        engine = open_here(home)
        effect = SendReply(network="sandbox", campaign="c", response="1", author="ada", text="words")
        identity = engine.acts.propose(Origin("process:c"), Proposal(effect, evidence={"text": "words"}))
        engine.close()
    return identity


def in_terminal(home: Home, folder: Path, identity: str, left: str, answers: str) -> str:
    """Run ``edit`` on a terminal of its own, with an editor that leaves these words; gives what was seen there."""
    script = folder / "editor.py"
    script.write_text(f"import sys\nopen(sys.argv[1], 'w').write({left!r})\n")
    ours, theirs = pty.openpty()
    words = [sys.executable, "-m", "app", "--home", str(home.root), "edit", identity]
    env = os.environ | {"EDITOR": f"{sys.executable} {script}", "TMPDIR": str(folder)}
    with subprocess.Popen(words, stdin=theirs, stdout=theirs, stderr=theirs, env=env):
        os.close(theirs)
        os.write(ours, answers.encode())
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
