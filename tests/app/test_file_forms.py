"""The line that a mistake in a file is answered with is itself right, for every key of every kind of file."""

import json
from collections.abc import Iterator
from typing import Annotated, Any, get_args

import pytest
import yaml
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from app.wiring.plans.kinds import KINDS
from services.core.rules.book import RuleFile
from services.core.yamlforms import form_of
from services.engagement.campaign import Campaign
from services.orchestrator.definitions.definition import model_for
from services.trading.strategy import Strategy

FILES: tuple[type[BaseModel], ...] = (RuleFile, Strategy, Campaign, *(model_for(kind, KINDS, "mine") for kind in KINDS))


def models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for argument in get_args(annotation) for found in models_in(argument)]


def keys(model: type[BaseModel], above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FieldInfo]]:
    for name, field in model.model_fields.items():
        if name == "root":
            for inner in models_in(field.annotation):
                yield from keys(inner)
            continue
        loc = (*above, field.alias or name)
        yield loc, field
        members = models_in(field.annotation)
        for inner in members:
            yield from keys(inner, (*loc, *tag(inner)) if len(members) > 1 else loc)


def tag(model: type[BaseModel]) -> tuple[str, ...]:
    """What tells a member of a union from the others, as a mistake's place has it."""
    kind = model.model_fields.get("kind")
    return get_args(kind.annotation) if kind is not None else ()


@pytest.mark.parametrize("model", FILES, ids=lambda model: f"{model.__name__}")
def test_every_key_has_a_line_that_is_right(model: type[BaseModel]) -> None:
    found = dict(keys(model))
    assert found
    for loc, field in found.items():
        name, _, written = form_of(model, loc).partition(": ")
        assert name == loc[-1], f"{loc} has no form"
        value = json.dumps(yaml.safe_load(written), default=str)
        annotation: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        TypeAdapter(annotation).validate_json(value)


def test_a_list_of_rules_is_shown_by_its_first_item() -> None:
    assert form_of(RuleFile, ()).startswith("- {rule: drawdown stop, metric: trading.drawdown, fire: {above: 0.2}")
    (shown,) = yaml.safe_load(form_of(RuleFile, (0,)))
    assert RuleFile.model_validate_json(json.dumps([shown])).root
