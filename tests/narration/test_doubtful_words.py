from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

import hakawati
from hakawati.arabic.vowels import diacritize
from hakawati.model import Book, Mark, Place, Sentence, Text, Utterance
from hakawati.narration.doubtful_words import DoubtfulWord, Why, doubtful_words
from hakawati.narration.pronunciation_lines import pasteable
from hakawati.narration.spoken_form import prepare
from hakawati.source.glossary import read_pronunciation
from hakawati.source.matching import pronunciations, strip_marks, with_prefix
from hakawati.source.sentences import words
from tests.goldens import ROOT
from tests.narration.making import utterance

MARKS = re.compile("[\u064b-\u0652\u0670]")


def model(*vowelled: str) -> Callable[[str], str]:
    """A model that vowels these words, in the order in which they are met, and leaves others bare."""
    waiting: dict[str, list[str]] = {}
    for word in vowelled:
        waiting.setdefault(MARKS.sub("", word), []).append(word)

    def one(match: re.Match[str]) -> str:
        forms = waiting.get(MARKS.sub("", match[0]), [match[0]])
        return forms.pop(0) if len(forms) > 1 else forms[0]

    return lambda text: re.sub(r"[\u0621-\u0652\u0670]+", one, text)


def arabic(text: str, line: int = 1, *, stops: tuple[int, ...] = ()) -> Utterance:
    return utterance(text, lang="ar", line=line, stops=stops)


def found(*vowelled: str, stops: tuple[int, ...] = ()) -> dict[str, str]:
    """The doubts, written → why, about a sentence that a model vowels so."""
    text = MARKS.sub("", " ".join(vowelled))
    return {d.written: d.why for d in doubtful_words([arabic(text, stops=stops)], model(*vowelled))}


def never(text: str) -> str:
    raise AssertionError("nobody was to be asked")


# What looks foreign


@pytest.mark.parametrize(
    "name",
    [
        "لُوكْلِيرَ",
        "وَلُوكْلِيرُ",
        "مَارْتِنُ",
        "نُورْدْلِينْغُ",
        "سْمِيثُ",
        "سمِيثُ",
        "بِرِيتَانِيكَا",
        "مُولُوتُوفَ",
        "الْمُولُوتُوفِ",
        "مَايُو",
        "وَارْسُو",
        "سَمَرْقَنْدَ",
        "أَبْرَاهَامْ",
        "بَارِيس",
        "رُولْ",
        "گَانْدِي",
        "ڤِينَّا",
    ],
)
def test_what_arabic_does_not_have_looks_foreign(name: str) -> None:
    assert found("جَاءَ", name, "أَمْسِ") == {MARKS.sub("", name): "foreign"}


@pytest.mark.parametrize(
    "words",
    [
        "كَتَبَ الطَّالِبُ رِسَالَةً إِلَى أَبِيهِ",
        "مَنْ قَالَتْ لَكُمْ إِنَّهُ لَمْ يَكْتُبْ",
        "هَلْ رَأَيْتُمْ كِتَابَهُمْ أَوْ قَرَأْتُمْ فِيهِ",
        "وَلَمْ تَصْمُدْ فَقَدْ لَا تَعُدْ",
        "يَدْعُو مُهَنْدِسُو الْمَصْنَعِ وَقَائِدُو الْجَيْشِ",
        "انْتَهَى وَانْتَهَى بِانْتِهَاءِ لِلِانْتِهَاءِ الِانْتِهَاءُ",
        "وَالشَّمْسِ لِلشَّمْسِ كَالشَّمْسِ الضَّالِّينَ الْعَامَّةِ",
        "يَسْتَخْدِمُونَ الْمُسْتَخْدَمِينَ لِاسْتِخْدَامِهِمُ اسْتِخْدَامًا",
        "مُحَاوَلَاتُهُمَا السِّيَاسِيُّونَ يُحَاوِلُونَهَا تَارِيخُهَا",
        "آخِرُ الْآبَاءِ فِي بَيْتِهِ عَلَى الْمَاءِ",
        "كانَ في بابِ الدارِ",
    ],
)
def test_what_arabic_has_does_not(words: str) -> None:
    assert found(*words.split()) == {}


def test_before_a_pause_a_word_without_its_ending_tells_nothing() -> None:
    assert found("جَاءَ", "الْوَلَدْ", stops=(1,)) == {}
    assert found("جَاءَ", "الْوَلَدْ") == {"الولد": "foreign"}


def test_a_word_that_mostly_has_its_ending_is_no_name() -> None:
    assert found("رَجُلْ", "رَجُلٌ", "رَجُلُ", "كَانَ") == {}
    assert found("رَجُلْ", "رَجُلٌ", "كَانَ") == {"رجل": "foreign"}


# Other reasons


def test_a_word_that_the_model_left_bare_is_listed() -> None:
    assert found("جَاءَ", "دوايت", "قنصلهم") == {"دوايت": "no vowels", "قنصلهم": "no vowels"}
    assert found("ذَهَبَ", "في", "ما", "لا") == {}


def test_a_sentence_that_the_model_changed_is_listed_word_by_word() -> None:
    listed = doubtful_words([arabic("كتب الولد")], lambda _: "شيء آخر")
    assert {d.written: d.why for d in listed} == {"كتب": "no vowels", "الولد": "no vowels"}


def test_a_word_that_is_vowelled_in_two_ways_is_listed_with_both() -> None:
    said = [arabic("صدر كتب", 3), arabic("صدر كتب", 5), arabic("كتب صدر الأمر", 9)]
    (doubt,) = doubtful_words(said, model("صَدَرَ", "صَدْرِ", "كُتُبٌ", "كُتُبَ", "الْأَمْرِ"))
    assert (doubt.written, doubt.spoken, doubt.others, doubt.why) == ("صدر", "صَدَرَ", ("صَدْرِ",), "two ways")
    assert doubt.places == tuple(Place("book/en/01.md", line) for line in (3, 5, 9))
    assert doubt.count == 3


@pytest.mark.parametrize(
    "forms",
    [
        ("كِتَابُ", "كِتَابَ", "كِتَابٍ"),
        ("كِتَابُهُ", "كِتَابِهِ"),
        ("كِتَابَهُمَا", "كِتَابِهِمَا"),
        ("كِتَابًا", "كِتَابَا"),
        ("بِكِتَابِ", "بِكِتابِ"),
        ("كانَ", "كَانَ"),
        ("مِنْ", "مَنْ", "مِنَ"),
        ("وَبَعْدَ", "وَبُعْدِ"),
        ("أَنْ", "أَنَّ"),
    ],
)
def test_a_case_is_no_other_way_and_neither_is_what_only_a_sentence_tells_apart(
    forms: tuple[str, ...],
) -> None:
    said = [arabic(f"{MARKS.sub('', form)} {n}", n) for n, form in enumerate(forms, start=1)]
    assert doubtful_words(said, model(*forms)) == []


@pytest.mark.parametrize("word", ["Google", "NATO", "e.g", "α", "الـCNN", "COVID-19"])
def test_another_script_is_listed(word: str) -> None:
    (doubt,) = doubtful_words([arabic(f"قال {word}")], model("قَالَ"))
    assert (doubt.written, doubt.why) == (word.replace("ـ", ""), "script")


@pytest.mark.parametrize(
    ("lang", "text", "listed"),
    [
        ("en", "He wrote كتاب and Ἀθῆναι and naïve biḍʿah 24 µm", {"كتاب", "Ἀθῆναι"}),
        ("ru", "Он сказал hello", {"hello"}),
        ("ja", "これは 日本語 カタカナ です word", {"word"}),
        ("fa", "او کتاب را خواند Google", {"Google"}),
    ],
)
def test_in_other_languages_only_another_script_is(lang: str, text: str, listed: set[str]) -> None:
    assert {d.written for d in doubtful_words([utterance(text, lang=lang)], never)} == listed


@pytest.mark.parametrize("word", ["عام1944", "1944م", "٣أ", "أ.د", "ق.م", "د", "م"])
def test_abbreviations_and_digits_that_stick_to_letters_are_listed(word: str) -> None:
    found = doubtful_words([arabic(f"قال {word}")], model("قَالَ"))
    assert {doubt.written: doubt.why for doubt in found} == {word: "mixed"}


@pytest.mark.parametrize("word", ["1944", "٣٫٥", "100%", "و", "12:30"])
def test_numbers_and_words_of_one_letter_are_not(word: str) -> None:
    assert doubtful_words([arabic(f"قال {word}")], model("قَالَ", "وَ")) == []


# What the author knows already


def test_what_the_author_gave_is_not_listed_and_what_he_did_not_is() -> None:
    said = replace(arabic("زار لندن لندن Google"), given=((1, 2, "لَنْدَن"), (3, 4, "غُوغِل")))
    (doubt,) = doubtful_words([said], model("زَارَ", "لَنْدُن"))
    assert (doubt.written, doubt.count) == ("لندن", 1)
    assert doubtful_words([replace(said, given=((1, 4, "لَنْدَن"),))], model("زَارَ", "لَنْدُن")) == []


def test_what_the_author_vowelled_in_the_text_is_not_listed() -> None:
    assert doubtful_words([arabic("زار لَنْدَن")], model("زَارَ")) == []
    assert doubtful_words([arabic("قال صَدَر ثم صَدْر")], model("قَالَ", "ثُمَّ")) == []


def test_a_single_mark_of_his_leaves_the_rest_in_doubt() -> None:
    said = [arabic("أُسر 1"), arabic("أُسر 2")]
    assert [d.why for d in doubtful_words(said, model("أُسَرَ", "أُسِرَ"))] == ["two ways"]
    (doubt,) = doubtful_words([arabic("هو نوردلينغً أمس")], model("هُوَ", "نُورْدْلِينْغ", "أَمْسِ"))
    assert doubt.why == "foreign"


# What is listed


def test_a_word_behind_proclitics_is_listed_with_the_word() -> None:
    said = [arabic("قال وديجول أمس", 1), arabic("قال ديجول أمس", 2), arabic("قال ولديجول أمس", 3)]
    (doubt,) = doubtful_words(said, model("قَالَ", "وَدِيجُولْ", "دِيجُولْ", "وَلِدِيجُولْ", "أَمْسِ"))
    assert (doubt.written, doubt.spoken, doubt.count) == ("ديجول", "دِيجُول", 3)
    assert [place.line for place in doubt.places] == [1, 2, 3]


def test_a_word_whose_marks_say_that_it_begins_with_no_proclitic_is_listed_by_itself() -> None:
    said = [arabic("قال وُلكلير أمس"), arabic("قال لكلير أمس")]
    found = doubtful_words(said, model("قَالَ", "وُلْكْلِيرْ", "لْكْلِيرْ", "أَمْسِ"))
    assert {(doubt.written, doubt.count) for doubt in found} == {("ولكلير", 1), ("لكلير", 1)}


def test_the_article_that_a_proclitic_has_shortened_is_found() -> None:
    said = [arabic("قال للمولوتوف أمس"), arabic("قال المولوتوف أمس")]
    (doubt,) = doubtful_words(said, model("قَالَ", "لِلْمُولُوتُوفِ", "الْمُولُوتُوفَ", "أَمْسِ"))
    assert (doubt.written, doubt.spoken) == ("المولوتوف", "الْمُولُوتُوف")


def test_the_form_is_not_pausal_and_has_an_ending_only_where_it_is_always_the_same() -> None:
    forms = ["صَدَرَ", "صَدْرٌ", "صَدَرَ"]
    same = [arabic(f"صدر {n}", n, stops=(0,)) for n in (1, 2, 3)]
    (doubt,) = doubtful_words(same, model(*forms))
    assert doubt.spoken == "صَدَرَ"
    (doubt,) = doubtful_words(same, model(*forms[:2], "صَدَرُ"))
    assert doubt.spoken == "صَدَر"


def test_the_authors_tanwin_is_written_once() -> None:
    (doubt,) = doubtful_words([arabic("هو دوكتوراً أمس")], model("هُوَ", "دُوكْتُورًا", "أَمْسِ"))
    assert doubt.spoken == "دُوكْتُورًا"


def test_reasons_come_in_order_and_in_each_the_most_frequent_word_first() -> None:
    text = "NATO لندن باريس باريس د NATO WHO"
    listed = doubtful_words([arabic(text)], model("لَنْدُن", "بَارِيس"))
    assert [d.written for d in listed] == ["باريس", "لندن", "NATO", "WHO", "د"]


def test_the_model_is_asked_once_for_the_same_text() -> None:
    asked: list[str] = []

    def counting(text: str) -> str:
        asked.append(text)
        return text

    said = [arabic("المصدر كتاب", n) for n in range(1, 5)]
    assert [d.count for d in doubtful_words([*said, utterance("A book", lang="en")], counting)] == [4, 4]
    assert asked == ["المصدر كتاب"]


def test_of_nothing_nothing_is_listed() -> None:
    assert doubtful_words([], never) == []
    assert pasteable([]) == ""


# What is pasted


def test_a_line_says_why_how_often_and_where() -> None:
    places = [Place("book/ar/01-one.md", line) for line in (3, 4, 7, 9)]
    pasted = pasteable(
        [
            DoubtfulWord("باريس", "بَارِيس", ("بَارِسْ",), "foreign", tuple(places), 5),
            DoubtfulWord("نوردلينغ", "نُورْدْلِينْغ", (), "foreign", (places[1],), 1),
            DoubtfulWord("NATO", "NATO", (), "script", tuple(places[:2]), 2),
        ]
    )
    assert pasted == (
        "# --- Names and foreign words: their vowels are a guess ---\n"
        "باريس: بَارِيس        # foreign, 5×, also بَارِسْ; book/ar/01-one.md:3, book/ar/01-one.md:4 …+2\n"
        "نوردلينغ: نُورْدْلِينْغ  # foreign, 1×; book/ar/01-one.md:4\n"
        "\n"
        "# --- Words in another script: write how they are said ---\n"
        '"NATO": "NATO"      # script, 2×; book/ar/01-one.md:3, book/ar/01-one.md:4\n'
    )


def test_every_reason_has_its_comment() -> None:
    for why in get_args(Why):
        assert pasteable([DoubtfulWord("كلمة", "كَلِمَة", (), why, (), 0)]).startswith("# --- ")


ANY = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30) | st.sampled_from(
    ["no", "null", "~", "1e5", "0x1F", "1.5", "true", "a-b", "O'Brien", "3%", "&x", "=", "@a", "100٪", "د"]
)
WHYS = st.sampled_from(get_args(Why))


def tokens(text: str) -> list[str]:
    """The words that a text would have, without marks and what cannot be seen."""
    return [bare for w in words(text) if words(bare := strip_marks(text[w.begin : w.end]))]


@given(st.lists(st.tuples(ANY, ANY, ANY, WHYS), max_size=8))
@example([("null", "1e5", "#\n: \u2028", "script")])
def test_whatever_the_words_what_is_pasted_is_read_again(rows: list[tuple[str, str, str, Why]]) -> None:
    wanted: dict[str, str] = {}
    listed = []
    for text, spoken, other, why in rows:
        for word in tokens(text)[:1]:
            if word not in wanted:
                wanted[word] = spoken
                place = Place(f"book/ar/{other}.md", 1)
                listed.append(DoubtfulWord(word, spoken, (other,), why, (place,), 1))
    assert read_pronunciation(pasteable(listed), "pronunciation.yaml") == wanted


def said_with(text: str, lang: str, entries: Mapping[str, str]) -> Utterance:
    """The utterance of a sentence in a book with these pronunciations."""
    printed = words(text)
    marks = tuple(
        Mark("say", printed[m.begin].begin, printed[m.end - 1].end, with_prefix(m.prefix, m.value))
        for m in pronunciations(entries).find(text, printed, arabic=lang == "ar")
    )
    sentence = Sentence("s1", text, 7, printed, (), marks)
    return prepare(sentence, Text("t1", lang, "book/ar/01.md", (sentence,)), lang)


LETTERS = st.text("ابتلموفيکپأآىةءaBéß1٣.-ـ\u064e\u0651\u064b\u0654\u200f ", min_size=1, max_size=40)


@settings(deadline=None)
@given(st.lists(LETTERS | ANY, min_size=1, max_size=4), st.sampled_from(["ar", "en"]))
@example(["و\u0640\u0654"], "ar")
@example(["و\u064fبت", "بت"], "ar")
def test_whatever_the_text_what_is_pasted_settles_it(texts: list[str], lang: str) -> None:
    texts = [unicodedata.normalize("NFC", text) for text in texts]
    assume(all(words(text) for text in texts))
    # No key finds a word that is none without its marks: B.ـ, which nobody writes.
    bare = [strip_marks(text[w.begin : w.end]) for text in texts for w in words(text)]
    assume(all(b[w.begin : w.end] == b for b in bare for w in words(b)[:1]))

    def vowel(text: str) -> str:
        return re.sub("[بلم]", "\\g<0>\u0650", MARKS.sub("", text))

    first = doubtful_words([said_with(text, lang, {}) for text in texts], vowel)
    entries = read_pronunciation(pasteable(first), "pronunciation.yaml")
    again = doubtful_words([said_with(text, lang, entries) for text in texts], vowel)
    assert {d.written for d in again} & {d.written for d in first} == set()


# The repository's own book, by the real model


def utterances(book: Book) -> list[Utterance]:
    return [
        prepare(sentence, text, text.lang)
        for chapter in book.chapters
        for text in chapter.texts()
        for sentence in text.sentences
        if sentence.words
    ]


@pytest.fixture(scope="module")
def said() -> list[Utterance]:
    """The book as it is."""
    return utterances(hakawati.load(ROOT))


@pytest.fixture(scope="module")
def unsaid(said: list[Utterance]) -> list[DoubtfulWord]:
    """The doubts, had its author given no pronunciations."""
    return doubtful_words([replace(utterance, given=()) for utterance in said], diacritize)


def keys_of(*sections: str) -> list[str]:
    """The keys of the book's `pronunciation.yaml` that stand under these headings; of all, without one."""
    text = (ROOT / "book" / "pronunciation.yaml").read_text(encoding="utf-8")
    pieces = re.split(r"^# --- (.+) ---$", text, flags=re.MULTILINE)[1:]
    chosen = [
        body for name, body in zip(pieces[::2], pieces[1::2], strict=True) if name in sections or not sections
    ]
    return [key for body in chosen for key in read_pronunciation(body, "pronunciation.yaml")]


def recall(keys: Iterable[str], listed: Iterable[DoubtfulWord]) -> float:
    """The share of keys of which a word is listed."""
    known = {doubt.written for doubt in listed}
    caught = [any(token in known for token in tokens(key)) for key in keys]
    return sum(caught) / len(caught)


def test_many_names_that_the_author_had_to_give_are_found(unsaid: list[DoubtfulWord]) -> None:
    # Many of the others are said right without being given: باريس, لندن, واشنطن.
    assert recall(keys_of("People", "Places", "Months and measures"), unsaid) >= 0.64
    assert recall(keys_of(), unsaid) >= 0.33  # the others are Arabic, misread by their context


def test_few_words_are_listed_that_the_author_did_not_give(
    said: list[Utterance], unsaid: list[DoubtfulWord]
) -> None:
    every: set[str] = set()
    touched: set[str] = set()
    for one in said:
        if one.lang == "ar":
            printed = [strip_marks(one.text[w.begin : w.end]) for w in one.words]
            every |= {word for word in printed if re.search("[ء-ي]", word)}
            touched |= {word for begin, end, _ in one.given for word in printed[begin:end]}
    alarms = {doubt.written for doubt in unsaid} - touched
    assert len(alarms) <= 0.04 * len(every - touched)


def test_what_is_pasted_into_the_book_settles_it(
    said: list[Utterance], unsaid: list[DoubtfulWord], tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "book", tmp_path / "book")
    file = tmp_path / "book" / "pronunciation.yaml"
    file.write_text(pasteable(unsaid), encoding="utf-8")
    again = doubtful_words(utterances(hakawati.load(tmp_path)), diacritize)
    assert {doubt.written for doubt in again} & {doubt.written for doubt in unsaid} == set()
    own = (ROOT / "book" / "pronunciation.yaml").read_text(encoding="utf-8")
    file.write_text(own + pasteable(doubtful_words(said, diacritize)), encoding="utf-8")
    assert doubtful_words(utterances(hakawati.load(tmp_path)), diacritize) == []
