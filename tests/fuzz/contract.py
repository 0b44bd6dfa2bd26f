"""What is true of every book folder, whatever stands in its files.

It is a book, or it has problems that an author can find and mend; and a book can be made into an EPUB whose
documents are well-formed, lead nowhere else, and hold the author's text.
"""

from __future__ import annotations

import json
import posixpath
import unicodedata
import zipfile
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from lxml import etree

import hakawati
from hakawati.epub import container, package
from hakawati.epub.alphabet import group_by_letter
from hakawati.epub.labels import label, label_language
from hakawati.epub.xhtml import glossary_form
from hakawati.errors import BookError, Problem
from hakawati.listening import subtitles
from hakawati.listening.id3 import Album, tag
from hakawati.model import SAMPLE_RATE, Book, Chapter, Edition, Narration, Page, SpokenSentence, Timeline
from hakawati.narration.mp3 import FRAME_SAMPLES
from hakawati.narration.printed_vowels import with_printed_sentences, with_vowels
from hakawati.narration.reading_order import reading_order
from hakawati.narration.spoken_form import prepare, vocalise
from hakawati.narration.synthesis import apart
from hakawati.narration.timeline import timeline
from hakawati.publishing.chapter_audio import timings
from hakawati.publishing.parts import BookPart, ChapterPart, GlossaryPart
from hakawati.source.folder import Source
from hakawati.source.spoken_glossary import GLOSSARY
from tests.goldens import TIME

MOST = 2_000
"""Characters of a problem, however long what it speaks of is."""
WORD = SAMPLE_RATE // 4
"""Samples: how long each word is said to take."""


def hold(project: Path, suspects: Collection[str] = ()) -> tuple[Problem, ...]:
    """The problems of a book; where it has none, it is bound. One of the `suspects` is at fault, if any is.

    Raises `AssertionError` where the one or the other is not as it must be, and lets all else out.
    """
    try:
        book = hakawati.load(project)
    except BookError as refused:
        check_problems(project, refused.problems, suspects)
        return refused.problems
    for notice in book.notices:
        _check_problem(project, notice)
    check_epub(bind(book, project), book.edition.metadata.title.values())
    return ()


def check_problems(project: Path, problems: Sequence[Problem], suspects: Collection[str] = ()) -> None:
    """There are some, and each stands in a line of a file and can be printed in one."""
    blamed = {problem.path.removeprefix("book/") for problem in problems}
    assert problems
    assert not suspects or blamed & set(suspects), "the wrong file is blamed"
    for problem in problems:
        _check_problem(project, problem)


def _check_problem(project: Path, problem: Problem) -> None:
    file = project / problem.path
    assert problem.path == "book" or problem.path.startswith("book/"), problem
    if problem.line:
        text = file.read_bytes().decode("utf-8-sig", "replace")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert 0 < problem.line <= lines, problem
    assert problem.message, problem
    assert problem.message[-1] not in ".\n", problem
    said = str(problem)
    assert len(said) <= MOST, problem
    assert said.count("\n") == bool(problem.hint)
    for c in said.replace("\n", ""):
        assert unicodedata.category(c) not in ("Cc", "Cs", "Zl", "Zp"), problem


def bind(book: Book, project: Path) -> Path:
    """The EPUB of a book, made without a voice: each word takes as long as any other."""
    edition = book.edition
    (build := project / "build").mkdir(exist_ok=True)
    (silence := build / "silence.mp3").write_bytes(b"\xff")
    pages = [_page(edition, chapter, edition.narration) for chapter in book.chapters]
    if edition.glossary:
        languages = edition.metadata.languages  # as `GlossaryPart` has them, were there a voice for each
        narration = replace(edition.narration, languages=languages, order="sentence", pair=False)
        pages.append(_page(edition, _spoken_glossary(edition, project), narration))
    narrators = edition.metadata.narrators or ("Nobody",)
    made = package.package(edition, pages, lambda _: silence, project / "book", narrators)
    container.write(made, epub := build / "book.epub", TIME)
    return epub


def _page(edition: Edition, chapter: Chapter, narration: Narration) -> Page:
    """A chapter's page, and by the way all else that is made of its text."""
    made = _timed(chapter, narration)
    seen = with_vowels(chapter, str) if edition.vowels == "print" else chapter
    told = with_printed_sentences(made, seen) if made else None
    if made and told:
        timed = json.loads(timings(chapter.name, "audio.mp3", told))
        assert [s["text"] for s in timed["sentences"]] == [s.sentence.text for s in told.sentences]
        album = Album(edition.metadata, 1, b"", dict.fromkeys(edition.metadata.languages, "*"))
        assert tag(album, chapter, told, 1, ["Nobody"])
        original = edition.metadata.original
        lrc = subtitles.lrc(
            told,
            title=chapter.title(),
            artists=["Nobody"],
            album=edition.metadata.title_in(original),
            lang=original,
        )
        for form in (lrc, subtitles.vtt(told), subtitles.srt(told)):
            form.encode()
    part: BookPart = GlossaryPart() if chapter.role == GLOSSARY else ChapterPart(chapter.name)
    part.occurrences(seen, told)
    part.spoken_terms(seen, told)
    return part.page(edition, seen, told)


def _timed(chapter: Chapter, narration: Narration) -> Timeline | None:
    cues = reading_order(chapter, narration)
    said, at = [], 0
    for cue in cues:
        spoken = vocalise(prepare(cue.sentence, cue.text, cue.text.lang), str)
        assert len(spoken.words) == len(cue.sentence.words)
        assert all(0 <= word.begin <= word.end <= len(spoken.text) for word in spoken.words)
        onsets = apart([at + i * WORD for i in range(len(cue.sentence.words))])
        at += len(onsets) * WORD
        said.append(SpokenSentence(spoken.text, tuple(onsets)))
    return timeline(cues, said, -(-at // FRAME_SAMPLES)) if cues else None


def _spoken_glossary(edition: Edition, project: Path) -> Chapter:
    original = edition.metadata.original
    terms = [term for group in group_by_letter(edition.glossary, original) for term in group.terms]
    title = label_language(original), label("glossary", original)
    return Source(project).spoken_glossary(terms, lambda term: glossary_form(edition, term), title)


def check_epub(epub: Path, titles: Collection[str] = ()) -> None:
    """Its documents are well-formed XML, and what they name is there."""
    with zipfile.ZipFile(epub) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        files = {name: archive.read(name) for name in names}
    documents = {
        name: etree.fromstring(data)
        for name, data in files.items()
        if name.endswith((".xhtml", ".smil", ".opf", ".ncx", ".xml"))
    }
    ids = {name: list(_ids(tree)) for name, tree in documents.items()}
    for name, found in ids.items():
        assert len(found) == len(set(found)), f"an id stands twice in {name}"
    known = {name: set(found) for name, found in ids.items()}
    for name, tree in documents.items():
        for target in _targets(tree):
            _check_target(name, target, files, known)
    package_ = documents["EPUB/content.opf"]
    there = package_.iter("{http://purl.org/dc/elements/1.1/}title")
    assert {title.text for title in there} >= set(titles)


def _ids(tree: etree._Element) -> Iterator[str]:
    for node in tree.iter():
        if isinstance(node.tag, str) and (found := node.get("id")) is not None:
            yield found


def _targets(tree: etree._Element) -> Iterator[str]:
    for node in tree.iter():
        if isinstance(node.tag, str):
            for attribute in ("href", "src", "full-path", "{http://www.idpf.org/2007/ops}textref"):
                if (found := node.get(attribute)) is not None:
                    yield found


def _check_target(name: str, target: str, files: dict[str, bytes], ids: dict[str, set[str]]) -> None:
    scheme = urlsplit(target).scheme
    if scheme:
        assert scheme in ("http", "https", "mailto"), f"{name} leads to {target}"
        return
    url, fragment = urldefrag(target)
    folder = "" if name.startswith("META-INF/") else posixpath.dirname(name)
    there = posixpath.normpath(posixpath.join(folder, unquote(url))) if url else name
    assert there in files, f"{name} leads to {target}"
    assert not fragment or unquote(fragment) in ids[there], f"{name} leads to {target}"
