"""AlKhalil's answers, kept in the store by word, and asked for in one process, however many vowel a book.

The lexicon takes 130 MB and some milliseconds a word, so workers on this machine have their parent look words
up, which keeps the answers: neither another worker nor another build asks for them again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache, partial
from importlib.metadata import version
from pathlib import Path

from hakawati.arabic.alkhalil import PACKAGE, WordForms, word_forms
from hakawati.arabic.vowels import VowelledText, diacritize
from hakawati.common.codec import JsonCodec
from hakawati.common.keys import digest
from hakawati.common.memo import memo
from hakawati.common.store import Store
from hakawati.narration.worker_calls import has_parent, in_parent

_FORMAT = "1"
"""To be raised whenever the same lexicon begins to give other forms."""
_CODEC = JsonCodec(WordForms)


def vowels_by(store: str) -> Callable[[str], VowelledText]:
    """What finds the vowels in a worker, for a book whose store is in that folder; "" is none.

    A worker on another machine has neither parent nor store, and a lexicon of its own.
    """
    lexicon = partial(_by_parent, store) if store and has_parent() else word_forms
    return partial(diacritize, lexicon=lexicon)


def vowels_with(store: Store, least: float = 0.0) -> Callable[[str], VowelledText]:
    """The same in the process that has the store, but for words that are less sure than `least`."""
    return partial(diacritize, lexicon=partial(_kept, store), least=least)


@lru_cache(maxsize=4_000)
def _by_parent(store: str, word: str) -> WordForms:
    return in_parent(_kept_in, store, word)


def _kept_in(store: str, word: str) -> WordForms:
    return _kept(_store(store), word)


@cache
def _store(root: str) -> Store:
    return Store(Path(root))


def _kept(store: Store, word: str) -> WordForms:
    key = digest("forms", _FORMAT, PACKAGE, version(PACKAGE), word)
    return memo(store, key, partial(word_forms, word), _CODEC)
