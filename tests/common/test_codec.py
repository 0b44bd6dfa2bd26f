"""Dataclasses as JSON, and JSON that does not fit them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.common.codec import JsonCodec, TextCodec, to_json


@dataclass(frozen=True)
class Leaf:
    """One value of each plain type."""

    text: str
    data: bytes
    number: int
    share: float
    flag: bool
    kind: Literal["a", "b"]


@dataclass(frozen=True)
class Tree:
    """Values in values, and in themselves."""

    leaf: Leaf
    maybe: Leaf | None = None
    pair: tuple[str, int] = ("", 0)
    names: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    children: tuple[Tree, ...] = ()


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
leaves = st.builds(
    Leaf,
    texts,
    st.binary(max_size=8),
    st.integers(),
    st.floats(-1e9, 1e9),
    st.booleans(),
    st.sampled_from("ab"),
)
names = st.dictionaries(texts, st.lists(st.integers(), max_size=3).map(tuple), max_size=3)
trees = st.recursive(
    st.builds(Tree, leaves, st.none() | leaves, st.tuples(texts, st.integers()), names),
    lambda inner: st.builds(Tree, leaves, children=st.lists(inner, max_size=3).map(tuple)),
    max_leaves=6,
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
CODEC = JsonCodec(Tree)
LEAF = Leaf("نص", b"\x00\xff", 3, 0.5, flag=True, kind="a")


@given(trees)
def test_a_value_that_is_dumped_is_loaded_as_it_was(tree: Tree) -> None:
    assert CODEC.loads(CODEC.dumps(tree)) == tree
    assert CODEC.from_json(to_json(tree)) == tree


def test_it_is_plain_json_without_spaces() -> None:
    dumped = JsonCodec(Leaf).dumps(LEAF)
    assert dumped.decode() == '{"text":"نص","data":"AP8=","number":3,"share":0.5,"flag":true,"kind":"a"}'


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("text", 1),
        ("text", None),
        ("data", "?"),
        ("data", [0]),
        ("number", True),
        ("number", 1.5),
        ("number", "1"),
        ("share", "0.5"),
        ("share", False),
        ("flag", 1),
        ("kind", "c"),
        ("kind", ["a"]),
    ],
)
def test_a_value_of_another_type_is_refused(name: str, value: Any) -> None:
    data = to_json(LEAF) | {name: value}
    with pytest.raises(ValueError, match=r"wanted|Base64|base64|padding"):
        JsonCodec(Leaf).loads(json.dumps(data).encode())


@pytest.mark.parametrize(
    "change",
    [
        {"pair": ["a"]},
        {"pair": ["a", 1, 2]},
        {"pair": "a"},
        {"names": []},
        {"names": {"a": 1}},
        {"names": {"a": ["1"]}},
        {"children": {}},
        {"children": [1]},
        {"maybe": []},
        {"more": 1},
    ],
)
def test_what_is_built_otherwise_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"wanted|none of the types"):
        CODEC.from_json(to_json(Tree(LEAF)) | change)


def test_a_field_that_is_missing_is_refused() -> None:
    data = to_json(Tree(LEAF))
    del data["pair"]
    with pytest.raises(ValueError, match="the fields of Tree wanted"):
        CODEC.from_json(data)


@given(anything)
def test_anything_else_is_refused_by_a_value_error(value: Any) -> None:
    with pytest.raises(ValueError, match=r"wanted|none of the types"):
        CODEC.from_json(value)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_what_is_no_number_is_refused(number: str) -> None:
    data = JsonCodec(Leaf).dumps(LEAF).replace(b"0.5", number.encode())
    with pytest.raises(ValueError, match="number"):
        JsonCodec(Leaf).loads(data)


def test_what_is_nested_too_deep_is_refused() -> None:
    inner: dict[str, Any] = to_json(Tree(LEAF))
    for _ in range(100_000):
        inner = inner | {"children": [inner]} if not inner["children"] else {**inner, "children": [inner]}
    with pytest.raises(ValueError, match="nested too deep"):
        CODEC.from_json(inner)


def test_a_type_that_json_does_not_have_is_a_mistake_of_ours() -> None:
    @dataclass
    class Odd:
        names: set[str]

    @dataclass
    class Complex:
        number: complex

    with pytest.raises(TypeError, match="a codec cannot read"):
        JsonCodec(Complex).from_json({"number": 1})
    with pytest.raises(TypeError, match="a codec cannot read"):
        JsonCodec(Odd).from_json({"names": []})


@given(texts)
def test_text_is_its_bytes(text: str) -> None:
    assert TextCodec().loads(TextCodec().dumps(text)) == text


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(ValueError, match="utf-8"):
        TextCodec().loads(b"\xff")
