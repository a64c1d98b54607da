"""The window's style sheet, rendered from the tokens."""

from dataclasses import fields
from functools import lru_cache
from string import Template

from resources.theme import ROLES, Radius, Theme, Type, mix, style_template

_TINTED = ("ok", "warn", "bad", "accent")


@lru_cache(maxsize=2)
def style_sheet(theme: Theme) -> str:
    """Raises KeyError if the template names a token that does not exist."""
    values: dict[str, object] = {role: theme.colours.role(role) for role in ROLES}
    values |= {field.name: getattr(theme.type, field.name) for field in fields(Type)}
    values |= {field.name: getattr(theme.radius, field.name) for field in fields(Radius)}
    return Template(style_template()).substitute(values | _tints(theme))


def _tints(theme: Theme) -> dict[str, str]:
    """Grounds and edges of coloured buttons: a little of the colour over the card."""
    tints = {}
    for role in _TINTED:
        own, card = theme.colours.role(role), theme.colours.bg1
        tints[f"{role}_wash"] = mix(own, card, 0.07)
        tints[f"{role}_tint"] = mix(own, card, 0.14)
        tints[f"{role}_hover"] = mix(own, card, 0.24)
        tints[f"{role}_edge"] = mix(own, card, 0.42)
    return tints | {"accent_hover": mix(theme.colours.accent, theme.colours.tx0, 0.85)}
