from __future__ import annotations

import pytest

from hakawati.errors import BookError
from hakawati.source.config import read_config


@pytest.mark.parametrize(
    ("text", "line", "hint"),
    [
        ("sinc: word", 3, "did you mean “sync”?"),
        ("audio: {bit: 3}", 3, "did you mean “bitrate”?"),
        ("narration:\n  pauses:\n    headings: 1", 5, "did you mean “heading”?"),
        ("audio:\n  xyz: 1", 4, "known here: bitrate, loudness"),
        ("sync: [word]", 3, "choose 'word', 'phrase', 'sentence' or 'paragraph'"),
        ("date: 24", 3, "write a year, 2024, or a day, 2024-08-25"),
        ("slug: ''", 3, "small Latin letters and digits, joined by hyphens: my-book"),
        ("voices: {ar: {}}", 3, "see “hakawati voices” for the engines that are ready here"),
        ("narration: {languages: [Arabic]}", 3, "write language codes in small letters: [ar, en]"),
        (
            "voices: {old man: {engine: x}}",
            3,
            "name a voice by a language of the book, or by letters, digits and hyphens: old-man",
        ),
        ("rights:\n  a: b", 3, "docs/book-format.md describes every key"),
        ("rights: ''", 3, "write it, or delete the line"),
        ("audio: {loudness: }", 3, "give it a number, or delete the line"),
        ("cards: no", 3, "write cards: false where no flash cards are wanted"),
        ("cards: ", 3, "write cards: false where no flash cards are wanted"),
    ],
)
def test_every_mistake_has_its_line_and_its_hint(text: str, line: int, hint: str) -> None:
    with pytest.raises(BookError) as raised:
        read_config(f"title: a\nlanguages: [ar]\n{text}\n", "book/book.yaml", "f")
    assert [(p.line, p.hint) for p in raised.value.problems] == [(line, hint)]
