from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.model import Block, Chapter, Mark, Note, Place, Sentence, Text, Timeline
from hakawati.narration.printed_vowels import with_printed_sentences, with_vowels
from hakawati.narration.spoken_form import prepare, vocalise
from hakawati.source.sentences import phrases, words
from tests.narration.making import in_text

FATHA, SHADDA = "\u064e", "\u0651"
ARABIC = st.text(alphabet="ابتسكلمنوي\u064e\u0650\u0651\u0652،. \u0640", min_size=1, max_size=60)


def marked(text: str) -> str:
    """As a model that puts a fatha on every letter without a mark."""
    pieces = []
    for here, after in zip(text, [*text[1:], " "], strict=True):
        bare = here.isalpha() and not "\u064b" <= after <= "\u0652"
        pieces.append(here + FATHA if bare and "\u0621" <= here <= "\u064a" else here)
    return "".join(pieces)


def sentence(text: str, *marks: Mark) -> Sentence:
    found = words(text)
    return Sentence("s1", text, 1, found, phrases(text, found), marks)


def chapter(one: Sentence, lang: str = "ar") -> Chapter:
    text = Text("b1", lang, "f", (one,))
    return Chapter("01", "chapter", (Block("b1", "paragraph", Place("f", 1), (text,)),))


def shown(one: Sentence, lang: str = "ar") -> Sentence:
    (text,) = with_vowels(chapter(one, lang), marked).texts()
    return text.sentences[0]


def bare(text: str) -> str:
    return "".join(c for c in text if not "\u064b" <= c <= "\u0652")


@given(ARABIC)
def test_nothing_but_marks_is_added(text: str) -> None:
    before = sentence(text)
    after = shown(before)
    assert bare(after.text) == bare(before.text)
    assert [bare(after.text[w.begin : w.end]) for w in after.words] == [
        bare(before.text[w.begin : w.end]) for w in before.words
    ]
    assert (after.id, after.phrases, after.after) == (before.id, before.phrases, before.after)


@given(ARABIC, st.data())
def test_what_the_author_marked_is_still_the_same_letters(text: str, data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, len(text)))
    after = shown(sentence(text, Mark("em", begin, end)))
    (mark,) = after.marks
    assert bare(after.text[mark.begin : mark.end]) == bare(text[begin:end])


def test_the_authors_own_vowels_stay() -> None:
    assert shown(sentence("كُتب")).text == "كُتَبَ"


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("کتب", "کَتَبَ"),
        ("فی", "فَی"),
        ("كـتب", "كَـتَبَ"),
        ("ﻛﺘﺐ", "ﻛَﺘَﺐَ"),
        ("بﻻ", "بﻻ"),  # a ligature has no place for the vowels of its letters
        ("كتـَّب", "كَتـَّبَ"),
        ("م\u064e\u0651ر", "م\u064e\u0651رَ"),
    ],
)
def test_print_keeps_its_letters_and_gets_the_vowels_of_their_plain_spelling(
    written: str, printed: str
) -> None:
    asked: list[str] = []

    def vowel(text: str) -> str:
        asked.append(text)
        return "".join(c + "\u064e" * ("\u0621" <= c < "\u0649") for c in text)

    (text,) = with_vowels(chapter(sentence(f"{written}.")), vowel).texts()
    assert text.sentences[0].text == f"{printed}."
    assert not set("".join(asked)) & set("کیﻛﻻـ")


def test_another_language_stays_as_it_is() -> None:
    assert shown(sentence("كتب"), "fa").text == "كتب"


@pytest.mark.parametrize(
    ("written", "said", "expected"),
    [
        ("باريس", "بَارِيس", "بَارِيس"),
        ("تجمعوا", "تَجَمَّعُو", "تَجَمَّعُوا"),  # a silent alif
        ("باتجاه", "بِتِّجَاهِ", "بِاتِّجَاهِ"),
        ("انتفض", "إِنْتَفَضَ", "اِنْتَفَضَ"),  # hamza is spelt as it was written
        ("ديجول", "دِيغُول", "ديجول"),  # other letters: better none than wrong ones
        ("بيت", "بَيْ", "بيت"),
        ("مدينة باريس", "مَدِينَةُ بَارِيس", "مَدِينَةُ بَارِيس"),
        ("مدينة باريس", "بَارِيس", "مدينة باريس"),
    ],
)
def test_a_word_is_printed_with_the_vowels_of_its_pronunciation(
    written: str, said: str, expected: str
) -> None:
    assert shown(sentence(f"{written}.", Mark("say", 0, len(written), said))).text == f"{expected}."


def test_notes_and_blocks_in_blocks_are_printed_with_vowels_as_well() -> None:
    leaf = chapter(sentence("كتب")).blocks[0]
    quote = Block("b2", "quote", leaf.place, children=(leaf,))
    whole = Chapter("01", "chapter", (quote,), (Note("n1", 1, "b2", (leaf,)),))
    assert [text.sentences[0].text for text in with_vowels(whole, marked).texts()] == ["كَتَبَ"] * 2


def test_a_timeline_tells_the_sentences_as_they_are_printed() -> None:
    from hakawati.model import SpokenSentence
    from hakawati.narration.reading_order import Cue
    from hakawati.narration.timeline import timeline

    one = sentence("كتب")
    made = timeline([Cue(one, in_text(one), 0)], [SpokenSentence("x", (100,))], 10)
    told = with_printed_sentences(made, with_vowels(chapter(one), marked))
    assert [timed.sentence.text for timed in told.sentences] == ["كَتَبَ"]
    assert told.duration == made.duration
    assert isinstance(told, Timeline)


def test_print_is_vowelled_as_it_is_spoken() -> None:
    """With words for its figures: which vowels the word behind them has depends on them."""
    asked: list[str] = []

    def vowel(text: str) -> str:
        asked.append(text)
        return marked(text)

    one = sentence("جاء 3 رجال #.")
    (text,) = with_vowels(chapter(one), vowel).texts()
    vocalise(prepare(one, in_text(one), "ar"), vowel)
    assert asked[0] == asked[1]
    assert "3" not in asked[0]
    assert text.sentences[0].text == f"{marked('جاء')} 3 {marked('رجال')} #."
