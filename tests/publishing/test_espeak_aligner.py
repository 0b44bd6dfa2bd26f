from __future__ import annotations

import numpy as np
import pytest
import soxr

from hakawati.check.forced_alignment import ExpectedSentence
from hakawati.model import SAMPLE_RATE, Speech
from hakawati.publishing.espeak_aligner import EspeakAligner
from hakawati.voices.espeak import Espeak

TEXTS = (
    ("ar", "خَرَجَ النَّاسُ مِنْ بُيُوتِهِمْ فِي الصَّبَاحِ."),
    ("en", "The people left their houses in the morning."),
    ("ar", "وَذَهَبُوا إِلَى السُّوقِ الْقَدِيمِ."),
    ("en", "They went to the old market."),
)


def asked(lang: str, text: str) -> ExpectedSentence:
    (written,) = EspeakAligner().split(text, lang)
    return ExpectedSentence(lang, text[written.begin : written.end], written.words)


def sound(speech: Speech) -> bytes:
    samples = np.frombuffer(speech.pcm, "<i2").astype(np.float32)
    return bytes(soxr.resample(samples, speech.rate, SAMPLE_RATE).astype("<i2").tobytes())


def test_sentences_are_found_where_each_language_is_read() -> None:
    voices = {"ar": Espeak("ar"), "en": Espeak("en-us")}
    pieces, begins = [bytes(SAMPLE_RATE)], []
    for lang, text in TEXTS:
        begins.append(sum(map(len, pieces)) // 2)
        pieces += [sound(voices[lang].speak(text)), bytes(SAMPLE_RATE)]
    told, extras = EspeakAligner().align(pieces, [asked(*both) for both in TEXTS])
    assert extras == []
    for one, begin, (_, text) in zip(told, begins, TEXTS, strict=True):
        assert one is not None
        assert one.found
        assert one.begin == pytest.approx(begin, abs=0.03 * SAMPLE_RATE)
        assert len(one.words) == len(text.split())
        assert list(one.words) == sorted(one.words)
        assert one.reference_seconds == pytest.approx((one.end - one.begin) / SAMPLE_RATE, abs=0.2)


def test_a_text_is_divided_as_a_books_own() -> None:
    text = "قال د. سامي: نعم. ثم ذهب! * * *"
    found = EspeakAligner().split(text, "ar")
    assert [text[s.begin : s.end] for s in found] == ["قال د. سامي: نعم.", "ثم ذهب! * * *"]
    assert [[text[s.begin + a : s.begin + b] for a, b in s.words] for s in found][1] == ["ثم", "ذهب"]
    assert EspeakAligner().split("* * *", "ar") == []


def test_a_language_is_known_where_espeak_speaks_it() -> None:
    assert [EspeakAligner().supports(lang) for lang in ("ar-EG", "en", "xx", "")] == [
        True,
        True,
        False,
        False,
    ]


def test_what_has_nothing_to_be_said_is_not_told_of() -> None:
    told, _ = EspeakAligner().align([bytes(SAMPLE_RATE)], [ExpectedSentence("xx", "word", ((0, 4),))])
    assert told == [None]
