"""By what a bot decides, and left what it opened: its strategy, and the very version of each plug-in."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from services.trading.live.equipment import Equipment
from services.trading.plugins.series import plugin_files
from services.trading.strategy import Strategy

_PLUGINS = "plugins"
"""Beside the strategy's own keys, of which none is called so."""


@dataclass(frozen=True)
class DecidedBy:
    """``plugins`` are the SHA-256 of its plug-ins by their files."""

    strategy: Strategy
    plugins: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def now(cls, strategy: Strategy, equipment: Equipment) -> "DecidedBy":
        """With the versions that are approved now, each kept. Raises ``UserError`` where one is not, or cannot be."""
        files = plugin_files(strategy)
        return cls(strategy, equipment.plugins.keep(strategy) if files and equipment.plugins else {})

    @classmethod
    def from_json(cls, text: str) -> "DecidedBy | None":
        """None for a strategy of a language that is no longer spoken."""
        told = json.loads(text)
        plugins = told.pop(_PLUGINS, {})
        strategy = Strategy.from_json(json.dumps(told))
        return cls(strategy, plugins) if strategy is not None else None

    def to_json(self) -> str:
        """The strategy's own, with the versions where it has plug-ins."""
        text = self.strategy.to_json()
        return json.dumps(json.loads(text) | {_PLUGINS: dict(self.plugins)}) if self.plugins else text

    def equipped(self, equipment: Equipment) -> Equipment:
        """That asks these versions, whatever lies in the folder by now; those of today where none were told."""
        if equipment.plugins is None or not self.plugins:
            return equipment
        return replace(equipment, plugins=equipment.plugins.of(self.plugins))

    def lacking(self, equipment: Equipment) -> str:
        """Which version of a plug-in cannot be had any more; empty where all can."""
        if equipment.plugins is None or equipment.plugins.kept is None:
            return ""
        return ", ".join(equipment.plugins.kept.lacking(self.plugins))

    def is_as(self, other: "DecidedBy") -> bool:
        """Whether both decide the same; of an entry of an older ledger nobody knows the versions."""
        return self.strategy == other.strategy and (self.plugins == other.plugins or not self.plugins)
