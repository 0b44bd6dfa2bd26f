"""What was made before, and need not be made again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeVar

from hakawati.common.store import Store

T = TypeVar("T")


class Codec(Protocol[T]):
    """How a value is kept as bytes."""

    def dumps(self, value: T) -> bytes:
        """The value as bytes."""
        ...

    def loads(self, data: bytes) -> T:
        """The value that was dumped. Raises `ValueError` for anything else."""
        ...


def memo(store: Store, key: str, make: Callable[[], T], codec: Codec[T]) -> T:
    """What the store has under a key; else it is made, and put there.

    The key is a digest of all that it is made of: nothing else decides whether it is made again. Raises what
    `make` raises, `OSError`, `BookError`.
    """
    found = recall(store, key, codec)
    if found is None:
        found = make()
        store.put(key, codec.dumps(found))
    return found


def recall(store: Store, key: str, codec: Codec[T]) -> T | None:
    """What the store has under a key; None where there is nothing, or something else."""
    data = store.get(key)
    try:
        return None if data is None else codec.loads(data)
    except ValueError:
        return None
