"""A foreign word in Arabic sounds, for voices that have no others, much as Arabic borrows it (فِيسْبُوك)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hakawati.arabic.phones import CONSONANTS, VOWELS, Phone

_NEAREST: Mapping[str, str] = {
    "tʃ": "t ʃ", "dʒ": "dʒ", "p": "b", "v": "f", "ɡ": "ɣ", "g": "ɣ", "ŋ": "n", "ɹ": "r", "ɾ": "t",
    "ʒ": "dʒ", "ɬ": "l",
    "oʊ": "uː", "əʊ": "uː", "eɪ": "iː", "aɪ": "a j", "aʊ": "a w", "ɔɪ": "u j", "ɑː": "aː", "ɔː": "uː",
    "iː": "iː", "uː": "uː", "ɜː": "i r", "ɐ": "a", "æ": "a", "ɛ": "i", "ʌ": "a", "ə": "a", "ɪ": "i",
    "ʊ": "u", "ɒ": "u", "ɔ": "u", "ɑ": "a", "e": "i", "o": "u", "a": "a", "i": "i", "u": "u",
}  # fmt: skip
"""The sounds of eSpeak NG's English, in the International Phonetic Alphabet, and Arabic's."""
_SOUND = re.compile("|".join(["ˈ", *sorted({*_NEAREST, *CONSONANTS}, key=len, reverse=True)]))


def in_arabic_sounds(ipa: str) -> tuple[Phone, ...]:
    """The Arabic phones nearest to a word's English sounds, its stress where it was; others are left out."""
    found: list[Phone] = []
    stressed = False
    for sound in _SOUND.findall(ipa):
        if sound == "ˈ":
            stressed = True
            continue
        for sign in _NEAREST.get(sound, sound).split():
            phone = Phone(sign.rstrip("ː"), sign.endswith("ː"))
            if phone.symbol not in VOWELS:
                found.append(phone)
                continue
            if not found:
                found.append(Phone("ʔ"))
            elif found[-1].vowel:
                found.append(Phone("j" if found[-1].symbol == "i" else "w"))
            found.append(phone._replace(stressed=stressed))
            stressed = False
    return tuple(found)
