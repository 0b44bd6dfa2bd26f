"""What MBROLA is given: each phone with its length and its melody, in the signs of a database of diphones.

A diphone is recorded speech from the middle of one phone to the middle of the next. A database does not have
all of them, and where one is missing the program breaks off. What the Arabic ones lack, a glottal stop after
most phones and a plain vowel after a dark one, is written in another way.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hakawati.arabic.phones import Phone
from hakawati.arabic.phrases import IntonationPhrase
from hakawati.arabic.prosody import Prosody, TimedPhone

_SILENCE, _GLOTTAL_STOP = "_", "?"
_SIGNS: Mapping[str, str] = {
    "θ": "T", "dʒ": "Z", "ħ": "X", "ð": "D", "ʃ": "S", "sˤ": "s.", "dˤ": "d.", "tˤ": "t.", "ðˤ": "z.",
    "ʕ": "H", "ɣ": "G", "ʔ": _GLOTTAL_STOP, "p": "b", "v": "f", "ʒ": "Z", "ɡ": "G",
}  # fmt: skip
"""Of the phones that have another sign there, or none."""
_LEAD, _TAIL = 30, 60
"""Milliseconds of silence before and after."""
_BREAK = 20
"""Milliseconds between two vowels that no diphone joins."""


@dataclass(frozen=True, slots=True)
class DiphoneDatabase:
    """What is known of a database."""

    name: str
    sha256: str
    rate: int
    """Hz."""
    signs: Mapping[str, str] = field(default_factory=dict)
    """Of phones that other databases lack."""
    long_vowels: bool = False
    """Whether they have signs of their own: `aa`."""
    before_stop: frozenset[str] = frozenset()
    """The signs that a glottal stop can follow, where it cannot follow most."""

    def sign(self, phone: Phone, before: Phone) -> str:
        """What a phone is called behind another one."""
        if not phone.vowel:
            return self.signs.get(phone.symbol) or _SIGNS.get(phone.symbol, phone.symbol)
        if before.emphatic:
            return f"{phone.symbol}."
        return phone.symbol * (2 if phone.long and self.long_vowels else 1)


DATABASES: Mapping[str, DiphoneDatabase] = {
    "ar1": DiphoneDatabase(
        "ar1",
        "4bf5dc3769c1e9431e80dd59e5014dc524c34db0797769062e379fbc4faac4b1",
        16_000,
        {"v": "v", "ɡ": "g"},
        long_vowels=True,
        before_stop=frozenset({"a", "aa", "i", "ii", "u", "uu"}),
    ),
    "ar2": DiphoneDatabase("ar2", "8791680f98b78392b1dd282bf59a240144dd0262e77453461ee284f344a382c0", 22_050),
}


class Score:
    """The lines of a .pho file, while they are written."""

    def __init__(self, database: DiphoneDatabase) -> None:
        self._database = database
        self._lines: list[str] = []
        self._sign = _SILENCE
        self._before = Phone("")
        self.ms = 0
        """How long it lasts."""
        self.onsets: list[tuple[int, int]] = []
        """(offset of a word in the text, millisecond at which it begins)."""

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self._lines)

    def add_word(self, offset: int, phones: Sequence[TimedPhone]) -> None:
        """Add the phones of a word."""
        self.onsets.append((offset, self.ms))
        for phone in phones:
            self.add(phone)

    def add(self, timed: TimedPhone) -> None:
        """Add a phone, or silence."""
        phone, ms, pitch = timed
        if phone is None:
            self._put(_SILENCE, ms)
            self._before = Phone("")
            return
        sign = self._database.sign(phone, self._before)
        if phone.symbol == "tʃ":
            self._put("t", ms // 2)
            self._put("S", ms - ms // 2)
        elif sign == _GLOTTAL_STOP:
            self._add_stop(ms)
        elif phone.long and not phone.vowel:  # one that is drawn out is heard less well
            self._put(sign, ms // 2)
            self._put(sign, ms - ms // 2, pitch)
        else:
            if phone.vowel and self._sign in ("a.", "i.", "u."):
                self._put(_SILENCE if self._database.before_stop else _GLOTTAL_STOP, _BREAK)
            self._put(sign, ms, pitch)
        self._before = phone

    def _add_stop(self, ms: int) -> None:
        """Add a glottal stop. A short silence is one too; behind a silence there is nothing to stop."""
        allowed = self._database.before_stop
        if self._sign != _SILENCE:
            self._put(_GLOTTAL_STOP if not allowed or self._sign in allowed else _SILENCE, ms)

    def _put(self, sign: str, ms: int, pitch: Sequence[tuple[int, int]] = ()) -> None:
        self._lines.append(" ".join([sign, str(ms), *(f"{at} {hertz}" for at, hertz in pitch)]))
        self._sign = sign
        self.ms += ms


def score(phrases: Sequence[IntonationPhrase], prosody: Prosody, database: DiphoneDatabase) -> Score:
    """A text's phrases, as a database can say them."""
    made = Score(database)
    made.add(prosody.silence(_LEAD))
    for i, phrase in enumerate(phrases):
        if i:
            made.add(prosody.pause(phrases[i - 1]))
        for word, phones in zip(phrase.words, prosody.words(phrase), strict=True):
            made.add_word(word.begin, phones)
    made.add(prosody.silence(_TAIL))
    return made
