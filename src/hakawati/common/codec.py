"""Values of the model ↔ JSON: dataclasses, with all that is in them, as plain data and back.

What is read may be anyone's, so every value is checked against its type: JSON that does not fit is an error,
and never a value of another type.
"""

from __future__ import annotations

import math
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Any, Generic, Literal, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from hakawati.common import checked_json

T = TypeVar("T")
Read = Callable[[Any], Any]


class JsonCodec(Generic[T]):
    """A dataclass as JSON in UTF-8.

    >>> JsonCodec(Stamp).loads(JsonCodec(Stamp).dumps(stamp)) == stamp  # doctest: +SKIP
    True
    """

    def __init__(self, kind: type[T]) -> None:
        """`kind`: a dataclass of text, bytes, numbers, tuples, mappings by text, and such dataclasses."""
        self._read = cast("Callable[[Any], T]", _reader(cast("Any", kind)))

    def dumps(self, value: T) -> bytes:
        """The value as JSON, without spaces."""
        return checked_json.plain(to_json(value))

    def loads(self, data: bytes) -> T:
        """The value that was dumped. Raises `ValueError` for anything else."""
        return self.from_json(checked_json.loads(data))

    def from_json(self, value: object) -> T:
        """The value of what JSON said. Raises `ValueError` for anything that does not fit."""
        return self._read(value)


class TextCodec:
    """Text in UTF-8."""

    def dumps(self, value: str) -> bytes:
        """The text's bytes."""
        return value.encode()

    def loads(self, data: bytes) -> str:
        """The text. Raises `ValueError` where the bytes are none."""
        return data.decode()


def to_json(value: Any) -> Any:
    """Plain data for what `JsonCodec` can read: bytes are in Base64."""
    if isinstance(value, str | int | float | NoneType):
        return value
    if isinstance(value, bytes):
        return b64encode(value).decode()
    if isinstance(value, Mapping):
        return {key: to_json(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [to_json(inner) for inner in value]
    return {name: to_json(getattr(value, name)) for name in _names(cast("Any", type(value)))}


@cache
def _names(kind: Any) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


@cache
def _reader(kind: Any) -> Read:
    """What makes a value of a type out of plain data; raises `ValueError`."""
    if is_dataclass(kind):
        return _dataclass(cast("type", kind))
    if get_origin(kind):
        return _generic(get_origin(kind), get_args(kind))
    if kind is bytes:
        return _bytes
    if kind is float:
        return _float
    if kind not in (str, int, bool, NoneType):
        raise TypeError(f"a codec cannot read {kind}")
    return _exactly(kind)


def _generic(origin: Any, inner: tuple[Any, ...]) -> Read:
    """As `_reader`, of a type that has others in it."""
    if origin is Literal:
        return _one_of(inner)
    if origin in (Union, UnionType):
        return _either([_reader(one) for one in inner])
    if origin is tuple:
        return _sequence(_reader(inner[0])) if inner[1:] == (...,) else _row([_reader(one) for one in inner])
    if issubclass(origin, Mapping):
        return _mapping(_reader(inner[1]))
    raise TypeError(f"a codec cannot read {origin}")


def _exactly(kind: type) -> Read:
    def read(value: Any) -> Any:
        if type(value) is not kind:
            raise ValueError(f"{kind.__name__} wanted")
        return value

    return read


def _float(value: Any) -> float:
    if type(value) not in (int, float) or not math.isfinite(value):
        raise ValueError("a number wanted")
    return float(value)


def _bytes(value: Any) -> bytes:
    if not isinstance(value, str):
        raise ValueError("Base64 wanted")
    return b64decode(value, validate=True)


def _one_of(choices: tuple[Any, ...]) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, str) or value not in choices:
            raise ValueError(f"one of {choices} wanted")
        return value

    return read


def _either(readers: list[Read]) -> Read:
    def read(value: Any) -> Any:
        for one in readers:
            try:
                return one(value)
            except ValueError:
                continue
        raise ValueError("of none of the types that are possible")

    return read


def _sequence(inner: Read) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, list):
            raise ValueError("a list wanted")
        return tuple(map(inner, value))

    return read


def _row(inner: list[Read]) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, list) or len(value) != len(inner):
            raise ValueError(f"a list of {len(inner)} wanted")
        return tuple(one(part) for one, part in zip(inner, value, strict=True))

    return read


def _mapping(inner: Read) -> Read:
    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValueError("an object wanted")
        return {key: inner(part) for key, part in value.items()}

    return read


def _dataclass(kind: type) -> Read:
    readers: dict[str, Read] = {}  # filled when it is first used: a type may be part of itself

    def read(value: Any) -> Any:
        if not readers:
            hints = get_type_hints(kind)
            readers.update((name, _reader(hints[name])) for name in _names(kind))
        if not isinstance(value, dict) or value.keys() != readers.keys():
            raise ValueError(f"the fields of {kind.__name__} wanted")
        try:
            return kind(**{name: one(value[name]) for name, one in readers.items()})
        except RecursionError as error:
            raise ValueError("nested too deep") from error

    return read
