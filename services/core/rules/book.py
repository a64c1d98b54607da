"""The rule files: each a list of rules, read again when it changes, with the last good version kept on a mistake."""

from collections.abc import Collection, Iterable, Mapping
from difflib import get_close_matches
from pathlib import Path

import yaml
from pydantic import RootModel

from services.core.errors import UserError, UserErrors
from services.core.rules.actions import Verb
from services.core.rules.events import RuleRead
from services.core.rules.model import Rule
from services.core.rules.words import in_words
from services.core.yamlfile import load_model


class RuleFile(RootModel[list[Rule]]):
    """What a file in ``strategies/rules/`` holds."""


class RuleBook:
    """The rules of all files. A file is known by its name, so a user's file takes the place of a default."""

    def __init__(self) -> None:
        self._files: dict[str, tuple[Path, list[Rule]]] = {}

    def read(self, paths: Iterable[Path]) -> list[UserError]:
        """Read these files and forget all others; returns every mistake of every file.

        A file with a mistake keeps the rules it last had.
        """
        files: dict[str, tuple[Path, list[Rule]]] = {}
        mistakes: list[UserError] = []
        for path in paths:
            try:
                files[path.name] = (path, load_model(path, RuleFile).root)
            except UserErrors as several:
                mistakes += several.errors
            except UserError as one:
                mistakes.append(one)
            if path.name not in files and path.name in self._files:
                files[path.name] = self._files[path.name]
        self._files = files
        return mistakes + self._twice()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules by the order of their files; of two with one name the first counts."""
        found: dict[str, Rule] = {}
        for _, rules in self._files.values():
            for rule in rules:
                found.setdefault(rule.rule, rule)
        return tuple(found.values())

    def in_words(self, metrics: Collection[str], nobody: Mapping[Verb, str]) -> list[RuleRead]:
        """The rules in force as the journal tells them; ``metrics`` are those that somebody measures.

        ``nobody`` are the actions that are not carried out here, with the reasons.
        """
        told: dict[str, RuleRead] = {}
        for path, rules in self._files.values():
            for index, rule in enumerate(rules):
                unheard = "" if rule.metric in metrics else str(_unheard(path, index, rule, metrics))
                undone = "\n".join(map(str, _undone(path, index, rule, nobody)))
                told.setdefault(rule.rule, in_words(rule, path.name, unheard, undone))
        return list(told.values())

    def unheard(self, metrics: Collection[str]) -> list[UserError]:
        """Rules over metrics that nobody declares (yet): not wrong, but they can never fire."""
        return [
            _unheard(path, index, rule, metrics)
            for path, rules in self._files.values()
            for index, rule in enumerate(rules)
            if rule.metric not in metrics
        ]

    def undone(self, nobody: Mapping[Verb, str]) -> list[UserError]:
        """Actions that rules ask for and nobody carries out: the rules fire, and these are then refused."""
        return [
            mistake
            for path, rules in self._files.values()
            for index, rule in enumerate(rules)
            for mistake in _undone(path, index, rule, nobody)
        ]

    def _twice(self) -> list[UserError]:
        seen: dict[str, Path] = {}
        mistakes: list[UserError] = []
        for path, rules in self._files.values():
            for index, rule in enumerate(rules):
                if rule.rule in seen:
                    what = f"the rule {rule.rule!r} is already in {seen[rule.rule]}; this one is not used"
                    mistakes.append(UserError(what, _place(path, index), "Give it another name"))
                seen.setdefault(rule.rule, path)
        return mistakes


def _unheard(path: Path, index: int, rule: Rule, metrics: Collection[str]) -> UserError:
    near = get_close_matches(rule.metric, sorted(metrics), n=1)
    mend = f"Write {near[0]!r}" if near else f"Known are {', '.join(sorted(metrics)) or 'none'}"
    return UserError(f"nothing measures {rule.metric!r}, so {rule.rule!r} cannot fire", _place(path, index), mend)


def _undone(path: Path, index: int, rule: Rule, nobody: Mapping[Verb, str]) -> list[UserError]:
    asked = [action for action in rule.then if action.verb in nobody]
    return [
        UserError(
            f"nobody carries out {str(action)!r}, which {rule.rule!r} asks for: {nobody[action.verb]}",
            _place(path, index),
            "Take it out of then, or put an action there that is carried out, such as pause each or alert",
        )
        for action in asked
    ]


def _place(path: Path, index: int) -> str:
    """File, line and column of a rule; the file alone when it has changed since it was read."""
    try:
        root = yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=yaml.SafeLoader)
    except (OSError, ValueError, yaml.YAMLError):
        return str(path)
    if not isinstance(root, yaml.SequenceNode) or index >= len(root.value):
        return str(path)
    mark = root.value[index].start_mark
    return f"{path}:{mark.line + 1}:{mark.column + 1}"
