"""The Settings page."""

from __future__ import annotations

from PyQt6.QtCore import Qt, QTimer, pyqtSignal
from PyQt6.QtWidgets import QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from services.core.views import View
from widgets.actions import ActionEntry
from widgets.pages.page import Page
from widgets.pages.settings.columns import COLUMNS
from widgets.pages.settings.controls import ControlsCard
from widgets.pages.settings.detail import SettingDetail
from widgets.pages.settings.mistakes import MistakesCard
from widgets.pages.settings.places import PlacesCard
from widgets.pages.settings.safety import SandboxCard, SecretsCard
from widgets.pages.settings.state import SettingsView, shown_rows
from widgets.pages.settings.surroundings import SurroundingsCard
from widgets.parts.card import Card
from widgets.parts.faces import Faces
from widgets.parts.filters import Choices, SearchField
from widgets.parts.labels import text_label
from widgets.parts.split import Split
from widgets.parts.table import RowsModel, Table

ACTIONS = (
    ActionEntry("settings.search", "Search the settings", shortcut="Ctrl+F", group="Settings", scope="settings"),
)
_KINDS = (("all", "All"), ("changed", "Changed"))


class SettingsPage(Page):
    """Settings in force on the left; controls, environment, secrets and places on the right."""

    setting_changed = pyqtSignal(str, object)
    """A dotted name and its new value: of its own type from a control, as text from the field, None for the default."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view: SettingsView | None = None
        self.kinds = Choices("Which settings", _KINDS, self)
        self.search = SearchField("Search settings", parent=self)
        self.table = Table(RowsModel(COLUMNS, key=lambda row: row.name), name="Settings in force", dense=True)
        self.table.setSortingEnabled(False)  # it would tear the sections apart
        self.detail = SettingDetail(self)
        self.mistakes = MistakesCard(self)
        self.controls = ControlsCard()
        self.surroundings = SurroundingsCard()
        self.secrets = SecretsCard()
        self.sandbox = SandboxCard()
        self.places = PlacesCard()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.timeout.connect(self._narrow)
        self._lay_out()
        self._wire()
        self._faces.show_loading("The settings are being read")

    def refresh(self, view: View) -> None:
        """Nothing: settings hold now, whatever moment the other pages show; they come by `show_settings`."""

    def show_settings(self, view: SettingsView) -> None:
        """Show what is in force; an equal view costs nothing."""
        if view == self._view:
            self.controls.show_settings(view)  # a control that was pressed in vain goes back
            return
        self._view = view
        self.mistakes.show_mistakes(view.mistakes)
        for card in (self.controls, self.surroundings, self.secrets, self.sandbox):
            card.show_settings(view)
        self.places.show_paths(view.paths)
        self.kinds.show_counts({"changed": sum(1 for row in view.rows if row.source != "default")})
        self._faces.show_content()
        self._narrow()

    def show_answer(self, name: str, error: str) -> None:
        """What came of a change: nothing, or why it was refused."""
        self.detail.answered(name, error)

    def select(self, what: str) -> None:
        """Select a setting by its dotted name; the filter gives way if it hides it."""
        if not self.table.rows.index_of(what).isValid():
            self.kinds.choose("all")
            self.search.clear()
            self._narrow()
        self.table.select_key(what)

    def obey(self, action_id: str) -> None:
        """Take one of this page's actions."""
        if action_id == "settings.search":
            self.search.setFocus()

    def _narrow(self) -> None:
        if self._view is None:
            return
        rows = shown_rows(self._view.rows, self.search.text(), changed_only=self.kinds.current == "changed")
        self.table.rows.show_rows(rows)
        total = len(self._view.rows)
        self._card.show_note(f"{total:,}" if len(rows) == total else f"{len(rows):,} of {total:,}")
        self._show_selected()

    def _show_selected(self) -> None:
        view, key = self._view, self.table.current_key
        self.detail.show_row(view.row(str(key)) if view is not None and key is not None else None)

    def _edit(self) -> None:
        row = self.detail.row
        if row is not None and self.detail.choices is not None:
            self.detail.choices.chips[row.choices[0]].setFocus()
        elif self.detail.field.isVisible():
            self.detail.field.setFocus()
            self.detail.field.selectAll()

    def _wire(self) -> None:
        self.table.selected.connect(lambda _key: self._show_selected())
        self.table.opened.connect(lambda _key: self._edit())
        self.kinds.chosen.connect(lambda _kind: self._narrow())
        self.search.textChanged.connect(lambda _text: self._settle.start(120))
        self.controls.changed.connect(self.setting_changed)
        self.detail.changed.connect(self.setting_changed)

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.setSpacing(10)
        bar.addWidget(text_label("Settings", size="title"))
        bar.addSpacing(6)
        bar.addWidget(self.kinds)
        bar.addStretch(1)
        bar.addWidget(self.search)
        self._card = Card("In force", parent=self)
        self._faces = Faces(self.table)
        self._card.add(self._faces, 1)
        left = QWidget(self)
        stack = QVBoxLayout(left)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(12)
        stack.addWidget(self._card, 1)
        stack.addWidget(self.detail)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(bar)
        column.addWidget(self.mistakes)
        column.addWidget(Split("settings", Qt.Orientation.Horizontal).fill((left, 6), (self._side(), 5)), 1)

    def _side(self) -> QScrollArea:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for card in (self.controls, self.surroundings, self.secrets, self.sandbox, self.places):
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(side)
        area.setAccessibleName("Window, environment, secrets and places")
        return area
