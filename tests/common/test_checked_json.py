"""JSON with a digest of what it says."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.common import checked_json

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(value=values)
def test_a_value_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, value: object) -> None:
    path = tmp_path_factory.getbasetemp() / "value.json"
    path.write_bytes(checked_json.dumps("kind", value))
    assert checked_json.read(path, "kind") == value
    with pytest.raises(ValueError, match=r".+"):
        checked_json.read(path, "another kind")


@given(value=values, data=st.data())
def test_whatever_is_changed_is_noticed(
    tmp_path_factory: pytest.TempPathFactory, value: object, data: st.DataObject
) -> None:
    path = tmp_path_factory.getbasetemp() / "changed.json"
    sound = bytearray(checked_json.dumps("kind", value))
    place = data.draw(st.integers(0, len(sound) - 1))
    bit = data.draw(st.integers(0, 7))
    changed = data.draw(
        st.sampled_from(
            [
                sound[:place],
                sound + b" ",
                sound[:place] + bytes([sound[place] ^ 1 << bit]) + sound[place + 1 :],
            ]
        )
    )
    path.write_bytes(changed)
    with pytest.raises(ValueError, match=r".+"):
        checked_json.read(path, "kind")


def test_a_name_that_is_no_utf8_comes_back_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(checked_json.dumps("kind", {"\udcff": "\udc80"}))
    assert checked_json.read(tmp_path / "x", "kind") == {"\udcff": "\udc80"}


@pytest.mark.parametrize(
    "data", [b"[" * 200_000, b'{"a":' * 200_000, b"NaN", b"[Infinity]", b"-Infinity", b"", b"\xff"]
)
def test_what_is_nested_too_deep_or_has_no_number_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        checked_json.loads(data)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes of this kind")
def test_neither_a_pipe_nor_a_link_nor_a_huge_file_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "file").write_bytes(b"12345")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for name in ("pipe", "link"):
        with pytest.raises(ValueError, match="no file"):
            checked_json.read_bytes(tmp_path / name)
    assert checked_json.read_bytes(tmp_path / "file") == b"12345"
    monkeypatch.setattr(checked_json, "MAX_BYTES", 4)
    with pytest.raises(ValueError, match="too large"):
        checked_json.read_bytes(tmp_path / "file")
