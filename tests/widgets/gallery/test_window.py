"""The splash and the whole frame, rendered from made-up values to be looked at beside the drawn targets.

The pictures go where DREAMSCAPE_GALLERY says. Nothing here is shipped: the composition stands in the tests alone.
"""

from tests.support.made_up_overview import dressed_window
from widgets.frame.splash_page import SplashPage
from widgets.frame.views import EnvironmentView, FailureView, FrameView, HealthView, StepView
from widgets.parts.panels.empty_state import Offer
from widgets.parts.status import Status
from widgets.parts.toast import ToastView


def test_the_splash_tells_the_start(qtbot, picture, theme):
    splash = SplashPage()
    qtbot.addWidget(splash)
    steps = (
        StepView("Settings", "done", "3 sources, 0 mistakes", 0.012),
        StepView("Journal", "done", "1.2 M events, 0 unsettled", 0.031),
        StepView("Reconciled", "done", "1 order asked, 1 filled", 0.084),
        StepView("Processes", "done", "14 restored, 1 stays paused", 0.009),
        StepView("Feeds", "running", "2 of 3 connected"),
        StepView("Window"),
    )
    splash.show_steps(steps)
    splash.resize(splash.sizeHint())
    splash.show()
    picture(splash, f"splash-{theme}")
    failed = (*steps[:1], StepView("Journal", "failed", "locked by process 4711", 2.04), *steps[5:])
    splash.show_steps(failed)
    splash.show_failure(
        FailureView(
            "The journal could not be opened",
            "Another Dreamscape (process 4711) holds the lock of this home.",
            "Close the other one, or start this one with another --home.",
            offers=(Offer("again", "Try again", "primary"), Offer("quit", "Quit")),
        )
    )
    splash.resize(splash.sizeHint())
    assert picture(splash, f"splash-failed-{theme}").stat().st_size > 1000


def test_the_overview_is_composed_of_parts(qtbot, picture, theme):
    window = dressed_window(qtbot)
    window.show_toast(ToastView("p", "Paused Trend rider", "Undo"))
    assert picture(window, f"overview-{theme}").stat().st_size > 10_000
    window.resize(1100, 700)
    picture(window, f"overview-small-{theme}")
    window.resize(1440, 900)
    window.dashboard.palette_panel.open()
    qtbot.keyClicks(window.dashboard.palette_panel.field, "go")
    picture(window, f"palette-{theme}")
    window.dashboard.palette_panel.close_panel()
    window.dashboard.key_help.open()
    picture(window, f"keys-{theme}")


def test_live_trading_cannot_be_overlooked(qtbot, picture, theme):
    window = dressed_window(qtbot)
    window.show_frame(
        FrameView(
            health=HealthView(Status.BAD, "1 failed"),
            environment=EnvironmentView("PROD · v1.2 · LIVE", "production", "because of the tag v1.2", live=True),
            banner="Live trading: orders are placed with real money",
            banner_status=Status.BAD,
            all_paused=True,
        )
    )
    window.go_to("debugger")
    picture(window, f"live-{theme}")
    assert window.dashboard.banner.isVisible()
