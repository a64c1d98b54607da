"""A setting's value out of the text that a person typed for it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, get_origin

from app.settings.fields import secret_names, variable, walk
from app.settings.layers import from_environment
from app.settings.load import check_layer
from app.settings.mistakes import unknown
from app.settings.model import Settings
from services.core.errors import UserError, UserErrors


def typed(name: str, text: str) -> object:
    """The value in its own type, read as an environment variable would be; a list may also be written with commas.

    None for an empty text. Raises UserErrors with what is wrong and how to mend it, UserError for a secret.
    """
    path = tuple(name.split("."))
    field = next((field for known, field in walk() if known == path), None)
    if field is None:
        raise UserErrors([unknown(path, name)])
    if name in secret_names():
        raise UserError("secrets are not kept in files", name, f"run: dreamscape config set-secret {name}")
    text = text.strip()
    if not text:
        return None
    if get_origin(field.annotation) is tuple and not text.startswith("["):
        text = json.dumps([part.strip() for part in text.split(",") if part.strip()])
    layer = from_environment({variable(path): text})
    mistakes = layer.mistakes + check_layer(layer)
    if mistakes:
        raise UserErrors([UserError(each.what.removeprefix(f"{name} is "), name, each.mend) for each in mistakes])
    value: Any = Settings(**layer.values)
    for part in path:
        value = getattr(value, part)
    return int(value) if isinstance(value, Decimal) and value == int(value) else value
