"""The feed of a podcast, as directories and players read it."""

from __future__ import annotations

import io
import re
import uuid
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import feedparser
import pytest
from lxml import etree
from PIL import Image

from hakawati.listening.artwork import SIDE, square
from hakawati.listening.feed import ATOM, ITUNES, PODCAST, feed
from hakawati.model import Metadata, Track
from tests.goldens import TIME

META = Metadata(
    {"ar": "كتاب & <b>", "en": "A Book"},
    ("ar", "en"),
    "urn:x",
    "a-book",
    authors=("أحمد", "B"),
    rights="© C",
    date="2024-08-25",
    description="About <this> & that",
)
TRACKS = (
    Track("01 واحد?#", "الأول & <1>", 24_000 * 90, 3),
    Track("02-two", "Two", 24_000 * 7200 + 12_000, 4),
)
NAMES = {"itunes": ITUNES, "podcast": PODCAST, "atom": ATOM}


def made(meta: Metadata = META, tracks: tuple[Track, ...] = TRACKS, **changes: Any) -> bytes:
    chosen: dict[str, Any] = {
        "site": "https://example.org/book",
        "name": "feed.xml",
        "folder": "audio",
        "image": "feed.jpg",
        "lang": "ar",
        "transcripts": ("vtt", "srt"),
        "narrators": ("R & S",),
        "modified": TIME,
    }
    return feed(meta, tracks, **{**chosen, **changes})


def found(data: bytes, path: str) -> list[str]:
    """Texts and attributes in the feed."""
    result = etree.fromstring(data).xpath(path, namespaces=NAMES)
    assert isinstance(result, list)
    return [str(one) for one in result]


def test_the_channel_has_what_rss_and_apple_require() -> None:
    data = made()
    assert etree.fromstring(data).get("version") == "2.0"
    told = {
        path: found(data, f"/rss/channel/{path}")
        for path in (
            "title/text()",
            "link/text()",
            "description/text()",
            "language/text()",
            "copyright/text()",
        )
    }
    assert told == {
        "title/text()": ["كتاب & <b>"],
        "link/text()": ["https://example.org/book"],
        "description/text()": ["About <this> & that"],
        "language/text()": ["ar"],
        "copyright/text()": ["© C"],
    }
    assert found(data, "//itunes:image/@href") == ["https://example.org/book/feed.jpg"]
    assert found(data, "//itunes:category/@text") == ["Arts", "Books"]
    assert found(data, "/rss/channel/itunes:explicit/text()") == ["false"]
    assert found(data, "/rss/channel/itunes:type/text()") == ["serial"]
    assert found(data, "/rss/channel/itunes:author/text()") == ["أحمد, B"]
    assert found(data, "//atom:link[@rel='self']/@href") == ["https://example.org/book/feed.xml"]
    assert found(data, "//podcast:person[@role='narrator']/text()") == ["R & S"]
    assert found(data, "//podcast:medium/text()") == ["audiobook"]


def test_every_chapter_is_an_episode_in_order() -> None:
    data = made()
    assert found(data, "//item/title/text()") == ["الأول & <1>", "Two"]
    assert found(data, "//item/itunes:episode/text()") == ["1", "2"]
    assert found(data, "//item/itunes:duration/text()") == ["90", "7201"]
    assert found(data, "//item/enclosure/@length") == ["3", "4"]
    assert found(data, "//item/enclosure/@type") == ["audio/mpeg"] * 2
    sounds = [
        "https://example.org/book/audio/01%20%D9%88%D8%A7%D8%AD%D8%AF%3F%23",
        "https://example.org/book/audio/02-two",
    ]
    assert found(data, "//item/enclosure/@url") == [f"{sound}.mp3" for sound in sounds]
    assert found(data, "//podcast:transcript/@url") == [
        f"{sound}.{kind}" for sound in sounds for kind in ("vtt", "srt")
    ]
    assert found(data, "//podcast:transcript/@type") == ["text/vtt", "application/x-subrip"] * 2
    assert found(data, "//podcast:chapters/@url") == [f"{sound}.chapters.json" for sound in sounds]
    assert found(data, "//podcast:chapters/@type") == ["application/json+chapters"] * 2
    guids = found(data, "//item/guid[@isPermaLink='false']/text()")
    assert len(set(guids)) == 2
    dates = [parsedate_to_datetime(date) for date in found(data, "//item/pubDate/text()")]
    assert dates == sorted(set(dates))
    assert str(dates[0]) == "2024-08-25 00:00:00+00:00"


def test_the_same_book_gives_the_same_feed_and_a_later_build_the_same_episodes() -> None:
    assert made() == made()
    later = made(modified=TIME + 86_400)
    assert later != made()
    for path in ("//item/pubDate/text()", "//item/guid/text()", "//podcast:guid/text()"):
        assert found(later, path) == found(made(), path)


@pytest.mark.parametrize(
    ("date", "published"),
    [("2024", "2024-01-01"), ("2024-08", "2024-08-01"), ("", "2023-11-14"), ("2024-13", "2023-11-14")],
)
def test_episodes_are_as_old_as_the_book_says_or_its_files_are(date: str, published: str) -> None:
    first, *_ = found(made(replace(META, date=date)), "//item/pubDate/text()")
    assert str(parsedate_to_datetime(first).date()) == published


def test_the_feeds_identifier_is_that_of_its_address() -> None:
    """The example of the namespace's documentation."""
    data = made(site="https://mp3s.nashownotes.com", name="pc20rss.xml")
    assert found(data, "//podcast:guid/text()") == [str(uuid.UUID("917393e3-1b1e-5cef-ace4-edaa54e1f810"))]


def test_addresses_are_escaped_once() -> None:
    data = made(site="https://example.org/a%20b/كتاب", folder="audio/slow")
    addresses = found(data, "//enclosure/@url | //itunes:image/@href | //atom:link/@href | //podcast:*/@url")
    assert all(re.fullmatch(r"https://([\w\-./]|%[0-9A-F]{2})+", address, re.ASCII) for address in addresses)
    home = "https://example.org/a%20b/%D9%83%D8%AA%D8%A7%D8%A8"
    assert found(data, "//channel/link/text()") == [home]
    assert f"{home}/audio/slow/02-two.mp3" in addresses


def test_a_reader_of_feeds_finds_no_fault_and_every_episode() -> None:
    read = feedparser.parse(made(image="feed.jpg"))
    assert (read.bozo, read.version, read.encoding.lower()) == (False, "rss20", "utf-8")
    told = {name: read.feed[name] for name in ("title_detail", "link", "language", "rights", "author")}
    assert told.pop("title_detail")["value"] == "كتاب & <b>"
    assert told == {
        "link": "https://example.org/book",
        "language": "ar",
        "rights": "© C",
        "author": "أحمد, B",
    }
    assert read.feed.image.href == "https://example.org/book/feed.jpg"
    assert [tag.term for tag in read.feed.tags] == ["Arts", "Books"]
    assert [entry.itunes_episode for entry in read.entries] == ["1", "2"]
    assert [entry.itunes_duration for entry in read.entries] == ["90", "7201"]
    for entry, track in zip(read.entries, TRACKS, strict=True):
        (enclosure,) = entry.enclosures
        assert (enclosure.type, int(enclosure.length)) == ("audio/mpeg", track.size)
        assert unquote(enclosure.href) == f"https://example.org/book/audio/{track.name}.mp3"
        assert entry.podcast_chapters["url"] == enclosure.href.removesuffix("mp3") + "chapters.json"
    assert len({entry.id for entry in read.entries}) == 2
    assert [entry.published_parsed[:6] for entry in read.entries] == [
        (2024, 8, 25, 0, 0, second) for second in (0, 1)
    ]


def test_what_the_book_has_not_the_feed_has_not() -> None:
    data = made(Metadata({"en": "X"}, ("en",), "urn:x", "x"), image="", transcripts=(), narrators=())
    for path in (
        "//itunes:image",
        "//podcast:transcript",
        "//podcast:person",
        "//itunes:author",
        "//copyright",
    ):
        assert found(data, path) == []
    assert found(data, "//channel/description/text()") == ["X"]


@pytest.mark.parametrize(
    ("mode", "size"), [("RGB", (1600, 2560)), ("RGBA", (30, 3)), ("P", (9, 9)), ("1", (1, 999))]
)
def test_the_image_is_a_square_that_shows_the_whole_cover(
    tmp_path: Path, mode: str, size: tuple[int, int]
) -> None:
    Image.new(mode, size).save(tmp_path / "cover.png")
    data = square((tmp_path / "cover.png").read_bytes())
    with Image.open(io.BytesIO(data)) as image:
        assert (image.format, image.mode, image.size) == ("JPEG", "RGB", (SIDE, SIDE))
    assert square((tmp_path / "cover.png").read_bytes()) == data
    assert 1400 <= SIDE <= 3000


def test_the_cover_stands_in_the_middle_of_its_own_colour(tmp_path: Path) -> None:
    cover = Image.new("RGB", (100, 200), (200, 0, 0))
    cover.paste((0, 0, 200), (0, 100, 100, 200))
    cover.save(tmp_path / "cover.png")
    with Image.open(io.BytesIO(square((tmp_path / "cover.png").read_bytes()))) as image:
        colours = [image.getpixel(at) for at in ((SIDE // 2, 100), (SIDE // 2, SIDE - 100), (50, SIDE // 2))]
    for colour, wanted in zip(colours, [(200, 0, 0), (0, 0, 200), (100, 0, 100)], strict=True):
        assert isinstance(colour, tuple)
        assert all(abs(a - b) < 12 for a, b in zip(colour, wanted, strict=True))
