"""What every golden book says of its accessibility is true of it (EPUB Accessibility 1.1 §2 and §4)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urldefrag

import pytest
from lxml import etree
from PIL import Image

from hakawati.epub import resource_paths
from hakawati.epub.accessibility import find_unread, statements
from hakawati.epub.package import is_animated
from hakawati.model import Edition, Page, Unread
from tests.epub.test_package import manifest, metas
from tests.goldens import SEED, VARIANTS, XML_LANG, Built, Shelf, Variant, build_here, text_of, xpath
from tests.support import TWO_LANGUAGES, draw, write_book

MODE, SUFFICIENT = "schema:accessMode", "schema:accessModeSufficient"
FEATURE, HAZARD, SUMMARY = (f"schema:accessibility{name}" for name in ("Feature", "Hazard", "Summary"))


@pytest.fixture(params=VARIANTS, ids=str)
def built(request: pytest.FixtureRequest, shelf: Shelf) -> Built:
    variant: Variant = request.param
    return shelf[variant]


def figures(built: Built) -> list[etree._Element]:
    return [image for _, page in built.pages() for image in xpath(page, "//h:img")]


def dark(built: Built) -> Iterator[str]:
    """The text that never lights up, but on the title page and in the contents."""
    items = manifest(built)
    overlays = {str(item.get("href")): item.get("media-overlay") for item in items.values()}
    for name, page in built.pages():
        if name in (resource_paths.TITLE_PAGE, resource_paths.NAVIGATION):
            continue
        ids: set[str] = set()
        if overlay := overlays[name]:
            pointed = xpath(built.xml(str(items[overlay].get("href"))), "//smil:text/@src")
            ids = {urldefrag(reference).fragment for reference in pointed}
        for text in xpath(page, "h:body//text()"):
            beside = text.getparent()
            around = [*beside.iterancestors(), *([] if text.is_tail else [beside])]
            lit = ids & {element.get("id") for element in around}
            sign = {"doc-noteref", "doc-backlink"} & {element.get("role") for element in around}
            if not lit and not sign and any(c.isalnum() for c in text):
                yield str(text)


def test_modes_and_features_are_those_of_the_content(built: Built) -> None:
    images = bool(figures(built))
    assert metas(built, MODE) == ["textual", *(["visual"] if images else [])]
    sufficient = [["textual", "visual"], ["textual"]] if images else [["textual"]]
    whole = not images and "synchronizedAudioText" in metas(built, FEATURE)
    found = [modes.split(",") for modes in metas(built, SUFFICIENT)]
    assert found == [*sufficient, *([["auditory"]] if whole else [])]
    features = metas(built, FEATURE)
    assert {"tableOfContents", "readingOrder", "structuralNavigation"} < set(features)
    assert {"ARIA", "displayTransformability"} < set(features)
    assert ("alternativeText" in features) == images
    assert len(features) == len(set(features))


def test_a_book_claims_to_be_read_aloud_whole_just_where_no_text_stays_dark(built: Built) -> None:
    heard = any(chapter["duration"] for chapter in built.report["chapters"])
    claimed = "synchronizedAudioText" in metas(built, FEATURE)
    assert claimed == (heard and next(dark(built), None) is None)


@pytest.mark.parametrize(
    ("variant", "everything"),
    [
        (Variant("one-language"), True),
        (Variant("two-voices"), True),
        (Variant("accessible"), True),
        (Variant("left-to-right"), False),
        (Variant("notes"), False),
        (Variant("notes").but("narration.notes=end", "sync=word"), True),
        (Variant("terms").but("layout=original"), False),
        (Variant("code-and-rules"), False),
        (Variant("silent-book"), False),
        (Variant(SEED), False),
    ],
    ids=str,
)
def test_only_a_book_that_is_read_aloud_whole_claims_to_be(
    shelf: Shelf, variant: Variant, everything: bool
) -> None:
    assert ("synchronizedAudioText" in metas(shelf[variant], FEATURE)) == everything


def test_there_is_one_summary_with_its_language(built: Built) -> None:
    (summary,) = xpath(built.package, f"//opf:meta[@property='{SUMMARY}']")
    assert (summary.get(XML_LANG), summary.get("dir")) == ("en", "ltr")
    assert text_of(summary).endswith(".")


@pytest.mark.parametrize(
    ("variant", "told"),
    [
        (
            Variant("left-to-right"),
            "The English text is read aloud and highlighted as it is heard, phrase by phrase."
            " Not read aloud: the glossary.",
        ),
        (
            Variant("notes").but("sync=sentence"),
            "The Arabic and English text is read aloud and highlighted as it is heard, sentence by sentence."
            " Not read aloud: footnotes.",
        ),
        (
            Variant("one-language").but("sync=word"),
            "All of the text is read aloud and highlighted as it is heard, word by word.",
        ),
        (Variant("silent-book"), ""),
    ],
    ids=str,
)
def test_the_summary_tells_what_is_read_aloud_and_what_is_not(
    shelf: Shelf, variant: Variant, told: str
) -> None:
    marked = "The language of every part is marked, so that a screen reader can change its voice."
    assert metas(shelf[variant], SUMMARY) == [f"{marked} {told}".strip()]


def test_nobody_is_said_to_have_found_what_the_author_does_not_say(built: Built) -> None:
    names = xpath(built.package, "//opf:meta/@property | //opf:link/@rel")
    claimed = [name for name in names if name.startswith("a11y:") or name == "dcterms:conformsTo"]
    assert bool(claimed) == (Path(built.project).name.split(",")[0] == "accessible")


def test_the_authors_claims_name_who_makes_them_and_on_what_grounds(shelf: Shelf) -> None:
    package = shelf["accessible"].package
    said = shelf["accessible"].book.edition.metadata.accessibility
    (claim,) = xpath(package, "//opf:meta[@property='dcterms:conformsTo']")
    (certifier,) = xpath(package, "//opf:meta[@property='a11y:certifiedBy']")
    assert (text_of(claim), text_of(certifier)) == (said.conforms_to, said.certified_by)
    assert certifier.get("refines") == f"#{claim.get('id')}"
    links = {link.get("rel"): link for link in xpath(package, "//opf:metadata/opf:link")}
    assert {name: link.get("href") for name, link in links.items()} == {
        "a11y:certifierCredential": said.certifier_credential,
        "a11y:certifierReport": said.certifier_report,
    }
    assert {link.get("refines") for link in links.values()} == {f"#{certifier.get('id')}"}
    assert metas(shelf["accessible"], SUMMARY) == list(said.summary.values())


def test_a_credential_that_is_no_address_is_text(tmp_path: Path) -> None:
    claim = (
        "{conforms_to: EPUB Accessibility 1.1 - WCAG 2.0 Level A, certified_by: A, certifier_credential: B}"
    )
    write_book(tmp_path, {"book.yaml": f"{TWO_LANGUAGES}accessibility: {claim}\n"})
    build_here(tmp_path)
    (credential,) = xpath(Built(tmp_path).package, "//opf:meta[@property='a11y:certifierCredential']")
    assert (text_of(credential), credential.get("refines")) == ("B", "#certifier")


def test_an_author_writes_the_summary_in_the_originals_language_unless_it_says_another(
    tmp_path: Path,
) -> None:
    for summary, lang, base in (("نص", "ar", "rtl"), ("{fr: Texte}", "fr", "ltr")):
        project = tmp_path / lang
        write_book(project, {"book.yaml": f"{TWO_LANGUAGES}accessibility: {{summary: {summary}}}\n"})
        build_here(project)
        (found,) = xpath(Built(project).package, f"//opf:meta[@property='{SUMMARY}']")
        assert (found.get(XML_LANG), found.get("dir")) == (lang, base)


def film(file: Path, kind: str, *, frames: int) -> None:
    pictures = [Image.new("RGB", (4, 4), (60 * n, 0, 0)) for n in range(frames)]
    file.parent.mkdir(parents=True, exist_ok=True)
    pictures[0].save(file, kind, save_all=frames > 1, append_images=pictures[1:])


@pytest.mark.parametrize(("suffix", "kind"), [("gif", "GIF"), ("webp", "WEBP"), ("png", "PNG")])
def test_only_an_image_with_more_frames_than_one_is_animated(suffix: str, kind: str, tmp_path: Path) -> None:
    for frames in (1, 2):
        file = tmp_path / f"{frames}.{suffix}"
        film(file, kind, frames=frames)
        assert is_animated(file) == (frames > 1)


@pytest.mark.parametrize("place", ["figure", "cover"])
def test_a_book_in_which_something_moves_does_not_promise_that_nothing_flashes(
    place: str, tmp_path: Path
) -> None:
    cover = "cover: images/still.jpg\n" if place == "figure" else "cover: images/film.gif\n"
    shown = "film.gif" if place == "figure" else "still.jpg"
    write_book(
        tmp_path,
        {
            "book.yaml": TWO_LANGUAGES + cover,
            "ar/01-one.md": f"# عنوان\n\nنص.\n\n![صورة](images/{shown})\n",
        },
    )
    film(tmp_path / "book" / "images" / "film.gif", "GIF", frames=2)
    draw(tmp_path / "book" / "images" / "still.jpg", "JPEG")
    build_here(tmp_path)
    assert metas(Built(tmp_path), HAZARD) == ["unknown"]


def test_a_book_of_still_images_has_no_hazards(built: Built) -> None:
    assert metas(built, HAZARD) == ["none"]


PAGE = """<html xmlns="http://www.w3.org/1999/xhtml" lang="ar" xml:lang="ar"><head><title>t</title></head>
<body>{}</body></html>"""
OVERLAY = """<smil xmlns="http://www.w3.org/ns/SMIL" version="3.0"><body>
<par><text src="../text/a.xhtml#a"/><audio src="a.mp3"/></par></body></smil>"""


@pytest.mark.parametrize(
    ("body", "left"),
    [
        ('<p id="a">نص <em>كله</em></p>', ()),
        ('<p id="a">نص</p><p>آخر</p>', ("text",)),
        ('<p><span id="a">نص</span> وبقية</p>', ("text",)),
        ('<p id="a">نص</p><p> … *** 😀</p><!-- comment -->', ()),
        ('<p id="a">نص</p><p lang="en">Text</p>', ("translation",)),
        ('<div lang="en"><p>Text <i lang="ar">نص</i></p></div>', ("text", "translation")),
        ('<p id="a">نص</p><pre lang="ar"><code>x = 1</code></pre>', ("code",)),
        ('<p id="a">نص</p><a role="doc-noteref" href="#n">1</a>', ()),
        ('<aside role="doc-footnote"><p><a role="doc-backlink">1</a> شرح</p></aside>', ("notes",)),
        ('<aside role="doc-footnote"><p id="a"><a role="doc-backlink">1</a> شرح</p></aside>', ()),
        ('<aside role="doc-footnote" lang="en"><p>Text</p></aside>', ("translation",)),
        ('<section role="doc-glossary"><dl><dt>كلمة</dt></dl></section>', ("glossary",)),
    ],
)
def test_what_a_page_shows_outside_of_its_overlay_is_unread(body: str, left: tuple[Unread, ...]) -> None:
    assert find_unread(PAGE.format(body), OVERLAY, ["ar"]) == left


def test_without_an_overlay_nothing_is_read() -> None:
    assert find_unread(PAGE.format('<p id="a">نص</p>'), "", ["ar"]) == ("text",)


def test_what_a_layout_adds_is_told_too(shelf: Shelf) -> None:
    edition: Edition = shelf["one-language"].book.edition
    page = Page(
        name="01",
        path="01.xhtml",
        title="One",
        sections=(),
        terms=(),
        images=(),
        unread=("text",),
        answers="",
        duration=24_000,
        xhtml="",
        smil="<smil/>",
    )
    found = {said.property: said.value for said in statements(edition, [page], page.unread, moving=False)}
    assert found[SUMMARY].endswith("Not read aloud: some other text.")
