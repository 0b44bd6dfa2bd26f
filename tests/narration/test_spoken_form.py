from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hakawati.arabic.decoder import MOST
from hakawati.arabic.letters import clean
from hakawati.arabic.vowels import diacritize
from hakawati.model import Mark, Place, Sentence, Word, WordSpeech
from hakawati.narration.spoken_form import SpokenForm, pausal, prepare, shadda_first, vocalise
from hakawati.source.sentences import words
from tests.narration.making import in_text, sentence, utterance

FATHATAN, DAMMATAN, KASRATAN = "\u064b", "\u064c", "\u064d"
FATHA, DAMMA, KASRA, SHADDA, SUKUN = "\u064e", "\u064f", "\u0650", "\u0651", "\u0652"
DAGGER = "\u0670"
MARKS = FATHATAN + DAMMATAN + KASRATAN + FATHA + DAMMA + KASRA + SHADDA + SUKUN + DAGGER


def letters(text: str) -> str:
    return "".join(c for c in text if c not in MARKS)


def model(*vowelled: str) -> Callable[[str], str]:
    """A model that knows these words, and leaves others bare."""
    known = {letters(word): word for word in vowelled}

    def diacritize(text: str) -> str:
        return re.sub(r"[\u0621-\u0652\u0670]+", lambda m: known.get(letters(m[0]), letters(m[0])), text)

    return diacritize


def in_ranges(spoken: SpokenForm) -> list[str]:
    return [spoken.text[word.begin : word.end] for word in spoken.words]


def never(text: str) -> str:
    raise AssertionError("nobody was to be asked")


# prepare


@pytest.mark.parametrize(
    ("printed", "words", "spoken"),
    [
        ("قال نعم", ["قال", "نعم"], "قال نعم"),
        ("قال: «نعم».", ["قال", "نعم"], "قال: «نعم»."),
        ("He said — (twice) — “no”!", ["He", "said", "twice", "no"], "He said — (twice) — “no”!"),
        ("It’s", ["It’s"], "It’s"),
        ("قال 😀 نعم", ["قال", "نعم"], "قال نعم"),
        ("قال * نعم", ["قال", "نعم"], "قال نعم"),
        ("😀 قال نعم 😀", ["قال", "نعم"], "قال نعم"),
        ("نعم 😀.", ["نعم"], "نعم."),
        ("one\ntwo", ["one", "two"], "one two"),
        ("one [two] {three}", ["one", "two", "three"], "one two three"),
        ("one\u00a0two", ["one", "two"], "one two"),
        ("كتـــاب", ["كتـــاب"], "كتاب"),
        ("\u200fقال\u200f نعم", ["\u200fقال\u200f", "نعم"], "قال نعم"),
        ("\u202bقال\u202c \u2067نعم\u2069", ["قال", "نعم"], "قال نعم"),
        ("می\u200cخواهم", ["می\u200cخواهم"], "ميخواهم"),
        ("كان\u200bالولد", ["كان", "الولد"], "كان الولد"),
        ("قال\u200f.", ["قال"], "قال."),
        ("محمدﷺ هنا", ["محمد", "ﷺ", "هنا"], "محمد صلى الله عليه وسلم هنا"),
        ("150 ميلاً", ["150", "ميلاً"], "150 ميلاً"),
        ("(نعم)", ["نعم"], "(نعم)"),
    ],
)
def test_what_cannot_be_spoken_is_left_out(printed: str, words: list[str], spoken: str) -> None:
    said = prepare(sentence(printed, *words), in_text(), "ar")
    assert said.text == spoken
    assert [said.text[w.begin : w.end] for w in said.words] == [clean(w) for w in words]


@pytest.mark.parametrize(
    ("printed", "plain", "lang"),
    [
        ("ﻛﺎﻥ ﺍﻟﻮﻟﺪ ﻳﻤﺸﻲ ﻓﻲ ﺍﻟﺸﺎﺭﻉ.", "كان الولد يمشي في الشارع.", "ar"),
        ("بِسْمِ ٱللَّهِ ٱلرَّحْمَٰنِ ٱلرَّحِيمِ.", "بِسْمِ اللَّهِ الرَّحْمَٰنِ الرَّحِيمِ.", "ar-EG"),
        ("کتب الطالب رسالة إلی صدیقه فی المدینة.", "كتب الطالب رسالة إلى صديقه في المدينة.", "ar"),
        ("The extra\u00adordinary story.", "The extraordinary story.", "en"),
        ("Cafe\u0301 of\u2060fice", "Caf\u00e9 office", "fr"),
    ],
)
def test_a_text_is_spoken_as_its_plain_spelling_word_for_word(printed: str, plain: str, lang: str) -> None:
    said, wanted = (
        prepare(Sentence("s", text, 1, words(text), ()), in_text(lang=lang), "v") for text in (printed, plain)
    )
    assert (said.text, said.words) == (wanted.text, wanted.words)


def test_a_persian_text_keeps_its_letters() -> None:
    assert prepare(sentence("پدر کتاب", "پدر", "کتاب"), in_text(lang="fa"), "v").text == "پدر کتاب"


def test_a_pronunciation_is_given_in_clean_letters() -> None:
    marked = sentence("هتلر جاء", "هتلر", "جاء", marks=[Mark("say", 0, 4, "هِتلِر\u200f ﻛﺎﻥ")])
    assert prepare(marked, in_text(), "v").given == ((0, 1, "هِتلِر كان"),)


@pytest.mark.parametrize(
    ("printed", "words", "stops"),
    [
        ("a b c", "abc", (2,)),
        ("a, b c.", "abc", (0, 2)),
        ("a، b؛ c", "abc", (0, 1, 2)),
        ("a: b – c", "abc", (0, 1, 2)),
        ("a — b… c؟", "abc", (0, 1, 2)),
        ("a «b» (c)", "abc", (2,)),
        ("a-b c", "abc", (2,)),
        ("a", "a", (0,)),
        ("…a", "a", (0,)),
    ],
)
def test_a_pause_follows_the_words_before_punctuation_and_the_last(
    printed: str, words: str, stops: tuple[int, ...]
) -> None:
    assert prepare(sentence(printed, *words), in_text(), "ar").stops == stops


def test_an_utterance_knows_where_every_phrase_but_the_first_begins() -> None:
    four = sentence("a b, c d", *"abcd", phrases=[2, 3])
    assert prepare(four, in_text(), "ar").phrases == (2, 3)
    assert prepare(sentence("a b", *"ab"), in_text(), "ar").phrases == ()


def test_an_utterance_knows_its_voice_its_language_and_its_place() -> None:
    said = prepare(sentence("a", "a"), in_text(lang="en-GB"), "reader")
    assert (said.voice, said.lang, said.place) == ("reader", "en-GB", Place("book/ar/01.md", 7))


def test_the_authors_pronunciations_become_ranges_of_words_and_other_marks_do_not() -> None:
    marks = [
        Mark("em", 0, 5),
        Mark("say", 6, 10, "X"),
        Mark("noteref", 4, 4, "n"),
        Mark("say", 11, 20, "Y Z"),
    ]
    said = prepare(
        sentence("alpha beta gamma eta.", "alpha", "beta", "gamma", "eta", marks=marks), in_text(), "v"
    )
    assert said.given == ((1, 2, "X"), (2, 4, "Y Z"))


# vocalise


def test_a_language_other_than_arabic_is_spoken_as_it_is_written() -> None:
    said = utterance("Paris, 1944 – “free”", lang="en", stops=(0, 1, 3))
    assert vocalise(said, never) == SpokenForm(said.text, said.words)


def test_arabic_of_any_country_gets_vowels() -> None:
    spoken = vocalise(utterance("كتب نعم", lang="ar-EG", stops=(1,)), model("كَتَبَ", "نَعَمْ"))
    assert spoken.text == "كَتَبَ نَعَم"


@pytest.mark.parametrize(
    ("printed", "known", "spoken"),
    [
        ("كتب", "كَتَبَ", "كَتَبَ"),
        ("كُتب", "كَتَبَ", "كُتَبَ"),  # the author's vowel stands, the others are added
        ("كُتِبَ", "كَتَبَ", "كُتِبَ"),
        ("كتبْ", "كَتَبَ", "كَتَبْ"),
        ("محمّد", "مُحَمَّد", "مُحَمَّد"),  # a bare shadda is given its vowel
        ("محمّد", "مُحَمْد", "مُحَم\u0651د"),  # but no sukun beside it
        ("محمّد", "مُحَمَد", "مُحَم\u0651\u064eد"),
        ("محمَّد", "مُحَمُد", "مُحَم\u0651\u064eد"),
        ("ميلاً", "مِيلَا", "مِيلَاً"),
        ("هٰذا", "هَذَا", "هٰذَا"),
    ],
)
def test_the_authors_marks_are_kept_and_completed(printed: str, known: str, spoken: str) -> None:
    text = f"{printed} ثم"
    assert vocalise(utterance(text, lang="ar", stops=(1,)), model(known)).text == f"{shadda_first(spoken)} ثم"


@pytest.mark.parametrize(
    ("wrong", "left"),
    [
        ("قَالَ نَعَ هُنَا", ["قَالَ", "نعم", "هُنَا"]),
        ("قَالَ نَعَمَا هُنَا", ["قَالَ", "نعم", "هُنَا"]),
        ("قَالَا نَعَم هُنَا", ["قال", "نَعَم", "هُنَا"]),
        ("قَالَ بَعَم هُنَا", ["قَالَ", "نعم", "هُنَا"]),
        ("قَالَ هُنَا", ["قَالَ", "نعم", "هُنَا"]),
        ("", ["قال", "نعم", "هنا"]),
    ],
)
def test_where_the_model_changes_letters_that_word_stays_as_it_is(wrong: str, left: list[str]) -> None:
    said = utterance("قال نعم هنا", lang="ar")
    spoken = vocalise(said, lambda _: wrong)
    assert letters(spoken.text) == said.text
    assert in_ranges(spoken) == left


def test_marks_before_any_letter_are_no_stumbling_block() -> None:
    spoken = vocalise(utterance(f"{FATHA}كتب", lang="ar"), model("كَتَبَ"))
    assert in_ranges(spoken) == ["كَتَبَ"]


def test_a_pronunciation_replaces_the_word_and_its_vowels() -> None:
    said = utterance("قال هتلر نعم", lang="ar", given=((1, 2, "هِتْلَر"),), stops=(2,))
    spoken = vocalise(said, model("قَالَ", "هَتَلَرَ", "نَعَمْ"))
    assert spoken.text == "قَالَ هِتْلَر نَعَم"
    assert in_ranges(spoken) == ["قَالَ", "هِتْلَر", "نَعَم"]


def test_a_pronunciation_with_as_many_words_is_shared_out_and_keeps_the_punctuation_between() -> None:
    said = utterance("the (Hôtel Meurice) now", given=((1, 3, "oh-tell  murr-eece"),))
    spoken = vocalise(said, never)
    assert spoken.text == "the oh-tell murr-eece now"
    assert in_ranges(spoken) == ["the", "oh-tell", "murr-eece", "now"]


@pytest.mark.parametrize(
    ("given_", "text", "ranges"),
    [
        ((1, 3, "one"), "a one d", ["a", "one", "", "d"]),
        ((1, 3, "one and two"), "a one and two d", ["a", "one and two", "", "d"]),
        ((0, 4, "all"), "all", ["all", "", "", ""]),
        ((2, 4, "end"), "a b, end", ["a", "b,", "end", ""]),
        ((1, 2, "two words"), "a two words c d", ["a", "two words", "c", "d"]),
    ],
)
def test_a_pronunciation_with_another_number_of_words_belongs_to_the_first_of_them(
    given_: tuple[int, int, str], text: str, ranges: list[str]
) -> None:
    words = ("a", "b,", "c", "d") if given_[0] == 2 else ("a", "b", "c", "d")
    spoken = vocalise(utterance(" ".join(words), given=(given_,)), never)
    assert spoken.text == text
    assert in_ranges(spoken) == ranges


def test_several_pronunciations_in_one_sentence_do_not_disturb_each_other() -> None:
    said = utterance("a b c d e", given=((0, 2, "x"), (2, 4, "y z"), (4, 5, "u v")))
    spoken = vocalise(said, never)
    assert spoken.text == "x y z u v"
    assert in_ranges(spoken) == ["x", "", "y", "z", "u v"]


def test_words_before_a_pause_take_their_pausal_form_and_others_keep_their_case_vowel() -> None:
    said = utterance("كتاب مدرسة كتاب مدرسة", lang="ar", stops=(2, 3))
    spoken = vocalise(said, model("كِتَابُ", "مَدْرَسَةٍ"))
    assert spoken.text == "كِتَابُ مَدْرَسَةٍ كِتَاب مَدْرَسَةْ"


def test_a_given_form_before_a_pause_is_pausal_too_even_where_its_last_word_is_silent() -> None:
    said = utterance("في فندق موريس", lang="ar", given=((1, 3, "فُنْدُقِمُورِيسَ"),), stops=(2,))
    assert vocalise(said, model()).text == "في فُنْدُقِمُورِيس"


def test_other_languages_have_no_pausal_form() -> None:
    assert vocalise(utterance("كِتَابُ", lang="fa", stops=(0,)), never).text == "كِتَابُ"


def test_a_shadda_stands_before_its_vowel_wherever_it_comes_from() -> None:
    spoken = vocalise(utterance("محمَّد شد", lang="ar", given=((1, 2, "شَدَّا"),), stops=(1,)), model("مُحَمَّد"))
    assert SHADDA + FATHA in spoken.text
    assert FATHA + SHADDA not in spoken.text


def test_canonically_composed_marks_are_spoken_like_the_others() -> None:
    composed = unicodedata.normalize("NFC", "ثُمَّ مضى")
    assert vocalise(utterance(composed, lang="ar"), model()).text == shadda_first("ثُمَّ مضى")


# pausal


@pytest.mark.parametrize(
    ("full", "paused"),
    [
        # short case vowels
        ("كِتَابُ", "كِتَاب"),
        ("كِتَابَ", "كِتَاب"),
        ("كِتَابِ", "كِتَاب"),
        ("كِتَابْ", "كِتَاب"),
        ("كِتَاب", "كِتَاب"),
        ("قَالَ", "قَال"),
        ("هُوَ", "هُو"),
        ("هِيَ", "هِي"),
        ("لَكَ", "لَك"),
        ("كِتَابُهُ", "كِتَابُه"),
        ("النَّازِيِّينَ", "النَّازِيِّين"),
        ("أَلْمَانِيَّةٌ", "أَلْمَانِيَّةْ"),
        # nunation in u and i
        ("كِتَابٌ", "كِتَاب"),
        ("كِتَابٍ", "كِتَاب"),
        ("قَاضٍ", "قَاض"),
        ("سَمَاءٌ", "سَمَاء"),
        ("شَيْءٍ", "شَيْء"),
        # nunation in a, before and on its alef
        ("كِتَابًا", "كِتَابَا"),
        ("كِتَاباً", "كِتَابَا"),
        ("كِتَابَاً", "كِتَابَا"),
        ("مِيلًا", "مِيلَا"),
        ("إِذًا", "إِذَا"),
        ("عَصًا", "عَصَا"),
        # and with alef maqsura
        ("هُدًى", "هُدَى"),
        ("هُدىً", "هُدَى"),
        ("هُدَىً", "هُدَى"),
        ("مُسْتَشْفًى", "مُسْتَشْفَى"),
        # behind a shadda, in either order
        ("حَقًّا", "حَقَّا"),
        ("حَقّاً", "حَقَّا"),
        ("جِدًّا", "جِدَّا"),
        # behind a hamza
        ("شَيْئًا", "شَيْئَا"),
        ("جُزْءًا", "جُزْءَا"),
        ("مَاءً", "مَاءَا"),
        ("سَمَاءً", "سَمَاءَا"),
        ("مَبْدَأً", "مَبْدَأَا"),
        ("خَطَأً", "خَطَأَا"),
        # ta marbuta, whatever it carries
        ("مَدْرَسَةُ", "مَدْرَسَةْ"),
        ("مَدْرَسَةَ", "مَدْرَسَةْ"),
        ("مَدْرَسَةِ", "مَدْرَسَةْ"),
        ("مَدْرَسَةٌ", "مَدْرَسَةْ"),
        ("مَدْرَسَةً", "مَدْرَسَةْ"),
        ("مَدْرَسَةٍ", "مَدْرَسَةْ"),
        ("مَدْرَسَةْ", "مَدْرَسَةْ"),
        ("مَدْرَسَة", "مَدْرَسَةْ"),
        ("فَتَاةٍ", "فَتَاةْ"),
        # a shadda stays
        ("حَقُّ", "حَقّ"),
        ("أَيٌّ", "أَيّ"),
        ("مُسْتَعِدٍّ", "مُسْتَعِدّ"),
        # long vowels stay
        ("عَلَى", "عَلَى"),
        ("عَلَىٰ", "عَلَىٰ"),
        ("كَتَبُوا", "كَتَبُوا"),
        ("القَاضِي", "القَاضِي"),
        ("فِيهَا", "فِيهَا"),
        ("هَذَا", "هَذَا"),
        # no Arabic word
        ("1944", "1944"),
        ("Paris", "Paris"),
        ("", ""),
    ],
)
def test_the_form_before_a_pause(full: str, paused: str) -> None:
    assert pausal(full) == shadda_first(paused)


VOWELS = st.sampled_from(
    ["", SHADDA, *MARKS, *(SHADDA + m for m in MARKS[:6]), *(m + SHADDA for m in MARKS[:6])]
)
LETTERS = st.builds(str.__add__, st.sampled_from("كتبدةىاءأئوي"), VOWELS)


@example("ك" + FATHATAN + SHADDA + "ى" + DAMMATAN)
@given(st.lists(LETTERS, max_size=6).map("".join))
def test_the_pausal_form_of_a_pausal_form_is_itself(word: str) -> None:
    once = pausal(word)
    assert pausal(once) == once


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("م" + FATHA + SHADDA, "م" + SHADDA + FATHA),
        ("م" + SHADDA + FATHA, "م" + SHADDA + FATHA),
        ("م" + KASRATAN + SHADDA + "ن" + DAMMA + SHADDA, "م" + SHADDA + KASRATAN + "ن" + SHADDA + DAMMA),
        ("م" + SHADDA, "م" + SHADDA),
        ("", ""),
    ],
)
def test_the_shadda_is_put_before_its_vowel(written: str, expected: str) -> None:
    assert shadda_first(written) == expected


# properties

WORD = st.text(st.sampled_from("كتبدةىاءأئويلمن" + MARKS + "aé1٣"), min_size=1, max_size=8)
GAP = st.sampled_from([" ", "، ", ". ", " (", "» ", " — ", "-"])


@st.composite
def prepared(draw: st.DrawFn) -> tuple[str, list[str]]:
    words = draw(st.lists(WORD, min_size=1, max_size=8))
    gaps = [draw(GAP) for _ in words]
    return "".join(w + g for w, g in zip(words, gaps, strict=True)), words


@given(
    prepared(),
    st.text(st.sampled_from(MARKS), max_size=30),
    st.lists(st.tuples(st.integers(0, 7), st.integers(1, 3), WORD), max_size=3),
)
def test_every_printed_word_has_a_range_and_ranges_are_in_order_inside_the_text(
    printed: tuple[str, list[str]], marks: str, says: list[tuple[int, int, str]]
) -> None:
    text, words = printed
    chosen: list[Mark] = []
    plain = sentence(text, *words)
    for first, count, form in sorted(says):
        last = min(first + count, len(words)) - 1
        if first <= last and (not chosen or chosen[-1].end <= plain.words[first].begin):
            chosen.append(Mark("say", plain.words[first].begin, plain.words[last].end, form))

    def diacritize(text: str) -> str:
        return "".join(c + marks[i % len(marks) :][:1] if marks else c for i, c in enumerate(text))

    said = prepare(sentence(text, *words, marks=chosen), in_text(), "v")
    spoken = vocalise(said, diacritize)
    assert len(spoken.words) == len(words)
    assert all(0 <= w.begin <= w.end <= len(spoken.text) for w in spoken.words)
    assert all(a.end <= b.begin for a, b in pairwise(spoken.words))
    if not chosen:
        bare = utterance(said.text, lang="ar")
        assert letters(vocalise(bare, diacritize).text) == letters(said.text)


@settings(deadline=None, max_examples=50)  # the first example loads the model
@given(st.text(st.sampled_from("كتبدةىاءأئويلمن ،. a1😀" + MARKS), max_size=60))
def test_the_model_adds_marks_and_changes_no_letter(text: str) -> None:
    assert letters(diacritize(text)).strip() == letters(text).strip()


def test_a_real_sentence_gets_its_vowels_and_its_pausal_forms() -> None:
    printed = "تجمع رجال الشرطة أمام كاتدرائية نوتردام، يوم السبت."
    words = re.findall(r"\w+", printed)
    said = prepare(sentence(printed, *words), in_text(), "ar")
    spoken = vocalise(said, diacritize)
    assert letters(spoken.text) == printed
    assert [letters(w) for w in in_ranges(spoken)] == words
    assert in_ranges(spoken)[2] == shadda_first("الشُّرْطَةِ")
    assert in_ranges(spoken)[-1][-1] == "ت"
    assert sum(c in MARKS for c in spoken.text) > 20


def test_a_text_longer_than_the_model_takes_is_given_to_it_in_parts() -> None:
    text = "قال الرجل " * 2000 + "نعم"
    assert len(text) > MOST
    vowelled = diacritize(text)
    assert letters(vowelled) == text
    assert all(any(c in MARKS for c in word) for word in vowelled.split())


def test_a_word_longer_than_the_model_takes_at_once_keeps_its_letters() -> None:
    assert letters(diacritize("ك" * (MOST + 1))) == "ك" * (MOST + 1)


def test_words_keep_their_ranges_where_the_text_has_marks_already() -> None:
    said = utterance("كُتِبَ ثُمَّ نُشِرَ", lang="ar")
    assert said.words[1] == Word(7, 12)
    assert in_ranges(vocalise(said, diacritize)) == ["كُتِبَ", shadda_first("ثُمَّ"), "نُشِرَ"]


def test_each_word_tells_how_sure_its_vowels_are() -> None:
    said = prepare(
        sentence("قال تسلا نعم، مُحَمَّدٌ ديجول", *["قال", "تسلا", "نعم", "مُحَمَّدٌ", "ديجول"]), in_text(), "ar"
    )
    spoken = vocalise(replace(said, given=((4, 5, "دِيغُول"),)), diacritize)
    told = {letters(word.text): word.sure for word in spoken.each}
    assert told["قال"] > 0.95
    assert told["تسلا"] < 0.6
    assert (told["محمد"], told["ديغول"]) == (1, 1)
    assert vocalise(said, model()).sure == (1,) * 5
    assert vocalise(utterance("one two"), never).each == (WordSpeech("one"), WordSpeech("two"))
