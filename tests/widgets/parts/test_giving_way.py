"""Parts that give way where there is little room, and say the whole in another place."""

import pytest
from PyQt6.QtCore import QEvent, QPoint, QRect, Qt
from PyQt6.QtGui import QGuiApplication, QHelpEvent
from PyQt6.QtWidgets import QApplication, QToolTip

from widgets.frame.top_bar import TopBar
from widgets.frame.views import EnvironmentView, FrameView
from widgets.pages.overview.chart_card import ChartCard
from widgets.parts.chart import ChartSpec, LineChart, SeriesSpec
from widgets.parts.chart.scale import Range, settled
from widgets.parts.controls.check_box import CheckBox
from widgets.parts.controls.chip import Chip
from widgets.parts.controls.combo_box import ComboBox
from widgets.parts.controls.filters import SearchField
from widgets.parts.kpi.tile import KpiTile, KpiView
from widgets.parts.panels.card import Card
from widgets.parts.table import Cell, Column, RowsModel, Table
from widgets.parts.table.delegate import told
from widgets.parts.table.fitting import fitted
from widgets.parts.text.elided import ElidedLabel
from widgets.parts.text.facts import Fact, Facts
from widgets.parts.text.labels import text_label
from widgets.states.charts import Chart, Line
from widgets.states.curves import Curve

ADDRESS = "https://sandbox.example/a/very/long/address/without/any/space/in/it/at/all"


def tip_over(widget) -> str:
    place = widget.rect().center()
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, place, widget.mapToGlobal(place)))
    return QToolTip.text()


def test_columns_shrink_in_proportion_and_never_below_their_least():
    assert fitted([100, 200], [100, 200], 500) == [100, 200]
    assert fitted([100, 200, 60], [50, 100, 60], 260) == [66, 133, 60]
    assert fitted([100, 200], [50, 100], 10) == [50, 100]


def test_a_table_has_nothing_to_scroll_sideways_and_gives_columns_back_their_width(qtbot):
    columns = (
        Column[str]("a", "First", Cell, 200, least=80),
        Column[str]("b", "Second", Cell, 100, stretch=True),
        Column[str]("c", "Third", Cell, 150, leaves_below=400),
    )
    table = Table(RowsModel(columns, key=lambda row: row), name="Rows")
    qtbot.addWidget(table)
    table.rows.show_rows(("x", "y"))
    table.resize(260, 200)
    table.show()
    assert (table.columnWidth(0), table.isColumnHidden(2)) == (160, True)
    table.resize(700, 200)
    assert (table.columnWidth(0), table.isColumnHidden(2)) == (200, False)
    table.setColumnWidth(0, 240)
    table.resize(720, 200)
    assert table.columnWidth(0) == 240


def test_a_cell_that_is_cut_says_the_whole_in_its_tooltip():
    assert told(Cell("short"), QRect(0, 0, 200, 30)) == ""
    assert (
        told(Cell("words that need more room than this"), QRect(0, 0, 90, 30)) == "words that need more room than this"
    )
    assert told(Cell("short", tip="its own"), QRect(0, 0, 200, 30)) == "its own"


def test_a_line_that_is_cut_says_the_whole_in_its_tooltip(qtbot):
    label = ElidedLabel("Words that need more room than this", least=40)
    qtbot.addWidget(label)
    label.resize(400, 20)
    label.show()
    assert (label.hidden_text, label.minimumSizeHint().width()) == ("", 40)
    label.resize(60, 20)
    assert tip_over(label) == "Words that need more room than this"


def test_a_fact_that_is_cut_keeps_its_value_before_its_name_and_says_the_whole(qtbot):
    facts = Facts("Risk")
    qtbot.addWidget(facts)
    facts.show_facts(
        (
            Fact("Position", "0.024 BTC"),
            Fact("A term with a name of some length ×2 (required)", "+0.62", 0.6),
            Fact("Size", "as much as is expected to move the account by 2 % a day, at most 25 % of the cash"),
        )
    )
    facts.resize(234, facts.sizeHint().height())
    facts.show()
    assert facts.hidden_at(0) == facts.hidden_at(3) == facts.hidden_at(-1) == ""
    assert tip_over(facts) == "A term with a name of some length ×2 (required): +0.62"
    assert facts._fitted(facts._facts[1], facts._widest())[1] == "+0.62"
    assert facts.hidden_at(2).endswith("25 % of the cash")
    name, value = facts._fitted(facts._facts[2], facts._widest())
    assert (name, value[-1]) == ("Size", "…"), "neither lies on the other"


def test_a_path_that_is_cut_keeps_both_ends(qtbot):
    label = ElidedLabel("/home/someone/a/long/way/down/settings.toml", middle=True)
    qtbot.addWidget(label)
    label.resize(180, 20)
    assert (label._shown()[:3], label._shown()[-5:]) == ("/ho", ".toml")
    assert label.hidden_text == "/home/someone/a/long/way/down/settings.toml"


def test_a_paragraph_breaks_within_a_long_word_and_is_copied_without_the_breaks(qtbot):
    label = text_label(ADDRESS, wrap=True)
    qtbot.addWidget(label)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByKeyboard)
    label.resize(120, label.heightForWidth(120))
    label.show()
    assert label.minimumSizeHint().width() <= 120
    assert (label.text(), label.accessibleName()) == (ADDRESS, ADDRESS)
    qtbot.keyClick(label, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == ADDRESS


def test_short_words_are_left_whole(qtbot):
    label = text_label("Posted #buildinpublic for @sandbox-teasel", wrap=True)
    qtbot.addWidget(label)
    assert label.minimumSizeHint().width() >= label.fontMetrics().horizontalAdvance("#buildinpublic")


def test_the_name_of_a_branch_gives_way_before_what_needs_you_and_the_brakes(qtbot):
    bar = TopBar("Dreamscape")
    qtbot.addWidget(bar)
    branch = f"DEV · {'long-' * 30}branch · paper"
    bar.show_view(FrameView(environment=EnvironmentView(branch, "development", "because"), needs_you=128))
    assert bar.minimumSizeHint().width() <= 1100
    bar.resize(1100, 51)
    bar.show()
    assert bar.environment.width() < bar.environment.sizeHint().width()
    assert bar.needs_you.width() == bar.needs_you.sizeHint().width()
    assert bar.pause_all.width() >= bar.pause_all.sizeHint().width()


def test_an_ordinary_chip_is_never_cut(qtbot):
    chip = Chip("A fact of some length")
    qtbot.addWidget(chip)
    assert chip.minimumSizeHint() == chip.sizeHint()


def test_a_title_keeps_room_and_the_note_beside_it_gives_way(qtbot):
    card = Card("Paper equity and sentiment of all bots", "a note that can be left out")
    qtbot.addWidget(card)
    card.resize(240, 100)
    card.show()
    assert card._title.width() >= 150
    assert card._note.hidden_text == "a note that can be left out"


def test_a_figure_gets_smaller_rather_than_cut(qtbot, picture):
    tile = KpiTile(KpiView("runs", "Runs done by all processes", "1,234,567,890", course=(1.0, 2.0)))
    qtbot.addWidget(tile)
    tile.resize(133, 96)
    assert "Runs done by all processes: 1,234,567,890" in tile.toolTip()
    assert picture(tile, "tile-narrow").stat().st_size > 500


def test_a_list_of_choices_cuts_the_choice_and_says_it_whole(qtbot):
    box = ComboBox()
    qtbot.addWidget(box)
    box.addItems(["a process with a name of some length", "b"])
    box.resize(120, 28)
    box.show()
    assert tip_over(box) == "a process with a name of some length"
    box.resize(500, 28)
    assert box.hidden_text == ""


def test_a_search_field_shrinks_to_its_hint_and_no_further(qtbot):
    field = SearchField("Search the Inbox")
    qtbot.addWidget(field)
    words = field.fontMetrics().horizontalAdvance("Search the Inbox")
    assert words < field.minimumSizeHint().width() < field.sizeHint().width() == 240


@pytest.mark.parametrize("theme_name", ["dark", "light"])
def test_a_box_to_tick_can_be_seen_ticked_or_not(qtbot, qapp, theme_name):
    from widgets.theme import colour, use_theme

    use_theme(qapp, theme_name)
    box = CheckBox("Do not ask again")
    qtbot.addWidget(box)
    box.resize(box.sizeHint())
    middle = QPoint(3, box.height() // 2)
    assert box.grab().toImage().pixelColor(middle).name() == colour("bg2").name()
    box.setChecked(True)
    assert box.grab().toImage().pixelColor(middle).name() == colour("accent").name()


# Scales that end where their unit ends


def test_the_range_of_a_bounded_unit_never_leaves_its_bounds():
    percent = Range(0.0, 100.0)
    assert settled(None, 100.0, 100.0, percent) == Range(90.0, 100.0)
    assert settled(None, 0.0, 0.0, percent) == Range(0.0, 10.0)
    assert settled(None, 20.0, 99.0, percent).high == 100.0


def test_no_label_of_a_percentage_is_past_a_hundred(qtbot):
    spec = ChartSpec("Tests", (SeriesSpec("a", "a"),), bounds=(0.0, 100.0), tick="{:.{}f}%".format)
    for height in (90, 200, 500, 1200):
        chart = LineChart(spec)
        qtbot.addWidget(chart)
        chart.resize(400, height)
        chart.replace("a", [0, 1, 2], [100.0, 99.2, 100.0])
        chart.show()
        axis = chart._plot._value_axis
        low, high = chart._plot._item.getViewBox().viewRange()[1]
        major = axis.tickValues(low, high, height)[0][1]
        assert major.size if hasattr(major, "size") else major
        assert max(major) <= 100.0


def test_names_of_lines_stand_below_the_title_where_they_have_no_room_beside_it(qtbot):
    line = Curve((0.0, 1.0), (1.0, 2.0))
    chart = Chart(
        "money",
        "Paper equity and sentiment",
        "last 5 min",
        (Line("a", "equity (generated)", "trading", line), Line("b", "sentiment (simulated)", "engagement", line)),
        "money",
        "Nothing",
    )
    card = ChartCard()
    qtbot.addWidget(card)
    card.resize(700, 200)
    card.show_chart(chart)
    card.show()
    QApplication.processEvents()
    beside = card._legend.mapTo(card, QPoint(0, 0)).y()
    card.resize(300, 200)
    QApplication.processEvents()
    assert card._legend.mapTo(card, QPoint(0, 0)).y() >= 38 > beside
    assert card._legend.width() >= card._legend.sizeHint().width() - 40
