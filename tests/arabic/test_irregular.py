"""Words that are not written as they are said."""

from __future__ import annotations

import time

import pytest

from hakawati.arabic.irregular import as_said
from hakawati.arabic.spelling import normal

FATHA, KASRA, SHADDA = "\u064e", "\u0650", "\u0651"
LONG = (
    "هذا" + FATHA * 50_000,
    "ه" + FATHA * 50_000 + "ذا",
    "ه" + (SHADDA + FATHA) * 25_000 + "ذا",
    "إله" + "ا" * 50_000,
    "و" * 50_000 + "هذا",
    "ب" + KASRA * 50_000 + "هذا",
)


@pytest.mark.parametrize("word", LONG, ids=range(len(LONG)))
def test_a_word_of_any_length_is_looked_at_once(word: str) -> None:
    begin = time.process_time()
    as_said(word)
    assert time.process_time() - begin < 30


def test_a_word_that_is_written_as_it_is_said_stays_as_it_is() -> None:
    for word in ("كِتَاب", "مَدِينَة", "ب", ""):
        assert as_said(normal(word)) == normal(word)


@pytest.mark.parametrize("word", ["هٰذَا", "ذٰلِكَ", "لٰكِنْ", "إِلٰه"])
def test_a_dagger_alif_that_the_author_wrote_changes_nothing(word: str) -> None:
    bare = word.replace("\u0670", "")
    assert as_said(normal(bare)) == as_said(normal(word))
