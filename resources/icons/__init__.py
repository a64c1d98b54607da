"""Stroke icons from Lucide (licence beside them), renamed to what they stand for here, and our own mark."""

from importlib import resources


def icon_svg(name: str) -> str:
    """The SVG text of the icon `name`, stroked in `currentColor`. Raises LookupError if there is none."""
    file = resources.files(__name__).joinpath(f"{name}.svg")
    if not file.is_file():
        raise LookupError(f"no icon {name!r}; there are {', '.join(icon_names())}")
    return file.read_text(encoding="utf-8")


def icon_names() -> tuple[str, ...]:
    """All icons, by name."""
    files = (file.name for file in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".svg") for name in files if name.endswith(".svg")))
