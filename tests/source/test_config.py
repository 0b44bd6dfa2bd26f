from __future__ import annotations

import json

import pytest

from hakawati.errors import BookError
from hakawati.model import Accessibility, Audio, Edition, Metadata, Narration, Pauses, Place, VoiceChoice
from hakawati.source.config import Config, read_config, read_languages, slug


def whole(text: str) -> Config:
    return read_config(text, "book/book.yaml", "my-folder")


def config(text: str) -> Edition:
    return whole(text).edition


def editions(text: str) -> dict[str, Edition]:
    return {name: made.edition for name, made in whole(text).editions.items()}


def complaints(text: str) -> list[str]:
    with pytest.raises(BookError) as raised:
        config(text)
    return [f"{problem.line}: {problem.message}" for problem in raised.value.problems]


def test_a_title_and_a_language_are_enough() -> None:
    read = config("title: كتاب\nlanguages: ar")
    assert read.metadata == Metadata(
        title={"ar": "كتاب"},
        languages=("ar",),
        identifier="urn:uuid:ac603801-cc38-546d-a329-5de42abf6186",
        slug="my-folder",
    )
    assert (read.voices, read.narration, read.audio) == ({}, Narration(("ar",)), Audio())
    assert (read.sync, read.layout, read.cards, read.cover) == ("phrase", "interleaved", True, "")


def test_reads_every_key() -> None:
    read = config(
        """
title: {en: A Book, ar: كتاب}
languages: [ar, en]
identifier: urn:isbn:9780000000000
slug: a-book
authors: أحمد
translators: [A, B]
narrators: [C]
publisher: D
rights: E
source: F
date: 2024
description: G
subjects: [H, 1944]
cover: images/cover.png
voices:
  ar: {engine: espeak, voice: ar, rate: 140}
  en: {engine: piper}
narration:
  languages: [ar]
  notes: end
  glossary: false
  repeat: 1.5
  pauses: {phrase: 1, sentence: 2, paragraph: 3, heading: 60000}
  speed: 0.8
sync: word
layout: original
vowels: print
chapter_words: true
cards: false
audio: {bitrate: 48, loudness: -18.5}
accessibility:
  conforms_to: EPUB Accessibility 1.1 - WCAG 2.1 Level AAA
  certified_by: I
  certifier_credential: J
  certifier_report: https://example.org/k
  summary: L
"""
    )
    assert read.metadata == Metadata(
        title={"ar": "كتاب", "en": "A Book"},
        languages=("ar", "en"),
        identifier="urn:isbn:9780000000000",
        slug="a-book",
        authors=("أحمد",),
        translators=("A", "B"),
        narrators=("C",),
        publisher="D",
        rights="E",
        source="F",
        date="2024",
        description="G",
        subjects=("H", "1944"),
        accessibility=Accessibility(
            "EPUB Accessibility 1.1 - WCAG 2.1 Level AAA", "I", "J", "https://example.org/k", {"ar": "L"}
        ),
    )
    assert list(read.metadata.title) == ["ar", "en"]
    assert read.voices == {
        "ar": VoiceChoice("espeak", {"voice": "ar", "rate": 140}, Place("book/book.yaml", 17)),
        "en": VoiceChoice("piper", {}, Place("book/book.yaml", 18)),
    }
    assert read.narration == Narration(
        ("ar",), "end", Pauses(1, 2, 3, 60000), repeat=1.5, glossary=False, speed=0.8
    )
    assert read.audio == Audio(48, -18.5)
    assert (read.vowels, read.chapter_words) == ("print", True)
    assert (read.sync, read.layout, read.cards, read.cover) == ("word", "original", False, "images/cover.png")


def test_norwegian_is_a_language() -> None:
    assert config("title: {no: En bok}\nlanguages: [no]").metadata.languages == ("no",)


def test_a_number_can_be_a_title() -> None:
    assert config("title: 1984\nlanguages: [en]").metadata.title == {"en": "1984"}
    assert config("title: {en: 007}\nlanguages: [en]").metadata.title == {"en": "007"}


def test_the_identifier_stays_while_all_but_the_title_and_language_change() -> None:
    first = config("title: كتاب\nlanguages: [ar]").metadata.identifier
    assert config("title: {ar: كتاب, en: B}\nlanguages: [ar, en]\nrights: x").metadata.identifier == first
    assert config("title: كتب\nlanguages: [ar]").metadata.identifier != first
    assert config("title: كتاب\nlanguages: [fa]").metadata.identifier != first


@pytest.mark.parametrize("value", ["text", "[a]", "{a: b}", "true", "1.5", ""])
@pytest.mark.parametrize("key", ["voices", "narration", "audio", "accessibility"])
def test_what_has_keys_is_nothing_else(key: str, value: str) -> None:
    found = complaints(f"title: a\nlanguages: [ar]\n{key}: {value}")
    if value == "{a: b}":
        expected = {"voices": "“a” should be keys with values, not “b”"}.get(key, "unknown key “a”")
    elif value == "":
        expected = f"“{key}” is empty"
    else:
        shown = "a list" if value == "[a]" else f"“{value}”"
        expected = f"“{key}” should be keys with values, not {shown}"
    assert expected in [message.removeprefix("3: ") for message in found]


@pytest.mark.parametrize("value", ["[a]", "{a: b}", "true"])
@pytest.mark.parametrize(
    "key", ["identifier", "publisher", "rights", "source", "date", "description", "cover", "slug"]
)
def test_what_is_text_is_nothing_else(key: str, value: str) -> None:
    shown = {"[a]": "a list", "{a: b}": "keys with values", "true": "“true”"}[value]
    found = complaints(f"title: a\nlanguages: [ar]\n{key}: {value}")
    assert found == [f"3: “{key}” should be text, not {shown}"]


@pytest.mark.parametrize("key", ["authors", "translators", "narrators", "subjects"])
def test_a_list_of_names_is_a_list_or_one_name(key: str) -> None:
    assert getattr(config(f"title: a\nlanguages: [ar]\n{key}: س").metadata, key) == ("س",)
    assert complaints(f"title: a\nlanguages: [ar]\n{key}: {{a: b}}") == [
        f"3: “{key}” should be a list, not keys with values"
    ]
    assert complaints(f"title: a\nlanguages: [ar]\n{key}: [س, '']") == [f"3: “{key}” is empty"]


@pytest.mark.parametrize("key", ["phrase", "sentence", "paragraph", "heading"])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("-1", "cannot be “-1”: the least is 0"),
        ("60001", "cannot be “60001”: the most is 60000"),
        ("true", "should be a whole number, not “true”"),
        ("1.5", "should be a whole number, not “1.5”"),
        ("'10'", "should be a whole number, not “10”"),
        ("", "is empty"),
    ],
)
def test_a_pause_is_a_number_of_milliseconds(key: str, value: str, message: str) -> None:
    text = f"title: a\nlanguages: [ar]\nnarration:\n  pauses:\n    {key}: {value}"
    assert complaints(text) == [f"5: “{key}” {message}"]


def test_text_has_an_end() -> None:
    found = complaints(f"title: a\nlanguages: [ar]\nrights: {'x' * 2001}")
    assert found == ["3: “rights” is longer than 2000 characters"]


@pytest.mark.parametrize(
    ("key", "value", "most"),
    [
        ("authors", list(range(201)), 200),
        ("voices", {f"v{n}": {"engine": "espeak"} for n in range(201)}, 200),
        ("editions", {f"e{n}": {"sync": "word"} for n in range(51)}, 50),
    ],
)
def test_there_is_an_end_to_lists_and_editions(key: str, value: object, most: int) -> None:
    assert complaints(f"title: a\nlanguages: [ar]\n{key}: {json.dumps(value)}\n") == [
        f"3: “{key}” has more than {most} entries"
    ]


def test_of_very_many_mistakes_the_first_ones_are_told() -> None:
    found = complaints("title: a\nlanguages: [ar]\n" + "".join(f"k{n}: 1\n" for n in range(1_500)))
    assert (len(found), found[0]) == (1_000, "3: unknown key “k0”")


def test_shows_the_beginning_of_a_long_value() -> None:
    found = complaints(f"title: a\nlanguages: [ar]\nsync: {'x' * 100}")
    assert found == [f"3: “sync” cannot be “{'x' * 60}…”"]


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (("تحرير باريس", "The Liberation of Paris", "folder"), "the-liberation-of-paris"),
        (("Café d'Été",), "cafe-dete"),
        (("1984",), "1984"),
        (("../../etc/passwd",), "etc-passwd"),
        (("كتاب", "مجلد"), "book"),
        (("a" * 79 + " b",), "a" * 79),
    ],
)
def test_a_slug_is_made_of_the_first_name_in_latin_letters(names: tuple[str, ...], expected: str) -> None:
    assert slug(*names) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("languages: [ar, en, ar]\ntitle: [", ()),
        ("languages: [ar, en, ar]\nsync: 3", ("ar", "en")),
        ("languages: ar", ("ar",)),
        ("languages: [Arabic]", ()),
        ("sync: word", ()),
        ("- ar", ()),
    ],
)
def test_the_languages_can_be_read_where_other_keys_cannot(text: str, expected: tuple[str, ...]) -> None:
    assert read_languages(text, "book/book.yaml") == expected


BOTH = "title: كتاب\nlanguages: [ar, en]\n"


@pytest.mark.parametrize(
    ("keys", "order"),
    [
        ("", "block"),
        ("narration: {order: sentence}", "block"),  # only one language has a turn
        ("narration: {languages: [ar, en]}", "block"),
        ("narration: {languages: [ar, en], order: sentence}", "sentence"),
        ("narration: {languages: [ar, en], order: chapter}", "chapter"),
        ("narration: {pair: true}", "sentence"),
        ("layout: sentences", "sentence"),
        ("layout: facing", "block"),
    ],
)
def test_the_order_is_what_the_page_needs_and_else_what_the_author_says(keys: str, order: str) -> None:
    assert config(BOTH + keys).narration.order == order


@pytest.mark.parametrize("key", ["layout: sentences", "layout: popup", "layout: original"])
@pytest.mark.parametrize("order", ["block", "chapter"])
def test_what_is_heard_cannot_go_another_way_than_the_page(key: str, order: str) -> None:
    assert complaints(f"{BOTH}{key}\nnarration: {{languages: [ar, en], order: {order}, pair: true}}")


SOME = (
    BOTH
    + """voices: {ar: {engine: espeak, rate: 120}}
narration: {languages: [ar], pauses: {sentence: 1}}
subjects: [a]
editions:
"""
)


def test_an_edition_is_the_book_but_for_the_keys_that_it_changes() -> None:
    read = editions(
        SOME
        + """
  slow:
    narration: {repeat: 2, pauses: {heading: 5}}
    voices: {ar: {rate: 80}, en: {engine: espeak}}
    subjects: [b]
  other: {voices: {ar: {engine: gtts}}, title: {ar: كتاب آخر, en: Other}, layout: original}
"""
    )
    slow, other = read["slow"], read["other"]
    assert slow.narration == Narration(("ar",), pauses=Pauses(sentence=1, heading=5), repeat=2)
    assert {name: (v.engine, v.options) for name, v in slow.voices.items()} == {
        "ar": ("espeak", {"rate": 80}),
        "en": ("espeak", {}),
    }
    assert slow.metadata.subjects == ("b",)
    assert (slow.name, slow.metadata.slug) == ("slow", "my-folder-slow")
    assert other.voices["ar"].options == {}
    assert other.metadata.title == {"ar": "كتاب آخر", "en": "Other"}
    assert other.layout == "original"


def test_every_edition_has_an_identifier_of_its_own_that_stays() -> None:
    text = SOME + "  a: {sync: word}\n  b: {identifier: 'urn:isbn:1'}\n"
    found = [whole(text).edition, *editions(text).values()]
    assert len({edition.metadata.identifier for edition in found}) == 3
    again = editions(text.replace("sync: word", "sync: sentence"))["a"]
    assert again.metadata.identifier == found[1].metadata.identifier
    assert found[2].metadata.identifier == "urn:isbn:1"


def test_the_lines_of_an_edition_are_where_its_own_keys_stand() -> None:
    made = whole(SOME + "  a:\n    cover: x.png\n    voices: {en: {engine: espeak}}\n")
    assert made.editions["a"].lines["cover",] == 8
    assert made.editions["a"].edition.voices["en"].place.line == 9
    assert made.editions["a"].edition.voices["ar"].place.line == 3


def test_what_is_made_for_players_is_a_list_that_editions_may_change() -> None:
    head = "title: X\nlanguages: [en]\nsite: https://example.org/a%20b/\n"
    read = config(f"{head}listening: [vtt, lrc, vtt, feed]\n")
    assert (read.listening, read.site) == (("vtt", "lrc", "feed"), "https://example.org/a%20b")
    assert config(f"{head}listening: srt\n").listening == ("srt",)
    assert (config(head).listening, config("title: X\nlanguages: [en]").site) == ((), "")
    found = editions(f"{head}listening: [vtt]\neditions:\n  a: {{listening: [playlist, feed]}}\n  b: {{}}\n")
    assert {name: made.listening for name, made in found.items()} == {
        "a": ("playlist", "feed"),
        "b": ("vtt",),
    }


def test_what_is_unknown_to_players_is_told_with_what_is_known() -> None:
    with pytest.raises(BookError) as raised:
        config(
            "title: X\nlanguages: [en]\nlistening:\n  - vtt\n  - ogg\n  - feed\nsite: http://example.org\n"
        )
    assert [(p.line, p.message, p.hint) for p in raised.value.problems] == [
        (
            5,
            "“listening” cannot be “ogg”",
            "choose 'lrc', 'vtt', 'srt', 'playlist', 'audiobook', 'feed' or 'm4b'",
        ),
        (
            7,
            "“site” cannot be “http://example.org”",
            "write the address of a folder on the web: https://example.org/book",
        ),
    ]


@pytest.mark.parametrize("listening", ["[vtt, feed]", "feed"])
def test_a_feed_needs_a_site(listening: str) -> None:
    text = f"title: X\nlanguages: [en]\nlistening: {listening}\n"
    assert complaints(text) == ["3: a feed without “site”"]
    assert complaints(f"title: X\nlanguages: [en]\neditions:\n  a:\n    listening: {listening}\n") == [
        "5: a feed without “site”"
    ]
    assert config(f"{text}site: https://example.org\n").site == "https://example.org"


@pytest.mark.parametrize(
    "site",
    [
        *(
            "example.org",
            "ftp://example.org",
            "https://",
            "https://a b",
            "https://example.org/?a",
            "https://a.org//b",
        ),
        *("https://a.org/#b", "https://a.org/100%", 'https://a.org/"', "https://user@a.org", "''"),
    ],
)
def test_what_is_no_folder_on_the_web_is_no_site(site: str) -> None:
    (complaint,) = complaints(f"title: X\nlanguages: [en]\nsite: {site}\n")
    assert complaint.startswith("3: “site” ")
