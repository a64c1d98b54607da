"""A window's thread that hangs is noticed from outside of it, with the place where it stands."""

import threading

from app.runtime.stalls import GuiWatch

PATIENCE = 30


def test_a_thread_that_hangs_is_told_once_with_its_place_and_again_after_it_lived() -> None:
    hang, told, seen = threading.Event(), threading.Event(), []

    def stand_still() -> None:
        hang.wait(PATIENCE)

    thread = threading.Thread(target=stand_still)
    thread.start()
    assert thread.ident

    def stalled(seconds: float, where: str) -> None:
        seen.append((seconds, where))
        told.set()

    watch = GuiWatch(thread.ident, stalled)
    watch.start()
    try:
        assert told.wait(PATIENCE)
        told.clear()
        watch.beat()
        assert told.wait(PATIENCE)
    finally:
        watch.stop()
        hang.set()
        thread.join()
    assert watch.stalls == len(seen) == 2
    assert all("stand_still" in where and "test_stalls.py" in where for _, where in seen)
