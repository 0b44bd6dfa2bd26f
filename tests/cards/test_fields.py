"""A card as Anki's fields."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from hakawati.cards.fields import FIELDS, escape, fields, tags
from hakawati.model import Card, Deck, Occurrence, Place, Term

TEXT = st.text(st.characters(exclude_categories=["C"]) | st.sampled_from("<>&\"'[](){}\\:\n"))


class Reader(HTMLParser):
    """The text of an HTML fragment, and its elements with theirs."""

    def __init__(self, fragment: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.found: list[tuple[str, dict[str, str | None], int]] = []
        """Name, attributes, and where in the text it begins."""
        self.feed(fragment)
        self.close()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs), len(self.text)))
        self.text += "\n" if tag == "br" else ""


def card(**changes: object) -> Card:
    given_ = {"translation": {"en": "text"}, "definition": {}, "root": "", "forms": (), "say": ""} | changes
    return Card(Term(id="term-1", term="نص", place=Place("g", 1), **given_), shown="نَصّ")  # type: ignore[arg-type]


def named(card: Card, lang: str = "ar", term_sound: str = "", sentence_sound: str = "") -> dict[str, str]:
    return dict(zip(FIELDS, fields(card, lang, term_sound, sentence_sound), strict=True))


@given(TEXT)
def test_text_is_shown_as_it_is_and_nothing_in_it_is_read_by_anki(text: str) -> None:
    safe = escape(text)
    read = Reader(safe)
    assert read.text == text
    assert {tag for tag, _, _ in read.found} <= {"br", "span"}
    assert "[" not in safe
    assert "\\" not in safe
    # MathJax looks for \( in the page's text, but not across a tag.
    assert sum(tag == "span" for tag, _, _ in read.found) == text.count("\\")


def test_every_translation_says_its_language_and_direction() -> None:
    made = card(translation={"en": "a <text>", "fr": "un texte"}, definition={"ar": "كلام", "en": "Words."})
    found = {name: Reader(value) for name, value in named(made).items()}
    assert [(tag, attributes) for tag, attributes, _ in found["Translation"].found] == [
        ("div", {"lang": "en", "dir": "ltr"}),
        ("div", {"lang": "fr", "dir": "ltr"}),
    ]
    assert found["Translation"].text == "a <text>un texte"
    assert [attributes for _, attributes, _ in found["Definition"].found] == [{"lang": "ar", "dir": "rtl"}]
    assert (found["Definition"].text, found["Explanation"].text) == ("كلام", "Words.")


@given(TEXT, TEXT.filter(bool), TEXT)
def test_the_term_is_marked_in_its_sentence(before: str, term: str, after: str) -> None:
    use = Occurrence(
        *("term-1", "01", "One", before + term + after, len(before), len(before + term)),
        translations={"en": "A <sentence>."},
    )
    found = named(Card(card().term, "نَصّ", occurrence=use))
    read = Reader(found["Sentence"])
    assert read.text == before + term + after
    assert [at for tag, _, at in read.found if tag == "mark"] == [len(before)]
    assert Reader(found["Sentence"].split("<mark>")[1].split("</mark>")[0]).text == term
    assert Reader(found["Sentence translation"]).text == "A <sentence>."
    assert found["Chapter"] == "One"


def test_what_a_card_does_not_have_is_empty() -> None:
    assert {name for name, value in named(card()).items() if value} == {"Term", "Translation"}


def test_a_sound_is_played_by_the_name_of_its_file() -> None:
    found = named(card(), term_sound="a.mp3", sentence_sound="b.mp3")
    assert (found["Term sound"], found["Sentence sound"]) == ("[sound:a.mp3]", "[sound:b.mp3]")


def test_tags_are_the_book_and_its_chapters_without_spaces() -> None:
    made = Card(card().term, "نَصّ", chapters=("01-one", "02 with  spaces"))
    deck = Deck("urn:x", "a-book", "ar", "كتاب")
    assert tags(made, deck) == ["a-book", "a-book::01-one", "a-book::02_with_spaces"]
