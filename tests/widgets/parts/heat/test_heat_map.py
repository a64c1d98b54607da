import math

import pytest
from PyQt6.QtCore import QPoint, Qt
from PyQt6.QtGui import QFontMetricsF

from widgets.parts.heat import Cell, HeatGrid, HeatMap
from widgets.theme import active, colour, ui_font

GRID = HeatGrid(
    "Sharpe",
    "fast",
    ("6", "9", "12"),
    "slow",
    ("20", "26"),
    ((0.5, 1.9, math.nan), (-1.0, 0.0, 1.2)),
    marked=Cell(2, 1),
)


@pytest.fixture
def heat(qtbot) -> HeatMap:
    heat = HeatMap()
    qtbot.addWidget(heat)
    heat.resize(400, 220)
    heat.show_grid(GRID)
    heat.show()
    return heat


def centre(heat: HeatMap, cell: Cell) -> QPoint:
    return heat.place_of(cell).center().toPoint()


def test_a_place_says_its_values_and_its_figure(heat):
    assert GRID.told(Cell(1, 0)) == "fast 9, slow 20: Sharpe +1.90"
    assert GRID.told(Cell(2, 1)) == "fast 12, slow 26: Sharpe +1.20 · traded now"
    assert GRID.told(Cell(2, 0)) == "fast 12, slow 20: no figure: it traded too little"


def test_the_best_is_what_a_screen_reader_hears_first(heat):
    assert GRID.best == Cell(1, 0)
    assert heat.accessibleName() == "Sharpe by fast and slow"
    assert heat.accessibleDescription() == "fast 9, slow 20: Sharpe +1.90"


def test_gain_and_loss_are_apart_and_no_figure_is_neither(heat):
    image = heat.grab().toImage()

    def near(cell: Cell):
        place = heat.place_of(cell).toRect()
        return image.pixelColor(place.left() + 3, place.bottom() - 3)

    gain, loss, none = near(Cell(1, 0)), near(Cell(0, 1)), near(Cell(2, 0))
    assert gain.green() > gain.red()
    assert loss.red() > loss.green()
    assert none != gain
    assert abs(none.red() - none.green()) < 30
    assert colour("ok") != gain  # the ground of a figure stays calm enough to read it


def test_arrow_keys_go_from_the_best_to_its_neighbours_and_enter_chooses(qtbot, heat):
    qtbot.keyClick(heat, Qt.Key.Key_Right)
    assert heat.pointed == Cell(1, 0)
    qtbot.keyClick(heat, Qt.Key.Key_Down)
    qtbot.keyClick(heat, Qt.Key.Key_Right)
    qtbot.keyClick(heat, Qt.Key.Key_Right)
    assert heat.pointed == Cell(2, 1)
    with qtbot.waitSignal(heat.chosen) as told:
        qtbot.keyClick(heat, Qt.Key.Key_Return)
    assert told.args == [Cell(2, 1)]


def test_a_click_chooses_the_place_under_it_and_none_beside_the_grid(qtbot, heat):
    told: list[Cell] = []
    heat.chosen.connect(told.append)
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=centre(heat, Cell(0, 1)))
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=QPoint(3, 3))
    assert told == [Cell(0, 1)]


def test_a_grid_with_a_value_too_few_is_refused():
    with pytest.raises(ValueError, match="2 columns and 1 rows"):
        HeatGrid("Sharpe", "fast", ("6", "9"), "slow", ("20",), ((1.0,),))


def test_without_a_sweep_it_says_so(heat):
    heat.show_grid(None)
    assert heat.accessibleName() == "Nothing swept yet"


MANY = HeatGrid(
    "Sharpe",
    "slow",
    tuple(map(str, range(20, 30))),
    "fast",
    tuple(map(str, range(6, 14))),
    tuple(tuple(-row - column / 10 for column in range(10)) for row in range(8)),
    marked=Cell(3, 2),
)


@pytest.mark.parametrize("grid", [GRID, MANY], ids=["few", "many"])
@pytest.mark.parametrize("size", [(700, 260), (520, 170), (460, 300), (400, 220), (190, 120), (150, 70), (100, 60)])
def test_the_dot_of_what_is_traded_now_lies_on_no_figure_and_in_its_place(heat, grid, size):
    heat.show_grid(grid)
    heat.resize(*size)
    place, metrics = heat.place_of(grid.marked), QFontMetricsF(ui_font(active().type.small))
    figure, dot = heat.inside(grid.marked, metrics)
    said = f"{grid.at(grid.marked):.2f}".replace("-", "−")
    assert place.contains(dot) or place.height() < dot.height()
    assert not dot.isEmpty()
    assert figure.isEmpty() or (place.contains(figure) and not figure.intersects(dot))
    assert figure.width() == 0 or figure.width() >= metrics.horizontalAdvance(said)


def test_only_what_is_traded_now_has_a_dot(heat):
    metrics = QFontMetricsF(ui_font(active().type.small))
    assert heat.inside(Cell(0, 0), metrics)[1].isEmpty()
