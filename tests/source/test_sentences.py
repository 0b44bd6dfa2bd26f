from __future__ import annotations

from unicodedata import category

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakawati.figures.abbreviations import ANYWHERE, BEFORE_A_NAME, BEFORE_A_NUMBER
from hakawati.source import sentences as sentence_rules
from hakawati.source.sentences import MAX_SENTENCE, MIN_PHRASE, phrases, split, words

SIGNS = "%٪‰&@#+=°§$€£¥₤₪﷼©®™\ufdcf\ufdfd\ufdfe\ufdff" + "".join(map(chr, range(0xFD40, 0xFD50)))
LETTERS = 'ابتد نصمل أؤ.،؛؟!…:«»"()123٣ \n'
TEXTS = st.text(st.sampled_from(LETTERS + "\u064b\u0651\u0640 aBz'-–😀\u200d\u00a0"), max_size=300) | st.text(
    st.characters(codec="utf-8"), max_size=60
)


def sentences(text: str, lang: str = "ar") -> list[str]:
    return [text[begin:end] for begin, end in split(text, lang)]


def spoken(text: str) -> list[str]:
    return [text[word.begin : word.end] for word in words(text)]


def breaths(text: str) -> list[str]:
    found = words(text)
    return [text[found[p.begin].begin : found[p.end - 1].end] for p in phrases(text, found)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("هل جاء؟ نعم! ثم ذهب.", ["هل جاء؟", "نعم!", "ثم ذهب."]),
        ("جاء؛ ثم ذهب… وعاد.", ["جاء؛ ثم ذهب… وعاد."]),
        ("قال: «هل تحترق باريس؟» ثم سكت.", ["قال: «هل تحترق باريس؟»", "ثم سكت."]),
        ("قال: «جاء الرجل. ثم ذهب.» وسكت.", ["قال: «جاء الرجل.", "ثم ذهب.»", "وسكت."]),
        ('أمر به "بلا رحمة". ثم ندم.', ['أمر به "بلا رحمة".', "ثم ندم."]),
        ("د. أحمد هنا.", ["د. أحمد هنا."]),
        ("جاء اليوم. د. أحمد هنا. ثم ذهب.", ["جاء اليوم.", "د. أحمد هنا.", "ثم ذهب."]),
        ("قال أ.د. سامي ذلك.", ["قال أ.د. سامي ذلك."]),
        ("(د. أحمد) ود. سمير.", ["(د. أحمد) ود. سمير."]),
        ("راجع ص. 12 وما بعدها.", ["راجع ص. 12 وما بعدها."]),
        ("ولد عام 1944 م. في باريس.", ["ولد عام 1944 م. في باريس."]),
        ("سنة 600 ق.م. كانت روما.", ["سنة 600 ق.م. كانت روما."]),
        ("بلغ 3.5 أمتار. و٣٫٥ و1,000.", ["بلغ 3.5 أمتار.", "و٣٫٥ و1,000."]),
        ("قال ش. أحمد وم. علي ذلك. ثم ذهبا.", ["قال ش. أحمد وم. علي ذلك.", "ثم ذهبا."]),
        ("انظر صص. 5 ومج. 3 وف. 2 وق. 19.", ["انظر صص. 5 ومج. 3 وف. 2 وق. 19."]),
        ("جاء ن. محفوظ وج. ر. ر. تولكين.", ["جاء ن. محفوظ وج. ر. ر. تولكين."]),
        ("فازت المجموعة ب. ثم لعبت أ. ثانية.", ["فازت المجموعة ب.", "ثم لعبت أ. ثانية."]),
        ("وموز إلخ. ثم ذهب.", ["وموز إلخ.", "ثم ذهب."]),
        ("ق.هـ. كان الأمر كذا.", ["ق.هـ. كان الأمر كذا."]),
        ("2. العاصفة", ["2. العاصفة"]),
        ("الفصل ٢. العاصفة", ["الفصل ٢. العاصفة"]),
        ("الباب الحادي عشر. العاصفة", ["الباب الحادي عشر. العاصفة"]),
        ("قرأ الفصل الثاني. العاصفة قريبة.", ["قرأ الفصل الثاني.", "العاصفة قريبة."]),
        ("انتهى.وبدأ غيره.", ["انتهى.", "وبدأ غيره."]),
        ("سطر أول\nسطر ثان", ["سطر أول\nسطر ثان"]),
        ("نهاية. 😀", ["نهاية. 😀"]),
        ("...", ["..."]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_divides_arabic_where_a_reader_would(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("en", "Dr. Smith came. He left at 3 p.m. today.", ["Dr. Smith came.", "He left at 3 p.m. today."]),
        ("en-GB", "“Stop!” he said. They did.", ["“Stop!” he said.", "They did."]),
        ("en", "Hello 😀. You go! 🎉", ["Hello 😀.", "You go! 🎉"]),
        ("en", "“He came. Was it?” he said. They left.", ["“He came.", "Was it?” he said.", "They left."]),
        ("en", "“Stop!” I said. “No?” Mr. Hawk asked.", ["“Stop!” I said.", "“No?” Mr. Hawk asked."]),
        ("en", 'Say "Go. Run." and left. "Yes." "No."', ['Say "Go.', 'Run." and left.', '"Yes."', '"No."']),
        ("en", "‘I’m. You’re.’ The dogs’ bones. Ok.", ["‘I’m.", "You’re.’", "The dogs’ bones.", "Ok."]),
        ("en", "“I wish you luck. ’Pon my Sam I do!”", ["“I wish you luck.", "’Pon my Sam I do!”"]),
        ("fr", "« Oui. Non. » Il part.", ["« Oui.", "Non. »", "Il part."]),
        ("de", "„Ja. Nein.“ Er ging.", ["„Ja.", "Nein.“", "Er ging."]),
        (
            "en",
            "He (at last!) came. (It was. Late.) No.",
            ["He (at last!) came.", "(It was.", "Late.)", "No."],
        ),
        ("en", "1. The Harbour", ["1. The Harbour"]),
        ("en", "IV. The Storm", ["IV. The Storm"]),
        ("en", "Do this: 1. Sit down.", ["Do this: 1. Sit down."]),
        ("en", "See No. 5 and vol. 2. No. Then p. 12.", ["See No. 5 and vol. 2.", "No.", "Then p. 12."]),
        (
            "en",
            "J. R. R. Tolkien met Lt. Gen. Bo on 19 Aug. 1944.",
            ["J. R. R. Tolkien met Lt. Gen. Bo on 19 Aug. 1944."],
        ),
        ("en", "Chapter 2. The Storm", ["Chapter 2. The Storm"]),
        ("en", "CHAPTER XXVII. THE STORM", ["CHAPTER XXVII. THE STORM"]),
        ("en", "Part Twenty-One. The Storm", ["Part Twenty-One. The Storm"]),
        ("en", "He read chapter 2. The storm came.", ["He read chapter 2.", "The storm came."]),
        ("en", "Part of it. The rest is lost.", ["Part of it.", "The rest is lost."]),
        ("de", "Kapitel 2. Der Sturm", ["Kapitel 2. Der Sturm"]),
        ("fr", "Chapitre II. La tempête", ["Chapitre II. La tempête"]),
        ("en", "“No. I am, old chap. I fear so.”", ["“No.", "I am, old chap.", "I fear so.”"]),
        ("en", "See vol. I, p. xiv and vv. 4.", ["See vol. I, p. xiv and vv. 4."]),
        ("en", "The govt. of Rome, est. 753 B.C. there.", ["The govt. of Rome, est. 753 B.C. there."]),
        ("en", "He saw apples, etc. Then Co. came.", ["He saw apples, etc.", "Then Co. came."]),
        ("en", "Cdr. Poe and Ste. Anne, e.g. Adam.", ["Cdr. Poe and Ste. Anne, e.g. Adam."]),
        ("en", "The 8½d. was mere trifling.", ["The 8½d. was mere trifling."]),
        ("en", "He saw me. Something moved.", ["He saw me.", "Something moved."]),
        ("zh-Hant", "你好。再見。", ["你好。", "再見。"]),
    ],
)
def test_divides_other_languages_by_their_own_rules(lang: str, text: str, expected: list[str]) -> None:
    assert sentences(text, lang) == expected


@pytest.mark.parametrize("lang", ["ar", "en"])
def test_no_abbreviation_that_is_said_as_a_word_ends_a_sentence(lang: str) -> None:
    name, word, small = {"ar": ("سمير", "ثم", ""), "en": ("Smith", "So", "and")}[lang]
    for abbreviation in BEFORE_A_NAME[lang]:
        assert len(sentences(f"{word} {abbreviation}. {name} {word}", lang)) == 1, abbreviation
    for abbreviation in BEFORE_A_NUMBER[lang] | (ANYWHERE[lang] if small else frozenset()):
        assert len(sentences(f"{word} {abbreviation}. 5 {word}", lang)) == 1, abbreviation
    for abbreviation in ANYWHERE[lang] if small else ():
        assert len(sentences(f"{word} {abbreviation}. {small} {word}", lang)) == 1, abbreviation


def test_cuts_a_sentence_that_is_too_long_at_its_last_comma() -> None:
    clause = "كلمة " * 59 + "كلمة، "
    assert [len(s) for s in sentences(clause * 5)] == [len(clause) * 3 - 1, len(clause) * 2 - 1]


def test_cuts_a_sentence_without_commas_between_words() -> None:
    assert sentences("كلمة " * 300) == [("كلمة " * 200).strip(), ("كلمة " * 100).strip()]


def test_cuts_a_word_that_never_ends() -> None:
    assert [len(s) for s in sentences("ا" * 2500)] == [MAX_SENTENCE, MAX_SENTENCE, 500]


def test_stays_quick_where_every_word_is_an_abbreviation() -> None:
    assert {len(s) for s in sentences("د. " * 20_000)[:-1]} == {998}  # else this takes minutes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("«نعم»، قالَ؛ ثمّ…", ["نعم", "قالَ", "ثمّ"]),
        ("3.5 و1,000 و12:30 و٣٫٥", ["3.5", "و1,000", "و12:30", "و٣٫٥"]),
        ("O’Brien's well-known J.K. end.", ["O’Brien's", "well-known", "J.K", "end"]),
        ("50% & 3°", ["50%", "&", "3°"]),
        ("snake_case", ["snake", "case"]),
        ("👩\u200d👩\u200d👧 😀 — …", []),
        ("كـــتاب", ["كـــتاب"]),
        ("می\u200cروم", ["می\u200cروم"]),
        ("extra\u00adordinary Con\u2060stant", ["extra\u00adordinary", "Con\u2060stant"]),
        ("كتا\u200fب\u200f، و\u2067هو\u2069.", ["كتا\u200fب", "و\u2067هو"]),
        ("كان\u200bالولد", ["كان", "الولد"]),
        ("١٩\u200f/٨\u200f/١٩٤٤", ["١٩\u200f/٨\u200f/١٩٤٤"]),
        ("ٱلۡكِتَٰبُ لَا رَيۡبَۛ ۖ هُدࣰى", ["ٱلۡكِتَٰبُ", "لَا", "رَيۡبَۛ", "هُدࣰى"]),
        ("ٱلرَّحِيمِ\u06dd١", ["ٱلرَّحِيمِ", "١"]),
        ("محمدﷺ وﷲ ﷽", ["محمد", "ﷺ", "وﷲ", "﷽"]),
        ("كتاب ـ قلم ـها", ["كتاب", "قلم", "ـها"]),
    ],
)
def test_finds_words_without_the_punctuation_around_them(text: str, expected: list[str]) -> None:
    assert spoken(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("واحد اثنان ثلاثة، أربعة خمسة ستة", ["واحد اثنان ثلاثة", "أربعة خمسة ستة"]),
        (
            "واحد اثنان ثلاثة؛ أربعة خمسة ستة: سبعة ثمانية تسعة",
            ["واحد اثنان ثلاثة", "أربعة خمسة ستة", "سبعة ثمانية تسعة"],
        ),
        ("one two three — four five six", ["one two three", "four five six"]),
        ("واحد، اثنان ثلاثة، أربعة خمسة", ["واحد، اثنان ثلاثة، أربعة خمسة"]),
        ("one two three. four five six", ["one two three", "four five six"]),
        ("one two three.” four five six", ["one two three", "four five six"]),
        ("one two three... four five six", ["one two three", "four five six"]),
        ("one two Dr. four five six", ["one two Dr. four five six"]),
        ("one two J. R. Tolkien five six", ["one two J. R. Tolkien five six"]),
        ("one two د. أربعة خمسة ستة", ["one two د. أربعة خمسة ستة"]),
        ("one two p. 4 five six", ["one two p. 4 five six"]),
        ("نعم", ["نعم"]),
        ("…", []),
    ],
)
def test_a_phrase_is_what_is_said_in_one_breath(text: str, expected: list[str]) -> None:
    assert breaths(text) == expected


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000", "\u2028"])
def test_no_kind_of_white_space_stops_it(space: str) -> None:
    assert [*split(f"A{space}.", "en"), *split(f"{space}A\t{space}.{space}B", "ar")]


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_loses_nothing_but_white_space(text: str) -> None:
    ranges = split(text, "ar")
    assert "".join("".join(text[a:b].split()) for a, b in ranges) == "".join(text.split())
    assert ranges == sorted(ranges)
    assert all(text[a:b] == text[a:b].strip() and 0 < b - a <= MAX_SENTENCE for a, b in ranges)


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_words_lie_apart_and_in_order_and_can_be_spoken(text: str) -> None:
    found = words(text)
    bounds = [at for word in found for at in (word.begin, word.end)]
    assert bounds == sorted(bounds)
    # A letter, a number, a sign of the Quran, of money or mathematics, or one that counts as punctuation.
    said = SIGNS + "%‰‱٪؉؊﹪％&＆@＠#＃§"
    assert all(any(category(c)[0] in "LNS" or c in said for c in word) for word in spoken(text))


@settings(deadline=None, max_examples=150)
@given(TEXTS)
def test_phrases_cover_all_words_and_none_is_short(text: str) -> None:
    found = words(text)
    ranges = phrases(text, found)
    assert [i for phrase in ranges for i in range(phrase.begin, phrase.end)] == list(range(len(found)))
    assert len(ranges) == 1 or all(p.end - p.begin >= MIN_PHRASE for p in ranges)


def test_a_row_of_stops_is_gone_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sentences are sought in it in ten places, and each of these ends where the row does."""
    looked = []

    def counted(text: str, at: int) -> int:
        looked.append(at)
        return after_closing(text, at)

    after_closing = sentence_rules._after_closing
    monkeypatch.setattr(sentence_rules, "_after_closing", counted)
    text = "نعم" + "." * 100_000
    assert "".join(sentences(text)) == text
    assert len(looked) <= 2
