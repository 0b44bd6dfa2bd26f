"""Phones in the alphabets that engines take."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hakawati.arabic.phones import Phone

_MNEMONICS: Mapping[str, str] = {
    "θ": "T", "dʒ": "dZ", "ħ": "H", "x": "X", "ð": "D", "r": "R", "ʃ": "S", "sˤ": "s[", "dˤ": "dH",
    "tˤ": "t[", "ðˤ": "Z", "ʕ": "A", "ɣ": "Q", "ʔ": "?", "tʃ": "tS", "ʒ": "dZ", "ɡ": "g",
}  # fmt: skip
"""What eSpeak NG 1.52 calls the phones of its Arabic voice (phsource/ph_arabic), if not by their sign."""
_RUN_TOGETHER = frozenset({("d", "H"), ("g", "H"), ("d", "Z"), ("t", "S")})
"""Mnemonics that would be taken for one."""
_PIPER: Mapping[str, str] = {"x": "χ", "sˤ": "s̪", "tˤ": "t̪", "ðˤ": "ð"}
_LENGTHENED = frozenset({"b", "t", "d", "k", "q", "ʔ", "dʒ", "sˤ", "tˤ", "p", "tʃ", "ɡ"})
"""Of which eSpeak writes that they are long, and does not write twice."""
_OFFGLIDES = {"w": "u", "j": "i"}


def espeak_mnemonics(phones: Sequence[Phone]) -> str:
    """A word as eSpeak NG takes it between double brackets."""
    written: list[str] = []
    before = Phone("")
    for phone in phones:
        sign = _MNEMONICS.get(phone.symbol, phone.symbol)
        if written and (written[-1], sign) in _RUN_TOGETHER:
            sign = f"|{sign}"
        stress = "'" if phone.stressed else ""
        written.append(f"{stress}{sign}{_dark(phone, before)}{':' if phone.long else ''}")
        before = phone
    return "".join(written)


def piper_phonemes(phones: Sequence[Phone]) -> str:
    """A word as Piper's Arabic voices were taught it: the signs in which eSpeak NG writes what it reads."""
    written: list[str] = []
    for before, phone, after in _neighbours(phones):
        sign = _PIPER.get(phone.symbol, phone.symbol)
        if before == Phone("a", stressed=before.stressed) and not after.vowel and not phone.long:
            sign = _OFFGLIDES.get(phone.symbol, sign)  # a diphthong
        stress = "ˈ" if phone.stressed else ""
        length = "" if not phone.long else "ː" if phone.vowel or phone.symbol in _LENGTHENED else sign
        written.append(f"{stress}{sign}{_dark(phone, before)}{length}")
    return "".join(written)


def _neighbours(phones: Sequence[Phone]) -> Iterator[tuple[Phone, Phone, Phone]]:
    none = Phone("")
    return zip((none, *phones), phones, (*phones[1:], none), strict=False)


def _dark(phone: Phone, before: Phone) -> str:
    """Vowels after an emphatic consonant are dark."""
    return "." if phone.vowel and before.emphatic else ""
