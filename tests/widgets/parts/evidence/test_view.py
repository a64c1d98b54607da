from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QLabel, QVBoxLayout, QWidget

from tests.support.desk_work import DIFF
from widgets.parts.evidence import DiffText, EvidenceView, exhibits
from widgets.parts.evidence.diff_text import counts
from widgets.parts.evidence.value_rows import ValueRows
from widgets.parts.table import Table
from widgets.theme import colour, tint, use_theme

EVIDENCE = {
    "diff": DIFF,
    "parent": "<b>bold</b> and long enough that it stands as a text of its own in the pane",
    "tests": [{"test": "b", "ms": 9}, {"test": "a", "ms": 10}],
    "score": 0.91,
}


def shown(qtbot, evidence=EVIDENCE) -> EvidenceView:
    view = EvidenceView()
    qtbot.addWidget(view)
    view.show_exhibits(exhibits(evidence, "Evidence"))
    view.show()
    return view


def test_text_from_outside_is_never_read_as_markup(qtbot):
    view = shown(qtbot)
    labels = view.findChildren(QLabel)
    parent = next(label for label in labels if "bold" in label.text())
    assert parent.text() == EVIDENCE["parent"]
    assert {label.textFormat() for label in labels} == {Qt.TextFormat.PlainText}


def test_each_line_of_a_diff_has_the_ground_of_its_sign_also_after_a_change_of_theme(qtbot, qapp):
    view = shown(qtbot)
    diff = view.findChild(DiffText)

    def grounds() -> dict[str, str]:
        marks = diff.extraSelections()
        return {mark.cursor.block().text()[:1]: mark.format.background().color().name() for mark in marks}

    assert grounds().keys() == {"@", "-", "+"}
    assert grounds()["+"] == tint("ok", 0.16, "bg2").name()
    use_theme(qapp, "light")
    assert grounds()["-"] == tint("bad", 0.16, "bg2").name()
    assert colour("bg1").name() == "#ffffff"


def test_a_screen_reader_hears_how_much_a_diff_changes(qtbot):
    assert counts(DIFF) == (1, 1)
    view = shown(qtbot)
    assert view.findChild(DiffText).accessibleName() == "Diff: 1 line added, 1 removed"


def test_numbers_in_a_table_are_sorted_as_numbers(qtbot):
    view = shown(qtbot)
    table = view.findChild(Table)
    table.rows.sort(1)
    assert [table.rows.index(row, 0).data() for row in range(2)] == ["b", "a"]


def test_the_same_evidence_is_not_made_anew(qtbot):
    view = shown(qtbot)
    before = view.findChild(DiffText)
    view.show_exhibits(exhibits(dict(EVIDENCE), "Evidence"))
    assert view.findChild(DiffText) is before
    view.show_exhibits(exhibits({"score": 0.92}, "Evidence"))
    assert not before.isVisible()


def test_a_value_that_wraps_in_a_narrow_pane_is_shown_whole(qtbot):
    rows = ValueRows("Outcome", (("Sandbox time", "Sun 29 Nov 2026, 11:09:05"), ("Deleted", "no")))
    holder = QWidget()
    column = QVBoxLayout(holder)
    column.addWidget(rows)
    column.addStretch(1)
    qtbot.addWidget(holder)
    holder.resize(260, 400)
    holder.show()
    qtbot.waitExposed(holder)
    for label in rows.findChildren(QLabel):
        assert label.height() >= label.heightForWidth(label.width())
