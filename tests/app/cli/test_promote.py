"""`dreamscape promote` and `demote`: by the strategy's name, in a running instance and where none runs."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.main import main
from app.control.here import open_here
from app.control.lock import HomeLock
from app.paths import Home
from app.wiring.own_files.files import DEFAULTS
from app.wiring.promotions import Promotions
from services.core.decisions.decision import Proposal
from services.core.decisions.ledger import Origin
from services.trading.learning.effects import PromoteStrategy
from services.trading.learning.promoting import PromoteFiles
from services.trading.learning.rewriting import rewritten
from tests.support.command_line import Cli
from tests.support.program import Program

NAME = "macd-eth-btc"
TEXT = (DEFAULTS / "trading" / f"{NAME}.yaml").read_text(encoding="utf-8")
CHANGE = {"macd.fast": 8, "macd.slow": 32}


def promotion() -> PromoteStrategy:
    return PromoteStrategy(NAME, f"{NAME}.yaml", TEXT, rewritten(TEXT, CHANGE, "s"), CHANGE, "shadow 1")


@pytest.fixture
def own(home: Home) -> Path:
    return home.strategies / "trading" / f"{NAME}.yaml"


@pytest.fixture
def earned(program: Program, home: Home) -> PromoteStrategy:
    """A promotion that waits in the Inbox."""
    program.engine.acts.handlers[PromoteStrategy] = PromoteFiles(home.strategies / "trading", DEFAULTS / "trading")
    Promotions(program.engine, home).register()
    effect = promotion()
    program.engine.acts.propose(Origin("process:shadow"), Proposal(effect, {"closed trades": 31}))
    return effect


def test_a_promotion_is_done_and_taken_back_by_the_strategys_name(cli: Cli, earned: PromoteStrategy, own: Path) -> None:
    code, told, _ = cli("promote", NAME)
    (decision,) = told["decisions"]
    assert (code, decision["verdict"], decision["because"]) == (0, "done", {"closed trades": 31})
    assert own.read_text() == earned.after
    code, told, _ = cli("demote", NAME)
    assert (code, told["decisions"][0]["verdict"]) == (0, "undone")
    assert not own.exists()


def test_what_a_person_wrote_meanwhile_is_kept(cli: Cli, earned: PromoteStrategy, own: Path) -> None:
    own.parent.mkdir(parents=True, exist_ok=True)
    own.write_text(TEXT + "# mine\n")
    code, told, _ = cli("promote", NAME)
    assert (code, told["decisions"][0]["verdict"]) == (1, "expired")
    assert "changed by hand since" in told["decisions"][0]["why"]
    assert own.read_text() == TEXT + "# mine\n"


def test_a_demotion_refuses_to_throw_away_what_a_person_wrote(cli: Cli, earned: PromoteStrategy, own: Path) -> None:
    cli("promote", NAME)
    own.write_text(earned.after + "# mine\n")
    code, told, _ = cli("demote", NAME)
    assert (code, told["decisions"][0]["verdict"]) == (1, "done")
    assert own.read_text() == earned.after + "# mine\n"


def test_nothing_is_promoted_that_has_not_earned_it(cli: Cli, earned: PromoteStrategy) -> None:
    for command in ("promote", "demote"):
        code, _, err = cli(command, "nope")
        assert (code, err.count("\n")) == (2, 1)
        assert "there is no strategy called nope. There are " in err
    code, _, err = cli("demote", NAME)
    assert code == 2
    assert f"'{NAME}' has no promotion to take back" in err
    cli("promote", NAME)
    code, _, err = cli("promote", NAME)
    assert (code, err.count("\n")) == (2, 1)
    assert f"no promotion of '{NAME}' waits. A shadow run asks for one once it is earned: none runs for {NAME}" in err


def test_of_two_files_with_a_strategy_of_one_name_a_person_says_which(
    cli: Cli, earned: PromoteStrategy, program: Program, own: Path
) -> None:
    other = replace(earned, file="mine.yaml", cause="shadow 2")
    program.engine.acts.propose(Origin("process:shadow"), Proposal(other, {"closed trades": 31}))
    program.settle()
    code, _, err = cli("promote", NAME)
    assert (code, err.count("\n")) == (2, 1)
    assert f"promote: 2 files hold a strategy called {NAME}. Say which: 'dreamscape approve " in err
    for file in ("mine.yaml", f"{NAME}.yaml"):
        assert f"' for {file}" in err
    assert not own.exists()


def test_where_nothing_runs_it_is_done_on_the_stored_state(
    home: Home, own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with HomeLock(home):
        engine = open_here(home)
        engine.acts.propose(Origin("process:shadow"), Proposal(promotion()))
        engine.close()
    assert main(["--home", str(home.root), "promote", NAME]) == 0
    assert own.read_text() == promotion().after
    assert main(["--home", str(home.root), "demote", NAME]) == 0
    assert not own.exists()
    out = capsys.readouterr().out
    assert f"Promote {NAME} to macd.fast 8, macd.slow 32: done in {own}, from its next entry on." in out
    assert "taken back; the file before is in force again" in out
