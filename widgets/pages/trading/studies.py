"""What is tried with a bot's strategy beside its trading: backtests and sweeps, each bot's last kept in this window."""

from __future__ import annotations

from PyQt6.QtCore import QObject, pyqtSignal

from services.trading.backtest.ordered import BacktestDone, BacktestOrder
from services.trading.chart.charted import Charted
from services.trading.sweep.ordered import SweepFound, SweepOrder
from widgets.pages.trading.backtest_view import BacktestView
from widgets.pages.trading.sweep_view import SweepView
from widgets.states.trading.bots import BotState


class Studies(QObject):
    """They change nothing, so they can be asked for while a past moment is shown too."""

    backtest_wanted = pyqtSignal(object)
    """A ``BacktestOrder``, answered by ``show_backtest``."""
    backtest_unwanted = pyqtSignal()
    sweep_wanted = pyqtSignal(object)
    """A ``SweepOrder``, answered by ``show_sweep``."""
    sweep_unwanted = pyqtSignal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.backtest, self.sweep = BacktestView(), SweepView()
        self._bot: BotState | None = None
        self._tested: dict[str, BacktestDone | str] = {}
        self._swept: dict[str, SweepFound | str] = {}
        self._testing = self._sweeping = ""
        """The bot whose strategy is tested or swept now."""
        self.backtest.run.connect(self.begin_backtest)
        self.backtest.called_off.connect(self._call_backtest_off)
        self.sweep.run.connect(self.begin_sweep)
        self.sweep.called_off.connect(self._call_sweep_off)

    @property
    def name(self) -> str:
        """Of the bot that is shown."""
        return self._bot.choice.name if self._bot is not None else ""

    @property
    def busy(self) -> bool:
        """Whether something is tried now."""
        return bool(self._testing or self._sweeping)

    @property
    def has_swept(self) -> bool:
        """Whether a sweep of the strategy shown is under way, or has found something."""
        return bool(self._sweeping) or isinstance(self._swept.get(self.name), SweepFound)

    def show_bot(self, bot: BotState) -> None:
        """Show what was tried with this one."""
        self._bot = bot
        self._show_backtest()
        self._show_sweep()

    def propose(self, known: Charted | None) -> None:
        """Write axes that suit the strategy."""
        if known is not None and known.histogram is not None:
            key = known.histogram.key
            self.sweep.propose((f"{key}.fast=6:13", f"{key}.slow=20:38:2"))

    def begin_backtest(self) -> None:
        bot = self._bot
        if bot is None or bot.ask is None or self._testing:
            return
        self._testing = self.name
        self.backtest.show_progress(0.0)
        self.backtest_wanted.emit(BacktestOrder(bot.ask.strategy, bot.ask.data, bot.ask.capital))

    def begin_sweep(self, axes: tuple[str, ...]) -> None:
        bot = self._bot
        if bot is None or bot.ask is None or self._sweeping:
            return
        self._sweeping = self.name
        self.sweep.show_progress(0.0)
        self.sweep_wanted.emit(SweepOrder(bot.ask.strategy, bot.ask.data, bot.ask.capital, axes))

    # What comes of them

    def show_backtest_progress(self, part: float) -> None:
        if self._testing and self._testing == self.name:
            self.backtest.show_progress(part)

    def show_backtest(self, order: BacktestOrder, done: BacktestDone | None, error: str) -> None:
        """The result of the one that was wanted last, or why there is none."""
        self._tested[self._testing] = done if done is not None else error
        self._testing = ""
        self._show_backtest()

    def show_sweep_progress(self, part: float) -> None:
        if self._sweeping and self._sweeping == self.name:
            self.sweep.show_progress(part)

    def show_sweep(self, order: SweepOrder, found: SweepFound | None, error: str) -> None:
        """What the one that was wanted last has found, or why it could not."""
        self._swept[self._sweeping] = found if found is not None else error
        self._sweeping = ""
        self._show_sweep()

    # Inside

    def _call_backtest_off(self) -> None:
        self._testing = ""
        self.backtest_unwanted.emit()
        self._show_backtest()

    def _call_sweep_off(self) -> None:
        self._sweeping = ""
        self.sweep_unwanted.emit()
        self._show_sweep()

    def _show_backtest(self) -> None:
        bot, found = self._bot, self._tested.get(self.name)
        if bot is None or self._testing == self.name:
            return
        if found is None:
            self.backtest.offer(self.name, "" if bot.ask else "the bot has not begun to trade yet")
        elif isinstance(found, str):
            self.backtest.show_failure(found)
        else:
            self.backtest.show_done(found)

    def _show_sweep(self) -> None:
        found = self._swept.get(self.name)
        if self._sweeping == self.name and self.name:
            return
        if isinstance(found, SweepFound):
            self.sweep.show_found(found)
        else:
            self.sweep.show_none(found or "")
