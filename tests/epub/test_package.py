"""The package document, the navigation and the style of every golden book."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from lxml import etree

from hakawati.epub import resource_paths
from hakawati.epub.xhtml import sections
from hakawati.model import Section, direction, plain
from tests.epub.shown import bare
from tests.goldens import EPUB_TYPE, SEED, TIME, VARIANTS, XML_LANG, Built, Shelf, Variant, text_of, xpath


@pytest.fixture(params=VARIANTS, ids=str)
def built(request: pytest.FixtureRequest, shelf: Shelf) -> Built:
    variant: Variant = request.param
    return shelf[variant]


def metas(built: Built, name: str, refines: str | None = None) -> list[str]:
    found = xpath(built.package, f"//opf:metadata/opf:meta[@property='{name}']")
    return [text_of(meta) for meta in found if meta.get("refines") == refines]


def dc(built: Built, name: str) -> list[str]:
    return [text_of(e) for e in xpath(built.package, f"//opf:metadata/dc:{name}")]


def manifest(built: Built) -> dict[str, etree._Element]:
    return {item.get("id"): item for item in xpath(built.package, "//opf:manifest/opf:item")}


def spine(built: Built) -> list[etree._Element]:
    return [manifest(built)[ref] for ref in xpath(built.package, "//opf:spine/opf:itemref/@idref")]


def clock(value: str) -> int:
    """Milliseconds."""
    assert re.fullmatch(r"\d+\.\d{3}s", value)
    return int(value.removesuffix("s").replace(".", ""))


def test_the_reader_begins_with_a_title_page_that_has_no_overlay(built: Built) -> None:
    pages = spine(built)
    assert pages[0].get("href") == resource_paths.TITLE_PAGE
    assert pages[0].get("media-overlay") is None
    assert [page.get("href") for page in pages] == [
        resource_paths.TITLE_PAGE,
        resource_paths.NAVIGATION,
        *(resource_paths.chapter_path(chapter.name) for chapter in built.book.chapters),
        *behind(built),
    ]


def behind(built: Built) -> list[str]:
    """What stands behind the chapters."""
    answered = any(list(chapter.answers()) for chapter in built.book.chapters)
    return [resource_paths.GLOSSARY] * bool(built.book.edition.glossary) + [resource_paths.ANSWERS] * answered


def test_the_whole_book_says_its_language_and_direction(built: Built) -> None:
    meta = built.book.edition.metadata
    package = built.package
    assert (package.get(XML_LANG), package.get("dir")) == (meta.original, direction(meta.original))
    (order,) = xpath(package, "//opf:spine/@page-progression-direction")
    assert order == direction(meta.original)
    assert dc(built, "language") == list(built.book.edition.languages)


def test_titles_come_in_every_language_the_originals_first(built: Built) -> None:
    meta = built.book.edition.metadata
    titles = xpath(built.package, "//opf:metadata/dc:title")
    assert [(t.get(XML_LANG), text_of(t)) for t in titles] == list(meta.title.items())
    assert all(t.get("dir") == direction(t.get(XML_LANG)) for t in titles)


def test_what_the_author_says_of_the_book_is_in_the_package(built: Built) -> None:
    meta = built.book.edition.metadata
    assert dc(built, "identifier") == [meta.identifier]
    (uid,) = xpath(built.package, "//dc:identifier/@id")
    assert built.package.get("unique-identifier") == uid
    assert dc(built, "creator") == list(meta.authors)
    assert dc(built, "contributor") == list(meta.translators)
    assert dc(built, "subject") == list(meta.subjects)
    for name in ("publisher", "rights", "source", "date", "description"):
        assert dc(built, name) == [value for value in [getattr(meta, name)] if value]
    for element, role in (("creator", "aut"), ("contributor", "trl")):
        for person in xpath(built.package, f"//dc:{element}/@id"):
            assert metas(built, "role", f"#{person}") == [role]


def test_the_time_of_change_is_the_one_given(built: Built) -> None:
    stamp = datetime.fromtimestamp(TIME, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert metas(built, "dcterms:modified") == [stamp]


def test_ids_of_the_package_are_unique(built: Built) -> None:
    ids = xpath(built.package, "//@id")
    assert len(ids) == len(set(ids))


def test_durations_are_those_of_the_audio_and_add_up(built: Built) -> None:
    timings = {t["chapter"]: round(t["duration"] * 1000) for t in built.timings()}
    items = manifest(built)
    pages = {item.get("href"): item for item in items.values()}
    durations = []
    places = {chapter.name: resource_paths.chapter_path(chapter.name) for chapter in built.book.chapters}
    if built.book.edition.glossary:
        places["glossary"] = resource_paths.GLOSSARY
    for name, path in places.items():
        overlay = pages[path].get("media-overlay")
        assert (overlay is not None) == (name in timings)
        if overlay is not None:
            assert items[overlay].get("href") == resource_paths.overlay_path(name)
            assert items[overlay].get("media-type") == "application/smil+xml"
            (duration,) = metas(built, "media:duration", f"#{overlay}")
            assert clock(duration) == timings[name]
            durations.append(clock(duration))
    assert [clock(total) for total in metas(built, "media:duration")] == ([sum(durations)] if timings else [])
    assert len(xpath(built.package, "//opf:meta[@property='media:duration']")) == (
        len(timings) + bool(timings)
    )


def test_who_reads_is_named_where_somebody_reads(built: Built) -> None:
    heard = any(chapter["duration"] for chapter in built.report["chapters"])
    assert bool(metas(built, "media:narrator")) == heard
    if heard and (named := list(built.book.edition.metadata.narrators)):
        recorded = any(chapter.recordings for chapter in built.book.chapters)
        voice = ["eSpeak NG (en)"] if recorded else []  # which fills in for who is recorded
        assert metas(built, "media:narrator")[: len(named) + 1] == named + voice


def test_what_lights_up_has_a_style_on_every_page(built: Built) -> None:
    heard = any(chapter["duration"] for chapter in built.report["chapters"])
    names = metas(built, "media:active-class")
    assert len(names) == heard
    style = re.sub(r"(?s)/\*.*?\*/", "", built.files["EPUB/refinements.css"].decode())
    selectors = [
        selector.strip() for rules in re.findall(r"([^{}]*)\{", style) for selector in rules.split(",")
    ]
    assert all(f".{name}" in selectors for name in names)
    for name, page in built.pages():
        up = "../" if "/" in name else ""
        sheets = [f"{up}style.css", f"{up}refinements.css"]
        assert xpath(page, "//h:link[@rel='stylesheet']/@href") == sheets


def test_the_first_style_sheet_has_nothing_that_a_simple_engine_drops_it_for(shelf: Shelf) -> None:
    """Adobe's and MuPDF's drop the whole of it over a selector; crengine knows no logical property."""
    style = re.sub(r"(?s)/\*.*?\*/", "", shelf[SEED].files["EPUB/style.css"].decode())
    assert "@media" not in style
    selectors = re.findall(r"([^{}]*)\{", style)
    assert [s for s in selectors if re.search(r"[>+~*]|:(?!first-child)", s)] == []
    assert re.findall(r"[\w-]+-inline(?:-\w+)?(?= *:)", style) == []
    assert '[lang|="ar"] {\n  font-family: "Amiri", serif;' in style
    assert "font-family: serif" in re.findall(r'(?s)\[lang\|="en"\].*?\}', style)[0]


def test_no_font_or_picture_is_fetched_from_elsewhere(built: Built) -> None:
    style = "".join(built.files[f"EPUB/{name}"].decode() for name in ("style.css", "refinements.css"))
    assert "@import" not in style
    assert re.findall(r"url\((.*?)\)", style) == [
        item.get("href")
        for item in manifest(built).values()
        if str(item.get("media-type")).startswith("font/")
    ]
    assert [h for h in xpath(built.package, "//opf:item/@href") if ":" in h] == []
    assert [p for p in xpath(built.package, "//opf:item/@properties") if "remote" in p or "script" in p] == []


def entries(node: etree._Element) -> list[tuple[str, str, object]]:
    return [
        (text_of(a), a.get("href"), entries(inner[0]) if (inner := xpath(li, "h:ol")) else [])
        for li in xpath(node, "h:li")
        for a in xpath(li, "h:a")
    ]


def unmarked(found: object, *, added: bool) -> object:
    """Contents without the vowel marks that an edition adds."""
    if isinstance(found, str):
        return bare(found) if added else found
    assert isinstance(found, list | tuple)
    return [unmarked(one, added=added) for one in found]


def points(node: etree._Element) -> list[tuple[str, str, object]]:
    return [
        (
            text_of(xpath(point, "ncx:navLabel/ncx:text")[0]),
            xpath(point, "ncx:content/@src")[0],
            points(point),
        )
        for point in xpath(node, "ncx:navPoint")
    ]


def test_the_contents_name_every_chapter_and_heading(built: Built) -> None:
    (toc,) = xpath(built.xml(resource_paths.NAVIGATION), "//h:nav[@epub:type='toc']/h:ol")

    languages = built.book.edition.languages

    def wanted(path: str, found: tuple[Section, ...]) -> list[tuple[str, str, object]]:
        return [(listed(s), f"{path}#{s.id}", wanted(path, s.children)) for s in found]

    def listed(section: Section) -> str:
        return " · ".join([section.title, *(text for _, text in section.translations)])

    chapters = built.book.chapters[:]
    expected = [
        (
            " · ".join(dict.fromkeys(plain(t) for t in c.blocks[0].texts if t.lang in languages)),
            resource_paths.chapter_path(c.name),
            wanted(resource_paths.chapter_path(c.name), sections(c, languages)),
        )
        for c in chapters
    ]
    there = entries(toc)
    added = built.book.edition.vowels == "print"
    assert unmarked(there[: len(chapters)], added=added) == unmarked(expected, added=added)
    assert [href for _, href, _ in there[len(chapters) :]] == behind(built)


def test_readers_of_epub_2_get_the_same_contents(built: Built) -> None:
    (toc,) = xpath(built.xml(resource_paths.NAVIGATION), "//h:nav[@epub:type='toc']/h:ol")
    ncx = built.xml("toc.ncx")
    assert points(xpath(ncx, "ncx:navMap")[0]) == entries(toc)
    orders = [int(order) for order in xpath(ncx, "//ncx:navPoint/@playOrder")]
    assert orders == list(range(1, len(orders) + 1))
    (depth,) = xpath(ncx, "//ncx:meta[@name='dtb:depth']/@content")
    assert int(depth) == max(
        len(xpath(p, "ancestor-or-self::ncx:navPoint")) for p in xpath(ncx, "//ncx:navPoint")
    )
    (uid,) = xpath(ncx, "//ncx:meta[@name='dtb:uid']/@content")
    assert uid == built.book.edition.metadata.identifier


def test_landmarks_lead_to_the_parts_of_the_book(built: Built) -> None:
    (landmarks,) = xpath(built.xml(resource_paths.NAVIGATION), "//h:nav[@epub:type='landmarks']")
    found = {a.get(EPUB_TYPE): a.get("href") for a in xpath(landmarks, ".//h:a")}
    assert found == {
        "titlepage": resource_paths.TITLE_PAGE,
        "toc": resource_paths.NAVIGATION,
        "bodymatter": resource_paths.chapter_path(built.book.chapters[0].name),
    } | ({"glossary": resource_paths.GLOSSARY} if built.book.edition.glossary else {})


def test_apple_books_is_told_to_show_the_books_fonts_where_it_has_any(shelf: Shelf) -> None:
    told, untold = shelf["own-font"], shelf["dialogue"]
    assert metas(told, "ibooks:specified-fonts") == ["true"]
    assert "ibooks: http://vocabulary.itunes.apple.com/" in str(told.package.get("prefix"))
    assert metas(untold, "ibooks:specified-fonts") == []
    assert "ibooks" not in str(untold.package.get("prefix"))


def test_what_lights_up_is_styled_on_kobo_too(shelf: Shelf) -> None:
    assert (
        ".-epub-media-overlay-active, .kobo-smil-highlight {"
        in shelf[SEED].files["EPUB/refinements.css"].decode()
    )


def test_the_cover_is_known_to_old_and_new_readers(shelf: Shelf) -> None:
    for case in ("images", SEED):
        built = shelf[case]
        (cover,) = xpath(built.package, "//opf:item[@properties='cover-image']")
        assert xpath(built.package, "//opf:meta[@name='cover']/@content") == [cover.get("id")]
        data = (built.project / "book" / built.book.edition.cover).read_bytes()
        assert built.files[f"EPUB/{cover.get('href')}"] == data


def test_a_cover_is_drawn_where_there_is_none_and_none_where_none_is_wanted(shelf: Shelf) -> None:
    built = shelf["one-word"]
    (cover,) = xpath(built.package, "//opf:item[@properties='cover-image']")
    assert (cover.get("href"), cover.get("media-type")) == (resource_paths.COVER, "image/jpeg")
    assert xpath(built.package, "//opf:meta[@name='cover']/@content") == [cover.get("id")]
    assert built.files[f"EPUB/{resource_paths.COVER}"].startswith(b"\xff\xd8")
    bare = shelf[Variant("one-word").but("cover=none")]
    assert bare.book.edition.cover == "none"
    assert (
        xpath(bare.package, "//opf:meta[@name='cover'] | //opf:item[starts-with(@media-type, 'image/')]")
        == []
    )


def test_an_image_is_in_the_book_once_however_it_is_named(shelf: Shelf) -> None:
    images = xpath(shelf["images"].package, "//opf:item[starts-with(@media-type, 'image/')]")
    assert {image.get("href"): image.get("media-type") for image in images} == {
        "images/cover.png": "image/png",
        "images/red.png": "image/png",
        "images/blue.jpg": "image/jpeg",
        "images/green.gif": "image/gif",
        "images/yellow.webp": "image/webp",
        "images/odd_20_name_20__23_1.png": "image/png",
    }
    assert len(images) == 6


def test_the_role_of_a_chapter_comes_from_its_name(shelf: Shelf) -> None:
    built = shelf["headings"]
    roles = [
        xpath(built.xml(resource_paths.chapter_path(c.name)), "h:body/h:section")[0].get("role")
        for c in built.book.chapters
    ]
    assert roles == ["doc-chapter", "doc-afterword"]


def test_the_identifier_stays_when_all_else_changes(shelf: Shelf) -> None:
    found = {tuple(dc(shelf[v], "identifier")) for v in VARIANTS if v.case == SEED}
    assert len(found) == 1
