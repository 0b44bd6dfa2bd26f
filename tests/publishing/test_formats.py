"""What a build leaves for players beside the MP3s."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import av
import pytest
import soundfile
from lxml import etree
from mutagen.id3 import ID3

from hakawati.errors import BookError
from hakawati.model import Report
from tests.building import Reader, everything, left, without_builds
from tests.goldens import TIME, build_here
from tests.listening.reading import read_lrc, read_srt, read_vtt
from tests.support import draw, write_book

ALL = "[lrc, vtt, srt, playlist, audiobook, feed, m4b]"
BOOK: dict[str, str | bytes] = {
    "book.yaml": f"""title: {{ar: كتاب, en: A Book}}
languages: [ar, en]
voices: {{ar: {{engine: espeak}}, en: {{engine: espeak}}}}
narration: {{languages: [ar, en]}}
listening: {ALL}
site: https://example.org/book/
cover: cover.png
editions:
  slow: {{narration: {{repeat: 2}}, listening: [vtt, feed]}}
  plain: {{listening: []}}
""",
    "ar/01-one.md": "# الأول\n\nجاء الناس كلهم إلى المدينة الكبيرة، ثم عادوا منها <ليلا>.",
    "en/01-one.md": "# The First\n\nThen all of the people came to town, and <b> they went away.",
    "ar/02-two.md": "# الثاني\n\nنص.",
    "en/02-two.md": "# The Second\n\nA text.",
    "glossary.yaml": "- term: نص\n  translation: {en: text}\n",
}
NAMES = ("01-one", "02-two", "glossary")


@pytest.fixture
def project(tmp_path: Path, reader: Reader) -> Path:
    draw(tmp_path / "project" / "book" / "cover.png", size=(40, 60))
    return write_book(tmp_path / "project", dict(BOOK))


def build(project: Path) -> Report:
    return build_here(project, modified=TIME)


def listening(project: Path) -> set[str]:
    """What is left that is neither book, sound, nor timings."""
    others = (".mp3", ".epub", ".apkg")
    found = {name for name in left(project) if not name.endswith(others)}
    return {name for name in found if not name.startswith("build/timings/")}


def timings(project: Path, name: str, edition: str = "") -> dict[str, Any]:
    file = project / "build" / "timings" / edition / f"{name}.json"
    found: dict[str, Any] = json.loads(file.read_bytes())
    return found


EVERYTHING = {
    *(f"audio/{name}.{kind}" for name in NAMES for kind in ("lrc", "vtt", "srt", "chapters.json")),
    *("audio/a-book.m3u8", "build/a-book.audiobook", "build/a-book.m4b"),
    *("build/feed.xml", "build/feed.jpg"),
    *(f"audio/slow/{name}.{kind}" for name in NAMES for kind in ("vtt", "chapters.json")),
    *("build/feed-slow.xml", "build/feed-slow.jpg"),
}


def test_each_edition_has_what_it_was_chosen_to_have(project: Path) -> None:
    build(project)
    assert listening(project) == EVERYTHING


def test_a_book_that_chooses_nothing_has_its_mp3s_alone(tmp_path: Path, reader: Reader) -> None:
    project = write_book(tmp_path, {})
    build(project)
    assert listening(project) == set()
    assert (project / "audio" / "01-one.mp3").exists()


@pytest.mark.parametrize("name", NAMES)
def test_the_times_are_those_of_the_timings(project: Path, name: str) -> None:
    build(project)
    told = timings(project, name)["sentences"]
    edges = {round(word[edge] * 1000) for s in told for word in s["words"] for edge in ("begin", "end")}
    onsets = [round(word["begin"] * 1000) for s in told for word in s["words"]]
    text = {kind: (project / "audio" / f"{name}.{kind}").read_text() for kind in ("lrc", "vtt", "srt")}
    cues, plain = read_vtt(text["vtt"]), read_srt(text["srt"])
    assert [time for cue in cues for time in (cue.begin, *cue.stamps)] == onsets
    assert {cue.end for cue in cues} <= edges
    assert [(cue.begin, cue.end) for cue in plain] == [(cue.begin, cue.end) for cue in cues]
    _, lines = read_lrc(text["lrc"])
    assert [abs(time * 10 - cue.begin) <= 5 for (time, _), cue in zip(lines, cues, strict=True)] == [
        True
    ] * len(cues)
    words = [word["text"] for s in told for word in s["words"]]
    spoken = " ".join(cue.text for cue in cues)
    for word in words:  # in their order
        assert word in spoken
        spoken = spoken.partition(word)[2]
    assert list(dict.fromkeys(cue.lang for cue in cues)) == ["ar", "en"]


def test_a_translation_has_its_turn_where_it_is_heard(project: Path) -> None:
    build(project)
    cues = read_vtt((project / "audio" / "01-one.vtt").read_text())
    assert [cue.lang for cue in cues] == ["ar", "en", "ar", "ar", "en", "en"]
    slow = read_vtt((project / "audio" / "slow" / "01-one.vtt").read_text())
    assert [cue.text for cue in slow] == [cue.text for cue in cues]
    assert slow[-1].end > cues[-1].end


def test_the_lyrics_are_tagged_as_the_mp3_is(project: Path) -> None:
    build(project)
    tags, _ = read_lrc((project / "audio" / "01-one.lrc").read_text())
    assert {name: tags[name] for name in ("ti", "ar", "al", "la")} == {
        "ti": "الأول",
        "ar": "The Reader",
        "al": "كتاب",
        "la": "ar",
    }


def test_the_playlist_the_audiobook_and_the_feed_have_every_mp3_in_order(project: Path) -> None:
    build(project)
    lines = (project / "audio" / "a-book.m3u8").read_text().splitlines()
    paths = [line for line in lines if not line.startswith("#")]
    assert paths == [f"{name}.mp3" for name in NAMES]
    lengths = [
        int(line.removeprefix("#EXTINF:").partition(",")[0]) for line in lines if line.startswith("#EXTINF")
    ]
    for path, length in zip(paths, lengths, strict=True):
        sound, rate = soundfile.read(project / "audio" / path)
        assert abs(len(sound) / rate - length) <= 0.5
    with zipfile.ZipFile(project / "build" / "a-book.audiobook") as archive:
        told = json.loads(archive.read("publication.json"))
        assert [track["name"] for track in told["readingOrder"]] == ["الأول", "الثاني", "مسرد المصطلحات"]
        assert [track["duration"] for track in told["readingOrder"]] == [
            f"PT{timings(project, name)['duration']:.3f}S" for name in NAMES
        ]
        for track, name in zip(told["readingOrder"], NAMES, strict=True):
            assert archive.read(track["url"]) == (project / "audio" / f"{name}.mp3").read_bytes()
    with av.open(str(project / "build" / "a-book.m4b")) as opened:
        titles = [chapter["metadata"]["title"] for chapter in opened.chapters()]
    assert titles == [track["name"] for track in told["readingOrder"]]
    for feed, folder in (("feed.xml", "audio"), ("feed-slow.xml", "audio/slow")):
        root = etree.fromstring((project / "build" / feed).read_bytes())
        enclosures = [(e.get("url"), e.get("length")) for e in root.iter("enclosure")]
        assert enclosures == [
            (
                f"https://example.org/book/{folder}/{name}.mp3",
                str((project / folder / f"{name}.mp3").stat().st_size),
            )
            for name in NAMES
        ]


def test_a_podcasts_marks_are_those_of_the_mp3(project: Path) -> None:
    for lang, text in (
        ("ar", "## قسم\n\nنص[^a].\n\n[^a]: حاشية."),
        ("en", "## A Part\n\nA text[^a].\n\n[^a]: A note."),
    ):
        page = project / "book" / lang / "02-two.md"
        page.write_text(f"{page.read_text()}\n\n{text}\n")
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text().replace("languages: [ar, en]}", "languages: [ar, en], notes: end}"))
    build(project)
    for name in NAMES:
        told = json.loads((project / "audio" / f"{name}.chapters.json").read_bytes())
        marks = [(mark["title"], round(mark["startTime"] * 1000)) for mark in told["chapters"]]
        tag = ID3(project / "audio" / f"{name}.mp3")
        inside = [(frame.sub_frames["TIT2"].text[0], frame.start_time) for frame in tag.getall("CHAP")]
        assert marks == (inside or [(str(tag["TIT2"]), 0)])
        assert (told["title"], told["podcastName"]) == (str(tag["TIT2"]), str(tag["TALB"]))
        ends = [mark["endTime"] for mark in told["chapters"]]
        assert ends == [
            *(mark["startTime"] for mark in told["chapters"][1:]),
            timings(project, name)["duration"],
        ]
    assert [title for title, _ in marks_of(project, "02-two")] == ["الثاني", "قسم", "حاشية 1"]


def marks_of(project: Path, name: str) -> list[tuple[str, float]]:
    told = json.loads((project / "audio" / f"{name}.chapters.json").read_bytes())
    return [(mark["title"], mark["startTime"]) for mark in told["chapters"]]


def test_a_build_with_nothing_to_do_leaves_them_alone(project: Path) -> None:
    build(project)
    before = everything(project)
    build(project)
    assert everything(project) == before


def test_an_edit_in_one_chapter_leaves_the_other_ones_subtitles_and_gives_what_a_clean_build_gives(
    project: Path, tmp_path: Path
) -> None:
    build(project)
    before = everything(project / "audio")
    page = project / "book" / "ar" / "02-two.md"
    page.write_text(page.read_text() + "\n\nنص آخر.\n")
    build(project)
    after = everything(project / "audio")
    for kind in ("mp3", "lrc", "vtt", "srt", "chapters.json"):
        assert after[f"01-one.{kind}"] == before[f"01-one.{kind}"]
        assert after[f"02-two.{kind}"][2] != before[f"02-two.{kind}"][2]
    clean = without_builds(project, tmp_path / "clean")
    build(clean)
    assert left(project) == left(clean)


@pytest.mark.parametrize(
    "lost",
    [
        "audio/01-one.vtt",
        "audio/slow/02-two.vtt",
        "audio/01-one.chapters.json",
        "audio/a-book.m3u8",
        "build/a-book.audiobook",
        "build/a-book.m4b",
        "build/feed.jpg",
    ],
)
def test_what_is_lost_or_damaged_is_made_again(project: Path, lost: str) -> None:
    build(project)
    before = left(project)
    (project / lost).unlink()
    build(project)
    assert left(project) == before
    (project / lost).write_bytes(b"damaged")
    build(project)
    assert left(project) == before


def test_what_is_no_longer_chosen_is_removed_and_what_is_the_authors_stays(project: Path) -> None:
    build(project)
    mine = {"audio/mine.vtt", "audio/slow/mine.lrc", "audio/mine.chapters.json", "build/mine.xml"}
    for name in mine:
        (project / name).write_text("not made by a build")
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text().replace(ALL, "[srt]").replace("[vtt, feed]", "[]"))
    build(project)
    assert listening(project) == {f"audio/{name}.srt" for name in NAMES} | mine


def test_a_renamed_chapter_and_a_removed_edition_leave_nothing(project: Path) -> None:
    build(project)
    for lang in ("ar", "en"):
        (project / "book" / lang / "02-two.md").rename(project / "book" / lang / "03-new.md")
    config = project / "book" / "book.yaml"
    config.write_text("".join(line for line in config.read_text().splitlines(True) if "slow" not in line))
    build(project)
    assert listening(project) == {
        name.replace("02-two", "03-new") for name in EVERYTHING if "slow" not in name
    }


def test_a_feed_without_a_cover_is_told_of_and_has_no_image(project: Path) -> None:
    config = project / "book" / "book.yaml"
    config.write_text(config.read_text().replace("cover: cover.png", "cover: none"))
    notices = [notice.message for notice in build(project).notices]
    assert notices.count("the feed has no image, since the book has no cover") == 1
    assert not (project / "build" / "feed.jpg").exists()
    with zipfile.ZipFile(project / "build" / "a-book.audiobook") as archive:
        assert "resources" not in json.loads(archive.read("publication.json"))


def test_an_m4b_without_ffmpegs_libraries_is_told_of_before_anything_is_spoken(
    project: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hakawati.publishing.formats.m4b.find_spec", {}.get)
    with pytest.raises(BookError) as raised:
        build(project)
    assert [(p.message, p.hint) for p in raised.value.problems] == [
        ("m4b needs FFmpeg's libraries", "pip install 'hakawati[m4b]'; or leave m4b out")
    ]
    assert reader.said == []
