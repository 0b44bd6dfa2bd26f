from __future__ import annotations

import pytest

from hakawati.errors import BookError, Problem
from hakawati.model import Place, Term
from hakawati.source.glossary import read_glossary, read_pronunciation, term_finder, without_vowels
from hakawati.source.sentences import words


def read(text: str) -> tuple[Term, ...]:
    return read_glossary(text, "book/glossary.yaml", ("ar", "en"))


def test_reads_every_key_of_a_term() -> None:
    (term,) = read(
        "- term: ميل\n  forms: [أميال, 'الميل']\n  translation: {en: mile}\n"
        "  definition: {en: A unit., ar: وحدة.}\n  say: مِيل\n  root: م-ي-ل\n  transliteration: mīl\n"
    )
    assert term == Term(
        id="term-c71d8ca8",
        term="ميل",
        forms=("أميال", "الميل"),
        translation={"en": "mile"},
        definition={"ar": "وحدة.", "en": "A unit."},
        say="مِيل",
        place=Place("book/glossary.yaml", 1),
        root="م ي ل",
        transliteration="mīl",
        vowelled="مِيل",
    )
    assert list(term.definition) == ["ar", "en"]


def test_a_term_alone_is_enough_and_may_be_a_number() -> None:
    assert [
        (t.term, t.forms, t.translation, t.say) for t in read("- term: 1944\n- {term: ميل, forms: أميال}")
    ] == [
        ("1944", (), {}, ""),
        ("ميل", ("أميال",), {}, ""),
    ]


@pytest.mark.parametrize(
    ("written", "root"),
    [
        ("ك ت ب", "ك ت ب"),
        ("ك-ت-ب", "ك ت ب"),
        ("كتب", "ك ت ب"),
        (" ك  -  ت ‐ ب ", "ك ت ب"),
        ("أ ب", "أ ب"),
        ("س أ ل", "س أ ل"),
        ("د ح ر ج", "د ح ر ج"),
        ("سفرجل", "س ف ر ج ل"),
    ],
)
def test_a_root_is_letters_however_they_are_joined(written: str, root: str) -> None:
    assert [term.root for term in read(f"- term: نص\n  root: '{written}'\n")] == [root]


@pytest.mark.parametrize(
    "written", ["ك", "ك ت ب د ه و", "كَتَبَ", "ك ا ب", "ktb", "ك ت 1", "ك، ت، ب", "مدرسة", "-"]
)
def test_what_is_no_root_is_a_problem(written: str) -> None:
    with pytest.raises(BookError) as raised:
        read(f"- term: نص\n  root: '{written}'\n")
    assert [(p.line, p.message) for p in raised.value.problems] == [
        (2, f"“{written}” is no root: two to five Arabic consonants")
    ]


def test_only_an_arabic_term_whose_vowels_are_written_can_be_transliterated() -> None:
    text = "- term: كِتَاب\n- {term: قلم, say: قَلَم}\n- term: حبر\n- {term: وَرَق, say: ورق}\n- term: UNESCO"
    assert [term.vowelled for term in read(text)] == ["كِتَاب", "قَلَم", "", "", ""]
    assert [term.vowelled for term in read_glossary(text, "g", ("fa", "en"))] == [""] * 5


def test_says_which_arabic_terms_have_no_transliteration() -> None:
    terms = read(
        "- term: كِتَاب\n- term: حبر\n- {term: قلم, transliteration: qalam}\n- term: UNESCO\n- term: '1944'"
    )
    assert list(without_vowels(terms)) == [
        Problem(
            "book/glossary.yaml",
            2,
            "no transliteration of “حبر”, whose vowels are not written",
            "add “say: …”, the term with all its vowel marks, or “transliteration: …”",
        )
    ]


def test_a_terms_id_is_its_own_wherever_it_stands() -> None:
    assert read("- term: ميل\n- term: نهر")[1].id == read("- term: نهر\n- term: ميل")[0].id


@pytest.mark.parametrize("text", ["", "# nothing yet\n"])
def test_an_empty_file_has_no_entries(text: str) -> None:
    assert read(text) == ()
    assert read_pronunciation(text, "book/pronunciation.yaml") == {}


def test_finds_terms_and_their_forms() -> None:
    finder = term_finder(read("- term: ميل\n  forms: أميال\n- term: نهر السين"))
    text = "بعد ميلين أو ١٥٠ ميلاً بالأميال من نهر السين"
    there = words(text)
    assert [(m.begin, m.end, m.value.term) for m in finder.find(text, there)] == [
        (4, 5, "ميل"),
        (5, 6, "ميل"),
        (7, 9, "نهر السين"),
    ]


def test_pronunciation_is_text_by_word() -> None:
    text = "هتلر: هِتْلَر\n1944: ' ألف '\nق.م: 3\n"
    assert read_pronunciation(text, "p") == {"هتلر": "هِتْلَر", "1944": "ألف", "ق.م": "3"}


def test_the_same_word_twice_in_one_key_is_a_problem_of_the_yaml() -> None:
    with pytest.raises(BookError) as raised:
        read_pronunciation("هتلر: أ\nهتلر: ب\n", "p")
    assert str(raised.value) == "p:2: “هتلر” is given twice (first in line 1)\n    hint: keep one of them"
