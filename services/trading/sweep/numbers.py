"""The numbers of a strategy by their keys, such as ``stop.percent``: what a grid may go through."""

from collections.abc import Iterable, Iterator
from typing import Any, get_args

from pydantic import BaseModel

from services.core.errors import UserError
from services.core.yamlmistakes import nearest
from services.trading.strategy import Strategy

FACTS = ("market.tick", "market.step", "market.min_notional")
"""What an exchange sets; nobody chooses it."""


def require_numbers(strategy: Strategy, keys: Iterable[str]) -> None:
    """Raise ``UserError`` for the first key that is none of its numbers, with those that there are."""
    known = numbers_of(strategy)
    for key in keys:
        if key in FACTS:
            what = f"{key} is a fact of the market, and nothing to choose"
            raise UserError(what, "--grid", "Leave it out; its value stands in the strategy's file")
        if key not in known:
            near = nearest(key, known)
            listed = f"its numbers: {', '.join(known)}"
            mend = f"did you mean {near}? All of {listed}" if near else listed
            raise UserError(f"{key} is no number of the strategy", "--grid", mend)


def numbers_of(strategy: Strategy) -> list[str]:
    """Those that its file has and those that it leaves at their defaults, in the order of the alphabet."""
    left_out = {"terms", *(["macd"] if strategy.terms else []), *(["short"] if strategy.market.kind == "spot" else [])}
    found = [key for key in _of(Strategy) if key.partition(".")[0] not in left_out]
    for name, term in strategy.terms.items():
        found += [f"terms.{name}.{key}" for key in _of(type(term))]
    return sorted(key for key in found if key not in FACTS)


def example_of(strategy: Strategy) -> str:
    """A key of its terms, or of its MACD, that a person may go through."""
    known = numbers_of(strategy)
    of_terms = [key for key in known if key.startswith(("macd.", "terms."))]
    spans = (key for key in of_terms if key.endswith((".fast", ".bars", ".window")))
    return next(spans, "stop.percent")


def _of(model: type[BaseModel], before: str = "") -> Iterator[str]:
    for name, field in model.model_fields.items():
        forms = list(_forms(field.annotation))
        if any(form in (int, float) for form in forms):
            yield before + name
        for form in forms:
            if isinstance(form, type) and issubclass(form, BaseModel):
                yield from _of(form, f"{before}{name}.")


def _forms(annotation: Any) -> Iterator[Any]:
    """The type, or those of a union."""
    inner = get_args(annotation)
    if inner and not isinstance(annotation, type):
        for each in inner:
            yield from _forms(each)
    else:
        yield annotation
