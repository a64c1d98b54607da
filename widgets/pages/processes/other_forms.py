"""The forms for a project and for a strategy of one's own."""

from __future__ import annotations

from PyQt6.QtWidgets import QLineEdit, QWidget

from widgets.pages.processes.field import Field
from widgets.pages.processes.form_tab import FormTab
from widgets.pages.processes.new_script import Faults, NewProject, NewStrategy, project_faults, strategy_faults
from widgets.parts.controls.combo_box import ComboBox


class ProjectForm(FormTab):
    """Gives a ``NewProject``."""

    verb = "Add project"

    def __init__(self, parent: QWidget | None = None) -> None:
        self.path, self.interpreter, self.name = QLineEdit(), QLineEdit(), QLineEdit()
        self.path.setPlaceholderText("~/code/billing-api")
        self.interpreter.setPlaceholderText(".venv")
        self.name.setPlaceholderText("billing-api")
        fields = {
            "path": Field("Project folder", self.path, hint="Its root: where pyproject.toml or .git is"),
            "interpreter": Field(
                "Interpreter", self.interpreter, hint="Or an environment's folder; found by itself when empty"
            ),
            "name": Field("Name", self.name, hint="Its folder's name when empty"),
        }
        super().__init__(fields, parent)

    def value(self) -> NewProject:
        return NewProject(self.path.text().strip(), self.interpreter.text().strip(), self.name.text().strip())

    def faults(self) -> Faults:
        return project_faults(self.value(), self.taken)

    def clear(self) -> None:
        for edit in (self.path, self.interpreter, self.name):
            edit.clear()


class StrategyForm(FormTab):
    """Gives a ``NewStrategy``."""

    verb = "Customise"

    def __init__(self, parent: QWidget | None = None) -> None:
        self.like, self.name = ComboBox(), QLineEdit()
        self.like.setEditable(True)
        self.like.setInsertPolicy(ComboBox.InsertPolicy.NoInsert)
        line = self.like.lineEdit()
        if line is not None:
            line.setPlaceholderText("trading/macd-eth-btc.yaml")
        self.name.setPlaceholderText("my-macd")
        fields = {
            "like": Field("Begin with", self.like, hint="A strategy or campaign that there is"),
            "name": Field("New name", self.name, hint="Its file is yours to change; it is taken in while all runs"),
        }
        super().__init__(fields, parent)

    def offer(self, files: tuple[str, ...]) -> None:
        """The defaults to choose from, as ``trading/NAME.yaml``."""
        chosen = self.like.currentText()
        self.like.blockSignals(True)
        self.like.clear()
        self.like.addItems(files)
        self.like.setCurrentText(chosen or (files[0] if files else ""))
        self.like.blockSignals(False)

    def value(self) -> NewStrategy:
        return NewStrategy(self.name.text().strip(), self.like.currentText().strip())

    def faults(self) -> Faults:
        return strategy_faults(self.value(), self.taken)

    def clear(self) -> None:
        self.name.clear()
        if self.like.count():
            self.like.setCurrentIndex(0)
        else:
            self.like.clearEditText()
