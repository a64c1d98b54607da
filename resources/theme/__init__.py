"""The design tokens as typed values. No Qt here: published pages are coloured from the same source."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib import resources
from typing import Any, Literal

ThemeName = Literal["dark", "light"]


@dataclass(frozen=True, slots=True)
class Colours:
    """One colour, written #RRGGBB, for every role that anything on screen can have."""

    bg0: str
    bg1: str
    bg2: str
    bg3: str
    line: str
    line2: str
    tx0: str
    tx1: str
    tx2: str
    accent: str
    on_accent: str
    ok: str
    warn: str
    bad: str
    info: str
    idle: str
    engagement: str
    trading: str
    debugger: str
    content: str

    def role(self, name: str) -> str:
        """The colour of the role called `name`; a name that no role has is an error of the caller."""
        if name not in ROLES:
            raise LookupError(f"no colour role {name!r}; there are {', '.join(ROLES)}")
        return str(getattr(self, name))


ROLES = tuple(field.name for field in fields(Colours))


@dataclass(frozen=True, slots=True)
class Space:
    """Distances in px."""

    xs: int
    s: int
    m: int
    l: int  # noqa: E741 - the row xs, s, m, l, xl is how designers name it
    xl: int


@dataclass(frozen=True, slots=True)
class Radius:
    """Corner radii in px."""

    control: int
    card: int


@dataclass(frozen=True, slots=True)
class Type:
    """Type sizes in px and the two families."""

    body: int
    label: int
    small: int
    title: int
    figure: int
    code: int
    sans: str
    mono: str


@dataclass(frozen=True, slots=True)
class Theme:
    """Everything that decides how a thing looks, in one of the two themes."""

    name: ThemeName
    colours: Colours
    space: Space
    radius: Radius
    type: Type


@cache
def load_theme(name: ThemeName) -> Theme:
    """Read the theme called `name`. Raises TypeError, naming the token, if one is missing or unknown."""
    tokens = _tokens()
    return Theme(
        name=name,
        colours=Colours(**tokens[name]),
        space=Space(**tokens["space"]),
        radius=Radius(**tokens["radius"]),
        type=Type(**tokens["type"]),
    )


def style_template() -> str:
    """The window's style sheet with `$role` where a token goes."""
    return resources.files(__name__).joinpath("window.qss").read_text(encoding="utf-8")


def mix(colour: str, ground: str, part: float) -> str:
    """`part` (0 to 1) of `colour` laid over `ground`: an opaque tint that needs no blending at run time."""
    top, below = _channels(colour), _channels(ground)
    mixed = (round(part * t + (1 - part) * b) for t, b in zip(top, below, strict=True))
    return "#" + "".join(f"{channel:02X}" for channel in mixed)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two #RRGGBB colours: 1 (same) to 21 (black on white)."""
    bright, dim = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


@cache
def _tokens() -> dict[str, Any]:
    return tomllib.loads(resources.files(__name__).joinpath("tokens.toml").read_text(encoding="utf-8"))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
