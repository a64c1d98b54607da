"""The page inside the whole window, to be looked at beside the drawn targets."""

import pytest

from tests.support.bustle import House
from widgets.actions import ActionRegistry
from widgets.frame.main_window import MainWindow
from widgets.frame.views import EnvironmentView, FrameView, HealthView, PageEntry
from widgets.pages.processes import ProcessesPage
from widgets.parts.status import Status
from widgets.theme import use_theme


@pytest.fixture(params=["dark", "light"])
def theme(request, qapp) -> str:
    use_theme(qapp, request.param)
    return request.param


@pytest.fixture
def window(qtbot, theme) -> MainWindow:
    window = MainWindow()
    window.use_less_motion(True)
    qtbot.addWidget(window)
    window.fill((PageEntry("processes", "Processes", "processes", "System", ProcessesPage),), ActionRegistry())
    window.show()
    window.open_dashboard()
    window.resize(1440, 900)
    qtbot.waitExposed(window)
    environment = EnvironmentView("DEV · main · paper", "development", "because of the branch")
    window.show_frame(FrameView(health=HealthView(Status.OK, "Healthy"), environment=environment, processes=9))
    return window


def page_of(window: MainWindow) -> ProcessesPage:
    page = window.dashboard.pages.page("processes")
    assert isinstance(page, ProcessesPage)
    return page


def test_the_processes(window, picture, theme, busy: House):
    page = page_of(window)
    page.refresh(busy.view)
    page.select("macd-eth-btc")
    picture(window, f"processes-{theme}")
    for name in ("billing-api", "mentions-stream", "price-mirror", "paging"):
        page.select(name)
        picture(window, f"processes-{name}-{theme}")
    window.resize(1100, 700)
    assert picture(window, f"processes-small-{theme}").stat().st_size > 10_000


def test_the_page_with_nothing_on_it(window, picture, theme, quiet: House):
    page_of(window).refresh(quiet.view)
    assert picture(window, f"processes-empty-{theme}").stat().st_size > 10_000
