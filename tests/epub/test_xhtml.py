"""The pages of every golden book: the author's text, its languages, and links that lead somewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urldefrag, urlsplit

import pytest
from lxml import etree

from hakawati.epub import resource_paths
from hakawati.epub.labels import label, label_language
from hakawati.epub.text_direction import closing_mark, text_direction
from hakawati.model import Block, Chapter, direction, plain
from tests.epub.shown import bare, shown
from tests.goldens import EPUB_TYPE, SEED, VARIANTS, XML_LANG, Built, Shelf, Variant, text_of, xpath

H = "{http://www.w3.org/1999/xhtml}"
ELEMENTS = frozenset(
    re.findall(
        r"\w+",
        "html head meta title link body section nav div aside p h1 h2 h3 h4 h5 h6 ol ul li blockquote figure"
        " img figcaption pre code hr br span bdi em strong a b sup dl dt dd dfn table thead tbody tr th td",
    )
)
OPENED = "substring(@id, string-length(@id) - 1) = '-t'"
"""Of a translation that opens as a note."""
ATTRIBUTES = frozenset(
    re.findall(
        r"[\w-]+",
        "id class lang dir href src alt rel type charset start role hidden aria-label aria-labelledby scope",
    )
)


@pytest.fixture(params=VARIANTS, ids=str)
def built(request: pytest.FixtureRequest, shelf: Shelf) -> Built:
    variant: Variant = request.param
    return shelf[variant]


def chapters(built: Built) -> Iterator[tuple[Chapter, etree._Element]]:
    for chapter in built.book.chapters:
        yield chapter, built.xml(resource_paths.chapter_path(chapter.name))


def by_id(page: etree._Element) -> dict[str, etree._Element]:
    return {str(e.get("id")): e for e in page.iter() if e.get("id")}


def printed(node: etree._Element) -> str:
    """The author's text in it: no numbers of notes, no way to an answer; a break is a line feed."""
    if node.get(EPUB_TYPE) == "noteref" or node.get("role") == "doc-backlink" or node.get("class") == "words":
        return ""
    if urldefrag(node.get("href", "")).url == f"../{resource_paths.ANSWERS}":
        return ""
    text = "\n" if node.tag == f"{H}br" else node.text or ""
    children = [printed(child) + (child.tail or "") for child in node]
    if "half" in {child.get("class") for child in node}:  # the halves of a verse stand side by side
        return "\n".join(child.strip() for child in children)
    return text + "".join(children)


def language(node: etree._Element) -> tuple[str, str]:
    """The language and direction that hold for an element's text."""
    (lang, *_), (base, *_) = (
        xpath(node, f"ancestor-or-self::*[@{name}][1]/@{name}") for name in ("lang", "dir")
    )
    return lang, base


def test_no_text_of_the_author_is_lost_or_changed(built: Built) -> None:
    added = bare if built.book.edition.vowels == "print" else str
    for chapter, page in chapters(built):
        elements = by_id(page)
        for piece in shown(chapter, built.book.edition):
            assert squeezed(added(printed(elements[piece.id]))) == squeezed(added(piece.text))


def squeezed(text: str) -> str:
    return " ".join(text.strip().replace("\n", " \n ").split(" "))


def test_nothing_is_on_a_chapters_page_but_the_author_and_the_labels(built: Built) -> None:
    added = bare if built.book.edition.vowels == "print" else str
    for chapter, page in chapters(built):
        (body,) = xpath(page, "h:body")
        there = "".join(added(printed(body)).split())
        wanted = sum(len("".join(added(one.text).split())) for one in shown(chapter, built.book.edition))
        assert len(there) == wanted


def test_a_translation_that_is_not_to_be_shown_is_nowhere(built: Built) -> None:
    edition = built.book.edition
    for chapter, page in chapters(built):
        languages = {lang for lang in edition.metadata.languages if lang not in edition.languages}
        hidden = [text for text in chapter.texts() if text.lang in languages]
        assert [s.id for text in hidden for s in text.sentences if s.id in by_id(page)] == []


def test_every_page_says_its_language_and_direction(built: Built) -> None:
    original = built.book.edition.metadata.original
    for _, page in built.pages():
        assert page.tag == f"{H}html"
        (body,) = xpath(page, "h:body")
        for node in (page, body):  # some conversions and readers look at the body alone
            assert (node.get("lang"), node.get("dir")) == (original, direction(original))


def test_language_and_direction_are_right_wherever_they_change(built: Built) -> None:
    for _, page in built.pages():
        for node in page.iter(f"{H}*"):
            assert node.get("lang") == node.get(XML_LANG)
            if node.get("lang") and text_of(node).strip():
                lang, base = language(node)
                assert base == direction(lang)
    for chapter, page in chapters(built):
        elements = by_id(page)
        for piece in shown(chapter, built.book.edition):
            lang, base = language(elements[piece.id])
            assert lang == piece.lang
            assert base == ("ltr" if piece.kind == "code" else direction(piece.lang))


def test_ids_are_unique_and_links_do_not_nest(built: Built) -> None:
    for _, page in built.pages():
        ids = xpath(page, "//@id")
        assert len(ids) == len(set(ids))
        assert xpath(page, "//h:a//h:a") == []


def test_nothing_is_on_a_page_but_plain_text_elements(built: Built) -> None:
    """So that what an author writes is never executed."""
    for _, page in built.pages():
        assert {etree.QName(e).localname for e in page.iter(f"{H}*")} <= ELEMENTS
        assert [e for e in page.iter() if not isinstance(e.tag, str)] == []
        for node in page.iter():
            plain = {name for name in node.attrib if not str(name).startswith("{")}
            assert plain - ATTRIBUTES <= ({"xmlns"} if node is page else set())
            assert set(node.attrib) - plain <= {EPUB_TYPE, XML_LANG}


def test_every_link_inside_the_book_leads_to_something(built: Built) -> None:
    pages = dict(built.pages())
    names = {name.removeprefix("EPUB/") for name in built.files}
    ids = {name: set(xpath(page, "//@id")) for name, page in pages.items()}
    for name, page in pages.items():
        for reference in xpath(page, "//@href | //@src"):
            if urlsplit(reference).scheme:
                continue
            url, fragment = urldefrag(reference)
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), url)) if url else name
            assert unquote(target) == target
            assert target in names
            assert not fragment or fragment in ids[target]


def test_web_links_are_the_authors(built: Built) -> None:
    for chapter, page in chapters(built):
        wanted = {
            mark.target
            for text in chapter.texts()
            if text.lang in built.book.edition.languages
            for sentence in text.sentences
            for mark in sentence.marks
            if mark.kind == "link" and urlsplit(mark.target).scheme
        }
        there = {str(href) for href in xpath(page, "//h:a/@href") if urlsplit(href).scheme}
        assert there == wanted


def test_every_note_can_be_reached_and_left_again(built: Built) -> None:
    for chapter, page in chapters(built):
        elements = by_id(page)
        references = xpath(page, "//h:a[@epub:type='noteref'][@class='noteref']")
        notes = xpath(page, f"//*[@epub:type='footnote'][not({OPENED})]")
        for reference in references:
            note = elements[str(reference.get("href")).removeprefix("#")]
            assert note in notes
            assert text_of(reference).isdecimal()
            # in the reader's own language, where the note has been translated
            translated = f"{str(note.get('id')).split('-')[0]}-{language(reference)[0]}"
            assert language(note)[0] == language(reference)[0] or translated not in elements
        for note in notes:
            (back,) = xpath(note, ".//h:a[@role='doc-backlink']")
            first = elements[back.get("href").removeprefix("#")]
            assert first in references
            assert text_of(first) == text_of(back)
            # a translation may leave the reference out; then the way back is the original's
            own = first.get("href") == f"#{note.get('id')}"
            assert own or f"#{note.get('id')}" not in [r.get("href") for r in references]
        edition = built.book.edition
        apart = edition.languages[:1] if edition.layout == "popup" else edition.languages
        assert len(notes) == sum(
            len({t.lang for b in n.blocks for t in b.texts} & set(apart)) for n in chapter.notes
        )


def test_every_sentences_translation_can_be_opened_and_left_again(built: Built) -> None:
    edition = built.book.edition
    for chapter, page in chapters(built):
        elements = by_id(page)
        links = xpath(page, "//h:a[@class='translate']")
        notes = xpath(page, f"//h:aside[{OPENED}]")
        assert [link.get("href").removeprefix("#") for link in links] == [note.get("id") for note in notes]
        groups = [
            group
            for block in chapter.blocks
            for leaf in block.leaves()
            for group in leaf.passages("sentence", edition.languages)
            if len(group) > 1 and leaf.kind != "code"
        ]
        assert len(notes) == (len(groups) if edition.layout == "popup" else 0)
        for group, link, note in zip(groups, links, notes, strict=False):
            assert link.getprevious() is elements[group[0].sentences[-1].id]
            assert [p.get("id") for p in xpath(note, "h:p[@id]")] == [passage.id for passage in group[1:]]
            (back,) = xpath(note, ".//h:a[@role='doc-backlink']")
            assert elements[back.get("href").removeprefix("#")] is link


def test_a_note_that_is_read_aloud_is_not_hidden_by_readers(built: Built) -> None:
    noted = f"//*[@epub:type='footnote'][not({OPENED})]"
    tags = {node.tag for _, page in chapters(built) for node in xpath(page, noted)}
    assert tags <= {f"{H}aside" if built.book.edition.narration.notes == "none" else f"{H}div"}


def test_inline_notes_follow_the_block_that_refers_to_them(built: Built) -> None:
    if built.book.edition.narration.notes != "inline":
        return
    for chapter, page in chapters(built):
        order = list(by_id(page))
        for note in chapter.notes:
            tops = [block.id for block in chapter.blocks]
            after = tops[tops.index(note.anchor) + 1 :]
            following = [i for block in after for i in order if i == block or i.startswith(f"{block}-")]
            assert all(order.index(note.id) < order.index(i) for i in following)


def test_terms_link_to_the_glossary_and_back(built: Built) -> None:
    if not built.book.edition.glossary:
        assert f"EPUB/{resource_paths.GLOSSARY}" not in built.files
        return
    glossary = built.xml(resource_paths.GLOSSARY)
    entries = {entry.get("id"): entry for entry in xpath(glossary, "//h:dl/h:div")}
    assert sorted(entries) == sorted(term.id for term in built.book.edition.glossary)
    there: set[tuple[str, str]] = set()
    for chapter, page in chapters(built):
        links = xpath(page, "//h:a[@class='term']")
        for link in links:
            path, term = urldefrag(link.get("href"))
            assert path == f"../{resource_paths.GLOSSARY}"
            assert term in entries
        there |= {
            (resource_paths.chapter_path(chapter.name), link.get("href").partition("#")[2]) for link in links
        }
        firsts = [link for link in links if link.get("id")]
        assert len(firsts) == len({link.get("href") for link in links})
    back = set()
    for id_, entry in entries.items():
        for link in xpath(entry, "h:dd//h:a[@role='doc-backlink']"):
            path, fragment = urldefrag(link.get("href"))
            assert fragment == f"g-{id_}"
            back.add((path, str(id_)))
    assert back == there


def test_the_glossary_says_what_its_author_wrote(shelf: Shelf) -> None:
    for case in ("glossary-only", "markup", "left-to-right", SEED):
        built = shelf[case]
        glossary = built.xml(resource_paths.GLOSSARY)
        for term in built.book.edition.glossary:
            dt, dd = by_id(glossary)[term.id]
            assert text_of(dt) == (term.say or term.term)
            said = [(p.get("lang"), text_of(p)) for p in xpath(dd, "h:p") if p.get("class") != "small"]
            original = built.book.edition.metadata.original
            wanted = [*term.translation.items(), *term.definition.items()]
            assert said == [(None if lang == original else lang, text) for lang, text in wanted]


def test_blocks_become_the_elements_they_are(shelf: Shelf) -> None:
    for case in ("lists", "quotes", "headings", "code-and-rules", "images"):
        for chapter, page in chapters(shelf[case]):
            (section,) = xpath(page, "h:body/h:section")
            notes = xpath(section, "h:section[@class='notes']")
            children = [e for e in section if e not in notes]
            children = [e for e in children if e.get("class") != "translation"]
            assert [shape(e) for e in children] == [described(b) for b in chapter.blocks]


def described(block: Block) -> object:
    inner = [shown for child in block.children if (shown := described(child))]
    names = {
        "heading": f"h{block.level}",
        "paragraph": "p" if block.texts else None,
        "list": ("ul" if block.start is None else f"ol from {block.start}", inner),
        "item": ("li", inner),
        "quote": ("blockquote", inner),
        "figure": ("figure", block.alt),
        "code": "pre",
        "rule": "hr",
    }
    return names[block.kind]


def shape(node: etree._Element) -> object:
    name = etree.QName(node).localname
    inner = [shape(child) for child in node if child.get("class") != "translation"]
    match name:
        case "div":  # an original and its translation
            return inner[0]
        case "ol":
            return (f"ol from {node.get('start', '1')}", inner)
        case "ul" | "li" | "blockquote":
            return (name, inner)
        case "figure":
            (image,) = xpath(node, "h:img")
            return (name, image.get("alt"))
        case _:
            return name


def test_code_keeps_its_spaces_and_lines(shelf: Shelf) -> None:
    (page,) = (page for _, page in chapters(shelf["code-and-rules"]))
    assert [text_of(pre) for pre in xpath(page, "//h:pre")] == [
        "if a < b && c > \"d\":\n    print('&amp;')   # ]]>",
        "indented code",
        "in a list",
    ]


def test_images_show_the_files_that_the_author_named(shelf: Shelf) -> None:
    built = shelf["images"]
    for chapter, page in chapters(built):
        sources = [leaf.image for block in chapter.blocks for leaf in block.leaves() if leaf.image]
        images = xpath(page, "//h:img/@src")
        assert len(images) == len(sources)
        for source, image in zip(sources, images, strict=True):
            data = (built.project / "book" / source).read_bytes()
            assert built.files[posixpath.normpath(f"EPUB/text/{image}")] == data


def test_text_that_looks_like_a_template_or_markup_stays_text(shelf: Shelf) -> None:
    built = shelf["markup"]
    title = built.book.edition.metadata.title["en"]
    assert text_of(xpath(built.xml(resource_paths.TITLE_PAGE), "//h:h1")[0]) == title
    assert text_of(xpath(built.xml(resource_paths.TITLE_PAGE), "//h:title")[0]) == title
    heading = '<script>alert("x")</script> & {{ 7 * 7 }} ]]>'
    ((chapter, page),) = chapters(built)
    assert chapter.title() == heading
    assert text_of(xpath(page, "//h:title")[0]) == heading
    listed = text_of(xpath(built.xml(resource_paths.NAVIGATION), "//h:nav//h:a")[0])
    assert listed == " · ".join(dict.fromkeys(plain(text) for text in chapter.blocks[0].texts))


def test_the_title_page_credits_everyone_in_every_language(shelf: Shelf) -> None:
    built = shelf["three-languages"]
    page = built.xml(resource_paths.TITLE_PAGE)
    said = {text_of(bdi).rstrip("\u200e\u200f") for bdi in xpath(page, "//h:bdi")}
    meta = built.book.edition.metadata
    assert {*meta.authors, *meta.translators, meta.publisher, meta.source} <= said
    assert all(bdi.get("dir") in ("ltr", "rtl") for bdi in xpath(page, "//h:bdi"))
    titles = {lang: text_of(p) for p in xpath(page, "//h:p[@lang]") if (lang := p.get("lang"))}
    assert titles == {lang: title for lang, title in meta.title.items() if lang != meta.original}


@pytest.mark.parametrize(
    ("lang", "expected"),
    [("ar-EG", "المحتويات"), ("fr", "Table des matières"), ("ja", "Contents")],
)
def test_labels_are_in_the_books_language_or_in_english(lang: str, expected: str) -> None:
    assert label("contents", lang) == expected
    assert label_language(lang) == ("en" if lang == "ja" else lang)


@pytest.mark.parametrize("name", ["a b", "a#b?c%20d", "ª", "٣", "e\u0301", "a/b", "a\u200bb", "×"])
def test_a_name_is_made_fit_for_a_url_and_an_id(name: str) -> None:
    made = resource_paths.safe(name)
    etree.fromstring(f'<x xml:id="x{made.replace("/", "")}"/>')
    assert all(c.isalnum() or c in "-._/" for c in made)


def test_names_that_differ_stay_different() -> None:
    names = ["a b", "a_b", "a-b", "a#b", "a\u00a0b", "ab"]
    assert len({resource_paths.safe(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("eSpeak NG (ar)", "ar", "ltr"),
        ("«طه» by him", "en", "rtl"),
        ("(1944) طه", "en", "rtl"),
        ("שלום", "en", "rtl"),
        ("1944 – ١٩٤٤", "ar", "rtl"),
        ("", "en", "ltr"),
    ],
)
def test_a_text_without_a_language_has_the_direction_of_its_first_letter(
    text: str, lang: str, expected: str
) -> None:
    assert text_direction(text, lang) == expected


@pytest.mark.parametrize(
    ("text", "lang", "mark"),
    [
        ("eSpeak NG (ar)", "ar", "\u200e"),
        ("eSpeak NG", "ar", ""),
        ("A. (B)", "en", ""),
        ("«طه»", "en", "\u200f"),
    ],
)
def test_a_bracket_at_the_end_stays_with_its_text(text: str, lang: str, mark: str) -> None:
    assert closing_mark(text, lang) == mark
