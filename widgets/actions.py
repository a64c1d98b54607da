"""Everything that can be done, registered once: the source of menu, command palette and key help."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PyQt6.QtCore import QObject, Qt, pyqtSignal
from PyQt6.QtGui import QAction, QKeySequence
from PyQt6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True, slots=True)
class ActionEntry:
    """`scope` is empty for the whole window, or the id of the page where the key counts.

    A `grave` one ends or undoes something that cannot be had back: the palette offers it to who asks for it alone.
    """

    id: str
    title: str
    hint: str = ""
    shortcut: str = ""
    group: str = "General"
    scope: str = ""
    grave: bool = False


@dataclass(frozen=True, slots=True)
class ChangeEntry(ActionEntry):
    """An action that changes something, so that it has no sense in a past moment.

    One that `asks` names what it changes and asks before, or is about one thing alone: it can be begun from any page.
    Any other is about what is selected on its page, and is taken there, by who sees it.
    """

    asks: bool = False


@dataclass(frozen=True, slots=True)
class PaletteEntry:
    """One line of the command palette; `why_not` says why it cannot be done now, and `about` what it is done with."""

    id: str
    title: str
    hint: str = ""
    shortcut: str = ""
    about: str = ""
    grave: bool = False
    why_not: str = ""
    elsewhere: bool = False
    """It is done on another page than the one that is shown, and leads there."""


class ActionRegistry(QObject):
    """Whatever way an action is taken (key, menu, palette, button), `triggered` says its id once."""

    triggered = pyqtSignal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._actions: dict[str, tuple[ActionEntry, QAction]] = {}
        self._more: list[Callable[[], Iterable[PaletteEntry]]] = []
        self._refused: dict[str, str] = {}
        self.here = ""
        """The page that is shown: keys of other pages do not count."""
        self.why_not: Callable[[str], str] = lambda action_id: ""
        """Asked, when the palette opens, why an action cannot be done now; an empty answer says that it can."""
        self._held = False

    def add(self, *entries: ActionEntry) -> None:
        """Register. Raises ValueError if an id, or a key where it would count, is taken already."""
        for entry in entries:
            self._refuse_doubles(entry)
            action = QAction(entry.title, self)
            action.setToolTip(entry.hint)
            if entry.shortcut:
                action.setShortcut(QKeySequence(entry.shortcut))
            within_page = Qt.ShortcutContext.WidgetWithChildrenShortcut
            action.setShortcutContext(within_page if entry.scope else Qt.ShortcutContext.WindowShortcut)
            action.triggered.connect(lambda _checked, chosen=entry.id: self.triggered.emit(chosen))
            self._actions[entry.id] = (entry, action)

    def entries(self) -> tuple[ActionEntry, ...]:
        return tuple(entry for entry, _action in self._actions.values())

    def on_a_page(self, action_id: str) -> ActionEntry | None:
        """The action, if it is one of a page."""
        entry, _action = self._actions.get(action_id, (None, None))
        return entry if entry is not None and entry.scope else None

    def elsewhere(self, entry: ActionEntry) -> bool:
        """Whether it belongs to another page than the one that is shown."""
        return bool(entry.scope) and entry.scope != self.here

    def attach(self, widget: QWidget, scope: str = "") -> None:
        """Make the keys of a scope count in `widget` and below it."""
        widget.addActions([action for entry, action in self._actions.values() if entry.scope == scope])

    def enable(self, action_id: str, enabled: bool, because: str = "it cannot be done now") -> None:
        """A disabled action is grey in the menu and in the palette, which says why. Raises KeyError if unknown."""
        self._actions[action_id][1].setEnabled(enabled)
        self._refused[action_id] = "" if enabled else because

    def hold_changes(self, held: bool) -> None:
        """Whether what changes something is held: grey in the menu and in the palette, which says why.

        Its key is heard nevertheless, so that whoever obeys can say why nothing is done.
        """
        self._held = held

    def is_held(self, action_id: str) -> bool:
        """Whether the action is one of those that are held now."""
        return self._held and action_id in self._actions and isinstance(self._actions[action_id][0], ChangeEntry)

    def trigger(self, action_id: str) -> None:
        """Take an action, or say the id of an entry that was offered besides the registered ones."""
        if action_id not in self._actions:
            self.triggered.emit(action_id)
        elif self._actions[action_id][1].isEnabled():
            self._actions[action_id][1].trigger()

    def offer_also(self, entries: Callable[[], Iterable[PaletteEntry]]) -> None:
        """Ask `entries` for more lines whenever the palette opens: processes, patches, files by name."""
        self._more.append(entries)

    def palette_entries(self) -> tuple[PaletteEntry, ...]:
        """All that there is to be done, with the reason where it cannot be done now."""
        own = [
            PaletteEntry(
                entry.id,
                entry.title,
                _hint(entry),
                entry.shortcut,
                grave=entry.grave,
                why_not=self._why_not(entry),
                elsewhere=self.elsewhere(entry),
            )
            for entry, _action in self._actions.values()
        ]
        return (*own, *(entry for more in self._more for entry in more()))

    def _why_not(self, entry: ActionEntry) -> str:
        if refused := self._refused.get(entry.id):
            return refused
        return self.why_not(entry.id) or ("not in what is shown" if self.is_held(entry.id) else "")

    def menu(self, parent: QWidget) -> QMenu:
        """All actions of the window, by group, to be popped up."""
        menu = QMenu(parent)
        for group in dict.fromkeys(entry.group for entry in self.entries()):
            if not menu.isEmpty():
                menu.addSeparator()
            for entry, action in self._actions.values():
                if entry.group != group or entry.scope:
                    continue
                if self.is_held(entry.id):
                    _add_grey(menu, entry)
                else:
                    menu.addAction(action)
        return menu

    def _refuse_doubles(self, entry: ActionEntry) -> None:
        if entry.id in self._actions:
            raise ValueError(f"the action {entry.id!r} is registered already")
        for other in self.entries():
            overlap = not entry.scope or not other.scope or entry.scope == other.scope
            if entry.shortcut and other.shortcut == entry.shortcut and overlap:
                raise ValueError(f"{entry.shortcut} of {entry.id!r} already belongs to {other.id!r}")


def _add_grey(menu: QMenu, entry: ActionEntry) -> None:
    """A line in the place of an action, which itself stays enabled for its key."""
    line = menu.addAction(f"{entry.title}\t{entry.shortcut}".rstrip())
    if line is not None:
        line.setEnabled(False)


def _hint(entry: ActionEntry) -> str:
    """The group says where a command belongs, unless its own words do."""
    return entry.hint or ("" if entry.title.startswith(entry.group) else entry.group)
