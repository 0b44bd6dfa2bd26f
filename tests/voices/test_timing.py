"""Word onsets for speech that has none, against voices that know theirs."""

from __future__ import annotations

import numpy as np
import pytest

from hakawati.voices.espeak import Espeak
from hakawati.voices.timing import reference_speech, timed

TEXTS = (
    "تَجَمَّعَ رِجَالُ الشُّرْطَةِ أَمَامَ الكَاتِدْرَائِيَّةِ يَوْمَ السَّبْتِ.",
    "كَانَ ذَلِكَ فِي عَامِ 1944، ثُمَّ دَقَّتِ الأَجْرَاسُ.",
    "تَحْرِيرُ بَارِيسْ",
    "نَعَمْ.",
    "«لَا»، قَالَ الرَّجُلُ.",
)


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("voice", [Espeak("ar+m3", 145, 40), Espeak("ar+f2", 180), Espeak("ar+klatt")])
@pytest.mark.parametrize("lead", [0.0, 0.7])
def test_every_word_is_found_in_any_voice_behind_any_silence(voice: Espeak, text: str, lead: float) -> None:
    said = voice.speak(text)
    silence = np.zeros(round(lead * said.rate), np.int16).tobytes()
    found = timed(silence + said.pcm + silence, said.rate, text, "ar")
    truth = {offset: sample / said.rate + lead for offset, sample in reversed(said.onsets)}
    told = {offset: sample / found.rate for offset, sample in reversed(found.onsets)}
    errors = [abs(told[offset] - truth[offset]) for offset in truth]
    assert told.keys() == truth.keys()
    assert max(errors) < 0.06
    assert found.sure == 1


def test_a_regional_tag_is_spoken_by_its_language() -> None:
    assert reference_speech("Good morning.", "en-AU") is not None


def test_where_espeak_does_not_speak_the_language_there_are_no_onsets() -> None:
    said = Espeak("en-us").speak("Hello there.")
    assert timed(said.pcm, said.rate, "Hello there.", "tlh").onsets == ()


def test_what_has_no_word_has_no_onsets() -> None:
    assert reference_speech("…", "ar") is None
