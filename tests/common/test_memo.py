"""What was made before is not made again."""

from __future__ import annotations

from pathlib import Path

import pytest

from hakawati.common.codec import TextCodec
from hakawati.common.keys import digest
from hakawati.common.memo import memo, recall
from hakawati.common.store import Store

KEY = digest("a key")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def test_it_is_made_once(store: Store) -> None:
    made = iter(["first"])
    assert memo(store, KEY, lambda: next(made), TextCodec()) == "first"
    assert memo(store, KEY, lambda: next(made), TextCodec()) == "first"
    assert memo(Store(store.root), KEY, lambda: next(made), TextCodec()) == "first"


def test_under_another_key_it_is_made_again(store: Store) -> None:
    assert memo(store, KEY, lambda: "first", TextCodec()) == "first"
    assert memo(store, digest("another"), lambda: "second", TextCodec()) == "second"


@pytest.mark.parametrize("data", [b"\xff", b""])
def test_what_cannot_be_read_is_made_again_and_put_in_its_place(store: Store, data: bytes) -> None:
    class Numbers:
        def dumps(self, value: int) -> bytes:
            return str(value).encode()

        def loads(self, data: bytes) -> int:
            return int(data)

    store.put(KEY, data)
    assert recall(store, KEY, Numbers()) is None
    assert memo(store, KEY, lambda: 7, Numbers()) == 7
    assert store.get(KEY) == b"7"


def test_a_value_that_cannot_be_made_leaves_nothing(store: Store) -> None:
    def fail() -> str:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"):
        memo(store, KEY, fail, TextCodec())
    assert recall(store, KEY, TextCodec()) is None


def test_nothing_is_recalled_of_what_nobody_made(store: Store) -> None:
    assert recall(store, KEY, TextCodec()) is None
