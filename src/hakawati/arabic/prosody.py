"""Phones → how long each lasts, and the melody over them, for engines that are told both.

A long vowel is rather more than twice as long as a short one, a doubled consonant nearly twice as long as a
single one (Al-Ani, *Arabic Phonology*, 1970). The melody sinks through a phrase, and is higher on stressed
vowels; it falls at a full stop, rises at a question, and stays up at a comma.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from hakawati.arabic.phones import Phone
from hakawati.arabic.phrases import IntonationPhrase

VERSION = 1
"""Raise it when the same phones begin to get other lengths or another melody: it is in the keys of voices."""

_VOWEL, _LONG_VOWEL = 80, 178
"""Milliseconds."""
_CONSONANTS: Mapping[str, int] = {
    **dict.fromkeys(("b", "t", "d", "k", "q", "tˤ", "dˤ", "p", "ɡ"), 98),
    **dict.fromkeys(("s", "ʃ", "sˤ", "x", "ħ"), 115),
    **dict.fromkeys(("θ", "ð", "z", "f", "h", "ðˤ", "v"), 92),
    "dʒ": 104, "ʒ": 104, "tʃ": 138, "ɣ": 86, "ʕ": 80, "ʔ": 63,
    "m": 80, "n": 75, "l": 69, "r": 58, "w": 69, "j": 69,
}  # fmt: skip
"""Milliseconds of a single one."""
_DOUBLED, _STRESSED = 1.9, 1.15
_FINAL, _FINAL_VOWEL, _FINAL_CONSONANT = 3, 1.3, 1.2
"""How many phones before a pause are longer, and how many times as long they are."""
_PAUSES: Mapping[str, int] = {",": 300, ";": 440, ":": 400, ".": 520, "!": 520, "?": 520}
"""Milliseconds."""
_BEGIN, _END, _ACCENT = 1.12, 0.86, 1.10
"""The melody at the beginning and at the end of a phrase, and how it is raised: times the voice's pitch."""
_LAST: Mapping[str, float] = {".": 0.78, "!": 0.78, "?": 1.30, ",": 1.0, ";": 0.9, ":": 0.9}
"""The melody before a pause."""
_VOICED = frozenset("bdzðmnlrwj")
"""Consonants that carry it as vowels do."""
_FALL = 3
"""Hz, through a vowel."""


class TimedPhone(NamedTuple):
    """A phone in time, or silence."""

    phone: Phone | None
    ms: int
    """Milliseconds."""
    pitch: tuple[tuple[int, int], ...] = ()
    """Targets of the melody: (per cent of its length, Hz). None where it is voiceless."""


@dataclass(frozen=True, slots=True)
class Prosody:
    """How a text is read."""

    speed: float = 1.0
    """Times as fast."""
    pitch: int = 118
    """Hz, about which the melody moves."""

    def words(self, phrase: IntonationPhrase) -> Iterator[tuple[TimedPhone, ...]]:
        """The phones of each of its words, in time."""
        count = sum(len(word.phones) for word in phrase.words)
        at = 0
        for word in phrase.words:
            yield tuple(
                self._timed(phone, (at + i) / max(1, count - 1), at + i >= count - _FINAL, phrase.end)
                for i, phone in enumerate(word.phones)
            )
            at += len(word.phones)

    def pause(self, phrase: IntonationPhrase) -> TimedPhone:
        """The silence behind a phrase."""
        return self.silence(_PAUSES[phrase.end])

    def silence(self, ms: float) -> TimedPhone:
        """So much of it, in milliseconds at normal speed."""
        return TimedPhone(None, self._ms(ms))

    def _timed(self, phone: Phone, passed: float, final: bool, end: str) -> TimedPhone:
        """`passed`: which part of the phrase is before it."""
        height = _LAST[end] if final else _BEGIN + (_END - _BEGIN) * passed
        hertz = round(self.pitch * height * (_ACCENT if phone.stressed else 1))
        if phone.vowel:
            ms = (_LONG_VOWEL if phone.long else _VOWEL) * (_STRESSED if phone.stressed else 1)
            pitch: tuple[tuple[int, int], ...] = ((30, hertz), (80, hertz - _FALL))
        else:
            ms = _CONSONANTS[phone.symbol] * (_DOUBLED if phone.long else 1)
            pitch = ((50, hertz),) if phone.symbol in _VOICED else ()
        if final:
            ms *= _FINAL_VOWEL if phone.vowel else _FINAL_CONSONANT
        return TimedPhone(phone, self._ms(ms), pitch)

    def _ms(self, ms: float) -> int:
        return max(1, round(ms / self.speed))
