"""Vowels: what stays as it is written, what is added, how sure that is."""

from __future__ import annotations

import unicodedata
from importlib.metadata import PackageNotFoundError
from unittest import mock

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hakawati.arabic import alkhalil, decoder, libtashkeel, rawi, repair, vowels
from hakawati.arabic.diacritics import DIACRITICS, MarkedCharacter, diacritic, letters
from hakawati.arabic.marks import MARKS
from hakawati.arabic.vowels import diacritize, letter_vowels, method, word_vowels
from hakawati.errors import ToolError

FATHA, DAMMA, KASRA, SHADDA, SUKUN, DAGGER = "\u064e", "\u064f", "\u0650", "\u0651", "\u0652", "\u0670"
FATHATAN = "\u064b"


def bare(text: str) -> str:
    return "".join(c for c in text if c not in MARKS)


def alike(text: str) -> list[tuple[str, str]]:
    return [(letter.character, diacritic(letter.marks)) for letter in letters(text)]


@pytest.mark.parametrize(
    "vowelled",
    [
        "كَتَبَ الْوَلَدُ رِسَالَةً إِلَى صَدِيقِهِ",
        "يَجْلِسُ الرَّجُلُ أَمَامَ بَيْتِهِ",
        "ذَهَبْتُ إِلَى بَيْتِي",
        "كِتَابٌ جَدِيدٌ",
        "وَصَلَ أَلْفُ رَجُلٍ إِلَى الْمَدِينَةِ صَبَاحًا",
    ],
)
def test_plain_sentences_get_their_vowels(vowelled: str) -> None:
    assert alike(diacritize(bare(vowelled))) == alike(vowelled)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        # The author's marks decide, and the others go by them.
        ("قُتل الرجل أمس.", "قُتِلَ الرَّجُلُ أَمْسِ."),
        ("مُدرس جديد", "مُدَرِّسٌ جَدِيدٌ"),
        ("علّم أبناءه", "عَلَّمَ أَبْنَاءَهُ"),
        # One tanwin: the alif has it, or the letter before.
        ("كتب كثيراً", "كَتَبَ كَثِيراً"),
        ("كتب كثيرا", "كَتَبَ كَثِيرًا"),
        ("كتب كثيرًا", "كَتَبَ كَثِيرًا"),
        # Tatweel and direction marks are no letters, and stay.
        ("كـــتاب جديد", "كِـــتَابٌ جَدِيدٌ"),
        ("\u200fكتاب\u200f جديد", "\u200fكِتَابٌ\u200f جَدِيدٌ"),
        # What is no Arabic letter has no vowels.
        ("1944 Paris é ۱۹", "1944 Paris é ۱۹"),
        ("", ""),
        (FATHA, FATHA),
    ],
)
def test_what_is_written_stays(written: str, expected: str) -> None:
    assert alike(diacritize(written)) == alike(expected)


TEXT = st.text(
    st.sampled_from(
        "كتبدةىاءأإآؤئويلمنرسٱپچگیکـ ،.؟«»-1٣aé😀\n\u200f\u200d\u0654\u06d6" + "".join(sorted(MARKS))
    ),
    max_size=40,
)


@settings(deadline=None, max_examples=150)
@example("\u0651ا\u064b")
@example("ب\u0651ا\u064b ة\u0670")
@given(TEXT)
def test_no_letter_changes_and_every_mark_of_the_author_stays(text: str) -> None:
    found = letter_vowels(text)
    for before, after in zip(letters(text), found, strict=True):
        assert after.character == before.character
        assert 0 <= after.probability <= 1
        assert set(before.marks) <= set(after.marks)
        if before.marks not in ("", SHADDA):
            assert after.marks == before.marks
        if not before.takes_vowels:
            assert (after.marks, after.probability) == (before.marks, 1)
    assert bare(diacritize(text)) == bare(text)
    words = word_vowels(text)
    assert [bare(word.form) for word in words] == [bare(text[word.begin : word.end]) for word in words]
    assert all(0 <= word.probability <= 1 for word in words)
    assert diacritize(text) == diacritize(text)


@settings(deadline=None, max_examples=30)
@given(st.text(st.sampled_from("كتبدرسلمن ا"), max_size=30))
def test_what_is_vowelled_already_is_left_alone(text: str) -> None:
    once = diacritize(text)
    marked = [letter for letter in letters(once) if letter.marks]
    again = dict(enumerate(letters(diacritize(once))))
    assert all(letter.marks == again[i].marks for i, letter in enumerate(letters(once)) if letter.marks)
    assert len(marked) <= len(again)


def test_a_word_is_as_sure_as_its_least_probable_letter_but_the_last() -> None:
    text = "قال تسلا نعم"
    found = {text[word.begin : word.end]: word.probability for word in word_vowels(text)}
    assert found["قال"] > 0.95
    assert found["تسلا"] < 0.8
    assert word_vowels("و")[0].probability == letter_vowels("و")[0].probability


def test_words_are_told_with_their_places() -> None:
    text = "قال: «كتـاب»، ١٩٤٤."
    assert [text[word.begin : word.end] for word in word_vowels(text)] == ["قال", "كتـاب"]


def test_a_long_text_is_divided_at_a_space() -> None:
    text = [MarkedCharacter(c) for c in "كتب " * 1200]
    parts = decoder._parts(text, range(len(text)))
    assert [len(part) for part in parts] == [2000, 2000, 800]
    assert all(text[part[-1]].character == " " for part in parts)
    assert len(letter_vowels("كتب " * 1200)) == 4800


# The lexicon


def test_the_lexicon_has_all_forms_of_a_word() -> None:
    found = alkhalil.word_forms("كتب")
    forms = {
        "".join(c + DIACRITICS[i] for c, i in zip("كتب", found.marks[n : n + 3], strict=True))
        for n in range(0, len(found.marks), 3)
    }
    assert {"كَتَبَ", "كُتِبَ", "كُتُبٌ", "كُتُبِ"} <= forms
    assert len(forms) == len(found.frequencies)
    assert alkhalil.word_forms("ديغول") == alkhalil.word_forms("ك" * 41) == alkhalil.WordForms(b"", ())


def rows(*letters_: dict[str, float]) -> rawi.Scores:
    """Probabilities of letters, as logarithms; what is not named is hardly possible."""
    found = np.full((len(letters_), len(DIACRITICS)), 1e-9, np.float32)
    for row, named in zip(found, letters_, strict=True):
        for mark, p in named.items():
            row[DIACRITICS.index(mark)] = p
    return np.log(found)


def form(word: str, found: rawi.Scores, known: dict[str, float], *, joined: bool = False) -> str:
    marks = bytes(DIACRITICS.index(letter.marks) for one in known for letter in letters(one))
    forms = alkhalil.WordForms(marks, tuple(known.values()))
    chosen = repair.repaired(word, found, lambda _: forms, joined=joined).choice
    return "".join(c + DIACRITICS[i] for c, i in zip(word, chosen, strict=True))


CLOSE = rows({FATHA: 0.6, DAMMA: 0.4}, {SUKUN: 0.55, DAMMA: 0.45}, {DAMMA: 1.0})


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, "كَتْبُ"),  # nothing is known
        ({"كُتُبُ": -9.0}, "كُتُبُ"),  # no word as it was
        ({"كَتْبُ": -9.0, "كُتُبُ": -9.0}, "كَتْبُ"),  # both are words
        ({"كَتْبُ": -20.0, "كُتُبُ": -7.0}, "كُتُبُ"),  # both are, but one is rare
        ({"كِتِبُ": -2.0}, "كَتْبُ"),  # a word, but a quite improbable one
    ],
)
def test_words_in_doubt_are_held_against_the_lexicon(known: dict[str, float], expected: str) -> None:
    assert form("كتب", CLOSE, known) == expected


def test_the_lexicon_is_not_asked_where_the_models_are_sure() -> None:
    sure = rows({FATHA: 1.0}, {SUKUN: 0.99}, {DAMMA: 0.4, FATHA: 0.3})
    found = repair.repaired("كتب", sure, mock.Mock(side_effect=AssertionError), joined=False)
    assert list(found.choice) == list(sure.argmax(-1))
    assert found.known is None


def test_a_helping_vowel_is_no_fault() -> None:
    found = rows({FATHA: 0.6, DAMMA: 0.4}, {FATHA: 1.0}, {KASRA: 0.7, SUKUN: 0.3})
    known = {"كَتَبْ": -5.0}
    assert form("كتب", found, known) == "كَتَبْ"
    assert form("كتب", found, known, joined=True) == "كَتَبِ"


# What there is to vowel with


def test_the_key_names_what_finds_the_vowels() -> None:
    assert "text2tashkeel 0.1.0" in method()
    assert "farahidi" in method()


def test_without_the_models_libtashkeel_vowels_and_says_so() -> None:
    with mock.patch.object(rawi, "is_installed", return_value=False):
        found = word_vowels("كتب الولد درسا ‍ثم نام")
        assert vowels.method.__wrapped__().startswith("vowels 2 by piper-tts ")
    assert {word.probability for word in found} == {vowels.UNKNOWN}
    assert sum(c in MARKS for word in found for c in word.form) > 10


@pytest.mark.parametrize(
    ("theirs", "expected"),
    [
        ("كَتَبَ وَلَدٌ", "كَتَبَ وَلَدٌ"),
        ("كَتَبَا وَلَدٌ", "كَتَبَ وَلَدٌ"),
        ("كَبَ وَلَدٌ", "كتب وَلَدٌ"),
        ("", "كتب ولد"),
    ],
)
def test_where_libtashkeel_changes_a_word_that_word_alone_stays_bare(theirs: str, expected: str) -> None:
    with (
        mock.patch.object(rawi, "is_installed", return_value=False),
        mock.patch.object(libtashkeel, "diacritize", return_value=theirs),
    ):
        assert diacritize("كتب ولد") == expected


def test_models_that_are_damaged_are_not_used() -> None:
    with (
        mock.patch.dict(rawi._DIGESTS, {"rawi_v2.vocab.json": "0" * 64}),
        pytest.raises(ToolError, match=r"install text2tashkeel 0\.1\.0 again"),
    ):
        rawi.Rawi()
    with (
        mock.patch.object(rawi, "PACKAGE", "filelock"),
        pytest.raises(ToolError, match="cannot be read"),
    ):
        rawi._data("rawi_v2.vocab.json")


@pytest.mark.parametrize("found", [PackageNotFoundError, "0.0.9"])
def test_another_version_is_not_used(found: type[Exception] | str) -> None:
    answer = {"side_effect": found} if isinstance(found, type) else {"return_value": mock.Mock(version=found)}
    with mock.patch.object(rawi, "distribution", **answer):
        assert not rawi.is_installed.__wrapped__()


def test_letters_are_told_from_signs() -> None:
    kinds = {c: MarkedCharacter(c).takes_vowels for c in "اءآپیةى٣؟ـa ٱ" + "\u200f\u0654"}
    assert {c for c, takes in kinds.items() if takes} == set("اءآپیةىٱ")
    assert all(unicodedata.normalize("NFD", c)[0] == MarkedCharacter(c).base for c in "أإآؤئ")
    assert [MarkedCharacter(c).hamza for c in "اأإآؤئ"] == [
        "",
        "\u0654",
        "\u0655",
        "\u0653",
        "\u0654",
        "\u0654",
    ]
