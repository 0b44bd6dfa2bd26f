from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hakawati.arabic.letters import FOREIGN, KEYBOARDS, clean, clean_text
from hakawati.arabic.marks import is_arabic

ARABIC = "".join(
    map(chr, [*range(0x600, 0x700), *range(0x750, 0x780), *range(0x8A0, 0x900), 0x200F, 0xAD, 0x2060])
)
FORMS = "".join(map(chr, [*range(0xFB50, 0xFE00), *range(0xFE70, 0xFF00)]))
TEXTS = (
    st.text(st.sampled_from(ARABIC), max_size=8)
    | st.text(st.sampled_from(FORMS), max_size=3)
    | st.text(max_size=8)
)

SPELLINGS = st.lists(
    st.builds(
        str.__add__,
        st.sampled_from("ابتلموفيکپأؤئىیةهٱﻛﻻ"),
        st.sampled_from(["", "", *"\u064b\u064e\u0650\u0651\u0652\u06e1\u065e\u0656\u0640\u200f"]),
    ),
    max_size=7,
).map("".join)


def composed(word: str) -> str:
    return unicodedata.normalize("NFC", word)


@pytest.mark.parametrize(
    ("printed", "plain"),
    [
        # forms and ligatures
        ("ﻛﺎﻥ", "كان"),
        ("ﻻ", "لا"),
        ("ﺍﻵﻥ", "الآن"),
        ("ﺭﺳﺎﻟﺔ", "رسالة"),
        ("ﻛﹹﺘﹻﺐ", "كُتِب"),
        ("محمّﹰد", "محمًّد"),
        ("ﻋﲆ", "على"),
        ("وﷲ", "والله"),
        ("ﷺ", "صلى الله عليه وسلم"),
        ("ﷻ", "جل جلاله"),
        ("﷽", "بسم الله الرحمن الرحيم"),
        ("\ufd47", "عليه السلام"),
        ("ﭘﺎﺭﻳﺲ", "باريس"),
        # decomposed
        ("سا\u0654ل", "سأل"),
        ("المو\u0654من", "المؤمن"),
        ("ا\u0653خر", "آخر"),
        # invisible
        ("كتـــاب", "كتاب"),
        ("كتا\u200fب\u200e", "كتاب"),
        ("ك\u2060ت\u200cا\u00adب\ufeff", "كتاب"),
        # other keyboards
        ("کتب", "كتب"),
        ("صدیقه", "صديقه"),
        ("ہذا", "هذا"),
        ("ھذا", "هذا"),
        ("مدینۃ", "مدينة"),
        ("پاريس", "باريس"),
        ("ڤيينا", "فيينا"),
        ("چاد", "تشاد"),
        ("گوگل", "غوغل"),
        ("بیروت۱۲", "بيروت١٢"),
        # ی by its place
        ("إلی", "إلى"),
        ("وعلی", "وعلى"),
        ("فی", "في"),
        ("الذی", "الذي"),
        ("علی-فی", "على-في"),
        ("المستشفی", "المستشفى"),
        ("للأخری", "للأخرى"),
        ("مصطفی", "مصطفى"),
        ("اشتری", "اشترى"),
        ("واستولی", "واستولى"),
        ("سیتلقی", "سيتلقى"),
        ("کرسی", "كرسي"),
        ("صدیقی", "صديقي"),
        ("هُدًی", "هُدًى"),
        ("رَمَی", "رَمَى"),
        ("قَاضِی", "قَاضِي"),
        ("نَبِیّ", "نَبِيّ"),
        # Egypt's ى
        ("فى", "في"),
        ("والتى", "والتي"),
        ("الكُرْسِىِّ", "الكُرْسِيِّ"),
        ("قارىء", "قارئ"),
        ("شىء", "شيء"),
        ("على", "على"),
        ("مستشفى", "مستشفى"),
    ],
)
def test_a_word_is_spoken_as_its_plain_spelling(printed: str, plain: str) -> None:
    assert composed(clean(printed)) == composed(plain)


@pytest.mark.parametrize(
    ("quran", "plain"),
    [
        ("ٱللَّهِ", "اللَّهِ"),
        ("ٱلرَّحۡمَٰنِ", "الرَّحْمَٰنِ"),
        ("ٱلۡكِتَٰبُ", "الْكِتَابُ"),
        ("كِتَـٰبٞ", "كِتَابٌ"),
        ("رَيۡبَۛ", "رَيْبَ"),
        ("هُدٗى", "هُدًى"),
        ("هُدࣰى", "هُدًى"),
        ("مَرَضٗاۖ", "مَرَضًا"),
        ("رَحۡمَةٗ", "رَحْمَةً"),
        ("غِشَٰوَةٞۖ", "غِشَاوَةٌ"),
        ("مُسۡتَقِيمٖ", "مُسْتَقِيمٍ"),
        ("مُسْتَقِيمࣲ", "مُسْتَقِيمٍ"),
        ("عَظِيمࣱ", "عَظِيمٌ"),
        ("سَمِيعُۢ", "سَمِيعٌ"),
        ("عَلِيمٌۢ", "عَلِيمٌ"),
        ("مِنۢ", "مِنْ"),
        ("لَهُۥ", "لَهُ"),
        ("بِهِۦٓ", "بِهِ"),
        ("لَهٗ", "لَهُ"),
        ("بِهٖ", "بِهِ"),
        ("دَاوُۥدَ", "دَاوُودَ"),
        ("ٱلنَّبِيِّـۧنَ", "النَّبِيِّينَ"),
        ("إِبۡرَٰهِـۧمَ", "إِبْرَاهِيمَ"),
        ("قَالُوا۟", "قَالُوا"),
        ("ءَامَنُواْ", "آمَنُوا"),
        ("أُو۟لَـٰٓئِكَ", "أُولَٰئِكَ"),
        ("مِا۟ئَةَ", "مِائَةَ"),
        ("لَأَا۟ذْبَحَنَّهُۥٓ", "لَأَذْبَحَنَّهُ"),
        ("ٱلۡأٓخِرَةِ", "الْأخِرَةِ"),
        ("ٱلۡـَٔاخِرَةِ", "الْآخِرَةِ"),
        ("شَيۡـًٔا", "شَيْئًا"),
        ("شَىۡءٖ", "شَيْءٍ"),
        ("يَسۡـَٔلُونَ", "يَسْأَلُونَ"),
        ("أَفۡـِٔدَةٗ", "أَفْئِدَةً"),
        ("ٱلصَّلَوٰةَ", "الصَّلَاةَ"),
        ("ٱلسَّمَٰوَٰتِ", "السَّمَاوَاتِ"),
        ("رَمَىٰهُ", "رَمَاهُ"),
        ("عَلَىٰٓ", "عَلَى"),
        ("فِىٓ", "فِي"),
        ("ٱلَّذِى", "الَّذِي"),
        ("جَآءَ", "جَاءَ"),
        ("ٱلضَّآلِّينَ", "الضَّالِّينَ"),
        ("يَـٰٓأَيُّهَا", "يَاأَيُّهَا"),
        ("هَـٰٓؤُلَآءِ", "هَٰؤُلَاءِ"),
        ("وَلَٰكِنَّ", "وَلَٰكِنَّ"),
        ("ءَٰلِهَةٗ", "آلِهَةً"),
        ("لٰکن", "لٰكن"),
        ("يَبۡصُۜطُ", "يَبْصُطُ"),
    ],
)
def test_the_qurans_spelling_is_spoken_as_todays(quran: str, plain: str) -> None:
    assert composed(clean(quran)) == composed(plain)


@pytest.mark.parametrize(
    "word",
    ["مَآثِر", "قُرْآن", "مِرْآة", "آمَنَ", "قِرَاءَات", "جُزْءَان", "رَأْي", "شَيْء", "مائة", "هَٰذَا", "ذٰلك", "إلٰه"],
)
def test_a_plain_word_stays_as_it_is(word: str) -> None:
    assert clean(word) == word


def test_a_shadda_comes_before_its_vowel_whatever_was_typed_first() -> None:
    assert clean("مُحَم\u064e\u0651د") == clean("مُحَم\u0651\u064eد") == "مُحَم\u0651\u064eد"


def test_the_letters_of_another_language_are_its_own() -> None:
    assert clean("می\u200cخواهم", arabic=False) == "میخواهم"
    assert clean("ﭘﺪﺭ", arabic=False) == "پدر"
    assert clean("e\u0301ﬃ\u00adcace", arabic=False) == "éfficace"


def test_a_text_keeps_its_spaces() -> None:
    assert clean_text("ﻛﺎﻥ  إلی\n") == "كان  إلى\n"


@pytest.mark.parametrize(("lang", "arabic"), [("ar", True), ("ar-EG", True), ("arc", False), ("fa", False)])
def test_arabic_is_arabic_in_every_country(lang: str, *, arabic: bool) -> None:
    assert is_arabic(lang) is arabic


@given(TEXTS, st.booleans())
@example("\u06e5\u06df", True)
@example("ـٔا", True)
def test_no_sign_is_left_that_cannot_be_spoken(word: str, arabic: bool) -> None:
    found = set(clean(word, arabic=arabic))
    assert not found & {"\u00ad", "\u0640", "\u200f", "\u2060"}
    if arabic:
        assert not found & ({*KEYBOARDS, *FOREIGN} | set("\u06e1\u06df\u06d6\u0653\u08f0ٱ"))


@given(SPELLINGS)
def test_what_is_clean_stays_so(word: str) -> None:
    assert clean(clean(word)) == clean(word)
    assert clean(clean(word, arabic=False), arabic=False) == clean(word, arabic=False)


@given(SPELLINGS)
def test_decomposed_or_not_a_word_is_the_same(word: str) -> None:
    assert clean(unicodedata.normalize("NFD", word)) == clean(unicodedata.normalize("NFC", word))
