"""An author's fonts in the EPUB: what is left of them looks as they do, and every language finds its own."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

import uharfbuzz
from hypothesis import given
from hypothesis import strategies as st

import hakawati
from hakawati.cover.shaping import FontStack
from hakawati.epub import embedded_fonts, resource_paths
from hakawati.epub.embedded_fonts import faces, media_type, missing_characters, rules, subset
from hakawati.errors import Problem
from hakawati.model import Font, Place
from hakawati.source.fonts import FontChoice, read_font
from tests.building import left
from tests.goldens import ROOT, Shelf, build_here, text_of, xpath
from tests.support import write_book
from tests.tiny_font import ARABIC, OFL, tiny_font

AMIRI = (Path(hakawati.__file__).parent / "cover" / "fonts" / "Amiri-Regular.ttf").read_bytes()
STYLES = [
    (Path(embedded_fonts.__file__).parent / name).read_text(encoding="utf-8")
    for name in (resource_paths.STYLE, resource_paths.REFINEMENTS)
]
PLACE = Place("book/book.yaml", 4)
LRM = "\u200e"
"""After a full stop, where the page's language has the other direction."""
LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي" + "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"


def font(
    file: str,
    *languages: str,
    family: str = "Tiny",
    weight: str = "400",
    style: Literal["normal", "italic"] = "normal",
) -> Font:
    return Font(file, languages, family, weight, style, "", whole=False, place=PLACE)


def characters(data: bytes) -> set[str]:
    return {chr(code) for code in uharfbuzz.Face(data).unicodes}


@cache
def whole() -> FontStack:
    return FontStack([AMIRI], "ar")


def test_a_page_in_the_cut_font_looks_as_in_the_whole_one() -> None:
    lines = (ROOT / "book" / "ar" / "01-uprising.md").read_text(encoding="utf-8").splitlines()
    cut = subset(AMIRI, "".join(lines))
    assert len(cut) < len(AMIRI) / 3
    for line in filter(None, lines):
        ours, theirs = (lettering.shape(line, 1) for lettering in (FontStack([cut], "ar"), whole()))
        assert ours.width == theirs.width
        assert FontStack([cut], "ar").ink(ours, 40).mask.tobytes() == whole().ink(theirs, 40).mask.tobytes()


@given(st.text(LETTERS + " ١٩٤٤.،abc", min_size=1, max_size=12))
def test_any_letters_join_in_the_cut_font_as_in_the_whole_one(text: str) -> None:
    cut = FontStack([subset(AMIRI, text)], "ar")
    ours, theirs = cut.shape(text, 1), whole().shape(text, 1)
    assert [(g.x, g.y) for g in ours.glyphs] == [(g.x, g.y) for g in theirs.glyphs]
    assert cut.ink(ours, 30).mask.tobytes() == whole().ink(theirs, 30).mask.tobytes()


def test_what_is_left_is_what_is_needed_and_what_readers_put_beside_it() -> None:
    cut = characters(subset(AMIRI, "بم"))
    assert set("بم") | set("aZ09/٠٩") <= cut
    assert not set("شغçش") & cut


def test_the_licence_the_names_and_the_time_stay() -> None:
    before, after = (uharfbuzz.Face(data) for data in (AMIRI, subset(AMIRI, "ب")))
    for number in (0, 1, 2, 5, 13, 14):
        assert after.get_name(number) == before.get_name(number)
    assert after.get_name(13)
    times = [bytes(face.reference_table("head").data)[20:36] for face in (before, after)]
    assert times[0] == times[1]


def test_the_same_characters_give_the_same_bytes() -> None:
    assert subset(AMIRI, "بكت") == subset(AMIRI, reversed("بكت")) == subset(AMIRI, {"ت", "ك", "ب"})


def test_outlines_of_either_kind_are_cut() -> None:
    for cubic in (False, True):
        data = tiny_font(ARABIC + "漢字", cubic=cubic)
        assert characters(subset(data, ARABIC)) == set(ARABIC) | {" "}
        assert media_type(data) == media_type(subset(data, "ب")) == ("font/otf" if cubic else "font/ttf")


def test_a_font_that_cannot_be_taken_apart_stays_whole() -> None:
    broken = tiny_font()[:-300]
    assert subset(broken, "ب") == broken


def test_the_rules_name_a_face_for_every_font_and_fonts_for_every_language() -> None:
    fonts = [
        font("a b.ttf", "ar", "fa", family="My “Font”"),
        font("b.ttf", "ar", family="My “Font”", weight="700"),
        font("c.otf", "ar", "en", family='Q"\\', style="italic"),
    ]
    found = faces(fonts)
    assert re.findall(r"src: url\((.*)\);", found) == ["a_20_b.ttf", "b.ttf", "c.otf"]
    assert re.findall(r"font-weight: (.*);", found) == ["400", "700", "400"]
    assert re.findall(r"font-style: (.*);", found) == ["normal", "normal", "italic"]
    assert re.findall(r"(?s):lang\((.*?)\) \{\n  font-family: (.*?);", rules(fonts, ":lang({})")) == [
        ("ar", r'"My “Font”", "Q\"\\", serif'),
        ("fa", '"My “Font”", serif'),
        ("en", r'"Q\"\\", serif'),
    ]


def test_the_rules_stand_behind_those_for_languages_and_before_those_for_special_things() -> None:
    for style in STYLES:
        assert style.count(embedded_fonts.MARK) == 1
        before, after = style.split(embedded_fonts.MARK)
        assert not re.findall(r"^(?::lang|\[lang).*\{[^}]*font-family", after, re.M)
        assert ".latin" not in before
    assert ".latin[lang] {" in STYLES[0]  # stronger than `:lang()` in the second


def page(*texts: tuple[str, str]) -> bytes:
    inside = "".join(f'<p xml:lang="{lang}">{text}</p>' for lang, text in texts)
    head = '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="ar"><head><title>漢</title></head>'
    return f"{head}<body>{inside}</body></html>".encode()


def numbered(pages: list[bytes]) -> list[tuple[str, bytes]]:
    return [(resource_paths.chapter_path(f"{n:02}-x"), content) for n, content in enumerate(pages)]


def test_characters_that_no_font_of_their_language_has_are_told() -> None:
    data = {"a.ttf": tiny_font("abc"), "b.ttf": tiny_font("بc"), "c.ttf": tiny_font("de")}
    named = [font("a.ttf", "en", "de"), font("b.ttf", "ar"), font("c.ttf", "en")]
    pages = [page(("en-GB", "abcde x&amp; \u200f\n"), ("ar", "بت")), page(("ar", "تثجحخد ب"), ("fr", "é"))]
    hint = "a reader shows them in another font; name one that has them under “fonts”, or leave it so"
    assert list(
        missing_characters(named, data, [(resource_paths.TITLE_PAGE, page(("ar", "ذ"))), *numbered(pages)])
    ) == [
        Problem("book/book.yaml", 4, "characters of the en text that its font does not have: &, x", hint),
        Problem(
            "book/book.yaml",
            4,
            "characters of the ar text that its font does not have: ت, ث, ج, ح, خ …",
            hint,
        ),
    ]
    assert not list(missing_characters([font("a.ttf", "en")], data, numbered([page(("en", "abc"))])))


def test_a_book_with_fonts_carries_them_and_says_what_they_are(shelf: Shelf) -> None:
    built = shelf["own-font"]
    items = {i.get("href"): i.get("media-type") for i in xpath(built.package, "//opf:item")}
    files = {"fonts/Tiny.ttf": "font/ttf", "fonts/Tiny_20_Bold.otf": "font/otf"}
    assert {href: kind for href, kind in items.items() if kind.startswith("font/")} == files
    style = built.files[f"EPUB/{resource_paths.STYLE}"].decode()
    assert re.findall(r"url\((.*?)\)", style) == list(files)
    small, large = (built.files[f"EPUB/{name}"] for name in files)
    folder = built.project / "book" / "fonts"
    assert characters(small) < characters((folder / "Tiny.ttf").read_bytes())
    assert large == (folder / "Tiny Bold.otf").read_bytes()  # whose name is reserved
    told = [
        text_of(p).rstrip(LRM) for p in xpath(built.xml(resource_paths.TITLE_PAGE), "//h:p[@class='small']")
    ]
    assert told == [f"الخط: Tiny. {OFL}", 'الخط: Tiny. Free for <all> "books" & more']


def test_fonts_cost_no_chapter_anything_and_a_new_font_is_a_new_book(tmp_path: Path) -> None:
    project = write_book(
        tmp_path,
        {"book.yaml": "title: كتاب\nlanguages: [ar]\nfonts: a.ttf\ncover: none\n", "a.ttf": tiny_font()},
    )
    first = build_here(project, modified=1)
    before = left(project)
    assert "characters of the ar text" in first.notices[0].message
    assert build_here(project, modified=1).notices == first.notices
    (project / "book" / "a.ttf").write_bytes(tiny_font(ARABIC + "عصنقيرد.", family="Other"))
    again = build_here(project, modified=1)
    assert (again.notices, again.chapters[0].clips_made) == ((), 0)
    (name,) = (name for name in before if name.endswith(".epub"))
    assert left(project)[name] != before[name]


def test_the_builtin_font_is_free_to_be_cut() -> None:
    found = read_font(FontChoice("Amiri-Regular.ttf", (), "", PLACE), AMIRI, ["ar", "en"], print)
    assert found is not None
    assert (found.family, found.languages, found.whole) == ("Amiri", ("ar", "en"), False)
    assert "SIL Open Font License" in found.licence
