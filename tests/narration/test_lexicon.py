"""The lexicon is asked for a word once, in one process, and never again."""

from __future__ import annotations

from pathlib import Path
from unittest import mock

from hakawati.arabic import alkhalil
from hakawati.arabic.vowels import diacritize
from hakawati.common.store import Store
from hakawati.narration import lexicon
from hakawati.narration.lexicon import vowels_by, vowels_with
from hakawati.narration.pool import Pool
from hakawati.narration.workers import pool_of
from tests.support import PATIENCE

DOUBTFUL = "وصل تسلا إلى باريس"


def nothing() -> None:
    pass


def vowelled(store: str) -> tuple[str, bool]:
    found = vowels_by(store)(DOUBTFUL)
    return str(found), alkhalil._lexicon.cache_info().currsize == 0


def test_a_worker_has_its_parent_look_words_up_and_loads_no_lexicon(tmp_path: Path) -> None:
    with pool_of(Pool(1, nothing)) as pool:
        found, unloaded = pool.submit(vowelled, str(tmp_path / "store")).result(PATIENCE)
    assert found == diacritize(DOUBTFUL)
    assert unloaded
    assert list((tmp_path / "store").glob("??/*"))


def test_what_the_store_has_is_not_looked_up_again(tmp_path: Path) -> None:
    store = Store(tmp_path / "store")
    first = vowels_with(store)(DOUBTFUL)
    with mock.patch.object(lexicon, "word_forms", side_effect=AssertionError):
        assert vowels_with(store)(DOUBTFUL) == first
    assert first == diacritize(DOUBTFUL)


def test_without_a_store_a_process_looks_up_by_itself() -> None:
    assert vowels_by("")(DOUBTFUL) == vowels_by("anywhere, since this is no worker")(DOUBTFUL)
