"""The form that adopts a script: any command as a process."""

from __future__ import annotations

from PyQt6.QtCore import QTimeZone
from PyQt6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from widgets.pages.processes.field import Field
from widgets.pages.processes.form_tab import FormTab
from widgets.pages.processes.new_script import Faults, NewScript, ScriptFields, script_faults
from widgets.parts.controls.combo_box import ComboBox

_WHEN = (
    ("start", "When Dreamscape starts", "", ""),
    ("every", "Every", "15m", "A number and a unit: 90s, 15m, 1h30m, 7d"),
    ("cron", "At times (cron)", "30 6 * * 1-5", "Minute, hour, day of month, month, day of week"),
    ("at", "Once, at", "2027-01-31 09:30", "A day and a time, local"),
)
_ALIVE = (
    ("", "While it runs", "", ""),
    ("output", "It writes something", "", "60s"),
    ("file", "It touches a file", "PATH", "60s"),
    ("http", "It answers over HTTP", "http://127.0.0.1:8000/health", "10s"),
)
_PATTERNS = "progress = step (?P<done>\\d+)/(?P<total>\\d+)\nqueue = queue=(\\d+)"


class ScriptForm(FormTab):
    """Gives a ``NewScript``."""

    verb = "Add script"

    def __init__(self, parent: QWidget | None = None) -> None:
        self.name, self.command, self.folder = QLineEdit(), QLineEdit(), QLineEdit()
        self.when, self.time = ComboBox(), QLineEdit()
        self.alive, self.what, self.within = ComboBox(), QLineEdit(), QLineEdit()
        self.patterns = QPlainTextEdit()
        self._fill()
        fields = {
            "name": Field("Name", self.name),
            "command": Field("Command", self.command, hint="Words as in a terminal; no shell runs it"),
            "folder": Field("Folder", self.folder, hint="Where it runs; your home when empty"),
            "time": Field("Runs", self.when, self.time),
            "alive": Field("How to tell that it lives", self.alive, self.what, self.within),
            "patterns": Field(
                "Progress and numbers in its output",
                self.patterns,
                hint="One name = regular expression a line; numbers become metrics for charts and rules",
            ),
        }
        super().__init__(fields, parent)
        self.when.currentIndexChanged.connect(lambda _place: self._show_time())
        self.alive.currentIndexChanged.connect(lambda _place: self._show_sign())
        self._show_time()
        self._show_sign()

    def typed(self) -> ScriptFields:
        """What stands in the fields."""
        return ScriptFields(
            self.name.text().strip(),
            self.command.text().strip(),
            self.folder.text().strip(),
            self.when.currentData(),
            self.time.text().strip(),
            self.alive.currentData(),
            self.what.text().strip(),
            self.within.text().strip(),
            self.patterns.toPlainText(),
            _zone(),
        )

    def faults(self) -> Faults:
        return script_faults(self.typed(), self.taken, self.now)

    def value(self) -> NewScript:
        return self.typed().script()

    def clear(self) -> None:
        for edit in (self.name, self.command, self.folder, self.time, self.what, self.within):
            edit.clear()
        self.patterns.clear()
        self.when.setCurrentIndex(0)
        self.alive.setCurrentIndex(0)

    def _show_time(self) -> None:
        _identity, _title, example, hint = _WHEN[self.when.currentIndex()]
        self.time.setVisible(bool(example))
        self.time.setPlaceholderText(example)
        zone = f", in {_zone() or 'UTC'}" if self.when.currentData() == "cron" else ""
        self.fields["time"].show_hint(f"{hint}{zone}")

    def _show_sign(self) -> None:
        kind, _title, example, within = _ALIVE[self.alive.currentIndex()]
        self.what.setVisible(bool(example))
        self.what.setPlaceholderText(example)
        self.within.setVisible(bool(within))
        if within:
            self.within.setText(within)
        word = "asked every" if kind == "http" else "within"
        self.within.setToolTip(word.capitalize())
        told = f"It has stalled when there is no sign; {word} {within}" if within else ""
        self.fields["alive"].show_hint(told)

    def _fill(self) -> None:
        for identity, title, _example, _hint in _WHEN:
            self.when.addItem(title, identity)
        for kind, title, _example, _within in _ALIVE:
            self.alive.addItem(title, kind)
        self.name.setPlaceholderText("nightly-report")
        self.command.setPlaceholderText("python main.py --fast")
        self.folder.setPlaceholderText("~/reports")
        self.within.setMaximumWidth(70)
        self.patterns.setPlaceholderText(_PATTERNS)
        self.patterns.setProperty("mono", "true")
        self.patterns.setFixedHeight(54)
        self.patterns.setTabChangesFocus(True)


def _zone() -> str:
    """The IANA name of the zone that this machine is in; empty for UTC."""
    name = QTimeZone.systemTimeZoneId().data().decode()
    return "" if name in ("UTC", "Etc/UTC") else name
