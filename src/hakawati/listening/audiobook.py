"""A book's MP3s → a W3C audiobook in one file, reproducible byte for byte.

The manifest is that of Audiobooks (https://www.w3.org/TR/audiobooks/), the file a Lightweight Packaging
Format (https://www.w3.org/TR/lpf/): a zip file with `publication.json` at its root.
"""

from __future__ import annotations

import datetime
import json
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from hakawati.common import zip_entries as zipped
from hakawati.listening.dates import day
from hakawati.model import SAMPLE_RATE, Metadata, Track, direction, seconds

_MANIFEST = "publication.json"
_IMAGES: Mapping[str, str] = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}


def manifest(
    meta: Metadata,
    tracks: Sequence[Track],
    *,
    languages: Sequence[str],
    narrators: Sequence[str],
    cover: str,
    modified: int,
) -> dict[str, object]:
    """The manifest, ready for JSON: all that is required and, where the book has it, recommended (§5.2).

    `tracks`: durations in samples; `languages`: those of the narration; `cover`: its path, or empty;
    `modified`: seconds since the epoch.
    """
    lang = meta.original
    told: dict[str, object] = {
        "@context": [
            "https://schema.org",
            "https://www.w3.org/ns/pub-context",
            {"language": lang, "direction": direction(lang)},
        ],
        "conformsTo": "https://www.w3.org/TR/audiobooks/",
        "type": "Audiobook",
        "id": meta.identifier,
        "name": [
            {"value": title, "language": of, "direction": direction(of)} for of, title in meta.title.items()
        ],
        "author": list(meta.authors),
        "translator": list(meta.translators),
        "readBy": list(narrators),
        "publisher": [meta.publisher] if meta.publisher else [],
        "inLanguage": list(languages),
        "readingProgression": direction(lang),
        "dateModified": _time(modified),
        "duration": _duration(sum(track.duration for track in tracks)),
        "accessMode": ["auditory"],
        "accessModeSufficient": [{"type": "ItemList", "itemListElement": ["auditory"]}],
        "readingOrder": [
            {
                "type": "LinkedResource",
                "url": quote(_path(track)),
                "encodingFormat": "audio/mpeg",
                "name": track.title,
                "duration": _duration(track.duration),
            }
            for track in tracks
        ],
    }
    if published := day(meta.date):
        told["datePublished"] = published.isoformat()
    if cover:
        kind = _IMAGES.get(cover.rpartition(".")[2], "image/webp")
        image = {"type": "LinkedResource", "rel": "cover", "url": cover, "encodingFormat": kind}
        told["resources"] = [{**image, "name": meta.title_in(lang)}]
    return {name: value for name, value in told.items() if value != []}


def write(
    path: Path,
    meta: Metadata,
    tracks: Sequence[Track],
    *,
    languages: Sequence[str],
    narrators: Sequence[str],
    cover: bytes,
    audio: Callable[[str], Path],
    modified: int,
) -> None:
    """Write the audiobook to `path`; the same arguments give the same bytes. Raises `OSError`.

    `tracks`: in reading order, durations in samples; `languages`: those of the narration; `cover`: an image
    file's content, or empty; `audio`: the MP3 of the track of a name; `modified`: seconds since the epoch.
    """
    name = f"cover.{_ending(cover)}" if cover else ""
    told = manifest(meta, tracks, languages=languages, narrators=narrators, cover=name, modified=modified)
    with zipfile.ZipFile(path, "w") as archive:
        data = json.dumps(told, ensure_ascii=False, indent=1) + "\n"
        archive.writestr(zipped.entry(_MANIFEST, stored=False), data)
        if cover:
            archive.writestr(zipped.entry(name, stored=True), cover)
        for track in tracks:
            entry, file = zipped.entry(_path(track), stored=True), audio(track.name)
            entry.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target, 1 << 20)


def _path(track: Track) -> str:
    return f"audio/{track.name}.mp3"


def _ending(image: bytes) -> str:
    """By the image's first bytes; the author's file may have any name."""
    starts = {b"\xff\xd8\xff": "jpg", b"\x89PNG": "png", b"GIF8": "gif"}
    return next((ending for start, ending in starts.items() if image.startswith(start)), "webp")


def _time(modified: int) -> str:
    return datetime.datetime.fromtimestamp(modified, datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _duration(samples: int) -> str:
    """In ISO 8601, in seconds: `PT12.345S`."""
    return f"PT{seconds(samples):.3f}S" if samples % SAMPLE_RATE else f"PT{samples // SAMPLE_RATE}S"
