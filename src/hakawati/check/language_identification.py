"""Whether a text is read by a voice of its own language, or by one of another, as if it were in that.

The same sentences, as voices of several languages would read them, are offered to the aligner at once; it
takes the one that is most like the sound.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from hakawati.check.analysis_windows import AudioExcerpt
from hakawati.check.forced_alignment import ExpectedSentence, ForcedAligner
from hakawati.check.language_tags import primary_subtag
from hakawati.check.overlay_sentences import OverlaySentence
from hakawati.check.window_alignment import LocatedSentence
from hakawati.model import SAMPLE_RATE

_KNOWN = 0.33
"""Nepers. Where the usual evidence is more, it is the language's own voice, and nothing needs to be asked."""
_USUAL = {
    "LATIN": ("en", "fr", "es", "de", "it", "tr"),
    "ARABIC": ("ar", "fa", "ur"),
    "CYRILLIC": ("ru", "uk", "bg"),
    "DEVANAGARI": ("hi", "mr", "ne"),
}
"""Languages whose voices are at hand where someone chooses the wrong one; by the script that they read. What
is in another they spell, which nobody takes for the text, or leave to an English voice."""
_SAMPLE, _LEAST = 40.0, 8.0
"""Seconds of speech that are listened to, and the least that tell anything."""
_FEW = 2
"""Sentences, the least that tell anything."""
_SHORT = 1.0
"""Seconds. In less, voices can hardly be told apart."""
_BUDGET = 300.0
"""Seconds of a language that are listened to in all of a book."""
_WON, _LOST = 0.6, 0.15
"""Part of what is read that the other language must have at least, and its own at most."""
_AROUND = 0.1
"""Seconds of sound before and after a sentence."""


@dataclass(frozen=True, slots=True)
class LanguageMismatch:
    """What a text sounds like."""

    audio: str
    lang: str
    """Its own language."""
    read_as: str
    """The language that it is read as."""
    sentences: tuple[LocatedSentence, ...]
    """Sentences by which that was told."""


@dataclass
class LanguageIdentifier:
    """Asks, while it is listened, where it may be needed."""

    aligner: ForcedAligner
    seconds_spent: dict[str, float] = field(default_factory=dict)
    """Seconds that were listened to, by language."""

    def find_mismatches(
        self, located: Mapping[OverlaySentence, LocatedSentence], parts: Sequence[AudioExcerpt]
    ) -> Iterator[LanguageMismatch]:
        """What of a window is read as another language."""
        groups: dict[tuple[str, str], list[LocatedSentence]] = {}
        for one in located.values():
            if one.in_own_file and one.match.reference_seconds >= _SHORT:
                groups.setdefault((one.audio, one.sentence.expected.lang), []).append(one)
        sound = {part.audio: part for part in parts}
        for (audio, lang), lines in groups.items():
            if median(one.match.evidence for one in lines) < _KNOWN and (
                found := self._identify(lines, sound[audio])
            ):
                yield LanguageMismatch(audio, lang, found, tuple(lines))

    def _identify(self, lines: Sequence[LocatedSentence], part: AudioExcerpt) -> str:
        """The language that sentences are read as, where it is not theirs; empty otherwise."""
        lang = lines[0].sentence.expected.lang
        chosen: list[LocatedSentence] = []
        seconds = 0.0
        for one in lines:
            if seconds < _SAMPLE or len(chosen) < _FEW:
                chosen.append(one)
                seconds += one.end - one.begin
        if len(chosen) < _FEW or seconds < _LEAST or self.seconds_spent.get(lang, 0.0) > _BUDGET:
            return ""
        self.seconds_spent[lang] = self.seconds_spent.get(lang, 0.0) + seconds
        voices = self._voices(lang, " ".join(one.sentence.expected.text for one in chosen))
        if len(voices) < 2:
            return ""
        expected: list[ExpectedSentence] = []
        pieces: list[bytes] = []
        for n, one in enumerate(chosen):
            # In another order each time, since of two that are as like, the first may be taken.
            turned = [*voices[n % len(voices) :], *voices[: n % len(voices)]]
            expected += [replace(one.sentence.expected, voice=voice) for voice in turned]
            pieces += (pcm for _, pcm in part.between(one.begin - _AROUND, one.end + _AROUND))
        matches, _ = self.aligner.align(pieces, expected)
        won = dict.fromkeys(voices, 0.0)
        for sentence, match in zip(expected, matches, strict=True):
            if match and match.found:
                won[sentence.voice] += (match.end - match.begin) / SAMPLE_RATE
        best = max(voices, key=lambda voice: won[voice])
        total = sum(won.values())
        return best if best != lang and won[best] > _WON * seconds and won[lang] < _LOST * total else ""

    def _voices(self, lang: str, text: str) -> list[str]:
        """The languages that are offered for a text: its own first."""
        base = primary_subtag(lang)
        others = _USUAL.get(dominant_script(text), ())
        return [lang, *(other for other in others if other != base and self.aligner.supports(other))]


def dominant_script(text: str) -> str:
    """The script that most letters of a text are in, as Unicode names it; empty without a letter."""
    names = [unicodedata.name(c, "").partition(" ")[0] for c in text if c.isalpha()]
    return max(sorted(set(names)), key=names.count, default="")
