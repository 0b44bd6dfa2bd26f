"""Each notice of the sources, planted alone; and sound books, of which nothing is said."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from hakawati.check.sources import arabic_spellings as arabic_spelling
from hakawati.check.sources import latin_spellings
from tests.check.sources.looked import arabic, english, noticed
from tests.goldens import BOOKS, CASES, ROOT
from tests.support import TWO_LANGUAGES, write_book

JUSTIFIED = {
    "long-sentence": {
        "book/ar/01-long.md:3: a sentence of 200 words, “قال الشيخ إن القافلة سارت من المدينة …”, "
        "is hard to follow",
        "book/ar/01-long.md:5: a sentence of 212 words, “كلمة طويلة رقم 1 وكلمة طويلة رقم 2 …”, "
        "is hard to follow",
    },
    "numbers-and-names": {
        "book/ar/01-numbers.md:5: the number ٣٥٫٥ has Arabic-Indic digits, though the text's numbers are "
        "European elsewhere (11×)",
        "book/ar/01-numbers.md:7: the number ٢٬٢٠٠٬٠٠٠ has Arabic-Indic digits, "
        "though the text's numbers are European elsewhere (11×)",
    },
    "markup": {  # what would be markup elsewhere
        "book/ar/01-markup.md:7: [ at the end is not closed",
        "book/ar/01-markup.md:7: [ before “CDATA[” is not closed",
        "book/ar/01-markup.md:7: ] after “]” closes nothing",
        "book/ar/01-markup.md:7: ] at the beginning closes nothing",
        "book/en/01-markup.md:1: ] after “* 7 }} ]” closes nothing",
        "book/en/01-markup.md:1: ] after “7 * 7 }}” closes nothing",
        "book/en/01-markup.md:7: [ before “& more <style>” is not closed",
        "book/en/01-markup.md:7: [ before “CDATA[ & more <style>” is not closed",
        "book/en/01-markup.md:7: ] after “]” closes nothing",
        "book/en/01-markup.md:7: ] at the beginning closes nothing",
    },
}
"""What is said of golden books, and is true of them."""


@pytest.mark.parametrize("case", CASES)
def test_says_nothing_of_a_sound_book(case: str) -> None:
    assert {told.splitlines()[0] for told in noticed(BOOKS / case)} == JUSTIFIED.get(case, set())


def test_says_nothing_of_the_repositorys_own_book() -> None:
    assert noticed(ROOT) == []


# Sentences


def test_a_sentence_that_nobody_can_follow_by_ear_is_told_with_its_length(tmp_path: Path) -> None:
    long = "The cat " + "and the dog " * 23
    assert english(tmp_path, "Short.", f"Short, too.\n{long.strip()}.") == [
        "book/en/01-one.md:6: a sentence of 71 words, “The cat and the dog and the dog and the …”, "
        "is hard to follow\n    hint: divide it, if it is yours to divide: listeners cannot look back"
    ]
    assert english(tmp_path, f"The cat {'and the dog ' * 22}.") == []


def test_arabic_needs_fewer_words_for_a_sentence_that_is_too_long(tmp_path: Path) -> None:
    assert arabic(tmp_path, "كتاب " * 55 + ".") == []
    (told,) = arabic(tmp_path, "كتاب " * 56 + ".")
    assert told.startswith("book/ar/01-one.md:3: a sentence of 56 words, ")


def test_where_words_cannot_be_counted_characters_are(tmp_path: Path) -> None:
    (tmp_path / "book" / "zh").mkdir(parents=True)
    (tmp_path / "book" / "book.yaml").write_text("title: 书\nlanguages: [zh]\n")
    (tmp_path / "book" / "zh" / "01-one.md").write_text(f"# 一\n\n{'书' * 121}。\n")
    (told,) = noticed(tmp_path)
    assert told.startswith("book/zh/01-one.md:3: a sentence of 121 characters, ")


# Lengths


def pairs(tmp_path: Path, change: dict[int, str]) -> list[str]:
    """Twelve paragraphs with their translations, which differ as translations do, but for those changed."""
    chance = random.Random(7)
    ours = [" ".join(["كلمات"] * chance.randint(8, 40)) + "." for _ in range(12)]
    theirs = [" ".join(["words"] * round(len(o.split()) * chance.uniform(1.05, 1.35))) + "." for o in ours]
    for at, text in change.items():
        theirs[at] = text
    files: dict[str, str | bytes] = {
        "book.yaml": TWO_LANGUAGES,
        "ar/01-one.md": "\n\n".join(["# عنوان", *ours]),
        "en/01-one.md": "\n\n".join(["# Title", *theirs]),
    }
    return noticed(write_book(tmp_path, files))


def test_translations_of_the_usual_length_are_not_told(tmp_path: Path) -> None:
    assert pairs(tmp_path, {}) == []


def test_a_translation_that_lacks_half_of_its_text_is_told(tmp_path: Path) -> None:
    lost = " ".join(["words"] * 6) + "."
    (told,) = pairs(tmp_path, {4: lost})
    message, hint = told.splitlines()
    assert message.startswith("book/en/01-one.md:11: this en translation is only ")
    assert message.endswith(" % as long as this book's others usually are (book/ar/01-one.md:11)")
    assert hint == "    hint: look whether something of the original is missing in it"


def test_a_translation_that_says_much_more_is_told(tmp_path: Path) -> None:
    (told,) = pairs(tmp_path, {7: "Words are words. " * 45})
    message, hint = told.splitlines()
    assert message.startswith("book/en/01-one.md:17: this en translation is ")
    assert " times as long as " in message
    assert hint == "    hint: look whether it says more than the original, or translates another block"


def test_a_few_blocks_are_no_measure(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "book.yaml": TWO_LANGUAGES,
        "ar/01-one.md": f"# عنوان\n\n{'كلمات ' * 30}.",
        "en/01-one.md": "# Title\n\nWords.",
    }
    assert noticed(write_book(tmp_path, files)) == []


# Digits


def test_a_number_with_two_kinds_of_digits_is_told(tmp_path: Path) -> None:
    assert arabic(tmp_path, "كان ذلك عام 19٤٤ في باريس.") == [
        "book/ar/01-one.md:3: the number 19٤٤ has European and Arabic-Indic digits\n"
        "    hint: write it with one kind"
    ]


def test_numbers_unlike_the_others_are_told_but_not_names_with_digits(tmp_path: Path) -> None:
    assert arabic(tmp_path, "في عام ١٩٤٤ أو ١٩٤٥.", "ثم 1946، ولكن MP3 و`7` وطائرة F-16.") == [
        "book/ar/01-one.md:5: the number 1946 has European digits, "
        "though the text's numbers are Arabic-Indic elsewhere (2×)\n    hint: choose one kind for a language"
    ]


def test_a_sign_for_which_nothing_is_said_is_told_once_for_each_file(tmp_path: Path) -> None:
    assert english(tmp_path, "From Paris → Rome, x ∈ M.", "Rome → Paris.") == [
        "book/en/01-one.md:3: the sign → (RIGHTWARDS ARROW) is printed but not spoken, 2×\n"
        "    hint: write it in words, or say it in pronunciation.yaml with the word beside it",
        "book/en/01-one.md:3: the sign ∈ (ELEMENT OF) is printed but not spoken\n"
        "    hint: write it in words, or say it in pronunciation.yaml with the word beside it",
    ]
    (told,) = arabic(tmp_path / "arabic", "من باريس → روما.")
    assert "the sign → (RIGHTWARDS ARROW) is printed but not spoken" in told


def test_signs_that_are_said_ornament_and_other_languages_are_not_told(tmp_path: Path) -> None:
    assert english(tmp_path, "5 × 3 = 15, ±2, -5 °C, $3 & more — Java™ © 2020 • * 🙂 `a → b`.") == []
    book = "title: Livre\nlanguages: [fr]\n"
    assert (
        noticed(write_book(tmp_path / "fr", {"book.yaml": book, "fr/01-un.md": "# Un\n\nParis → Rome.\n"}))
        == []
    )


def test_persian_digits_in_an_arabic_text_are_told(tmp_path: Path) -> None:
    (told,) = arabic(tmp_path, "في عام ١٩٤٤ أو ١٩٤٥ أو ۱۹۴۶.")
    assert told.startswith("book/ar/01-one.md:3: the number ۱۹۴۶ has Persian digits, ")


def test_each_language_has_digits_of_its_own(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "book.yaml": TWO_LANGUAGES,
        "ar/01-one.md": "# عنوان\n\nفي عام ١٩٤٤.",
        "en/01-one.md": "# Title\n\nIn 1944.",
    }
    assert noticed(write_book(tmp_path, files)) == []


# Letters of other keyboards


def test_letters_of_another_keyboard_are_named_with_word_and_line_and_what_to_type(tmp_path: Path) -> None:
    assert arabic(tmp_path, "کتب إلی صديقي.", "ثم سار\nإلی المدینة.") == [
        "book/ar/01-one.md:3: “کتب” has ک (U+06A9), of another keyboard\n"
        "    hint: type كتب, or it is not found by a search; it is spoken so",
        "book/ar/01-one.md:3: “إلی” has ی (U+06CC), of another keyboard, and in line 5\n"
        "    hint: type إلى, or it is not found by a search; it is spoken so",
        "book/ar/01-one.md:5: “المدینة” has ی (U+06CC), of another keyboard\n"
        "    hint: type المدينة, or it is not found by a search; it is spoken so",
    ]


def test_a_file_typed_on_another_keyboard_is_told_to_be_so(tmp_path: Path) -> None:
    found = arabic(tmp_path, " ".join(f"{first}{second}یک" for first in "بتجدر" for second in "سشعفق") + ".")
    assert len(found) == 21
    assert found[-1] == (
        "book/ar/01-one.md:3: 5 more words have letters of another keyboard\n"
        "    hint: replace them in the whole file: ک by ك and ی by ي"
    )


def test_a_letter_for_a_foreign_sound_is_named_once(tmp_path: Path) -> None:
    assert arabic(tmp_path, "زار ڤيينا.", "ثم زار ڤرساي.") == [
        "book/ar/01-one.md:3: “ڤيينا” has ڤ (U+06A4), of another keyboard, and in line 5\n"
        "    hint: it is spoken as ف: type فيينا, or keep it if it should be seen; "
        "pronunciation.yaml can give the word another sound",
    ]


def test_presentation_forms_are_told_and_signs_are_none(tmp_path: Path) -> None:
    assert arabic(tmp_path, "﷽", "ﻛﺎﻥ النبي ﷺ عبد ﷲ.", "ﻛﺎﻥ.") == [
        "book/ar/01-one.md:5: “ﻛﺎﻥ” is written in presentation forms, as in a PDF, and in line 7\n"
        "    hint: type كان: a search does not find it, and fonts may not have it",
    ]


def test_code_and_words_whose_sound_is_given_are_left_alone(tmp_path: Path) -> None:
    project = write_book(
        tmp_path,
        {"ar/01-one.md": "# واحد\n\nهذه `کتب`، وهذه ڤيينا.", "pronunciation.yaml": "ڤيينا: فِيِينَّا\n"},
    )
    assert noticed(project) == []


def test_a_persian_book_has_its_own_keyboard(tmp_path: Path) -> None:
    (tmp_path / "book" / "fa").mkdir(parents=True)
    (tmp_path / "book" / "book.yaml").write_text("title: کتاب\nlanguages: [fa]\n", encoding="utf-8")
    (tmp_path / "book" / "fa" / "01-one.md").write_text("# یک\n\nپدر کتاب را خواند.\n", encoding="utf-8")
    assert noticed(tmp_path) == []


def test_terms_of_the_glossary_are_looked_at_too(tmp_path: Path) -> None:
    project = write_book(
        tmp_path, {"glossary.yaml": "- term: نص\n  forms: [متکأ]\n  definition: {ar: كلام}\n"}
    )
    (told,) = noticed(project)
    assert told.startswith("book/glossary.yaml:1: “متکأ” has ک (U+06A9), of another keyboard")


# Invisible characters


def test_invisible_characters_are_named_with_all_of_their_lines(tmp_path: Path) -> None:
    lines = "\n\n".join(["نص\u200f."] * 8)
    assert arabic(tmp_path, f"{lines}\n\nكل\u200cمة كت\u00adاب.") == [
        "book/ar/01-one.md:3: an invisible character, U+200F RIGHT-TO-LEFT MARK, "
        "and in lines 5, 7, 9, 11, 13 and 2 more\n"
        "    hint: delete it, or write &rlm;, which can be seen: right-to-left and Latin text mix without",
        "book/ar/01-one.md:19: an invisible character, U+200C ZERO WIDTH NON-JOINER\n"
        "    hint: delete it: it parts the word for searches",
        "book/ar/01-one.md:19: an invisible character, U+00AD SOFT HYPHEN\n"
        "    hint: delete it, or write &shy;: it parts the word for searches",
    ]


@pytest.mark.parametrize("character", ["\u200b", "\u200e", "\u2060", "\ufeff", "\u2028", "\u061c"])
def test_what_nobody_sees_is_told(character: str, tmp_path: Path) -> None:
    (told,) = english(tmp_path, f"A te{character}xt.")
    assert told.startswith(f"book/en/01-one.md:3: an invisible character, U+{ord(character):04X} ")


def test_isolates_that_close_are_invisible_all_the_same(tmp_path: Path) -> None:
    found = arabic(tmp_path, "نص \u2067نص\u2069.")
    assert [told.split(", ")[1].split("\n")[0] for told in found] == [
        "U+2067 RIGHT-TO-LEFT ISOLATE",
        "U+2069 POP DIRECTIONAL ISOLATE",
    ]


def test_in_the_glossary_they_are_found_too(tmp_path: Path) -> None:
    project = write_book(tmp_path, {"glossary.yaml": "- term: نص\n  definition: {ar: كل\u200bام}\n"})
    (told,) = noticed(project)
    assert told.startswith("book/glossary.yaml:2: an invisible character, U+200B ZERO WIDTH SPACE")


def test_what_can_be_seen_in_the_source_or_joins_is_no_trap(tmp_path: Path) -> None:
    woman, flag = "\U0001f469\u200d\U0001f680", "\U0001f3f4\U000e0067\U000e0062\U000e007f"
    assert english(tmp_path, "A &rlm;te&shy;xt&#x200B;.", f"A woman {woman}, a flag {flag}.") == []
    (tmp_path / "fa" / "book" / "fa").mkdir(parents=True)
    (tmp_path / "fa" / "book" / "book.yaml").write_text("title: می\u200cخواهم\nlanguages: [fa]\n")
    (tmp_path / "fa" / "book" / "fa" / "01-one.md").write_text("# یک\n\nمی\u200cخواهم.\n")
    assert noticed(tmp_path / "fa") == []


# Terms


def test_a_term_that_is_there_with_its_article_and_without_is_defined_twice(tmp_path: Path) -> None:
    glossary = "- term: نص\n  definition: {ar: كلام}\n- term: النص\n  definition: {ar: كلام}\n"
    assert noticed(write_book(tmp_path, {"glossary.yaml": glossary})) == [
        "book/glossary.yaml:3: “النص” is defined twice, as “نص” in line 1\n"
        "    hint: keep one of them: a term is found with its article and without"
    ]


def test_a_term_without_the_translation_that_most_have_is_told(tmp_path: Path) -> None:
    glossary = (
        "- {term: كتاب, translation: {en: book}}\n- {term: قلم, translation: {en: pen}}\n"
        "- {term: نص, definition: {ar: كلام}}\n"
    )
    files: dict[str, str | bytes] = {
        "book.yaml": TWO_LANGUAGES,
        "glossary.yaml": glossary,
        "en/01-one.md": "# Title\n\nA short text.",
    }
    assert noticed(write_book(tmp_path, files)) == [
        "book/glossary.yaml:3: the term “نص” has no en translation, though most others have one\n"
        "    hint: add “translation: {en: …}”"
    ]


# Spellings


def test_a_slip_is_told_at_its_place_with_the_usual_spelling(tmp_path: Path) -> None:
    assert arabic(tmp_path, "القوات الأمريكية هنا. " * 5, "ثم جاءت القوات\nالامريكية.") == [
        "book/ar/01-one.md:5: “الامريكية”, which the text spells “الأمريكية” elsewhere (5×)\n"
        "    hint: spell it the same way, if it is the same word"
    ]


@pytest.mark.parametrize(
    ("rare", "frequent", "slip"),
    [
        ("الامريكية", "الأمريكية", True),
        ("والإستقلال", "الاستقلال", True),
        ("الأخر", "الآخر", True),
        ("المدينه", "المدينة", True),
        ("بالمدينه", "المدينة", True),
        ("المستشفي", "المستشفى", True),
        ("شولتيتس", "شولتيتز", False),
        ("ايزنهاور", "أيزنهاور", True),
        ("کتاب", "كتاب", True),
        ("كتابه", "كتابة", False),  # his book, writing
        ("الأخبار", "الإخبار", False),  # news, telling
        ("أخبار", "إخبار", False),
        ("علي", "على", False),
        ("يبنى", "يبني", False),
        ("اكتب", "أكتب", False),
        ("ان", "أن", False),
    ],
)
def test_tells_slips_of_arabic_from_other_words(rare: str, frequent: str, *, slip: bool) -> None:
    found = list(arabic_spelling.find_slips({rare: 1, frequent: 12}))
    assert found == ([(rare, frequent)] if slip else [])


@pytest.mark.parametrize(
    ("rare", "frequent", "slip"),
    [
        ("Eisenhover", "Eisenhower", True),
        ("Eisenhwer", "Eisenhower", True),
        ("Frenchmen", "Frenchman", False),
        ("Eisehnower", "Eisenhower", True),
        ("Petain", "Pétain", True),
        ("accomodation", "accommodation", True),
        ("liberaiton", "liberation", True),
        ("cooperate", "co-operate", True),
        ("Americans", "American", False),
        ("adoption", "adaption", False),
        ("believed", "believes", False),
        ("uncertain", "ncertain", False),
        ("German", "Herman", False),
        ("mother", "another", False),
        ("3rd", "3ed", False),
        ("sentence's", "sentences", False),
        ("#editions", "editions", False),
    ],
)
def test_tells_slips_of_english_from_other_words(rare: str, frequent: str, *, slip: bool) -> None:
    found = list(latin_spellings.find_slips({rare: 1, frequent: 12}, {}, "en"))
    assert found == ([(rare, frequent)] if slip else [])


def test_what_is_frequent_or_hardly_more_frequent_is_no_slip() -> None:
    assert list(latin_spellings.find_slips({"Eisenhover": 3, "Eisenhower": 40}, {}, "en")) == []
    assert list(latin_spellings.find_slips({"Eisenhover": 2, "Eisenhower": 7}, {}, "en")) == []
    assert list(arabic_spelling.find_slips({"الامريكية": 3, "الأمريكية": 40})) == []


def test_german_words_that_differ_in_a_mutated_vowel_are_two() -> None:
    assert list(latin_spellings.find_slips({"Brüderchen": 1, "Bruderchen": 9}, {}, "de")) == []
    assert list(latin_spellings.find_slips({"schon": 1, "schön": 9}, {}, "de")) == []


def test_a_name_that_lost_its_capital_is_told_but_not_a_word_of_a_title(tmp_path: Path) -> None:
    name = "They were in Paris, came from Paris, went to Paris. "
    title = "They read Is Paris Burning again. "
    found = english(tmp_path, name * 3, title * 8, "The houses of paris were burning.")
    assert [told.splitlines()[0] for told in found] == [
        "book/en/01-one.md:7: “paris”, which the text spells “Paris” elsewhere (17×)"
    ]
