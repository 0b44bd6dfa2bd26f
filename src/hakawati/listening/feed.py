"""A book's MP3s → the feed of a podcast whose episodes are the chapters.

RSS 2.0 with what Apple's directory requires and Podcasting 2.0 adds
(https://podcasters.apple.com/support/823-podcast-requirements,
https://podcastindex.org/namespace/1.0).
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from email.utils import format_datetime
from typing import Literal
from urllib.parse import quote

from lxml import etree

from hakawati.listening import json_chapters
from hakawati.listening.dates import day
from hakawati.model import SAMPLE_RATE, Metadata, Track

ATOM = "http://www.w3.org/2005/Atom"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
_GUIDS = uuid.UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
"""The namespace of podcasts' identifiers: UUIDs, version 5, of the feed's address without its scheme."""
Transcript = Literal["vtt", "srt"]
_TRANSCRIPTS: Mapping[Transcript, str] = {"vtt": "text/vtt", "srt": "application/x-subrip"}


def feed(
    meta: Metadata,
    tracks: Sequence[Track],
    *,
    site: str,
    name: str,
    folder: str,
    image: str,
    lang: str,
    transcripts: Sequence[Transcript],
    narrators: Sequence[str],
    modified: int,
) -> bytes:
    """The feed, an RSS document in UTF-8; the same arguments give the same bytes.

    `site`: the address, without a slash at its end, to which the paths that follow are relative: `name`, the
    feed's own; `folder`, of the MP3s, their transcripts and chapters; `image`, a square one's, or empty.
    `tracks`: the episodes in order, durations in samples, sizes in bytes; `lang`: the language of the
    narration, or the first one; `transcripts`: those that are beside each MP3; `modified`: seconds since the
    epoch.
    """
    root = etree.Element(
        "rss", {"version": "2.0"}, nsmap={"atom": ATOM, "itunes": ITUNES, "podcast": PODCAST}
    )
    channel = etree.SubElement(root, "channel")
    here, own = _address(site), _address(site, name)
    title = meta.title_in(meta.original)
    _add(channel, "title", title)
    _add(channel, "link", here)
    _add(channel, "description", meta.description or title)
    _add(channel, "language", lang)
    if meta.rights:
        _add(channel, "copyright", meta.rights)
    _add(channel, "lastBuildDate", _date(modified))
    _add(channel, "generator", "Hakawati")
    _add(channel, f"{{{ATOM}}}link", href=own, rel="self", type="application/rss+xml")
    if author := ", ".join(meta.authors) or meta.publisher:
        _add(channel, f"{{{ITUNES}}}author", author)
    if image:
        _add(channel, f"{{{ITUNES}}}image", href=_address(site, image))
    arts = _add(channel, f"{{{ITUNES}}}category", text="Arts")
    _add(arts, f"{{{ITUNES}}}category", text="Books")
    _add(channel, f"{{{ITUNES}}}explicit", "false")
    _add(channel, f"{{{ITUNES}}}type", "serial")
    _add(channel, f"{{{PODCAST}}}guid", str(uuid.uuid5(_GUIDS, own.partition("://")[2])))
    _add(channel, f"{{{PODCAST}}}medium", "audiobook")
    _add(channel, f"{{{PODCAST}}}locked", "no")
    for narrator in narrators:
        _add(channel, f"{{{PODCAST}}}person", narrator, group="cast", role="narrator")
    first = _published(meta, modified)
    for number, track in enumerate(tracks, start=1):
        item = etree.SubElement(channel, "item")
        _add(item, "title", track.title)
        _add(item, "guid", f"{meta.identifier}#{quote(track.name)}", isPermaLink="false")
        # A second apart, so that sorting by date keeps the order.
        _add(item, "pubDate", _date(first + number - 1))
        sound = _address(site, f"{folder}/{track.name}")
        _add(item, "enclosure", url=f"{sound}.mp3", length=str(track.size), type="audio/mpeg")
        whole = (track.duration * 2 + SAMPLE_RATE) // (2 * SAMPLE_RATE)
        _add(item, f"{{{ITUNES}}}duration", str(whole))
        _add(item, f"{{{ITUNES}}}episode", str(number))
        _add(item, f"{{{ITUNES}}}episodeType", "full")
        for kind in transcripts:
            url = f"{sound}.{kind}"
            _add(item, f"{{{PODCAST}}}transcript", url=url, type=_TRANSCRIPTS[kind], rel="captions")
        _add(item, f"{{{PODCAST}}}chapters", url=f"{sound}.{json_chapters.ENDING}", type=json_chapters.TYPE)
    etree.indent(root)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True) + b"\n"


def _add(parent: etree._Element, tag: str, content: str = "", /, **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, tag, attributes)
    made.text = content or None
    return made


def _address(site: str, path: str = "") -> str:
    """A file's address, escaped; what the author escaped in `site` stays."""
    host, _, folder = site.partition("://")[2].partition("/")
    parts = [quote(folder, safe="/%:@!$&'()*+,;=~"), quote(path)]
    return f"https://{host}/{'/'.join(part for part in parts if part)}"


def _published(meta: Metadata, modified: int) -> int:
    """When the first episode is out: the book's date, which no build changes; else when it was modified."""
    found = day(meta.date)
    if not found:
        return modified
    return int(datetime.datetime.combine(found, datetime.time(), datetime.UTC).timestamp())


def _date(time: int) -> str:
    """As RFC 5322 writes it."""
    return format_datetime(datetime.datetime.fromtimestamp(time, datetime.UTC))
