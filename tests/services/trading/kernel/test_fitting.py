"""What the kernel runs is said by name."""

from typing import get_args

import pytest
from pydantic import BaseModel

from services.trading.kernel import fitting
from services.trading.kernel.compiling import digest
from services.trading.language.terms import PostVolume, Term
from services.trading.strategy import Strategy
from tests.support.strategies import strategy_with


def keys(model: type[BaseModel], before: str = "") -> set[str]:
    found = set()
    for name, field in model.model_fields.items():
        found.add(before + name)
        for part in (field.annotation, *getattr(field.annotation, "__args__", ())):
            if name != "terms" and isinstance(part, type) and issubclass(part, BaseModel):
                found |= keys(part, f"{before}{name}.")
    return found


def test_a_strategy_that_it_runs_whole_lacks_nothing() -> None:
    assert fitting.unfit(strategy_with(stop={"percent": 1.0}, sizing={"percent": 5.0})) == ()


def test_it_runs_every_kind_of_term_and_names_one_that_it_has_not_learnt(monkeypatch: pytest.MonkeyPatch) -> None:
    kinds = [get_args(kind.model_fields["kind"].annotation)[0] for kind in get_args(get_args(Term)[0])]
    terms = {kind: {"kind": kind, **({"file": "tide.py"} if kind == "plugin" else {})} for kind in kinds}
    strategy = strategy_with(macd=None, entry=None, exit=-0.5, terms=terms, posts={"match": ["eth"]})
    assert fitting.unfit(strategy) == ()
    monkeypatch.setattr(fitting, "TERMS", (PostVolume,))
    assert len(fitting.unfit(strategy)) == len(kinds) - 1
    assert "terms.momentum (momentum)" in fitting.unfit(strategy)


def test_it_knows_every_key_of_a_strategy() -> None:
    assert keys(Strategy) == fitting.KEYS


def test_what_it_has_not_learnt_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "KEYS", fitting.KEYS - {"stop", "sizing.percent"})
    assert set(fitting.unfit(strategy_with(stop={"percent": 1.0}))) == {"stop", "sizing.percent"}


def test_a_change_of_any_compiled_source_is_another_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    assert digest("0.61") == digest("0.61")
    assert digest("0.61") != digest("0.62")
    before = digest()
    monkeypatch.setattr("services.trading.kernel.compiling.SOURCES", ("steps",))
    assert digest() != before
