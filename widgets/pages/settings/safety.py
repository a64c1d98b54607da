"""Where secrets are kept, and what holds foreign code back."""

from __future__ import annotations

from PyQt6.QtWidgets import QVBoxLayout, QWidget

from widgets.pages.settings.state import KeyringView, SandboxView, SettingsView
from widgets.parts.card import Card
from widgets.parts.labels import text_label
from widgets.parts.status import Status


class SecretsCard(Card):
    """The keyring's state, and how a secret gets there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Secrets", parent=parent)
        self.words = text_label("", wrap=True)
        self.hint = text_label("", "hint", "label", wrap=True)
        body = QWidget(self)
        column = QVBoxLayout(body)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        column.addWidget(self.words)
        column.addWidget(self.hint)
        self.add(body)

    def show_settings(self, view: SettingsView) -> None:
        """Which keyring, and which secrets are set."""
        self.show_status(_status(view.keyring))
        text = view.keyring.text
        self.words.setText(text[:1].upper() + text[1:])
        secrets = [row for row in view.rows if row.masked]
        known = [row.name for row in secrets if row.value]
        self.show_note(f"{len(known)} of {len(secrets)} set" if secrets else "")
        example = secrets[0].name if secrets else "NAME"
        self.hint.setText(f"A secret is put there by: dreamscape config set-secret {example}")


class SandboxCard(Card):
    """The level in force, without promising more than it holds."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Plug-ins and scripts", parent=parent)
        self._shown: SandboxView | None = None
        self._body: QWidget | None = None

    def show_settings(self, view: SettingsView) -> None:
        """The same level costs nothing."""
        if view.sandbox == self._shown:
            return
        self._shown = view.sandbox
        self.show_note(view.sandbox.level)
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget(self)
        column = QVBoxLayout(self._body)
        column.setContentsMargins(14, 10, 14, 12)
        column.setSpacing(4)
        for title, lines in (("Protected", view.sandbox.kept), ("Not protected", view.sandbox.not_kept)):
            column.addWidget(text_label(title, "hint", "small"))
            for line in lines:
                column.addWidget(text_label(line, "secondary", "label", wrap=True))
            column.addSpacing(4)
        self.add(self._body)


def _status(keyring: KeyringView) -> Status:
    if keyring.usable is None:
        return Status.IDLE
    return Status.OK if keyring.usable else Status.WARN
