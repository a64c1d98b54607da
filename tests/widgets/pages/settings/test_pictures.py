"""Pictures of the page in both themes, to be looked at; here they only have to come about."""

import pytest
from PyQt6.QtWidgets import QApplication

from tests.support.settings_views import settings_view
from widgets.pages.settings import SettingsPage
from widgets.pages.settings.state import MistakeView
from widgets.theme import use_theme

WRONG = MistakeView("general.theme is 'drak': it should be 'system', 'dark' or 'light'", "settings.toml:2:9", "dark?")


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("mistakes", [(), (WRONG,)], ids=["well", "mistaken"])
def test_the_page_is_painted(qtbot, picture, theme, mistakes):
    application = QApplication.instance()
    use_theme(application, theme)
    page = SettingsPage()
    page.setObjectName("window")
    qtbot.addWidget(page)
    page.resize(1208, 780)
    page.show_settings(settings_view(mistakes=mistakes))
    page.show()
    qtbot.waitExposed(page)
    page.select("log.level" if mistakes else "store.disk_cap_mb")
    assert picture(page, f"settings-{theme}{'-mistaken' if mistakes else ''}").stat().st_size > 20_000
