from PyQt6.QtCore import Qt

from widgets.parts.controls.filters import Choices, Dropdown, SearchField


def test_exactly_one_choice_holds_and_only_a_person_makes_it_said(qtbot):
    choices = Choices("Level", (("all", "All"), ("bad", "Errors")))
    qtbot.addWidget(choices)
    choices.show()
    said: list[str] = []
    choices.chosen.connect(said.append)
    choices.choose("bad")
    assert (choices.current, said) == ("bad", [])
    qtbot.mouseClick(choices.chips["all"], Qt.MouseButton.LeftButton)
    assert (choices.current, said) == ("all", ["all"])
    qtbot.keyClick(choices.chips["bad"], Qt.Key.Key_Space)
    assert (choices.current, said) == ("bad", ["all", "bad"])


def test_counts_stand_behind_the_words_and_zero_is_not_said(qtbot):
    choices = Choices("Level", (("all", "All"), ("bad", "Errors")))
    qtbot.addWidget(choices)
    choices.show_counts({"all": 0, "bad": 1204})
    assert [chip.text() for chip in choices.chips.values()] == ["All", "Errors 1,204"]


def test_the_chosen_name_stays_while_others_come_and_go(qtbot):
    box = Dropdown("Process", "All processes")
    qtbot.addWidget(box)
    box.offer(["trend", "Fusion"])
    assert [box.itemText(place) for place in range(box.count())] == ["All processes", "Fusion", "trend"]
    box.choose("trend")
    box.offer(["Fusion"])
    assert box.chosen == "trend"
    box.choose("")
    box.offer(["Fusion"])
    assert (box.chosen, box.count()) == ("", 2)


def test_escape_empties_the_search_first(qtbot):
    field = SearchField("Search lines")
    qtbot.addWidget(field)
    qtbot.keyClicks(field, "quota")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == ""
