"""A book and its timelines → an EbookLib book: metadata, manifest, spine, contents (EPUB 3.3 §5)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from ebooklib import epub

from hakawati.epub import paths, xhtml
from hakawati.epub.labels import label
from hakawati.epub.smil import clock, overlay, paragraphs
from hakawati.model import Book, Chapter, Timeline, direction, seconds

ACTIVE_CLASS = "-epub-media-overlay-active"
XHTML, SMIL = "application/xhtml+xml", "application/smil+xml"
IMAGE_TYPES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
}


@dataclass(frozen=True, slots=True)
class Narrated:
    """A chapter with what was made of it: its timeline and its MP3, or neither where nothing is read."""

    chapter: Chapter
    timeline: Timeline | None
    audio: Path | None


class FileItem(epub.EpubItem):  # type: ignore[misc]
    """An item whose content stays on disk until it is packed, and is packed as it is."""

    def __init__(self, uid: str, file_name: str, media_type: str, path: Path) -> None:
        super().__init__(uid=uid, file_name=file_name, media_type=media_type)
        self.path = path


def package(book: Book, chapters: Sequence[Narrated], root: Path, narrators: Sequence[str]) -> epub.EpubBook:
    """The whole publication, ready for `container.write`.

    `root`: the book's folder, for its images; `narrators`: who reads, as the reader should see it.
    """
    made = epub.EpubBook()
    # EbookLib presets these; ours are the book's.
    made.set_identifier(book.metadata.identifier)
    made.set_unique_metadata("OPF", "generator", "", {"name": "generator", "content": "Hakawati"})
    _describe(made, book, chapters, narrators)
    title = _document(made, "title", paths.TITLE_PAGE, xhtml.title_xhtml(book, narrators))
    documents = [_add_chapter(made, book, narrated) for narrated in chapters]
    glossary = (
        _document(made, "glossary", paths.GLOSSARY, xhtml.glossary_xhtml(book)) if book.glossary else None
    )
    navigation = _document(made, "nav", paths.NAVIGATION, xhtml.navigation_xhtml(book))
    navigation.properties = ["nav"]
    style = files("hakawati.epub").joinpath("style.css").read_bytes()
    made.add_item(epub.EpubItem(uid="style", file_name=paths.STYLE, media_type="text/css", content=style))
    _add_images(made, book, root)
    made.spine = [title, navigation, *documents, *([glossary] if glossary else [])]
    made.toc = list(_contents(book))
    made.add_item(epub.EpubNcx())
    made.direction = direction(book.metadata.original)
    return made


def _document(made: epub.EpubBook, uid: str, path: str, content: str) -> epub.EpubItem:
    item = epub.EpubItem(uid=uid, file_name=path, media_type=XHTML, content=content.encode())
    made.add_item(item)
    return item


def _add_chapter(made: epub.EpubBook, book: Book, narrated: Narrated) -> epub.EpubItem:
    chapter, timeline = narrated.chapter, narrated.timeline
    heard = frozenset(s.sentence.id for s in timeline.sentences) if timeline else frozenset()
    page = xhtml.chapter_xhtml(book, chapter, heard)
    document = _document(made, _uid("text", chapter), paths.chapter_path(chapter.name), page)
    if timeline and narrated.audio:
        smil = overlay(chapter.name, timeline, book.sync).encode()
        uid = _uid("overlay", chapter)
        document.media_overlay = uid
        made.add_item(
            epub.EpubItem(uid=uid, file_name=paths.overlay_path(chapter.name), media_type=SMIL, content=smil)
        )
        made.add_item(
            FileItem(_uid("audio", chapter), paths.audio_path(chapter.name), "audio/mpeg", narrated.audio)
        )
        duration = sum(p.end - p.begin for group in paragraphs(timeline, book.sync) for p in group.parts())
        _meta(made, "media:duration", clock(duration), refines=f"#{uid}")
    return document


def _uid(kind: str, chapter: Chapter) -> str:
    """An XML id for a chapter's file, made of its name."""
    return f"{kind}-{paths.safe(chapter.name)}"


def _add_images(made: epub.EpubBook, book: Book, root: Path) -> None:
    leaves = [leaf for c in book.chapters for b in c.blocks for leaf in b.leaves()]
    # By their place in the EPUB, since one image may be named in several ways.
    found = {paths.image_path(leaf.image): root / leaf.image for leaf in leaves if leaf.kind == "figure"}
    if book.cover:
        found.pop(paths.image_path(book.cover), None)
    for n, (path, file) in enumerate(sorted(found.items()), start=1):
        made.add_item(FileItem(f"image-{n}", path, IMAGE_TYPES[file.suffix.lower()], file))
    if book.cover:
        path, file = paths.image_path(book.cover), root / book.cover
        cover = FileItem("cover-image", path, IMAGE_TYPES[file.suffix.lower()], file)
        cover.properties = ["cover-image"]
        made.add_item(cover)
        made.add_metadata(None, "meta", "", {"name": "cover", "content": "cover-image"})


def _contents(book: Book) -> Iterator[epub.Link | tuple[epub.Link, list[object]]]:
    """The NCX's entries, for EPUB 2 readers."""
    for chapter in book.chapters:
        path = paths.chapter_path(chapter.name)
        link = epub.Link(path, chapter.title(), _uid("ncx", chapter))
        inner = _sections(path, _uid("ncx", chapter), xhtml.sections(chapter))
        yield (link, inner) if inner else link
    if book.glossary:
        yield epub.Link(paths.GLOSSARY, label("glossary", book.metadata.original), "ncx-glossary")


def _sections(path: str, uid: str, found: Iterable[xhtml.Section]) -> list[object]:
    entries: list[object] = []
    for section in found:
        link = epub.Link(f"{path}#{section.id}", section.title, f"{uid}-{section.id}")
        inner = _sections(path, uid, section.children)
        entries.append((link, inner) if inner else link)
    return entries


def _meta(made: epub.EpubBook, name: str, value: str, **attributes: str) -> None:
    made.add_metadata(None, "meta", value, {"property": name, **attributes})


def _in_language(lang: str) -> dict[str, str]:
    """The attributes of text that need not be in the package's language."""
    return {"{http://www.w3.org/XML/1998/namespace}lang": lang, "dir": direction(lang)}


def _describe(
    made: epub.EpubBook, book: Book, chapters: Sequence[Narrated], narrators: Sequence[str]
) -> None:
    meta = book.metadata
    for lang, title in {meta.original: meta.title_in(meta.original), **meta.title}.items():
        made.add_metadata("DC", "title", title, _in_language(lang))
    made.title = meta.title_in(meta.original)
    made.language = meta.original
    for lang in meta.languages if book.layout == "interleaved" else meta.languages[:1]:
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
    _describe_overlays(made, chapters, narrators)
    for name, value in accessibility(book, heard=any(n.timeline for n in chapters)):
        english = _in_language("en") if name == "schema:accessibilitySummary" else {}
        _meta(made, name, value, **english)


def _describe_overlays(made: epub.EpubBook, chapters: Sequence[Narrated], narrators: Sequence[str]) -> None:
    timelines = [n.timeline for n in chapters if n.timeline]
    if not timelines:
        return
    _meta(made, "media:duration", clock(sum(seconds(t.duration) for t in timelines)))
    for narrator in narrators:
        _meta(made, "media:narrator", narrator)
    _meta(made, "media:active-class", ACTIVE_CLASS)


def accessibility(book: Book, *, heard: bool) -> Iterator[tuple[str, str]]:
    """What is true of this very book (EPUB Accessibility 1.1 §2)."""
    leaves = [leaf for c in book.chapters for b in c.blocks for leaf in b.leaves()]
    images = [leaf.image for leaf in leaves if leaf.kind == "figure"]
    shown = book.metadata.languages if book.layout == "interleaved" else book.metadata.languages[:1]
    notes_read = book.narration.notes != "none" or not any(c.notes for c in book.chapters)
    everything = heard and notes_read and set(shown) <= set(book.narration.languages)
    yield "schema:accessMode", "textual"
    if images:
        yield "schema:accessMode", "visual"
    yield "schema:accessModeSufficient", "textual"
    features = ["tableOfContents", "readingOrder", "structuralNavigation"]
    features += ["alternativeText"] if images else []
    features += ["synchronizedAudioText"] if everything else []
    for feature in features:
        yield "schema:accessibilityFeature", feature
    moving = any(image.lower().endswith((".gif", ".webp")) for image in images)
    yield "schema:accessibilityHazard", "unknown" if moving else "none"
    yield (
        "schema:accessibilitySummary",
        _summary(book, heard=heard, everything=everything, images=bool(images)),
    )


def _summary(book: Book, *, heard: bool, everything: bool, images: bool) -> str:
    import langcodes

    def names(languages: Sequence[str]) -> str:
        return " and ".join(langcodes.Language.get(lang.split("-")[0]).display_name() for lang in languages)

    sentences = ["The text is structured by headings, and the language of every part is marked."]
    if everything:
        sentences.append("All of it is read aloud and highlighted as it is heard.")
    elif heard:
        read = [lang for lang in book.metadata.languages if lang in book.narration.languages]
        sentences.append(f"The {names(read)} text is read aloud and highlighted as it is heard.")
    if images:
        sentences.append("Every image has a text alternative.")
    return " ".join(sentences)
