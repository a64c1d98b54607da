"""The Settings page."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from services.core.projections.views import View
from widgets.actions import ActionEntry
from widgets.pages.page import Page
from widgets.pages.settings.cards import EnvironmentCard, MistakesCard, PathsCard, StandingCard
from widgets.pages.settings.controls import Controls
from widgets.pages.settings.editor import SettingEditor
from widgets.pages.settings.state import SettingLine, setting_lines
from widgets.pages.settings.views import SettingsView
from widgets.parts.controls.filters import Choices, SearchField
from widgets.parts.panels.card import Card, padded
from widgets.parts.panels.scrolled import Scrolled
from widgets.parts.panels.split import Split
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.labels import text_label


def _value(line: SettingLine) -> Cell:
    return Cell(line.value, "tx0" if line.changed else "tx1", mono=True, tip=line.value)


def _source(line: SettingLine) -> Cell:
    text = f"{line.source} · next start" if line.waits else line.source
    return Cell(text, "warn" if line.waits else "tx1" if line.changed else "tx2", tip=text)


COLUMNS = (
    Column[SettingLine]("section", "Section", lambda line: Cell(line.section, "tx2"), 150, least=96),
    Column[SettingLine]("name", "Setting", lambda line: Cell(line.key, tip=line.meaning), 180, least=140),
    Column[SettingLine]("value", "Value", _value, 240, stretch=True),
    Column[SettingLine]("source", "From", _source, 200, least=90),
)


class SettingsPage(Page):
    """Is given a SettingsView whenever settings change; what a person changes leaves as `setting_changed`."""

    ACTIONS = (
        ActionEntry("settings.search", "Search the settings", shortcut="Ctrl+F", group="Settings", scope="settings"),
    )

    setting_changed = pyqtSignal(str, object)
    """A dotted name and what is to be written to the settings file: text is yet to be read, None takes it out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = SettingsView()
        self.summary = ElidedLabel("")
        self.search = SearchField("Search settings", parent=self)
        self.which = Choices("Which settings", (("all", "All"), ("changed", "Changed")), self)
        self.controls = Controls(self)
        self.table = Table(RowsModel(COLUMNS, key=lambda line: line.name), name="Settings", dense=True)
        self.table.setSortingEnabled(False)  # it would tear the sections apart
        self.editor = SettingEditor(self)
        self.mistakes = MistakesCard(self)
        self.environment = EnvironmentCard(self)
        self.standing = StandingCard("Secrets and containment", self)
        self.paths = PathsCard(self)
        self._lay_out()
        self._wire()
        self.mistakes.hide()

    def show_settings(self, view: SettingsView) -> None:
        """What is in force now; an equal view costs nothing."""
        if view == self._view:
            return
        self._view = view
        self.summary.setText(view.summary)
        self.mistakes.show_mistakes(view.mistakes)
        self.controls.show_settings(view)
        self.environment.show_environment(view.environment, view.explain)
        self.standing.show_standing(view.keyring, view.sandbox)
        self.paths.show_paths(view.paths)
        self._show_lines()

    def setting_written(self, name: str, error: str) -> None:
        """What `setting_changed` asked for was done, or not: `error` says why."""
        self.controls.told(name, error)
        self.editor.told(name, error)

    def refresh(self, view: View) -> None:
        """Settings are not of a moment; they are shown by `show_settings`."""

    def select(self, what: str) -> None:
        """Select a setting by its dotted name."""
        self.which.choose("all")
        self.search.clear()
        self._show_lines()
        self.table.select_key(what)

    def obey(self, action_id: str) -> None:
        """Take one of this page's actions."""
        if action_id == "settings.search":
            self.search.setFocus()

    def _show_lines(self) -> None:
        lines = setting_lines(self._view, self.search.text(), changed_only=self.which.current == "changed")
        self.table.rows.show_rows(lines)
        self.table.nothing = "No setting has these words" if self._view.rows else "Settings are being read"
        changed = sum(1 for row in self._view.rows if not row.is_default)
        self.which.show_counts({"changed": changed})
        self._list.show_note(f"{len(lines)} of {len(self._view.rows)}")
        self._show_selected()

    def _show_selected(self) -> None:
        key = self.table.current_key
        self.editor.show_row(self._view.row(str(key)) if key is not None else None)

    def _wire(self) -> None:
        self.search.textChanged.connect(lambda _text: self._show_lines())
        self.search.leads_to(self.table, self._show_lines)
        self.which.chosen.connect(lambda _which: self._show_lines())
        self.table.selected.connect(lambda _key: self._show_selected())
        self.table.opened.connect(lambda _key: self.editor.begin())
        # The editor takes room below the list when it opens, maybe that of the very row.
        self.editor.opened.connect(lambda: self.table.scrollTo(self.table.currentIndex()))
        self.controls.changed.connect(self.setting_changed)
        self.editor.changed.connect(self.setting_changed)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(10)
        self.summary.setProperty("tone", "hint")
        self.summary.setTextFormat(Qt.TextFormat.PlainText)
        bar.addWidget(text_label("Settings", size="title"))
        bar.addWidget(self.summary, 1)
        window = Card("This window", parent=self)
        window.add(Scrolled(padded(self.controls), self))
        self._list = Card("In force", parent=self)
        self._list.add_to_header(self.which)
        self._list.add_to_header(self.search)
        self._list.add(self.table, 1)
        self._list.add(self.editor)
        left = _column(window)
        left.addWidget(self._list, 1)
        right = _column(self.environment, self.standing, self.paths)
        right.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addWidget(self.mistakes)
        split = Split("settings", Qt.Orientation.Horizontal).fill((_held(left), 8), (Scrolled(_held(right)), 5))
        column.addWidget(split, 1)


def _column(*cards: QWidget) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for card in cards:
        column.addWidget(card)
    return column


def _held(column: QVBoxLayout) -> QWidget:
    holder = QWidget()
    holder.setLayout(column)
    return holder
