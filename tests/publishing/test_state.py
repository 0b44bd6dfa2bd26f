"""What a build remembers of the last one."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.common import checked_json
from hakawati.common.keys import digest, program
from hakawati.publishing.state import State

texts = st.text(max_size=20)
tables = st.dictionaries(texts, texts, max_size=3)
states = st.builds(State, inputs=texts, shared=texts, tools=texts, settings=tables, pages=tables, web=tables)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["inputs", "shared", "tools", "settings", "pages", "web"]


@given(state=states, edition=texts)
def test_a_state_that_is_saved_is_loaded_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, state: State, edition: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "state.json"
    path.write_bytes(state.packed(edition))
    assert State.load(path, edition) == state
    assert State.load(path, f"{edition}x") == State()


@given(data=st.binary(max_size=60) | anything.map(lambda value: json.dumps(value).encode()))
def test_what_is_no_state_is_an_empty_one(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "none.json"
    path.write_bytes(data)
    assert State.load(path) == State()


@given(state=states, place=st.integers(0), bit=st.integers(0, 7))
def test_a_state_with_one_bit_changed_is_an_empty_one(
    tmp_path_factory: pytest.TempPathFactory, state: State, place: int, bit: int
) -> None:
    path = tmp_path_factory.getbasetemp() / "bit.json"
    data = bytearray(state.packed())
    data[place % len(data)] ^= 1 << bit
    path.write_bytes(data)
    assert State.load(path) == State()


@pytest.mark.parametrize("name", FIELDS)
@given(state=states, value=anything)
def test_a_field_with_anything_in_it_is_taken_as_it_should_be_or_not_at_all(
    tmp_path_factory: pytest.TempPathFactory, name: str, state: State, value: Any
) -> None:
    path = tmp_path_factory.getbasetemp() / "field.json"
    path.write_bytes(checked_json.dumps("state of the edition ", vars(state) | {name: value}))
    loaded = State.load(path)
    assert [type(getattr(loaded, field)) for field in FIELDS] == [str, str, str, dict, dict, dict]
    assert all(isinstance(text, str) for text in [*loaded.settings.values(), *loaded.pages.values()])


def test_a_state_that_is_not_there_is_an_empty_one(tmp_path: Path) -> None:
    assert State.load(tmp_path / "none") == State()
    assert State.load(tmp_path) == State()


@given(one=st.lists(texts.filter(lambda t: "\0" not in t), min_size=1), other=st.lists(texts, min_size=1))
def test_digests_are_the_same_for_the_same_texts_in_the_same_order(one: list[str], other: list[str]) -> None:
    if not any("\0" in text for text in other):
        assert (digest(*one) == digest(*other)) == (one == other)


def test_the_programs_digest_is_the_same_while_it_runs() -> None:
    first = program()
    program.cache_clear()
    assert program() == first


def test_another_version_of_what_it_is_made_with_is_another_program(monkeypatch: pytest.MonkeyPatch) -> None:
    first = program()
    program.cache_clear()
    monkeypatch.setattr("hakawati.common.keys.version", lambda name: f"{name} 0")
    try:
        assert program() != first
    finally:
        program.cache_clear()
