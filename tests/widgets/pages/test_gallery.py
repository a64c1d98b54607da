"""Every page of lists inside the whole window, to be looked at beside the drawn targets."""

import pytest

from tests.support.outside import busy_morning
from widgets.actions import ActionRegistry
from widgets.frame.main_window import MainWindow
from widgets.frame.views import Badge, EnvironmentView, FrameView, HealthView, PageEntry
from widgets.pages.decisions import DecisionsPage
from widgets.pages.inbox import InboxPage
from widgets.parts.status import Status
from widgets.theme import use_theme


@pytest.fixture(params=["dark", "light"])
def theme(request, qapp) -> str:
    use_theme(qapp, request.param)
    return request.param


def window_with(qtbot, entry: PageEntry) -> MainWindow:
    window = MainWindow()
    window.use_less_motion(True)
    qtbot.addWidget(window)
    window.fill((entry,), ActionRegistry())
    window.show()
    window.open_dashboard()
    window.resize(1440, 900)
    qtbot.waitExposed(window)
    window.show_frame(
        FrameView(
            health=HealthView(Status.OK, "Healthy"),
            environment=EnvironmentView("DEV · main · paper", "development", "because of the branch"),
            needs_you=4,
            badges={"inbox": Badge(4, Status.WARN)},
            processes=14,
            clock="09:37:25",
        )
    )
    return window


def page_in(window: MainWindow, page_id: str):
    return window.dashboard.pages.page(page_id)


def test_the_inbox(qtbot, picture, theme, desk):
    view = busy_morning(desk).program.engine.view
    window = window_with(qtbot, PageEntry("inbox", "Inbox", "inbox", "", InboxPage))
    page = page_in(window, "inbox")
    page.refresh(view)
    picture(window, f"inbox-{theme}")
    page.select(next(row.id for row in desk.value.waiting if row.kind == "test.mend_file"))
    picture(window, f"inbox-patch-{theme}")
    page.select(next(row.id for row in desk.value.waiting if row.kind == "reply.send"))
    page.pane.card.draft.appendPlainText("Have a look")
    page.pane.card.ask_why()
    picture(window, f"inbox-reply-{theme}")
    window.resize(1100, 700)
    assert picture(window, f"inbox-small-{theme}").stat().st_size > 10_000


def test_the_inbox_with_nothing_in_it(qtbot, picture, theme, desk):
    window = window_with(qtbot, PageEntry("inbox", "Inbox", "inbox", "", InboxPage))
    page_in(window, "inbox").refresh(desk.program.engine.view)
    assert picture(window, f"inbox-empty-{theme}").stat().st_size > 10_000


def test_the_decisions(qtbot, picture, theme, desk):
    view = busy_morning(desk).program.engine.view
    window = window_with(qtbot, PageEntry("decisions", "Decisions", "decisions", "System", DecisionsPage))
    page = page_in(window, "decisions")
    page.refresh(view)
    page.select(next(row.id for row in desk.value.rows if row.by == "rule:patch success floor"))
    picture(window, f"decisions-{theme}")
    page.select(next(row.id for row in desk.value.rows if row.changes))
    assert picture(window, f"decisions-edited-{theme}").stat().st_size > 10_000
