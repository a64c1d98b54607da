"""A window's thread that hangs is noticed from outside of it; each time is told once, when it is over."""

import threading
from collections.abc import Iterator

import pytest

from app.runtime.qt.stalls import GuiWatch, Stall
from tests.support.until import until

PATIENCE = 30


class Hanging:
    """A thread that stands still, and who looks at it."""

    def __init__(self) -> None:
        self.hang, self.told = threading.Event(), list[Stall]()
        self.thread = threading.Thread(target=self.stand_still)
        self.thread.start()
        assert self.thread.ident
        self.watch = GuiWatch(self.thread.ident, self.told.append)

    def stand_still(self) -> None:
        self.hang.wait(PATIENCE)


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    made = Hanging()
    yield made
    made.watch.stop()
    made.hang.set()
    made.thread.join()


def test_each_stall_is_told_once_when_it_is_over_with_its_place_and_length(hanging, caplog) -> None:
    hanging.watch.start()
    for count in (1, 2):
        until(lambda count=count: hanging.watch.stalls == count)
        assert len(hanging.told) == count - 1, "it is not over"
        seen = hanging.watch.last
        hanging.watch.beat()
        until(lambda count=count: len(hanging.told) == count)
        assert hanging.told[-1].seconds >= seen.seconds > 0.25
        assert hanging.told[-1].at == seen.at
    assert all("stand_still" in stall.where and "test_stalls.py" in stall.where for stall in hanging.told)
    assert caplog.text.count("the window stood still for") == 2


def test_what_nobody_sees_does_not_stand_still(hanging) -> None:
    hanging.watch.beat(seen=False)
    looks = Looks()
    hanging.watch._stop = looks
    hanging.watch._beat -= 10
    hanging.watch._look()
    assert (looks.count, hanging.watch.stalls) == (0, 0)


class Looks(threading.Event):
    """Lets the watch look three times."""

    count = 3

    def wait(self, timeout: float | None = None) -> bool:
        self.count -= 1
        return self.count < 1
