"""The two type families Dreamscape ships (OFL-1.1, licence texts beside them)."""

from collections.abc import Iterator
from importlib import resources

FILES = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf", "JetBrainsMono-Regular.ttf")


def font_files() -> Iterator[tuple[str, bytes]]:
    """Name and content of each font file."""
    for name in FILES:
        yield name, resources.files(__name__).joinpath(name).read_bytes()
