"""What the three forms for new things have in common."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from widgets.pages.processes.field import Field
from widgets.pages.processes.new_script import Faults


class FormTab(QWidget):
    """Fields by id, one below the other, judged whenever something is typed."""

    verb = "Add"
    """What the button says that sends it."""

    def __init__(self, fields: dict[str, Field], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.fields = fields
        self.taken: Collection[str] = ()
        self.now = datetime.min.replace(tzinfo=UTC)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for field in fields.values():
            column.addWidget(field)
            field.changed.connect(self.judge)
        column.addStretch(1)

    def value(self) -> object:
        """What is asked for; only of use where there are no faults."""
        raise NotImplementedError(f"{type(self).__name__} asks for nothing")

    def faults(self) -> Faults:
        """What is wrong now, by field."""
        raise NotImplementedError(f"{type(self).__name__} judges nothing")

    def clear(self) -> None:
        """Empty the fields."""
        raise NotImplementedError(f"{type(self).__name__} has nothing to clear")

    def begin(self) -> None:
        """An empty form that nobody has touched."""
        self.clear()
        for field in self.fields.values():
            field.begin()

    def judge(self, *, asked: bool = False) -> bool:
        """Show what is wrong; ``asked`` shows it of untouched fields too and goes to the first. True if all is well."""
        faults = self.faults()
        for name, field in self.fields.items():
            field.show_fault(faults.get(name, ""), asked=asked)
        first = next((self.fields[name] for name in self.fields if name in faults), None)
        if asked and first is not None:
            first.focus()
        return first is None
