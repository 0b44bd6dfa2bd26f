"""Files as they were seen."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.common.stamps import Digests, Stamp, as_json, content, from_json, stamp

numbers = st.integers(0, 10**19)


@given(found=st.builds(Stamp, numbers, numbers, numbers, numbers, st.text()))
def test_a_stamp_comes_back_from_json(found: Stamp) -> None:
    assert from_json(as_json(found)) == found


@pytest.mark.parametrize("value", [[], [1], [1, 2, 3, 4, 5], ["a", 1, 1, 1, "x"], [1, 2, 3, 4, 5, ""], "abc"])
def test_anything_else_is_no_stamp(value: list[int | str]) -> None:
    with pytest.raises((ValueError, TypeError)):
        from_json(value)


def test_only_a_regular_file_has_a_stamp(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"data")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    found = stamp(tmp_path / "file")
    assert found is not None
    assert (found.size, found.digest) == (4, "")
    assert stamp(tmp_path / "link") is None
    assert stamp(tmp_path) is None
    assert stamp(tmp_path / "none") is None
    assert stamp(tmp_path / "nu\0ll") is None


def written_over(file: Path) -> None:
    before = file.stat()
    file.write_bytes(b"TAKE")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))


def put_in_its_place(file: Path) -> None:
    shutil.copy2(file, file.with_name("new"))
    written_over(file.with_name("new"))
    file.with_name("new").replace(file)


RETAKES: dict[str, Callable[[Path], object]] = {
    "of another size": lambda file: file.write_bytes(b"another take"),
    "written over, the time put back": written_over,
    "put in its place, the time put back": put_in_its_place,
}


@pytest.mark.parametrize("retake", RETAKES.values(), ids=RETAKES)
def test_a_digest_is_computed_again_when_a_file_is_another(
    tmp_path: Path, retake: Callable[[Path], object]
) -> None:
    file = tmp_path / "one.wav"
    file.write_bytes(b"take")
    first = Digests()
    assert first.of("one", file) == hashlib.sha256(b"take").hexdigest()
    retake(file)
    assert Digests(first.known).of("one", file) == content(file)


def test_a_digest_is_computed_once_while_a_file_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "one.wav"
    file.write_bytes(b"take")
    first = Digests()
    found = first.of("one", file)
    monkeypatch.setattr("hakawati.common.stamps.content", lambda _: "computed again")
    assert first.of("one", file) == found
    again = Digests(first.known)
    assert again.of("one", file) == found
    assert again.known == first.known
