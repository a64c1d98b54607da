from PyQt6.QtWidgets import QWidget

from widgets.parts.toast import ToastStack, ToastView


def test_long_words_go_on_in_another_line_and_stay_inside_the_window(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(760, 400)
    window.show()
    toasts = ToastStack(window)
    toasts.show_toast(ToastView("", "Saved"))
    toasts.show_toast(ToastView("", "settings.toml:4:9: general.close is mistaken. " * 6))
    short, long = toasts.shown
    assert window.rect().contains(long.geometry())
    assert long.height() > short.height()
    assert short.width() < 300
    assert not long.geometry().intersects(short.geometry())
