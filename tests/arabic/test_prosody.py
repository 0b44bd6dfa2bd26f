from __future__ import annotations

from itertools import chain, pairwise, product

import pytest

from hakawati.arabic.phones import CONSONANTS, VOWELS, Phone, SpokenWord
from hakawati.arabic.phrases import IntonationPhrase, phrases
from hakawati.arabic.prosody import Prosody, TimedPhone


def segments(text: str, prosody: Prosody = Prosody()) -> list[TimedPhone]:  # noqa: B008
    """Of the first phrase of a text."""
    return list(chain.from_iterable(prosody.words(phrases(text, str)[0])))


def heights(text: str) -> list[int]:
    """The melody over the vowels."""
    return [s.pitch[0][1] for s in segments(text) if s.phone and s.phone.vowel]


def lengths(text: str) -> dict[str, int]:
    """The milliseconds of each phone; of one that occurs again, the last time."""
    return {str(s.phone): s.ms for s in segments(text)}


def test_a_long_vowel_is_twice_a_short_one_and_more() -> None:
    told = lengths("كِتَابُ الْبِنْتِ كَبِير")
    assert 2 <= told["ˈaː"] / told["ˈi"] <= 3


def test_a_doubled_consonant_is_nearly_twice_a_single_one() -> None:
    doubled, single = lengths("مُدَرِّس قَدِيم"), lengths("مُدَرِس قَدِيم")
    assert 1.5 < doubled["rː"] / single["r"] < 2


def test_stress_lengthens_a_vowel_and_lifts_the_melody() -> None:
    first = segments("كَتَبَ الْوَلَدُ الدَّرْس")[1:4:2]
    assert [s.phone and s.phone.stressed for s in first] == [True, False]
    assert first[0].ms > first[1].ms
    assert first[0].pitch[0][1] > first[1].pitch[0][1]


def test_what_is_before_a_pause_is_longer() -> None:
    inside, last = segments("بَاب دَاخِلَ الْبَيْت")[:3], segments("بَاب")
    assert [a.phone for a in inside] == [b.phone for b in last]
    assert all(a.ms < b.ms for a, b in zip(inside, last, strict=True))


def test_the_melody_falls_at_a_stop_rises_at_a_question_and_stays_up_at_a_comma() -> None:
    stop, question, comma = (heights(f"ذَهَبَ الْوَلَدُ إِلَى الْبَيْت{sign}") for sign in ".؟،")
    assert stop[:-1] == question[:-1] == comma[:-1]
    assert stop[-1] < stop[-2] < question[-1]
    assert stop[-1] < comma[-1] < question[-1]


def test_the_melody_sinks_through_a_phrase() -> None:
    flat = IntonationPhrase((SpokenWord(0, 1, (Phone("b"), Phone("a")) * 20),), ".")
    told = [s.pitch[0][1] for s in next(iter(Prosody().words(flat))) if s.phone and s.phone.vowel]
    assert all(a > b for a, b in pairwise(told[:-1]))


@pytest.mark.parametrize("end", [*".!?,;:"])
def test_every_phone_has_a_length_before_every_pause(end: str) -> None:
    for symbol, long in product(sorted({*VOWELS, *CONSONANTS}), (False, True)):
        phrase = IntonationPhrase((SpokenWord(0, 1, (Phone(symbol, long),)),), end)
        ((segment,),) = Prosody().words(phrase)
        assert 50 <= segment.ms <= 400, (symbol, long)
        assert Prosody().pause(phrase).ms >= 200


def test_speed_and_pitch_are_the_voices() -> None:
    text = "ذَهَبَ الْوَلَدُ إِلَى الْبَيْت"
    slow, high = segments(text, Prosody(speed=0.5)), segments(text, Prosody(pitch=200))
    for normal, longer, higher in zip(segments(text), slow, high, strict=True):
        assert abs(longer.ms - 2 * normal.ms) <= 1
        assert higher.ms == normal.ms
        assert [hz > 1.5 * lower for (_, hz), (_, lower) in zip(higher.pitch, normal.pitch, strict=True)] in (
            [],
            [True],
            [True, True],
        )
    assert Prosody(speed=2).silence(300).ms == 150
