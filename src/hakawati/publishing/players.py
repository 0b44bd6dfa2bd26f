"""What stands beside a book's MP3s for players, as its author chose it: `listening` in `book.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

from hakawati.errors import BookError, Problem
from hakawati.model import Chapter, Edition, Listening, Timeline, Track
from hakawati.publishing.outputs import Outputs
from hakawati.publishing.paths import Places, audiobook, m4b

_SUBTITLES: tuple[Listening, ...] = ("lrc", "vtt", "srt")
"""What every chapter has of its own."""


def check(edition: Edition) -> None:
    """That what is wanted can be made here. Raises `BookError`."""
    if "m4b" in edition.listening and not find_spec("av"):
        hint = "pip install 'hakawati[m4b]'; or leave m4b out"
        raise BookError([Problem("book/book.yaml", 0, "m4b needs FFmpeg's libraries", hint)])


def subtitles(edition: Edition) -> tuple[Listening, ...]:
    """The forms in which a chapter's text in time is wanted: the endings of their files."""
    return tuple(kind for kind in _SUBTITLES if kind in edition.listening)


def beside(edition: Edition) -> tuple[str, ...]:
    """The endings of all files that a chapter has beside its MP3."""
    from hakawati.listening.chapters import ENDING

    return (*subtitles(edition), *([ENDING] if "feed" in edition.listening else []))


def write_beside_chapter(
    outputs: Outputs,
    places: Places,
    edition: Edition,
    chapter: Chapter,
    credits: Sequence[str],
    timeline: Timeline,
) -> None:
    """Write a chapter's text in time, and a podcast's marks in it, beside its MP3. Raises `OSError`."""
    meta = edition.metadata
    album = meta.title_in(meta.original)
    for kind in subtitles(edition):
        from hakawati.listening import subtitles as forms

        if kind == "lrc":
            text = forms.lrc(
                timeline, title=chapter.title(), artists=credits, album=album, lang=meta.original
            )
        else:
            text = forms.vtt(timeline) if kind == "vtt" else forms.srt(timeline)
        outputs.write(places.beside(chapter.name, kind), text.encode())
    if "feed" in edition.listening:
        from hakawati.epub.labels import label
        from hakawati.listening.chapters import ENDING, chapters
        from hakawati.listening.outline import parts

        found = parts(chapter, timeline, {lang: label("note", lang) for lang in meta.languages})
        data = chapters(found, title=chapter.title(), podcast=album)
        outputs.write(places.beside(chapter.name, ENDING), data)


def of_the_book(places: Places, edition: Edition, *, has_cover: bool) -> list[str]:
    """What a book has as a whole: paths in the project. Only a book that is heard has it."""
    slug = edition.metadata.slug
    made: Mapping[Listening, Sequence[str]] = {
        "playlist": [places.playlist(slug)],
        "audiobook": [audiobook(slug)],
        "m4b": [m4b(slug)],
        "feed": [places.feed, *([places.artwork] if has_cover else [])],
    }
    return [name for kind in edition.listening for name in made.get(kind, ())]


def write_beside(
    outputs: Outputs,
    places: Places,
    edition: Edition,
    durations: Sequence[tuple[str, str, int]],
    *,
    cover: bytes,
    narrators: Sequence[str],
    modified: int,
) -> list[Problem]:
    """Write what is there `of_the_book`; returns notices. Raises `OSError`.

    `durations`: of the MP3s that are there, in order, (name, title, length in samples); `cover`: an image
    file's content, or empty; `modified`: seconds since the epoch.
    """
    meta, wanted = edition.metadata, edition.listening
    notices: list[Problem] = []

    def audio(name: str) -> Path:
        return outputs.path(places.audio(name))

    tracks = [Track(name, title, length, audio(name).stat().st_size) for name, title, length in durations]
    if not tracks:
        return notices
    if "playlist" in wanted:
        from hakawati.listening.playlist import playlist

        outputs.write(places.playlist(meta.slug), playlist(meta.title_in(meta.original), tracks).encode())
    if "audiobook" in wanted:
        from hakawati.listening import audiobook as packed

        with outputs.replacing(audiobook(meta.slug)) as path:
            packed.write(
                path,
                meta,
                tracks,
                languages=edition.narration.languages,
                narrators=narrators,
                cover=cover,
                audio=audio,
                modified=modified,
            )
    if "m4b" in wanted:
        from hakawati.listening import m4b as whole
        from hakawati.listening.id3 import small_cover

        with outputs.replacing(m4b(meta.slug)) as path:
            whole.write(
                path,
                meta,
                tracks,
                narrators=narrators,
                cover=small_cover(cover) if cover else b"",
                audio=audio,
                bitrate=edition.audio.bitrate,
            )
    if "feed" in wanted:
        from hakawati.listening import artwork
        from hakawati.listening.feed import feed

        if cover:
            outputs.write(places.artwork, artwork.square(cover))
        else:
            hint = "directories of podcasts want one: leave “cover” out, and it is drawn"
            notices.append(
                Problem("book/book.yaml", 0, "the feed has no image, since the book has no cover", hint)
            )
        data = feed(
            meta,
            tracks,
            site=edition.site,
            name=PurePosixPath(places.feed).name,
            folder=places.sounds,
            image=PurePosixPath(places.artwork).name if cover else "",
            lang=edition.narration.languages[0],
            transcripts=[kind for kind in ("vtt", "srt") if kind in wanted],
            narrators=narrators,
            modified=modified,
        )
        outputs.write(places.feed, data)
    return notices
