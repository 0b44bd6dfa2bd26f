"""The cards' templates and their style."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from importlib.resources import files
from itertools import product
from pathlib import Path

import chevron
import pytest

from hakawati.cards.fields import FIELDS
from hakawati.model import Place, Term
from tests.cards.making import DECK, card, write_and_read

CSS = files("hakawati.cards").joinpath("templates/card.css").read_text(encoding="utf-8")
VOID = ("br", "hr")


def rules(css: str = CSS) -> dict[str, dict[str, str]]:
    """Declarations by selector."""
    found = re.findall(r"([^{}]+){([^{}]*)}", re.sub(r"/\*.*?\*/", "", css, flags=re.S))
    return {
        " ".join(selector.split()): {
            name.strip(): value.strip()
            for name, _, value in (line.partition(":") for line in body.split(";"))
            if value
        }
        for selector, body in found
    }


def luminance(colour: str) -> float:
    """WCAG 2.2's relative luminance of #rrggbb."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one: str, other: str) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


def test_every_text_can_be_read_by_day_and_by_night() -> None:
    day, night = rules()[".card"], next(d for selector, d in rules().items() if "night" in selector)
    used = {d["color"].removeprefix("var(").removesuffix(")") for d in rules().values() if "color" in d}
    assert used == {"--ink", "--quiet", "--accent"}
    for colours, name in product((day, night), sorted(used)):
        assert contrast(colours[name], colours["--paper"]) >= 4.5
    assert luminance(day["--paper"]) > 0.9
    assert luminance(night["--paper"]) < 0.02
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


def test_night_is_night_on_every_anki() -> None:
    (selector,) = (selector for selector in rules() if "night" in selector)
    assert set(selector.split(", ")) == {
        *(".card.nightMode", ".nightMode .card", ".card.night_mode", ".night_mode .card"),
    }


def test_arabic_has_the_faces_that_it_has_in_the_book() -> None:
    book = rules(files("hakawati.epub").joinpath("style.css").read_text(encoding="utf-8"))
    assert (
        rules()['[dir="rtl"]']["font-family"]
        == book['[lang|="ar"], [lang|="fa"], [lang|="ur"]']["font-family"]
    )


class Shown(HTMLParser):
    """What a side of a card shows: (text, its language, its direction)."""

    def __init__(self, side: str) -> None:
        super().__init__()
        self.runs: list[tuple[str, str | None, str | None]] = []
        self.open: list[tuple[str | None, str | None]] = [(None, None)]
        self.feed(side)
        self.close()
        assert len(self.open) == 1, "an element is not closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            lang, direction = self.open[-1]
            given = dict(attrs)
            self.open.append((given.get("lang", lang), given.get("dir", direction)))

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.runs.append((data.strip(), *self.open[-1]))


def sides(folder: Path, **instead: str) -> dict[str, Shown]:
    """What Anki shows of a card, or of one with other fields."""
    term = Term(
        "term-1", "نص", (), {"en": "text"}, {"ar": "كلام", "en": "Words."}, "", Place("g", 1), "ن ص ص"
    )
    made = write_and_read(folder, replace(card(), term=term, transliteration="naṣṣ"))
    (note,) = made.notes
    found = {}
    for template, side in product(made.note_type["tmpls"], ("qfmt", "afmt")):
        bare = re.sub("{{([A-Z][a-z ]*)}}", "{{{\\1}}}", template[side])  # Anki puts fields in as they are
        rendered = chevron.render(bare, note["fields"] | instead)
        found[f"{template['name']} {'front' if side == 'qfmt' else 'back'}"] = Shown(rendered)
    return found


def sound(of: str) -> str:
    return f"[sound:a-book-{hashlib.sha256(of.encode()).hexdigest()[:16]}.mp3]"


def test_one_card_asks_for_the_meaning_and_the_other_for_the_term(tmp_path: Path) -> None:
    found = sides(tmp_path)
    assert found["Recognition front"].runs == [("نص", "ar", "rtl"), (sound("نص"), None, None)]
    assert found["Production front"].runs == [("text", "en", "ltr"), ("Words.", "en", "ltr")]


def test_every_text_of_the_answer_stands_in_its_language_and_direction(tmp_path: Path) -> None:
    found = sides(tmp_path)
    assert found["Recognition back"].runs == found["Production back"].runs
    assert found["Recognition back"].runs == [
        ("نص", "ar", "rtl"),
        ("naṣṣ", "ar-Latn", "ltr"),
        ("ن ص ص", "ar", "rtl"),
        (sound("نص"), None, None),
        ("text", "en", "ltr"),
        ("كلام", "ar", "rtl"),
        ("Words.", "en", "ltr"),
        ("هذا", "ar", "rtl"),
        ("نص", "ar", "rtl"),
        ("قصير.", "ar", "rtl"),
        ("A sentence.", "en", "ltr"),
        (sound("هذا نص قصير."), None, None),
        ("عنوان", "ar", "rtl"),
    ]


def test_a_term_without_translation_is_asked_for_by_its_definition(tmp_path: Path) -> None:
    definition = '<div lang="ar" dir="rtl">كلام</div>'
    front = sides(tmp_path, Translation="", Explanation="", Definition=definition)["Production front"]
    assert front.runs == [("كلام", "ar", "rtl")]


def test_what_a_note_does_not_have_leaves_no_place_empty(tmp_path: Path) -> None:
    bare = dict.fromkeys(FIELDS, "") | {"Term": "نص", "Translation": "text"}
    found = {name: side.runs for name, side in sides(tmp_path, **bare).items()}
    answer = [("نص", "ar", "rtl"), ("text", None, None)]
    assert found == {
        "Recognition front": answer[:1],
        "Recognition back": answer,
        "Production front": answer[1:],
        "Production back": answer,
    }


def test_every_field_is_shown_and_no_other(tmp_path: Path) -> None:
    templates = write_and_read(tmp_path, card()).note_type["tmpls"]
    named = {name for t in templates for name in re.findall("{{[#^/]?(.*?)}}", t["qfmt"] + t["afmt"])}
    assert named == set(FIELDS)


def test_a_left_to_right_book_has_left_to_right_cards(tmp_path: Path) -> None:
    made = write_and_read(tmp_path, card(), deck=replace(DECK, lang="en-GB"))
    back = Shown(chevron.render(made.note_type["tmpls"][0]["afmt"], dict.fromkeys(FIELDS, "x")))
    assert back.runs[:3] == [("x", "en-GB", "ltr"), ("x", "en-Latn", "ltr"), ("x", "ar", "rtl")]
    assert [f["name"] for f in made.note_type["flds"] if f["rtl"]] == ["Root"]
