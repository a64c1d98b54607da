"""What `backtest`, `sweep` and `walk-forward` are given is read alike by all three, and refused in the same words."""

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from app.cli.main import main
from services.trading.generated import generate
from tests.support.candles import BAR, recorded_folder, save_candles
from tests.support.strategies import strategy_text

COMMANDS = {"backtest": (), "sweep": ("--grid", "macd.fast=6,8"), "walk-forward": ("--grid", "macd.fast=6,8")}


@pytest.fixture(params=COMMANDS)
def command(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def told(command: str, sweeping_home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    """What a person reads, and the exit code."""

    def run(*words: object) -> tuple[int, str]:
        code = main(["--home", str(sweeping_home), command, *map(str, words), *COMMANDS[command]])
        out, err = capsys.readouterr()
        return code, out + err

    return run


@pytest.fixture
def strategy(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(strategy_text(data="NONE_5m_*.csv"))
    return tmp_path / "mine.yaml"


@pytest.mark.parametrize(
    ("file", "words", "why"),
    [
        (
            "XRP-ETH_trades_2019-10.parquet",
            (),
            "these are trades, not candles. Ask for bars of them, such as --bars 1m",
        ),
        (
            "XRP-ETH_trades_2019-10.parquet",
            ("--bars", "soon"),
            "--bars: 'soon' is no duration; write a number and a unit",
        ),
        ("XRP-ETH_trades_2019-10.parquet", ("--bars", "0m"), "--bars: '0m' is no length of a bar. Give one such as 1m"),
        ("XRP-ETH_trades_2019-10.parquet", ("--bars", "9999999d"), "--bars: '9999999d' is longer than 100 years"),
        ("ETH-BTC_5m_2018-01.parquet", ("--bars", "5m"), "these are candles, not trades. Leave --bars out."),
        ("UNITTEST-BTC_1m_2017-11.parquet", (), "its bars are 1m apart, and the timeframe is 5m"),
        ("tweets_GroundTruth.txt", (), "is not read. Use .parquet, .csv or .feather"),
        ("NOTE.md", (), "is not read. Use .parquet, .csv or .feather"),
        ("NONE.parquet", (), "there is no such file"),
        ("", (), "it is a folder. Name one file in it"),
        ("none", (), "there is no such file"),
    ],
)
def test_of_the_recorded_files_what_is_no_candles_of_the_strategys_bars_is_refused_by_all(
    told: Any, strategy: Path, file: str, words: tuple[str, ...], why: str
) -> None:
    code, text = told(strategy, "--data", recorded_folder() / file, *words)
    assert code == 2
    assert why in text
    assert len(text.splitlines()) == 1


def test_no_file_that_matches_is_refused_by_all_in_the_same_words(
    told: Any, strategy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DREAMSCAPE_TRADING__DATA", str(tmp_path))
    code, text = told(strategy)
    assert (code, text) == (2, f"{tmp_path}: no file matches 'NONE_5m_*.csv'. {MEND}\n")


def test_a_tick_above_the_price_of_the_candles_is_refused_by_all(told: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(strategy_text(market={"tick": 10.0}))
    candles = save_candles(tmp_path / "c.csv", generate(BAR, 1e-8, 200))
    code, text = told(tmp_path / "mine.yaml", "--data", candles)
    assert code == 2
    assert "and the market's tick is 10: no order could be at that price" in text
    assert len(text.splitlines()) == 1


BAD: dict[str, tuple[Callable[[list[str]], list[str]], str]] = {
    "out of order": (
        lambda rows: [*rows[:60], rows[61], rows[60], *rows[62:]],
        "row 61: 2024-01-01 04:55:00 comes after 2024-01-01 05:00",
    ),
    "twice": (lambda rows: [*rows[:60], rows[59], *rows[60:]], "row 60: 2024-01-01 04:50:00 stands there twice"),
    "no number": (lambda rows: changed(rows, close="nan"), "row 60: close is no number"),
    "infinite": (lambda rows: changed(rows, high="inf"), "row 60: high is no number"),
    "zero": (lambda rows: changed(rows, low="0"), "row 60: low is 0, not above 0"),
    "negative": (lambda rows: changed(rows, open="-1"), "row 60: open is -1, not above 0"),
    "high below low": (lambda rows: changed(rows, high="0.5", low="0.6"), "row 60: high 0.5 is below low 0.6"),
    "a volume below 0": (lambda rows: changed(rows, volume="-1"), "row 60: volume is no number of 0 or more"),
    "a bar between two": (
        lambda rows: [*rows[:61], rows[60].replace("04:55:00", "04:57:00"), *rows[61:]],
        "row 61 comes 0:02:00 after the one before",
    ),
}


def changed(rows: list[str], **numbers: str) -> list[str]:
    """With other numbers in the sixtieth row below the header."""
    names = rows[0].split(",")
    row = dict(zip(names, rows[60].split(","), strict=True)) | numbers
    return [*rows[:60], ",".join(row.values()), *rows[61:]]


@pytest.mark.parametrize("fault", BAD)
def test_candles_with_a_bad_row_are_refused_by_all_with_its_number_and_nothing_runs(
    told: Any, sweeping_home: Path, tmp_path: Path, fault: str
) -> None:
    (tmp_path / "mine.yaml").write_text(strategy_text())
    path = save_candles(tmp_path / "c.csv", generate(BAR, 1e-8, 200))
    spoil, why = BAD[fault]
    path.write_text("\n".join(spoil(path.read_text().splitlines())))
    code, text = told(tmp_path / "mine.yaml", "--data", path)
    assert code == 2
    assert why in text
    assert len(text.splitlines()) == 1
    assert not (sweeping_home / "trials.db").exists()


MEND = "Put one there, or write data: generated, or data: live."


def test_without_a_folder_of_candles_all_go_over_generated_ones_and_say_so(
    told: Any, command: str, strategy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.wiring.plans.plans.data_folder", lambda home, settings: None)
    monkeypatch.setattr("services.trading.feed.generate", lambda bar, tick: generate(bar, tick, 400))
    if command == "sweep" and not find_spec("numba"):
        pytest.skip("numba is not installed: there is no kernel")
    code, text = told(strategy)
    assert code == 0
    assert "Note: the candles are generated, for no data folder is set; name some with --data FILE" in text
    assert "over generated: " in text


def test_too_few_bars_for_the_terms_are_refused_by_all(told: Any, strategy: Path, tmp_path: Path) -> None:
    code, text = told(strategy, "--data", save_candles(tmp_path / "few.csv", generate(BAR, 1e-8, 20)))
    assert code == 2
    assert "Give more bars" in text


def test_a_file_that_is_of_another_market_by_its_name_is_told_in_one_line_and_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    candles, tested = generate(BAR, 1e-8, 200), tmp_path / "mine.yaml"
    tested.write_text(strategy_text())
    for name, notes in (("XRP-ETH_5m.csv", 1), ("ETH-BTC_5m.csv", 0)):
        words = ("backtest", str(tested), "--data", str(save_candles(tmp_path / name, candles)))
        assert main(["--home", str(tmp_path / "home"), "--json", *words]) == 0
        err = capsys.readouterr().err
        assert len(err.splitlines()) == notes
        assert ("Note: by its name XRP-ETH_5m.csv is of XRP/ETH, and" in err) == bool(notes)
