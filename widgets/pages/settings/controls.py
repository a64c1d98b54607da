"""The settings that a window changes itself, each as one control that says what came of it."""

from __future__ import annotations

from dataclasses import dataclass

from PyQt6.QtCore import Qt, pyqtSignal
from PyQt6.QtWidgets import QGridLayout, QLabel, QWidget

from widgets.pages.settings.views import SettingRow, SettingsView
from widgets.parts.controls.filters import Choices
from widgets.parts.text.labels import text_label


@dataclass(frozen=True, slots=True)
class Control:
    """A setting by its dotted name, how it is called here, and its values with their words."""

    name: str
    title: str
    meaning: str
    choices: tuple[tuple[str, str], ...]


LOGIN = "general.autostart"
_OFF_ON = (("false", "Off"), ("true", "On"))
CONTROLS = (
    Control(
        "general.theme",
        "Theme",
        "System follows the desktop.",
        (("system", "System"), ("dark", "Dark"), ("light", "Light")),
    ),
    Control(
        "general.close",
        "Closing the window",
        "In the tray, everything goes on; quitting ends it in order.",
        (("ask", "Ask"), ("tray", "Keep in tray"), ("quit", "Quit")),
    ),
    Control("general.reduce_motion", "Less motion", "No growing and no fading.", _OFF_ON),
    Control(LOGIN, "Start at login", "The window opens when you log in.", _OFF_ON),
)


class Controls(QWidget):
    """`changed` gives a setting's name and its new value; `told` brings what came of it."""

    changed = pyqtSignal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices: dict[str, Choices] = {}
        self.notes: dict[str, QLabel] = {}
        self._view = SettingsView()
        self._meanings = {control.name: control.meaning for control in CONTROLS}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(20)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(2, 1)
        for row, control in enumerate(CONTROLS):
            self._add(grid, row, control)

    def show_settings(self, view: SettingsView) -> None:
        """Press what is in force; what something stronger than the file has set cannot be pressed."""
        self._view = view
        for control in CONTROLS:
            self._show(control.name, view.row(control.name))

    def told(self, name: str, error: str) -> None:
        """The setting was written, or not: then the control goes back to what is in force."""
        if name not in self.choices:
            return
        if error:
            self._show(name, self._view.row(name))
            self._note(name, error, "bad")
        else:
            self._note(name, "Written", "secondary")

    def _show(self, name: str, row: SettingRow | None) -> None:
        choices = self.choices[name]
        value = self._in_force(name)
        if value in choices.chips:
            choices.choose(value)
        fixed = row.fixed_by if row is not None else ""
        possible = bool(self._view.login.place) or name != LOGIN
        choices.setEnabled(row is not None and not fixed and possible)
        note = f"{fixed.removeprefix('env ')} sets it and wins over the file" if fixed else self._meaning(name)
        self._note(name, note, "hint")

    def _in_force(self, name: str) -> str:
        """What is so. Of the start at login the system's own entry tells, not what was once written."""
        if name == LOGIN:
            return "true" if self._view.login.on else "false"
        row = self._view.row(name)
        return row.value.lower() if row is not None else ""

    def _meaning(self, name: str) -> str:
        login, row = self._view.login, self._view.row(name)
        if name != LOGIN or row is None:
            return self._meanings[name]
        if not login.place:
            return "This system has no known place for it."
        if row.value == "true" and not login.on and login.place:
            return "The settings ask for it, but the system has no entry: press On to make it."
        return f"{self._meanings[name]} {login.place}" if login.on else self._meanings[name]

    def _note(self, name: str, text: str, tone: str) -> None:
        label = self.notes[name]
        label.setText(text)
        label.setProperty("tone", tone)
        style = label.style()
        if style is not None:
            style.polish(label)

    def _add(self, grid: QGridLayout, row: int, control: Control) -> None:
        choices = self.choices[control.name] = Choices(control.title, control.choices, self)
        note = self.notes[control.name] = text_label(control.meaning, "hint", "label", wrap=True)
        choices.chosen.connect(lambda chosen, name=control.name: self._choose(name, chosen))
        grid.addWidget(text_label(control.title), row, 0)
        grid.addWidget(choices, row, 1, Qt.AlignmentFlag.AlignLeft)
        grid.addWidget(note, row, 2)

    def _choose(self, name: str, chosen: str) -> None:
        if chosen == self._in_force(name):
            return
        self._note(name, "Writing…", "secondary")
        self.changed.emit(name, chosen == "true" if chosen in ("true", "false") else chosen)
