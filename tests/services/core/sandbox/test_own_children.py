"""Our own children have no secret of the environment, and all the rest of it."""

import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from pickle import PicklingError

import pytest

from services.core.sandbox.own_children import spawning
from tests.support.environments import SECRET, of_children

ON_LINUX = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="Linux alone shows environments")
NAMES = ("DREAMSCAPE_TRADING__API_SECRET", "DREAMSCAPE_TRADING__API_KEY", "SOME_TOKEN")


@pytest.fixture(autouse=True)
def _secrets(monkeypatch):
    for name in NAMES:
        monkeypatch.setenv(name, SECRET)
    monkeypatch.setenv("OUR_SETTING", "plain")


def test_a_child_sees_no_secret_and_the_parent_keeps_its_own():
    with ProcessPoolExecutor(1, spawning()) as executor:
        asked = [executor.submit(os.getenv, name) for name in (*NAMES, "OUR_SETTING")]
        assert [each.result() for each in asked] == [None, None, None, "plain"]
    assert [os.environ[name] for name in NAMES] == [SECRET] * len(NAMES)


@ON_LINUX
def test_nor_does_the_kernel_show_one_of_any_process_that_was_begun():
    before = set(of_children())
    with ProcessPoolExecutor(1, spawning()) as executor:
        executor.submit(os.getpid).result()
        begun = {child: env for child, env in of_children().items() if child not in before}
    assert begun
    assert all(SECRET.encode() not in env and b"OUR_SETTING=plain" in env for env in begun.values())


def test_what_was_hidden_is_back_although_the_start_failed():
    child = spawning().Process(target=lambda: None)  # what cannot be pickled cannot be started
    with pytest.raises((AttributeError, PicklingError)):
        child.start()
    assert [os.environ[name] for name in NAMES] == [SECRET] * len(NAMES)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of a terminal are no such there")
def test_ctrl_c_of_the_terminal_is_the_parents_from_a_childs_first_moment_on():
    with ProcessPoolExecutor(1, spawning()) as executor:
        assert signal.SIGINT in executor.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result()
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])
