"""An edition and its pages → an EbookLib book: metadata, manifest, spine, contents (EPUB 3.3 §5)."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.resources import files
from pathlib import Path

from ebooklib import epub

from hakawati.epub import embedded_fonts, resource_paths, xhtml
from hakawati.epub.accessibility import MetadataStatement, find_unread, statements
from hakawati.epub.labels import label, translations
from hakawati.epub.smil import clock
from hakawati.model import NO_COVER, Edition, Page, Section, direction, seconds

ACTIVE_CLASS = "-epub-media-overlay-active"
APPLE = "http://vocabulary.itunes.apple.com/rdf/ibooks/vocabulary-extensions-1.0/"
"""Of Apple's metadata (Apple Books Asset Guide)."""
XHTML, SMIL = "application/xhtml+xml", "application/smil+xml"
IMAGE_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}
ANIMATED = (".gif", ".png", ".webp")
"""The kinds of images that can have more than one frame."""


class FileItem(epub.EpubItem):  # type: ignore[misc]
    """An item whose content stays on disk until the EPUB is written, and is stored without compression."""

    def __init__(self, uid: str, file_name: str, media_type: str, path: Path) -> None:
        super().__init__(uid=uid, file_name=file_name, media_type=media_type)
        self.path = path


def package(
    edition: Edition,
    every: Sequence[Page],
    audio: Callable[[str], Path],
    root: Path,
    narrators: Sequence[str],
    cover: bytes = b"",
) -> epub.EpubBook:
    """The whole publication, ready for `container.write`.

    `every`: the pages of the chapters in reading order, as `xhtml.chapter_page` makes them, and the
    glossary's; `audio`: the MP3 of the page of a name; `root`: the book's folder, for images and fonts;
    `narrators`: their names, as a reader should see them; `cover`: a JPEG where one was drawn, or empty.
    Raises `OSError` where an image or a font cannot be read; MP3s are read only when the file is written.
    """
    made = epub.EpubBook()
    # EbookLib presets these; ours are the book's.
    made.set_identifier(edition.metadata.identifier)
    made.set_unique_metadata("OPF", "generator", "", {"name": "generator", "content": "Hakawati"})
    pages = [page for page in every if page.path != resource_paths.GLOSSARY]
    _describe(made, edition, every, narrators)
    spine = [_document(made, "title", resource_paths.TITLE_PAGE, xhtml.title_xhtml(edition, narrators))]
    navigation = _document(made, "nav", resource_paths.NAVIGATION, xhtml.navigation_xhtml(edition, pages))
    navigation.properties = ["nav"]
    spine.append(navigation)
    places = xhtml.pages_by_term(pages)
    left_out = {kind for page in every for kind in page.unread}
    for page in every:
        content = xhtml.fill_gaps(edition, page, places)
        if content != page.xhtml:
            left_out.update(find_unread(content, page.smil, edition.narration.languages))
        spine.append(_add_page(made, page, content, audio(page.name)))
    if any(page.answers for page in pages):
        answers = xhtml.answers_xhtml(edition, pages)
        left_out.update(find_unread(answers, "", edition.narration.languages))
        spine.append(_document(made, "answers", resource_paths.ANSWERS, answers))
    moving = any(is_animated(root / image) for image in sorted(_images(edition, pages)))
    for statement in statements(edition, pages, left_out, moving=moving):
        _state(made, statement)
    _add_styles(made, edition)
    _add_fonts(made, edition, root)
    if edition.fonts:  # else Apple Books shows its own
        made.add_prefix("ibooks", APPLE)
        _meta(made, "ibooks:specified-fonts", "true")
    _add_images(made, edition, pages, root)
    if cover:
        _add_cover(made, epub.EpubItem("cover-image", resource_paths.COVER, "image/jpeg", cover))
    made.spine = spine
    made.toc = list(_contents(edition, pages))
    made.add_item(epub.EpubNcx())
    made.direction = direction(edition.metadata.original)
    return made


def _document(made: epub.EpubBook, uid: str, path: str, content: str) -> epub.EpubItem:
    item = epub.EpubItem(uid=uid, file_name=path, media_type=XHTML, content=content.encode())
    made.add_item(item)
    return item


def _add_page(made: epub.EpubBook, page: Page, content: str, audio: Path) -> epub.EpubItem:
    document = _document(made, _uid("text", page), page.path, content)
    if page.smil:
        uid = document.media_overlay = _uid("overlay", page)
        overlay = epub.EpubItem(uid, resource_paths.overlay_path(page.name), SMIL, page.smil.encode())
        made.add_item(overlay)
        made.add_item(
            FileItem(_uid("audio", page), resource_paths.audio_path(page.name), "audio/mpeg", audio)
        )
        _meta(made, "media:duration", clock(seconds(page.duration)), refines=f"#{uid}")
    return document


def _uid(kind: str, page: Page) -> str:
    """An XML id for a chapter's file, made of its name."""
    return f"{kind}-{resource_paths.safe(page.name)}"


def _add_images(made: epub.EpubBook, edition: Edition, pages: Sequence[Page], root: Path) -> None:
    # By their place in the EPUB, since one image may be named in several ways.
    found = {resource_paths.image_path(image): root / image for page in pages for image in page.images}
    given = "" if edition.cover == NO_COVER else edition.cover
    if given:
        found.pop(resource_paths.image_path(given), None)
    for n, (path, file) in enumerate(sorted(found.items()), start=1):
        made.add_item(FileItem(f"image-{n}", path, IMAGE_TYPES[file.suffix.lower()], file))
    if given:
        path, file = resource_paths.image_path(given), root / given
        _add_cover(made, FileItem("cover-image", path, IMAGE_TYPES[file.suffix.lower()], file))


def _add_cover(made: epub.EpubBook, cover: epub.EpubItem) -> None:
    cover.properties = ["cover-image"]
    made.add_item(cover)
    made.add_metadata(None, "meta", "", {"name": "cover", "content": cover.id})


def _add_styles(made: epub.EpubBook, edition: Edition) -> None:
    fonts = edition.fonts
    own = {
        resource_paths.STYLE: embedded_fonts.faces(fonts) + embedded_fonts.rules(fonts, '[lang|="{}"]'),
        resource_paths.REFINEMENTS: embedded_fonts.rules(fonts, ":lang({})"),
    }
    for name, rules in own.items():
        style = files("hakawati.epub").joinpath(name).read_text(encoding="utf-8")
        content = style.replace(embedded_fonts.MARK, rules).encode()
        made.add_item(epub.EpubItem(name.removesuffix(".css"), name, "text/css", content))


def _add_fonts(made: epub.EpubBook, edition: Edition, root: Path) -> None:
    """Add subsets of the fonts, with the characters of the documents."""
    characters = {c for _, text in documents(made) for c in set(text.decode())} if edition.fonts else ()
    for n, font in enumerate(edition.fonts, start=1):
        data = (root / font.file).read_bytes()
        content = data if font.whole else embedded_fonts.subset(data, characters)
        kind = embedded_fonts.media_type(data)
        made.add_item(epub.EpubItem(f"font-{n}", resource_paths.font_path(font.file), kind, content))


def documents(made: epub.EpubBook) -> Iterator[tuple[str, bytes]]:
    """The content documents, with their paths."""
    return ((item.file_name, item.content) for item in made.get_items() if item.media_type == XHTML)


def _contents(
    edition: Edition, pages: Sequence[Page]
) -> Iterator[epub.Link | tuple[epub.Link, list[object]]]:
    """The NCX's entries, for EPUB 2 readers."""
    for page in pages:
        link = epub.Link(page.path, _listed(page.title, page.translations), _uid("ncx", page))
        inner = _sections(page.path, _uid("ncx", page), page.sections)
        yield (link, inner) if inner else link
    if edition.glossary:
        yield epub.Link(resource_paths.GLOSSARY, _labelled("glossary", edition), "ncx-glossary")
    if any(page.answers for page in pages):
        yield epub.Link(resource_paths.ANSWERS, _labelled("answers", edition), "ncx-answers")


def _labelled(key: str, edition: Edition) -> str:
    return _listed(label(key, edition.metadata.original), translations(key, edition.languages))


def _listed(title: str, others: Sequence[tuple[str, str]]) -> str:
    """A title in all languages, as the navigation document has it."""
    return " · ".join([title, *(text for _, text in others)])


def _sections(path: str, uid: str, found: Iterable[Section]) -> list[object]:
    entries: list[object] = []
    for section in found:
        link = epub.Link(
            f"{path}#{section.id}", _listed(section.title, section.translations), f"{uid}-{section.id}"
        )
        inner = _sections(path, uid, section.children)
        entries.append((link, inner) if inner else link)
    return entries


def _meta(made: epub.EpubBook, name: str, value: str, **attributes: str) -> None:
    made.add_metadata(None, "meta", value, {"property": name, **attributes})


def _in_language(lang: str) -> dict[str, str]:
    """The attributes of text that need not be in the package's language."""
    return {"{http://www.w3.org/XML/1998/namespace}lang": lang, "dir": direction(lang)}


def _state(made: epub.EpubBook, said: MetadataStatement) -> None:
    attributes = _in_language(said.lang) if said.lang else {}
    attributes |= {"id": said.id} if said.id else {}
    attributes |= {"refines": f"#{said.refines}"} if said.refines else {}
    if said.link:
        made.add_metadata(None, "link", None, {"rel": said.property, "href": said.value, **attributes})
    else:
        _meta(made, said.property, said.value, **attributes)


def _images(edition: Edition, pages: Sequence[Page]) -> set[str]:
    """All of the author's that the book shows, as they are named in it."""
    return {image for page in pages for image in page.images} | ({edition.cover} - {"", NO_COVER})


def is_animated(image: Path) -> bool:
    """Whether an image has more than one frame. Raises `OSError` where it cannot be read."""
    if image.suffix.lower() not in ANIMATED:
        return False
    from PIL import Image

    with warnings.catch_warnings(action="ignore"), Image.open(image) as opened:
        return bool(getattr(opened, "is_animated", False))


def _describe(made: epub.EpubBook, edition: Edition, pages: Sequence[Page], narrators: Sequence[str]) -> None:
    meta = edition.metadata
    for lang, title in {meta.original: meta.title_in(meta.original), **meta.title}.items():
        if lang == meta.original:
            made.add_metadata("DC", "title", title, {"id": "book-title", **_in_language(lang)})
            continue
        # Twice, since readers that show the title in their user's language look for the second.
        made.add_metadata("DC", "title", title, _in_language(lang))
        _meta(made, "alternate-script", title, refines="#book-title", **_in_language(lang))
    made.title = meta.title_in(meta.original)
    made.language = meta.original
    for lang in edition.languages:
        made.add_metadata("DC", "language", lang)
    people = [("creator", "aut", meta.authors), ("contributor", "trl", meta.translators)]
    for element, role, names in people:
        for n, name in enumerate(names, start=1):
            uid = f"{role}-{n}"
            made.add_metadata("DC", element, name, {"id": uid})
            _meta(made, "role", role, refines=f"#{uid}", scheme="marc:relators")
    simple = [("publisher", meta.publisher), ("rights", meta.rights), ("source", meta.source)]
    simple += [("date", meta.date), ("description", meta.description)]
    simple += [("subject", subject) for subject in meta.subjects]
    for element, value in simple:
        if value:
            made.add_metadata("DC", element, value)
    _describe_overlays(made, pages, narrators)


def _describe_overlays(made: epub.EpubBook, pages: Sequence[Page], narrators: Sequence[str]) -> None:
    durations = [seconds(page.duration) for page in pages if page.smil]
    if durations:
        _meta(made, "media:duration", clock(sum(durations)))
        for narrator in narrators:
            _meta(made, "media:narrator", narrator)
        _meta(made, "media:active-class", ACTIVE_CLASS)
