"""What the kernel runs is said by name."""

import pytest
from pydantic import BaseModel

from services.trading.kernel import fitting
from services.trading.kernel.compiling import digest
from services.trading.strategy import Strategy
from tests.support.strategies import strategy_with


def test_every_key_that_it_knows_is_one_of_a_strategy() -> None:
    def keys(model: type[BaseModel], before: str = "") -> set[str]:
        found = set()
        for name, field in model.model_fields.items():
            found.add(before + name)
            for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
                if name != "terms" and isinstance(part, type) and issubclass(part, BaseModel):
                    found |= keys(part, f"{before}{name}.")
        return found

    assert keys(Strategy) >= fitting.KEYS


def test_a_strategy_that_it_runs_whole_lacks_nothing() -> None:
    assert fitting.unfit(strategy_with(stop={"percent": 1.0}, sizing={"percent": 5.0})) == ()


def test_a_term_of_another_kind_is_named() -> None:
    mood = {"mood": {"kind": "post_volume"}, "cross": {"kind": "macd_cross"}}
    strategy = strategy_with(macd=None, entry=None, exit=-0.5, terms=mood, posts={"match": ["eth"]})
    assert "terms.mood (post_volume)" in fitting.unfit(strategy)


def test_what_it_has_not_learnt_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "KEYS", fitting.KEYS - {"stop", "sizing.percent"})
    assert set(fitting.unfit(strategy_with(stop={"percent": 1.0}))) == {"stop", "sizing.percent"}


def test_a_change_of_any_compiled_source_is_another_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert digest("0.61") == digest("0.61")
    assert digest("0.61") != digest("0.62")
    before = digest()
    monkeypatch.setattr("services.trading.kernel.compiling.SOURCES", ("steps",))
    assert digest() != before
