"""Every part alone, to be looked at; the pictures go where DREAMSCAPE_GALLERY says."""

from PyQt6.QtWidgets import QGridLayout, QHBoxLayout, QWidget

from resources.icons import icon_names
from widgets.parts.controls.action_button import ActionButton
from widgets.parts.controls.chip import Chip
from widgets.parts.panels.card import Card
from widgets.parts.panels.empty_state import EmptyState, Offer
from widgets.parts.panels.error_state import ErrorState, ErrorView
from widgets.parts.status import Status
from widgets.parts.status_dot import StatusDot
from widgets.parts.text.facts import Fact, Facts
from widgets.theme import icon


def test_every_part_alone(qtbot, picture, theme):
    board = QWidget()
    board.setObjectName("window")
    qtbot.addWidget(board)
    grid = QGridLayout(board)
    grid.setSpacing(16)
    dots = QWidget()
    row = QHBoxLayout(dots)
    for status in Status:
        row.addWidget(StatusDot(status))
        row.addWidget(Chip(status.word.capitalize(), status))
    grid.addWidget(dots, 0, 0)
    buttons = QWidget()
    row = QHBoxLayout(buttons)
    for variant in ("plain", "primary", "approve", "danger", "link", "quiet"):
        row.addWidget(ActionButton(variant.capitalize(), variant))
    working, done, failed = ActionButton("Deploy"), ActionButton("Deploy"), ActionButton("Deploy", "danger")
    working.show_working()
    done.show_done()
    failed.show_failed()
    for button in (working, done, failed):
        row.addWidget(button)
    grid.addWidget(buttons, 0, 1)
    card = Card("Why this patch")
    facts = Facts("Why this patch")
    facts.show_facts(
        (
            Fact("Quality score", "0.91"),
            Fact("Regressions", "0 of 211", role="ok"),
            Fact("MACD", "0.62", 0.62),
        )
    )
    card.add_padded(facts)
    grid.addWidget(card, 1, 0)
    empty = Card("Campaigns")
    empty.add(
        EmptyState(
            "No campaign yet",
            "A campaign posts and answers for you.",
            (Offer("n", "New campaign", "primary"),),
        )
    )
    grid.addWidget(empty, 1, 1)
    grid.addWidget(
        ErrorState(ErrorView("The feed is silent", "kraken: HTTP 503 since 09:41", "It is asked again in 20 s.")),
        2,
        0,
    )
    icons = QWidget()
    row = QHBoxLayout(icons)
    row.setSpacing(2)
    for name in icon_names():
        button = ActionButton("", "quiet", icon_name=name, dense=True)
        button.setIcon(icon(name, "tx0"))
        row.addWidget(button)
    grid.addWidget(icons, 3, 0, 1, 2)
    board.show()
    assert picture(board, f"parts-{theme}").stat().st_size > 10_000
