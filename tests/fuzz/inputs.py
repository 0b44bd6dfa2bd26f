"""Inputs for Hypothesis: what is kept in the corpus, changed; and files made of what their format knows."""

from __future__ import annotations

from collections.abc import Sequence

import yaml
from hypothesis import strategies as st

from hakawati.source.book_yaml import BookYaml
from tests.fuzz.targets import ARABIC, DIVIDER, ENGLISH, GLOSSARY, Target

Splice = tuple[int, int, str]
"""Where something is cut out, how many characters, and what is put in."""


def inputs(target: Target) -> st.SearchStrategy[bytes]:
    """Inputs for a target, the likely and the unlikely."""
    made = [_changed(target), _written(target.tokens).map(str.encode)]
    if target.name == "book":
        made.append(_mapping(BookYaml.model_fields).map(_dumped))
    if target.name == "glossary":
        made.append(st.lists(_mapping(_TERM), max_size=4).map(_dumped))
    if target.name == "pronunciation":
        made.append(st.dictionaries(_words(target.tokens), _words(target.tokens), max_size=4).map(_dumped))
    return st.one_of(made)


def _changed(target: Target) -> st.SearchStrategy[bytes]:
    texts = [file.read_bytes().decode("utf-8", "replace") for file in target.corpus]
    texts += {"markdown": [f"{ARABIC}{DIVIDER.decode()}{ENGLISH}"], "glossary": [GLOSSARY]}.get(
        target.name, []
    )
    put = st.sampled_from(target.tokens) | st.text(max_size=4) | st.just("")
    splices = st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 30), put), max_size=4)
    return st.builds(_spliced, st.sampled_from(texts), splices)


def _spliced(text: str, splices: Sequence[Splice]) -> bytes:
    for at, length, put in splices:
        place = at % (len(text) + 1)
        text = text[:place] + put + text[place + length :]
    return text.encode("utf-8", "surrogatepass")


def _words(tokens: Sequence[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(tokens) | st.text(max_size=6), max_size=4).map(" ".join)


def _written(tokens: Sequence[str]) -> st.SearchStrategy[str]:
    """Lines of what the format knows, more or less indented."""
    line = st.builds(lambda depth, words: " " * depth + words, st.integers(0, 6), _words(tokens))
    return st.lists(line, max_size=12).map("\n".join)


_TERM = ("term", "forms", "translation", "definition", "say", "root", "transliteration")
_PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-5, 3000)
    | st.floats(width=16)
    | st.text(max_size=12)
    | st.sampled_from(["ar", "en", "مدينة", "none", "word", "espeak", "images/map.png", "fonts/Tiny.ttf"])
)
_VALUE = st.recursive(
    _PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["ar", "en", "engine", "file", "languages", "x"]), inner, max_size=3
        )
    ),
    max_leaves=5,
)


def _mapping(keys: object) -> st.SearchStrategy[dict[str, object]]:
    """What a book needs, and values of all kinds under known keys."""
    needed = st.just({"title": {"ar": "كتاب", "en": "A Book"}, "languages": ["ar", "en"]})
    any_ = st.dictionaries(st.sampled_from(sorted(keys)), _VALUE, max_size=4)  # type: ignore[call-overload]
    return st.builds(lambda base, more: {**base, **more}, needed | st.just({"term": "مدينة"}), any_)


def _dumped(value: object) -> bytes:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False).encode("utf-8", "surrogatepass")
