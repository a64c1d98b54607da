from dataclasses import dataclass, replace

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtGui import QGuiApplication

from widgets.parts.status import Status
from widgets.parts.table import Cell, CellAction, Column, RowsModel, Table
from widgets.parts.table.delegate import _cut
from widgets.theme import ui_font


@dataclass(frozen=True)
class Bot:
    id: str
    state: str = "Running"
    restarts: int = 0


def actions_of(bot: Bot) -> Cell:
    first = CellAction("resume", "Resume") if bot.state == "Paused" else CellAction("pause", "Pause")
    return Cell(actions=(first, CellAction("more", "", "more", "More")))


COLUMNS = (
    Column[Bot]("name", "Name", lambda bot: Cell(bot.id, status=Status.OK), stretch=True),
    Column[Bot]("state", "State", lambda bot: Cell(bot.state)),
    Column[Bot](
        "restarts",
        "Restarts",
        lambda bot: Cell(str(bot.restarts)),
        align="right",
        sort=lambda bot: bot.restarts,
    ),
    Column[Bot]("act", "", actions_of, 160),
)
A, B, C, D = Bot("a"), Bot("b", restarts=10), Bot("c", restarts=9), Bot("d")


class Told:
    """What a model told its views, in order."""

    def __init__(self, model: RowsModel) -> None:
        self.said: list[tuple] = []
        model.dataChanged.connect(lambda top, end: self.said.append(("changed", top.row(), top.column(), end.column())))
        model.rowsInserted.connect(lambda _p, first, last: self.said.append(("inserted", first, last)))
        model.rowsRemoved.connect(lambda _p, first, last: self.said.append(("removed", first, last)))
        model.layoutChanged.connect(lambda: self.said.append(("moved",)))
        model.modelReset.connect(lambda: self.said.append(("reset",)))


@pytest.fixture
def model(qapp) -> RowsModel[Bot]:
    model = RowsModel(COLUMNS, key=lambda bot: bot.id)
    model.show_rows((A, B, C))
    for row in range(3):  # as if painted: only what someone has seen can change before their eyes
        model.cell(model.index(row, 0))
    return model


@pytest.fixture
def table(qtbot, model) -> Table:
    table = Table(model, name="Bots")
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    return table


def names(model: RowsModel[Bot]) -> list[str]:
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def test_qt_finds_no_fault_with_the_model(qtmodeltester, model):
    qtmodeltester.check(model)


def test_only_the_cells_that_differ_are_said_to_have_changed(model):
    told = Told(model)
    model.show_rows((A, replace(B, restarts=11), C))
    assert told.said == [("changed", 1, 2, 2)]


def test_cells_that_are_no_neighbours_are_told_apart(model):
    told = Told(model)
    model.show_rows((replace(A, state="Paused"), B, C))
    assert told.said == [("changed", 0, 1, 1), ("changed", 0, 3, 3)]


def test_equal_rows_say_nothing(model):
    told = Told(model)
    model.show_rows((replace(A), replace(B), replace(C)))
    assert told.said == []


def test_rows_come_and_go_without_a_reset(model, qtmodeltester):
    told = Told(model)
    model.show_rows((D, A, C))
    assert told.said == [("removed", 1, 1), ("inserted", 0, 0)]
    assert names(model) == ["d", "a", "c"]
    qtmodeltester.check(model)


def test_a_new_order_of_the_same_rows_is_a_move(model):
    told = Told(model)
    model.show_rows((C, A, B))
    assert told.said == [("moved",)]
    assert names(model) == ["c", "a", "b"]


def test_numbers_are_sorted_as_numbers_and_the_third_click_gives_back_the_order(model):
    model.sort(2, Qt.SortOrder.AscendingOrder)
    assert names(model) == ["a", "c", "b"]
    model.sort(2, Qt.SortOrder.DescendingOrder)
    assert names(model) == ["b", "c", "a"]
    model.sort(-1)
    assert names(model) == ["a", "b", "c"]


def test_the_filter_reads_every_column_and_keeps_what_is_hidden(model):
    model.show_only("10")
    assert names(model) == ["b"]
    model.show_only("", lambda bot: bot.restarts == 0)
    assert names(model) == ["a"]
    assert model.total == 3
    model.show_only("")
    assert names(model) == ["a", "b", "c"]


def test_two_rows_of_one_key_are_refused_with_the_key(model):
    with pytest.raises(ValueError, match="two rows have the key 'a'"):
        model.show_rows((A, A))


def test_the_selection_stays_on_its_row_through_changes_sorting_and_filtering(table, model):
    table.select_key("b")
    model.show_rows((D, replace(B, state="Paused"), A, C))
    model.sort(0, Qt.SortOrder.DescendingOrder)
    model.show_only("b")
    assert table.current_key == "b"


def test_space_does_the_first_action_of_the_row(qtbot, table, model):
    table.select_key("b")
    with qtbot.waitSignal(table.acted) as told:
        qtbot.keyClick(table, Qt.Key.Key_Space)
    assert told.args == ["pause", "b"]
    model.show_rows((A, replace(B, state="Paused"), C))
    with qtbot.waitSignal(table.acted) as told:
        qtbot.keyClick(table, Qt.Key.Key_Space)
    assert told.args == ["resume", "b"]


def test_home_and_end_go_to_the_first_and_the_last_row(qtbot, table):
    table.select_key("b")
    for key, name in ((Qt.Key.Key_End, "c"), (Qt.Key.Key_Home, "a")):
        qtbot.keyClick(table, key)
        assert table.current_key == name


def test_the_keyboard_goes_to_the_neighbour_of_a_row_that_has_gone(table, model):
    table.select_key("b")
    model.show_rows((A, C))
    assert table.current_key in ("a", "c")


def test_enter_opens_the_row(qtbot, table):
    table.select_key("c")
    with qtbot.waitSignal(table.opened) as told:
        qtbot.keyClick(table, Qt.Key.Key_Return)
    assert told.args == ["c"]


def test_a_button_in_a_cell_answers_the_mouse(qtbot, table):
    place = table.button_place(2, "more")
    with qtbot.waitSignal(table.acted) as told:
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place.center())
    assert told.args == ["more", "c"]


def test_the_menu_of_a_row_offers_all_its_actions(qtbot, table):
    menu = table.row_menu(0)
    assert [action.text() for action in menu.actions() if action.text()] == ["Pause", "More", "Copy row"]
    with qtbot.waitSignal(table.acted) as told:
        menu.actions()[1].trigger()
    assert told.args == ["more", "a"]


def test_selected_rows_are_copied_as_text(qtbot, table):
    table.select_key("b")
    qtbot.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "b\tRunning\t10\t"


def test_a_screen_reader_hears_the_status_and_the_buttons(model):
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, 0).data(spoken) == "Name: well, a"
    assert model.index(0, 3).data(spoken) == ": Pause, More"


def test_what_a_cell_shows_turns_no_line():
    assert Cell("paid \u202e001", tip="\x1b[2J") == Cell("paid \ufffd001", tip="\ufffd[2J")


def test_a_text_is_cut_by_the_font_that_it_is_drawn_in(qapp):
    text = "a text that is cut where there is no room for it"
    small, large = (_cut(text, ui_font(size), 120.0) for size in (9, 18))
    assert len(large) < len(small) < len(text)
    assert _cut(text, ui_font(9), 120.0) == small
