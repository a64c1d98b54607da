"""Checks that Qt really loads here, and names or installs what the system lacks for it."""

from __future__ import annotations

import os
import shutil
import sys

from . import debian
from .console import BootstrapError, ask, clean_environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from .environments import Environment

LOAD = "from PyQt6.QtWidgets import QApplication; QApplication([]); print('Qt loads')"

# Which package of Debian and Ubuntu holds each library that PyQt6's wheels take from the system.
PACKAGES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libX11.so.6": "libx11-6",
    "libX11-xcb.so.1": "libx11-xcb1",
    "libbrotlidec.so.1": "libbrotli1",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libfreetype.so.6": "libfreetype6",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libgthread-2.0.so.0": "libglib2.0-0",
    "libgssapi_krb5.so.2": "libgssapi-krb5-2",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-render.so.0": "libxcb-render0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-shm.so.0": "libxcb-shm0",
    "libxcb-sync.so.1": "libxcb-sync1",
    "libxcb-util.so.1": "libxcb-util1",
    "libxcb-xfixes.so.0": "libxcb-xfixes0",
    "libxcb-xkb.so.1": "libxcb-xkb1",
    "libxcb.so.1": "libxcb1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libz.so.1": "zlib1g",
    "libzstd.so.1": "libzstd1",
}
PLUGINS = {"xcb": ("libqxcb.so",), "wayland": ("libqwayland*.so",), "offscreen": ("libqoffscreen.so",)}


def platforms(environ: Mapping[str, str], system: str = sys.platform) -> list[str]:
    """Which of Qt's platforms a start in this environment may use."""
    if not system.startswith("linux"):
        return ["offscreen"]
    chosen = ["offscreen"]
    if environ.get("DISPLAY"):
        chosen.append("xcb")
    if environ.get("WAYLAND_DISPLAY"):
        chosen.append("wayland")
    return chosen


def check(environment: Environment, wanted: Iterable[str]) -> None:
    """Makes sure that Qt loads on these platforms, and stamps that it does; a stamped one is not asked again.

    Raises:
        BootstrapError: libraries are missing and could not be installed; with the line that does.
    """
    stamp = environment.stamp()
    known = stamp.get("qt")
    loaded = {str(name) for name in known} if isinstance(known, list) else set()
    new = [name for name in wanted if name not in loaded]
    if not new:
        return
    missing = missing_libraries(environment, new)
    packages = sorted({PACKAGES[library] for library in missing if library in PACKAGES})
    if packages and debian.install(packages):
        missing = missing_libraries(environment, new)
    if missing:
        raise BootstrapError("Qt lacks libraries of this system: " + ", ".join(missing), mend(missing))
    load(environment)
    environment.write_stamp(**{**stamp, "qt": sorted(loaded.union(new))})


def missing_libraries(environment: Environment, wanted: Iterable[str]) -> list[str]:
    """What the dynamic linker does not find for Qt and its platform plugins; empty where there is no ldd."""
    found = list(environment.folder.glob("lib/python3*/site-packages/PyQt6"))
    if not found or not sys.platform.startswith("linux") or not shutil.which("ldd"):
        return []
    patterns = [
        "Qt6/lib/libQt6Network.so.6",
        "Qt6/lib/libQt6DBus.so.6",
        "Qt6/lib/libQt6Svg.so.6",
        "QtWidgets.*.so",
    ]
    patterns += [f"Qt6/plugins/platforms/{plugin}" for name in wanted for plugin in PLUGINS[name]]
    files = [str(path) for pattern in patterns for path in found[0].glob(pattern)]
    _, output = ask(["ldd", *files])
    return sorted({line.split()[0] for line in output.splitlines() if line.rstrip().endswith("=> not found")})


def load(environment: Environment) -> None:
    """Opens an application off screen in a process of its own: the proof that counts."""
    environ = {**clean_environment(os.environ), "QT_QPA_PLATFORM": "offscreen"}
    code, output = ask([str(environment.python), "-c", LOAD], 120, environ)
    if code != 0:
        last = (output.strip().splitlines() or [f"exit code {code}"])[-1]
        raise BootstrapError(f"Qt does not load: {last}", mend([word for word in last.split() if ".so" in word]))


def mend(missing: Iterable[str]) -> str:
    """The line that brings these libraries on this system."""
    names = [name.rstrip(":") for name in missing]
    if sys.platform == "win32":
        return "winget install Microsoft.VCRedist.2015+.x64"
    if shutil.which("apt-get"):
        return debian.line(sorted({PACKAGES.get(name, name) for name in names}))
    if shutil.which("dnf"):
        return "sudo dnf install " + " ".join(f"'{name}()(64bit)'" for name in names)
    return "install with your system's package tool what holds: " + ", ".join(names)
