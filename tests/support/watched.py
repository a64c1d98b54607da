"""A page of decisions over a real engine, as a person has it before them."""

from typing import Any

from tests.support.desk_work import Desk
from tests.support.pages import with_keys


class Watched:
    """The page, the engine behind it, and the commands that left; `obey` has the engine obey the last."""

    def __init__(self, qtbot: Any, page: Any, actions: tuple[Any, ...], desk: Desk) -> None:
        self.page, self.desk = page, desk
        self.said: list[Any] = []
        page.command.connect(self.said.append)
        with_keys(page, actions, actions[0].scope)
        qtbot.addWidget(page)
        page.resize(1100, 760)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()

    def look(self) -> None:
        self.page.refresh(self.desk.program.engine.view)

    def obey(self) -> None:
        self.desk.tell(self.said[-1])
        self.page.answered(self.said[-1], "")
        self.look()

    def cells(self, column: str) -> list[str]:
        """What a column says, from the first row to the last."""
        rows = self.page.table.rows
        place = [each.id for each in rows.columns].index(column)
        return [rows.index(row, place).data() for row in range(rows.rowCount())]

    @property
    def selected(self) -> str:
        found: str = self.page.pane.row.id
        return found
