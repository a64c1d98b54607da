"""What one file of ``processes/*.yaml`` says: a process, when it is due, and how it is watched and restarted."""

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, replace
from difflib import get_close_matches
from typing import Annotated, Any, get_type_hints

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, create_model, field_validator

from services.core.durations import minutes
from services.core.process import Process, Restart
from services.core.yamlfile import Document
from services.orchestrator.triggers.duration_text import Duration
from services.orchestrator.triggers.entry import TriggerEntry
from services.orchestrator.triggers.misfire import Misfire
from services.orchestrator.triggers.overlap import Overlap
from services.orchestrator.triggers.trigger import Trigger

Kinds = Mapping[str, type[Process]]
"""Processes by the name that ``kind:`` gives them: ``script``, ``trading.replay``, ..."""
NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
_LONGEST_SHOWN = 64
PLUGIN = r"^[\w-]+\.py:[A-Za-z_]\w*$"
"""``FILE.py:CLASS`` of the home's ``plugins``; it is never imported here, so its child checks its parameters."""


class RestartEntry(Document):
    """What of a process's restart policy is different here."""

    first: Duration | None = None
    factor: Annotated[float, Field(ge=1, le=100)] | None = None
    cap: Duration | None = None
    at_most: Annotated[int, Field(ge=0)] | None = None
    within: Duration | None = None
    half_open: Duration | None = None

    def over(self, policy: Restart) -> Restart:
        """``policy`` with what is set here."""
        given = {name: getattr(self, name) for name in self.model_fields_set}
        return replace(policy, **{name: value for name, value in given.items() if value is not None})


class Definition(Document):
    """One process as the user defines it."""

    model_config = ConfigDict(populate_by_name=True)

    name: Annotated[str, Field(pattern=NAME)]
    """Taken from the file's name where the file does not say."""
    kind: str
    parameters: dict[str, Any] = Field(default_factory=dict, alias="with")
    """Fields of the process's class."""
    schedule: tuple[TriggerEntry, ...] = ()
    overlap: Overlap = Overlap.SINGLE
    most: Annotated[int, Field(ge=1, le=100)] = 10
    """Bounds the queue of ``queue`` and the runs of ``parallel``."""
    misfire: Misfire = Misfire.SKIP
    grace: Duration = minutes(1)
    """How late a start still counts as on time."""
    after: tuple[str, ...] = ()
    """Processes that must run, or have ended well, before this one starts."""
    priority: Annotated[int, Field(ge=0, le=9)] | None = None
    restart: RestartEntry | None = None
    heartbeat: Duration | None = None
    enabled: bool = True

    @field_validator("misfire")
    @classmethod
    def _has_room(cls, misfire: Misfire, given: ValidationInfo) -> Misfire:
        """Missed times come at once, so that only who queues or runs side by side can run each of them."""
        overlap = given.data.get("overlap", Overlap.SINGLE)
        if misfire is Misfire.ALL and overlap in (Overlap.SINGLE, Overlap.RESTART):
            raise ValueError(
                f"'misfire: all' would run one of the missed times, for 'overlap: {overlap}' drops the others; "
                "write 'overlap: queue' or 'overlap: parallel'"
            )
        return misfire

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        return tuple(entry.trigger() for entry in self.schedule)

    @property
    def is_plugin(self) -> bool:
        return is_plugin(self.kind)

    def policy(self, declared: Restart) -> Restart:
        """The restart policy of a class with what this definition changes."""
        return self.restart.over(declared) if self.restart else declared


def is_plugin(kind: str) -> bool:
    """Whether ``kind`` names a class of a plug-in file."""
    return re.match(PLUGIN, kind) is not None


def model_for(kind: str, kinds: Kinds, name: str) -> type[Definition]:
    """``Definition`` with ``kind`` checked against ``kinds``, and ``with:`` against the class it names.

    ``name`` is what the process is called where the file does not say.
    """

    def known(given: str) -> str:
        if given in kinds or is_plugin(given):
            return given
        near = get_close_matches(given, kinds, 1)
        mend = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(kinds))}"
        raise ValueError(f"no process is of the kind {given!r}; {mend}")

    checks: dict[str, Any] = {
        "name": (Annotated[str, AfterValidator(_named)], Field(name, validate_default=True)),
        "kind": (Annotated[str, AfterValidator(known)], Field(examples=[min(kinds, key=len, default="script")])),
    }
    if kind in kinds and not kinds[kind].parallel:
        checks["overlap"] = (Annotated[Overlap, AfterValidator(_one_at_a_time(kind))], Overlap.SINGLE)
    if kind in kinds:
        parameters = parameters_of(kinds[kind])
        wanted = any(field.is_required() for field in parameters.model_fields.values())
        default = ... if wanted else None
        checks["parameters"] = (parameters if wanted else parameters | None, Field(default, alias="with"))
    return create_model("Definition", __base__=Definition, **checks)


def _named(name: str) -> str:
    fault = fault_of_name(name)
    if fault:
        raise ValueError(f"{fault}; name the file so, or write 'name: …' into it")
    return name


def fault_of_name(name: str) -> str:
    """Why a process cannot be called so; empty where it can."""
    if re.fullmatch(NAME, name) is not None:
        return ""
    shown = name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"
    rule = "a name has letters, digits, '.', '_' and '-', begins with a letter or digit, and has at most 64"
    return f"a process cannot be called {shown!r}: {rule}"


def _one_at_a_time(kind: str) -> Callable[[Overlap], Overlap]:
    """Refuses parallel runs of a kind of which each run goes on where the last one has ended."""

    def check(overlap: Overlap) -> Overlap:
        if overlap is Overlap.PARALLEL:
            raise ValueError(
                f"a run of {kind!r} goes on where the last one ended, so that two cannot be under way; write "
                "'overlap: queue' to have one after the other, or define another process for what is to run beside it"
            )
        return overlap

    return check


def parameters_of(process: type[Process]) -> type[Document]:
    """The parameters of a class as a model for files: its fields, their types, defaults and checks."""
    hints = get_type_hints(process, include_extras=True)
    entries: dict[str, Any] = {}
    for each in fields(process):  # type: ignore[arg-type]
        if each.default is not MISSING:
            default: Any = each.default
        elif each.default_factory is not MISSING:
            default = Field(default_factory=each.default_factory)
        else:
            default = ...
        entries[each.name] = (hints[each.name], default)
    return create_model(f"{process.__name__}Parameters", __base__=Document, **entries)
