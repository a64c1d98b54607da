"""The Rules page over a program that runs: a stop that has shut is seen, armed again, and seen as it was."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel

from app.wiring.projections import KINDS
from services.core.process import State
from services.core.projections.views import past_view
from services.core.rules.events import RearmRule, RuleHeard, RuleMoved
from services.core.rules.standings import RuleStandings
from services.orchestrator.commands import Customise, ResumeProcess
from services.orchestrator.definitions.file_events import Mistake
from services.orchestrator.definitions.file_mistakes import FileMistakes, FileMistakesValue, MistakenFile
from tests.support.manual_clock import START
from tests.support.own import Mine
from tests.support.pages import Moment, with_keys
from tests.support.strategies import strategy_text
from widgets.pages.processes import ProcessesPage
from widgets.pages.rules import RulesPage
from widgets.states.rules import key_of

STOP = key_of("small stop", "mine")
FALLS = """\
- rule: small stop
  metric: trading.drawdown
  each: trader
  fire: {above: 0.0001}
  latched: true
  then: [pause each]
"""


class Watched:
    """The page, the program behind it, and the commands that left."""

    def __init__(self, page: RulesPage, mine: Mine) -> None:
        self.page, self.mine = page, mine
        self.said: list = []
        page.command.connect(self.said.append)

    def look(self) -> None:
        engine = self.mine.running.engine
        engine.ask(engine.projections.show)
        self.page.refresh(engine.view)

    def words(self) -> dict[str, str]:
        self.look()
        rows = self.page.table.rows
        return {rows.index(n, 0).data(): rows.index(n, 2).data() for n in range(rows.rowCount())}

    def obey(self) -> str:
        """Have the program obey the last command; why not, if it did not."""
        try:
            self.mine.tell(self.said[-1])
        except Exception as error:
            self.page.answered(self.said[-1], str(error))
            return str(error)
        self.page.answered(self.said[-1], "")
        self.look()
        return ""


@pytest.fixture
def shut(qtbot, tmp_path, monkeypatch) -> Iterator[Watched]:
    """A trader has fallen, and its stop has shut; there is nothing else."""
    (tmp_path / "no-defaults").mkdir()
    monkeypatch.setattr("app.wiring.own_files.files.DEFAULTS", tmp_path / "no-defaults")
    mine = Mine(tmp_path)
    mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
    mine.write("strategies/rules/stop.yaml", FALLS)
    mine.start()
    mine.sees("mine", State.PAUSED)
    page = RulesPage()
    with_keys(page, page.ACTIONS, "rules")
    qtbot.addWidget(page)
    page.resize(1100, 760)
    page.show()
    qtbot.waitExposed(page)
    page.activateWindow()
    yield Watched(page, mine)
    mine.stop()


def test_qt_finds_no_fault_with_the_list(qtmodeltester, shut):
    shut.look()
    qtmodeltester.check(shut.page.table.rows)


def test_a_stop_is_armed_again_with_a_reason_and_not_without(qtbot, shut):
    assert shut.words()["small stop"] == "Latched"
    pane = shut.page.pane
    assert (pane.line.key, pane.headline.text()) == (STOP, "Latched for mine"), "what wants a person comes first"
    assert "only when you re-arm it" in pane.texts.text("Ends")
    shut.page.table.setFocus()
    qtbot.keyClick(shut.page.table, Qt.Key.Key_R)
    assert not pane.reason.sure.isEnabled()
    qtbot.keyClick(pane.reason.field, Qt.Key.Key_Return)
    assert shut.said == [], "without a reason nothing leaves"
    qtbot.keyClicks(pane.reason.field, "I looked")
    qtbot.keyClick(pane.reason.field, Qt.Key.Key_Return)
    assert shut.said == [RearmRule("small stop", "mine", "I looked")]
    assert pane.button.state == "working"
    assert shut.obey() == ""
    assert shut.words()["small stop"] == "Normal"
    assert pane.texts.text("Why") == "re-armed: I looked"
    assert not pane.button.isEnabled() or pane.button.isHidden()
    shut.mine.tell(ResumeProcess("mine"))


def test_a_rule_that_comes_with_dreamscape_is_made_ones_own(shut, tmp_path):
    shipped = tmp_path / "no-defaults" / "rules" / "house.yaml"
    shipped.parent.mkdir()
    shipped.write_text(FALLS.replace("small stop", "house stop"))
    shut.mine.running.rules.reload()
    shut.mine.until(lambda: "house stop" in shut.words(), "the rule is read")
    shut.page.select(key_of("small stop", "mine"))
    assert shut.page.pane.customise.isHidden(), "it is one's own already"
    shut.page.select(key_of("house stop", ""))
    shut.page.pane.customise.click()
    assert shut.said == [Customise("rules/house.yaml", "")]
    assert shut.obey() == ""
    assert (shut.mine.home.strategies / "rules" / "house.yaml").read_text() == shipped.read_text()
    shut.mine.until(lambda: shut.words() and shut.page.pane.customise.isHidden(), "the copy holds")
    assert shut.page.pane.line.rule == "house stop"


def test_the_header_counts_the_rows_below_it(qtbot):
    page = RulesPage()
    qtbot.addWidget(page)
    wrong = MistakenFile("strategies/rules/x.yaml", "", START, (Mistake("x.yaml:1:1", "it is wrong", "mend it"),))
    page.refresh(Moment({FileMistakes: FileMistakesValue((wrong,))}))
    assert page.table.rows.rowCount() == 1
    assert "1" in [label.text() for label in page.findChildren(QLabel)]


def test_escape_leaves_it_as_it_is(qtbot, shut):
    shut.look()
    qtbot.mouseClick(shut.page.pane.button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(shut.page.pane.reason.field, Qt.Key.Key_Escape)
    assert shut.page.pane.reason.isHidden()
    assert shut.page.pane.button.isVisible()
    assert shut.said == []


def test_why_it_was_not_armed_again_stays_to_be_read(qtbot, shut):
    shut.look()
    shut.mine.tell(RearmRule("small stop", "mine", "somebody else was faster"))
    qtbot.mouseClick(shut.page.pane.button, Qt.MouseButton.LeftButton)
    shut.page.pane.reason.field.setText("I looked")
    qtbot.mouseClick(shut.page.pane.reason.sure, Qt.MouseButton.LeftButton)
    assert "only a rule that has fired" in shut.obey()
    assert "only a rule that has fired" in shut.page.pane.fault.text()


def test_a_past_moment_shows_the_rules_as_they_stood_and_arms_nothing(qtbot, shut):
    engine = shut.mine.running.engine
    shut.mine.tell(RearmRule("small stop", "mine", "I looked"))
    heard = next(each for each in engine.journal.read() if isinstance(each.event, RuleHeard))
    fired = next(each for each in engine.journal.read() if isinstance(each.event, RuleMoved))
    assert shut.words()["small stop"] == "Normal"
    shut.page.refresh(past_view(engine.projections, engine.files, fired.at, KINDS))
    lines = shut.page.table.rows
    assert lines.index(0, 2).data() == "Latched"
    assert not shut.page.pane.button.isEnabled()
    qtbot.keyClick(shut.page.table, Qt.Key.Key_R)
    assert shut.page.pane.reason.isHidden()
    before = past_view(engine.projections, engine.files, heard.at - timedelta(microseconds=1), KINDS)
    assert before.value(RuleStandings).of("mine") == ()


def test_the_process_says_who_watches_it_and_leads_there(qtbot, shut):
    engine = shut.mine.running.engine
    page = ProcessesPage()
    qtbot.addWidget(page)
    page.resize(1200, 760)
    page.show()
    engine.ask(engine.projections.show)
    page.refresh(engine.view)
    page.select("mine")
    went: list = []
    page.go_to.connect(lambda *where: went.append(where))
    button = page.pane.watched.buttons[STOP]
    assert button.text() == "Re-arm"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert went == [("rules", STOP)]
    shut.look()
    shut.page.select(STOP)
    assert shut.page.pane.line.key == STOP


def test_a_file_with_a_mistake_is_shown_with_line_and_column_until_it_is_mended(shut):
    path = shut.mine.write("strategies/rules/extra.yaml", FALLS.replace("small stop", "extra").replace("above", "abov"))
    shut.mine.until(lambda: "extra.yaml" in shut.words(), "the mistake is seen")
    assert shut.words()["extra.yaml"] == "Mistake"
    shut.page.select("strategies/rules/extra.yaml")
    assert f"{path}:4:10: there is no key 'abov'" in shut.page.pane.texts.text("Mistake")
    shut.mine.write("strategies/rules/extra.yaml", FALLS.replace("small stop", "extra"))
    shut.mine.until(lambda: "extra" in shut.words(), "the rule is in force")
    assert "extra.yaml" not in shut.words()
