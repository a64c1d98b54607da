"""Typed, frozen, named messages, and their way to JSON and back.

Events, effects and commands are all messages: plain dataclasses that have a stable name on disk and a version.
A field that changes its meaning raises the version and adds an upcaster for the one before, so a journal written
by the first release opens in every later one.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Self, TypeVar, dataclass_transform

import msgspec

Payload = dict[str, Any]
Upcaster = Callable[[Payload], Payload]
M = TypeVar("M", bound="Message")


class UnknownMessage(LookupError):
    """A name that no imported class claims; the message stays on disk, and who must have its class does without it."""


class MalformedMessage(ValueError):
    """A payload that does not fit its class, with the place where it does not."""


@dataclass_transform(frozen_default=True)
class Message:
    """Base of all messages. ``class Filled(Event, name="order.filled")`` makes a frozen dataclass of that name."""

    type_name: ClassVar[str] = ""
    type_version: ClassVar[int] = 1
    _families: ClassVar[dict[str, type["Message"]]] = {}
    _decoder: ClassVar[msgspec.json.Decoder[Any] | None] = None
    _upcasters: ClassVar[dict[int, Upcaster]] = {}

    def __init_subclass__(cls, name: str | None = None, version: int = 1) -> None:
        """Register a concrete message; a subclass without a name opens a family of its own."""
        super().__init_subclass__()
        if name is None:
            cls._families = {}
            return
        known = cls._families.get(name)
        if known is not None and known.__qualname__ != cls.__qualname__:
            raise TypeError(f"{name!r} names both {known.__qualname__} and {cls.__qualname__}")
        cls.type_name, cls.type_version = name, version
        cls._decoder, cls._upcasters = None, {}
        dataclass(frozen=True, repr=False, eq=False)(cls)  # these are below, once: made for each, they cost every start
        cls._families[name] = cls

    def __repr__(self) -> str:
        told = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__qualname__}({told})"

    def __eq__(self, other: object) -> bool:
        return vars(self) == vars(other) if type(other) is type(self) else NotImplemented

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, each.name) for each in fields(self)))  # type: ignore[arg-type]

    def encode(self) -> bytes:
        """The payload as JSON; the name and the version travel beside it."""
        return _encode(self)

    @classmethod
    def decode(cls, payload: bytes | str, version: int | None = None) -> Self:
        """Build this class from a payload of any version it has ever had.

        Raises ``MalformedMessage`` where the payload does not fit.
        """
        try:
            if version is not None and version < cls.type_version:
                payload = cls._upcast(payload, version)
            if cls._decoder is None:
                cls._decoder = msgspec.json.Decoder(cls)
            return cls._decoder.decode(payload)  # type: ignore[no-any-return]
        except msgspec.MsgspecError as error:
            raise MalformedMessage(f"{cls.type_name} v{version or cls.type_version}: {error}") from error

    @classmethod
    def _upcast(cls, payload: bytes | str, version: int) -> bytes:
        values = msgspec.json.decode(payload)
        for older in range(version, cls.type_version):
            if older not in cls._upcasters:
                raise MalformedMessage(f"{cls.type_name}: no upcaster from version {older}")
            values = cls._upcasters[older](values)
        return _encode(values)

    @classmethod
    def upcaster(cls, version: int) -> Callable[[Upcaster], Upcaster]:
        """Register the step from ``version`` to the next."""

        def register(step: Upcaster) -> Upcaster:
            cls._upcasters[version] = step
            return step

        return register

    @classmethod
    def named(cls: type[M], name: str) -> type[M]:
        """The class of this family that bears ``name``; raises ``UnknownMessage``."""
        found = cls._families.get(name)
        if found is None:
            raise UnknownMessage(name)
        return found  # type: ignore[return-value]


_encode = msgspec.json.Encoder().encode
