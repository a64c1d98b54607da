"""The theme is changed while the window is open: everything stays where it was, and nothing stays as it looked."""

import pytest
from PyQt6.QtCore import Qt
from PyQt6.QtWidgets import QApplication, QSplitter

from tests.support.whole_window import PAGES, WholeWindow, settle
from widgets.theme import use_theme


@pytest.fixture
def dressed_anew(qapp: QApplication):
    """Change the theme of the whole application, as the setting does."""

    def change(theme: str) -> None:
        use_theme(qapp, theme)
        settle()

    return change


def test_what_a_person_was_at_stays_over_a_change_of_theme(whole: WholeWindow, dressed_anew):
    page = whole.go_to("decisions")
    page.table.setCurrentIndex(page.table.rows.index(2, 0))
    split = page.findChild(QSplitter, "decisions")
    split.moveSplitter(420, 1)
    page.who.choose("you")
    page.search.setFocus()
    chosen, sizes = page.table.current_key, split.sizes()
    dressed_anew("light")
    assert whole.window.dashboard.pages.current_id == "decisions"
    assert (page.table.current_key, split.sizes()) == (chosen, sizes)
    assert page.who.chosen == "you"
    assert whole.window.focusWidget() is page.search
    inbox = whole.go_to("inbox")
    inbox.pane.card.draft.setPlainText("half a sentence")
    dressed_anew("dark")
    assert inbox.pane.card.draft.toPlainText() == "half a sentence"


def test_what_was_open_in_the_dark_looks_as_if_it_had_been_opened_in_the_light(
    qtbot, whole_window, dressed_anew, picture
):
    pictures = []
    for begun in ("dark", "light"):
        dressed_anew(begun)
        made = whole_window()
        made.window.resize(1280, 800)
        for name in PAGES:
            made.go_to(name)
        dressed_anew("light")
        made.window.setFocus(Qt.FocusReason.OtherFocusReason)
        pictures.append({name: (made.go_to(name), settle(), made.window.grab().toImage())[2] for name in PAGES})
        made.window.hide()
    for name in PAGES:
        assert pictures[0][name] == pictures[1][name], name
