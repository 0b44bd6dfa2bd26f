from __future__ import annotations

import pytest

from hakawati.source.vowels import is_vowelled


@pytest.mark.parametrize(
    "text",
    [
        "كِتَاب",
        "كِتَابٌ",
        "مَسْجِد",
        "مَسجِد",
        "مَوْكِب",
        "قَوْسُ النَّصْر",
        "القَلْعَة",
        "الْقَلْعَةُ",
        "وَالقَلْعَة",
        "لِلْمُشَاة",
        "شَارِعُ الشَّانْزِلِيزِيه",
        "سْمِيثْسُونْيَان",
        "أَعْمَالٌ انْتِقَامِيَّة",
        "عَبْدُ الله",
        "هٰذَا",
        "فَرْقَة ٤٢",
        "كِـتَـاب",
        "نَادِي UNESCO",
    ],
)
def test_is_vowelled_where_its_reading_is_told(text: str) -> None:
    assert is_vowelled(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Paris",
        "1944",
        "كتاب",
        "الكتابُ",
        "باريس",
        "نور",
        "مُحمد",
        "مَسجد",
        "ولد",
        "كِتَابُ التاريخ",
        "ابن",
        "م",
    ],
)
def test_is_not_vowelled_where_it_has_to_be_guessed(text: str) -> None:
    assert not is_vowelled(text)
