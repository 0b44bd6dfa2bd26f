"""Tables of figures and signs with the right words for them, through the whole of `prepare`."""

from __future__ import annotations

import re

import pytest

from hakawati.model import Phrase, Sentence, Text
from hakawati.narration.spoken_form import prepare, with_figures
from hakawati.source.sentences import words
from tests.goldens import ROOT

TABLES = {
    name: ROOT / "tests" / "data" / f"{name}.tsv" for name in ("figures", "figures-unseen", "figures-more")
}
MARKS = re.compile("[\u064b-\u0652\u0670\u0640]")


def rows(name: str) -> list[tuple[str, str, str]]:
    """(language, printed, spoken) of a table."""
    cells = (line.split("\t") for line in TABLES[name].read_text(encoding="utf-8").splitlines())
    return [(lang, printed, spoken) for lang, printed, spoken in cells]


def spoken(printed: str, lang: str) -> str:
    """A sentence with its figures in words."""
    found = words(printed)
    sentence = Sentence("s", printed, 1, found, (Phrase(0, len(found)),))
    return with_figures(prepare(sentence, Text("t", lang, "book/01.md", (sentence,)), "v"))[0]


def letters(text: str) -> str:
    """Words alone: vowel marks and punctuation are left to others."""
    return " ".join(re.sub(r"[^\w\s'’]", " ", MARKS.sub("", text)).split())


ROWS = [row for name in TABLES for row in rows(name)]


@pytest.mark.parametrize(("lang", "printed", "said"), ROWS, ids=[printed for _, printed, _ in ROWS])
def test_a_figure_is_said_in_the_right_words(lang: str, printed: str, said: str) -> None:
    assert letters(spoken(printed, lang)) == letters(said)


def test_the_tables_are_large_and_have_no_row_twice() -> None:
    assert len(ROWS) >= 700
    assert len(set(ROWS)) == len(ROWS)
