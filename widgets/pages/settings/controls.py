"""What a person changes most: the look, what closing means, motion, and the start at login."""

from __future__ import annotations

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from widgets.pages.settings.state import SettingsView, overridden
from widgets.parts.card import Card
from widgets.parts.filters import Choices
from widgets.parts.labels import text_label

THEME, CLOSE, MOTION, LOGIN = "general.theme", "general.close", "general.reduce_motion", "general.autostart"
_THEMES = (("system", "System"), ("dark", "Dark"), ("light", "Light"))
_CLOSES = (("ask", "Ask"), ("tray", "Stay in the tray"), ("quit", "Quit"))


class ControlsCard(Card):
    """`changed` says the name of a setting and its new value; what holds comes back by `show_settings`."""

    changed = pyqtSignal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Window and start", parent=parent)
        self.theme = Choices("Theme", _THEMES, self)
        self.close_choice = Choices("What closing the window does", _CLOSES, self)
        self.motion = QCheckBox("Less motion", self)
        self.motion.setToolTip("The window grows and slides nowhere, besides what the desktop asks for")
        self.login = QCheckBox("Start at login", self)
        self.notes: dict[str, QLabel] = {}
        self._lay_out()
        self._wire()

    def show_settings(self, view: SettingsView) -> None:
        """Set every control to what holds, telling nobody."""
        self.theme.choose(view.theme)
        self.close_choice.choose(view.close)
        self.motion.setChecked(view.reduce_motion)
        self.login.setChecked(view.autostart.on)
        place = view.autostart.place
        self.login.setToolTip(f"Kept in {place}" if place else "This system has no known place for it")
        self.login.setEnabled(bool(place))
        for name, note in self.notes.items():
            why = overridden(view.row(name))
            note.setText(why or (place if name == LOGIN and view.autostart.on else ""))
            note.setVisible(bool(note.text()))

    def _wire(self) -> None:
        self.theme.chosen.connect(lambda choice: self.changed.emit(THEME, choice))
        self.close_choice.chosen.connect(lambda choice: self.changed.emit(CLOSE, choice))
        self.motion.clicked.connect(lambda checked: self.changed.emit(MOTION, checked))
        self.login.clicked.connect(lambda checked: self.changed.emit(LOGIN, checked))

    def _lay_out(self) -> None:
        body = QWidget(self)
        grid = QGridLayout(body)
        grid.setContentsMargins(14, 12, 14, 14)
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        rows = (
            (THEME, "Theme", self.theme),
            (CLOSE, "Closing the window", self.close_choice),
            (MOTION, "", self.motion),
            (LOGIN, "", self.login),
        )
        for place, (name, title, control) in enumerate(rows):
            if title:
                grid.addWidget(text_label(title, "secondary"), 2 * place, 0)
            grid.addWidget(control, 2 * place, 1, Qt.AlignmentFlag.AlignLeft)
            self.notes[name] = text_label("", "hint", "small", wrap=True)
            self.notes[name].hide()
            grid.addWidget(self.notes[name], 2 * place + 1, 1)
        self.add(body)
