"""Each file of a real home, cut off, emptied, zeroed or overwritten: it is told once, and the rest goes on."""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from services.core.clock import SystemClock
from services.core.errors import UserError
from services.core.process import State
from services.engagement.sandbox.network import SandboxNetwork
from services.trading.events import Filled, SessionStarted
from services.trading.paper.broker import PaperBroker
from tests.support.own import Mine
from tests.support.strategies import strategy_text

DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "half": lambda data: data[: len(data) // 2],
    "zeros": lambda data: bytes(len(data)),
    "garbage": lambda data: Random(1).randbytes(max(len(data), 100)),
}
NAP = "kind: script\nwith: {command: [sleep, '1000']}\n"
CAMPAIGN = Path("strategies/engagement/build-in-public.yaml")


@dataclass(frozen=True)
class File:
    """A file of the home, and what a person is told when it is damaged; an empty one is begun anew unless said."""

    pattern: str
    alert: str = ""
    failed: str = ""
    """The process that cannot run, and says why."""
    empty_too: bool = False


FILES = (
    File("paper.db", alert="paper.db: this is no paper account"),
    File("sandbox-network.db", failed="build-in-public"),
    File("samples/seconds-*.db", alert="damaged-1, and a new one is begun"),
    File("processes/nap.yaml", alert="The version before it stays in force", empty_too=True),
    File("strategies/trading/mine.yaml", alert="The version before it stays in force", empty_too=True),
    File("taken/processes/nap.yaml"),
    File("taken/strategies/trading/mine.yaml"),
    File("settings.toml"),
    File("logs/dreamscape.log"),
    File("socket"),
)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home in which the program has run."""
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("lived")
        patch.setattr("app.wiring.own_files.files.DEFAULTS", root)
        mine = Mine(root)
        mine.write("settings.toml", '[log]\nlevel = "INFO"\n')
        mine.write("processes/nap.yaml", NAP)
        mine.write("strategies/trading/mine.yaml", strategy_text(name="mine", data="generated"))
        mine.write(str(CAMPAIGN), (Path(__file__).parents[2] / CAMPAIGN).read_text(encoding="utf-8"))
        mine.start()
        for name in ("nap", "build-in-public"):
            mine.sees(name, State.RUNNING)
        mine.until(lambda: mine.home.paper.exists() and mine.home.paper.stat().st_size, "the trader has traded")
        mine.until(lambda: any(mine.home.samples.glob("seconds-*.db")), "samples are kept")
        mine.stop()
        (mine.home.root / "socket").write_text("dreamscape-of-long-ago\n", encoding="utf-8")
        yield mine.home.root


@pytest.fixture
def home(lived: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mine]:
    """A copy of it, on which the program may be started."""
    monkeypatch.setattr("app.wiring.own_files.files.DEFAULTS", tmp_path / "none")
    shutil.copytree(lived, tmp_path / "home")
    mine = Mine(tmp_path, with_mistakes=True)
    yield mine
    mine.stop()


def damage(home: Mine, pattern: str, how: str) -> Path:
    (path,) = home.home.root.glob(pattern)
    path.write_bytes(DAMAGE[how](path.read_bytes()))
    return path


@pytest.mark.parametrize(
    "how", ["garbage", *(pytest.param(how, marks=pytest.mark.drill) for how in ("empty", "half", "zeros"))]
)
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.pattern)
def test_a_damaged_file_is_told_and_the_rest_goes_on(home: Mine, file: File, how: str) -> None:
    path = damage(home, file.pattern, how)
    home.start()
    home.sees("nap", State.RUNNING)
    told = how != "empty" or file.empty_too
    if file.alert and told:
        home.until(lambda: any(file.alert in alert for alert in home.alerts()), "it is told")
        assert sum(path.name in alert for alert in home.alerts()) == 1
    if file.failed and told:
        home.sees(file.failed, State.FAILED, f"{path.name}: the sandbox network's file cannot be used")
    others = {"nap", "mine", "build-in-public"} - {file.failed if told else ""}
    for name in others:
        home.sees(name, State.RUNNING)


def books(home: Mine, name: str) -> list[tuple[object, ...]]:
    """What stands in the file of an outside that is kept at home, in its order."""
    query = {
        "paper.db": "SELECT client_id, account, side, candle, filled, price, fee, cash_after, held_after FROM orders"
        " WHERE refused = '' ORDER BY number",
        "sandbox-network.db": "SELECT own, kind, reaction.at, author, reaction.text, action, own.at, own.text FROM own"
        " LEFT JOIN reaction ON reaction.own = own.id ORDER BY own.id, reaction.id",
    }[name]
    with closing(sqlite3.connect(home.home.root / name)) as books:
        return books.execute(query).fetchall()


@pytest.mark.parametrize("how", ["emptied", "deleted", "begun anew"])
def test_what_was_done_on_paper_and_on_the_sandbox_is_rebuilt_from_the_ledger(home: Mine, how: str) -> None:
    names = ("paper.db", "sandbox-network.db")
    before = {name: books(home, name) for name in names}
    for name in names:
        lose(home.home.root / name, begun_anew=how == "begun anew")
        if how == "emptied":
            (home.home.root / name).touch()
    home.start()
    for name in names:
        home.until(lambda told=name: any(told in each for each in home.alerts()), "it is told")
        (told,) = (each for each in home.alerts() if name in each)
        assert "rebuilt from the ledger" in told
        assert ("is kept as" in told) == (how == "begun anew")
        assert len(before[name]) > 0
        assert books(home, name)[: len(before[name])] == before[name]
    for name in ("mine", "build-in-public"):
        home.sees(name, State.RUNNING)


@pytest.mark.parametrize(
    "how, told",
    [
        ("still there", "whether {name} lacks the newest of what was done cannot be told"),
        ("deleted", "{name} was gone or empty: it is begun anew, since the ledger does not add up"),
        ("begun anew", "{name} lacked the newest of what was done: it is begun anew, since the ledger does not add up"),
    ],
)
def test_books_of_which_the_ledger_cannot_read_the_newest_entry_are_told_of(home: Mine, how: str, told: str) -> None:
    kinds = {"paper.db": "('order.place')", "sandbox-network.db": "('post.publish', 'reply.send', 'post.like')"}
    with closing(sqlite3.connect(home.home.store)) as store, store:
        for kind in kinds.values():
            newest = f"SELECT id FROM decisions WHERE kind IN {kind} AND verdict = 'done' ORDER BY at DESC LIMIT 1"
            assert store.execute(f"UPDATE decisions SET effect = '{{}}' WHERE id = ({newest})").rowcount == 1
    if how != "still there":
        for name in kinds:
            lose(home.home.root / name, begun_anew=how == "begun anew")
    home.start()
    for name in kinds:
        words = told.format(name=name)
        home.until(lambda words=words: any(words in each for each in home.alerts()), "it is told")


def lose(path: Path, begun_anew: bool) -> None:
    """Take the books away, and maybe have others begun in their place."""
    for suffix in ("", "-wal", "-shm"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    if begun_anew:
        PaperBroker(path).received() if path.name == "paper.db" else SandboxNetwork(path, SystemClock())


def test_a_paper_account_that_vanishes_while_it_is_traded_with_is_rebuilt_before_the_next_order(home: Mine) -> None:
    home.start()
    filled = home.until(lambda: home.events(Filled), "the trader trades")
    home.home.paper.unlink()
    for suffix in ("-wal", "-shm"):
        home.home.paper.with_name(f"paper.db{suffix}").unlink(missing_ok=True)
    home.until(lambda: any("paper.db was gone" in each for each in home.alerts()), "it is told")
    home.until(lambda: len(home.events(Filled)) > len(filled) + 2, "it goes on")
    assert [row[0] for row in books(home, "paper.db")][: len(filled)] == [fill.client_id for fill in filled]


@pytest.mark.parametrize("how", ["half", "zeros", "garbage"])
def test_a_damaged_store_is_left_as_it_is_and_the_mend_is_told(home: Mine, how: str) -> None:
    path = damage(home, "dreamscape.db", how)
    before = path.read_bytes()
    with pytest.raises(UserError, match="dreamscape restore FILE"):
        home.start()
    assert path.read_bytes() == before


def test_an_empty_store_is_begun_anew_only_where_no_backup_is_left(home: Mine) -> None:
    damage(home, "dreamscape.db", "empty")
    backup = home.home.backups / "dreamscape-20260101T000000.db"
    backup.write_bytes(b"what a person would want to have back")
    with pytest.raises(UserError, match="there are backups of one"):
        home.start()
    backup.unlink()
    home.start()
    assert home.until(lambda: home.events(SessionStarted), "the trader begins anew")


def test_samples_are_kept_in_the_new_file_and_the_damaged_one_is_kept_beside_it(home: Mine) -> None:
    path = damage(home, "samples/seconds-*.db", "garbage")
    before = path.read_bytes()
    home.start()
    aside = path.with_name(f"{path.name}.damaged-1")
    home.until(aside.exists, "it is set aside")
    assert aside.read_bytes() == before

    def kept() -> int:
        with closing(sqlite3.connect(path)) as samples:
            if not samples.execute("SELECT count(*) FROM sqlite_master WHERE name = 'rollups'").fetchone()[0]:
                return 0
            return int(samples.execute("SELECT count(*) FROM rollups").fetchone()[0])

    home.until(lambda: path.exists() and kept(), "samples are kept")


def test_what_the_store_remembers_of_one_process_holds_up_no_other(home: Mine) -> None:
    with closing(sqlite3.connect(home.home.store)) as store, store:
        store.execute("UPDATE processes SET settings = '{half' WHERE name = 'mine'")
        store.execute("INSERT OR REPLACE INTO facts VALUES ('owed:nap', '[1, 2')")
        store.execute("INSERT OR REPLACE INTO facts VALUES ('accepted:7', 'nothing')")
        store.execute("INSERT OR REPLACE INTO facts VALUES ('asked:rule', 'nothing')")
        store.execute("INSERT OR REPLACE INTO facts VALUES ('crashes', 'never')")
        store.execute("INSERT OR REPLACE INTO rule_states VALUES ('all', '{half')")
        store.execute("UPDATE snapshots SET state = x'00ff'")
    home.start()
    for name in ("nap", "mine", "build-in-public"):
        home.sees(name, State.RUNNING)
    assert any("what the rules remember cannot be read" in alert for alert in home.alerts())
