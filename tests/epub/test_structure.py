"""What a screen reader tells of the pages: roles, headings, links, images and the languages of labels.

That ids are unique, that languages and directions are marked where they change, and that an overlay goes
where its page goes is held in `test_xhtml` and `test_smil`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from lxml import etree

from hakawati.model import direction
from tests.goldens import EPUB_TYPE, VARIANTS, Built, Shelf, Variant, text_of, xpath

# Every structural semantic that has a role of its own: https://www.w3.org/TR/epub-aria-authoring-11/ §4.
SAME_NAME = (
    "abstract acknowledgments afterword appendix backlink biblioentry bibliography biblioref chapter colophon"
    " conclusion cover credit credits dedication endnote endnotes epigraph epilogue errata footnote foreword"
    " glossary glossref index introduction noteref notice pagebreak part preface prologue pullquote qna"
    " subtitle tip toc"
)
ROLES = {name: f"doc-{name}" for name in SAME_NAME.split()} | {
    "page-list": "doc-pagelist",
    "referrer": "doc-backlink",
    "help": "doc-tip",
}
IMPLIED = {"glossterm": ("dt", "dfn"), "glossdef": ("dd",), "figure": ("figure",), "table": ("table",)}
"""Elements that have the semantic's role already: https://www.w3.org/TR/html-aam-1.0/."""
WITHOUT = {"titlepage", "bodymatter", "frontmatter", "backmatter", "landmarks"}


@pytest.fixture(params=VARIANTS, ids=str)
def built(request: pytest.FixtureRequest, shelf: Shelf) -> Built:
    variant: Variant = request.param
    return shelf[variant]


def name_of(node: etree._Element) -> str:
    """What a screen reader calls an element: https://www.w3.org/TR/accname-1.2/, as far as we use it."""
    return (node.get("aria-label") or text_of(node)).strip()


def has_letter(text: str) -> bool:
    return any(c.isalpha() for c in text)


def test_every_semantic_comes_with_its_role(built: Built) -> None:
    for _, page in built.pages():
        # In the landmarks, what a link leads to has the semantic, not the link.
        for node in xpath(page, "//*[@epub:type and not(ancestor::h:nav[@epub:type='landmarks'])]"):
            for semantic in str(node.get(EPUB_TYPE)).split():
                if semantic in IMPLIED:
                    assert etree.QName(node).localname in IMPLIED[semantic]
                    assert node.get("role") is None
                else:
                    assert node.get("role") == ROLES.get(semantic)
                    assert semantic in ROLES or semantic in WITHOUT


def test_every_role_comes_with_its_semantic_or_is_a_way_back_or_a_group(built: Built) -> None:
    for _, page in built.pages():
        for node in xpath(page, "//*[@role]"):
            semantics = str(node.get(EPUB_TYPE, "")).split()
            assert node.get("role") in ("doc-backlink", "group", *(ROLES.get(s) for s in semantics))


def test_headings_go_down_one_level_at_a_time_from_the_pages_title(built: Built) -> None:
    for _, page in built.pages():
        names = [etree.QName(e).localname for e in page.iter("{http://www.w3.org/1999/xhtml}*")]
        levels = [int(name[1]) for name in names if name in ("h1", "h2", "h3", "h4", "h5", "h6")]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(next_ <= level + 1 for level, next_ in pairwise(levels))
        assert all(text_of(heading).strip() for heading in xpath(page, "//h:h1 | //h:h2 | //h:h3"))
        (title,) = xpath(page, "h:head/h:title")
        assert text_of(title).strip()


def test_every_link_says_where_it_leads(built: Built) -> None:
    titles = {chapter.title() for chapter in built.book.chapters}  # an author may call one “* * *”
    for _, page in built.pages():
        for link in xpath(page, "//h:a[@href]"):
            shown, name = text_of(link).strip(), name_of(link)
            # “1, note reference”: its role says what the number is.
            numbered = link.get("role") == "doc-noteref" and name.isdecimal()
            assert numbered or has_letter(name) or name in titles
            # Who speaks to the machine says what is shown (WCAG 2.2, 2.5.3).
            assert shown in name or not any(c.isalnum() for c in shown)


def test_every_landmark_and_section_that_is_named_has_a_name(built: Built) -> None:
    for _, page in built.pages():
        ids = {node.get("id"): node for node in xpath(page, "//*[@id]")}
        for node in xpath(page, "//*[@aria-labelledby]"):
            assert text_of(ids[node.get("aria-labelledby")]).strip()
        for node in xpath(page, "//*[@aria-label]"):
            assert has_letter(str(node.get("aria-label")))
        navs = [nav.get("aria-label") or nav.get("aria-labelledby") for nav in xpath(page, "//h:nav")]
        assert None not in navs
        assert len(navs) == len(set(navs))


def test_every_label_is_in_the_language_that_its_place_says(built: Built) -> None:
    for _, page in built.pages():
        for node in xpath(page, "//*[@aria-label]"):
            (lang,) = xpath(node, "ancestor-or-self::*[@lang][1]/@lang")
            assert set(directions(str(node.get("aria-label")))) == {direction(lang)}


def directions(text: str) -> Iterator[str]:
    """That of each letter's script, for Arabic and Latin."""
    yield from ("rtl" if "\u0600" <= c <= "\u06ff" else "ltr" for c in text if c.isalpha())


def test_every_image_has_a_text_alternative_that_is_no_file_name(built: Built) -> None:
    for _, page in built.pages():
        for image in xpath(page, "//h:img"):
            alternative = str(image.get("alt")).strip()
            assert has_letter(alternative)
            assert alternative not in (image.get("src"), str(image.get("src")).rsplit("/", maxsplit=1)[-1])


def test_the_contents_go_through_the_book_in_the_order_of_its_spine(built: Built) -> None:
    items = {item.get("id"): item.get("href") for item in xpath(built.package, "//opf:manifest/opf:item")}
    spine = [items[id_] for id_ in xpath(built.package, "//opf:spine/opf:itemref/@idref")]
    (toc,) = xpath(built.xml("nav.xhtml"), "//h:nav[@epub:type='toc']")
    places = [str(href) for href in xpath(toc, ".//h:a/@href")]
    order = []
    for place in places:
        path, _, fragment = place.partition("#")
        ids = [node.get("id") for node in xpath(built.xml(path), "//*[@id]")]
        order.append((spine.index(path), ids.index(fragment) if fragment else -1))
    assert order == sorted(set(order))
