"""The tags of the chapters' MP3s, as players read them: mutagen, and FFmpeg, which many are made of."""

from __future__ import annotations

import io
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from mutagen import id3
from PIL import ExifTags, Image

from hakawati.listening.artwork import square
from hakawati.listening.id3 import COVER_WIDTH, Album, small_cover, tag
from hakawati.model import SAMPLE_RATE, Chapter, Metadata, Timeline
from hakawati.narration.mp3 import silence
from tests.goldens import SEED, Built, Shelf, Variant
from tests.listening.making import heading, paragraph, read_aloud

META = Metadata({"ar": "كتاب", "en": "A Book"}, ("ar", "en"), "urn:x", "a-book", authors=("مؤلف", "Author"))
NOTE = {"ar": "حاشية", "en": "Note"}
ALBUM = Album(META, 12, b"cover", note=NOTE)
CHAPTER = Chapter(
    "01-one",
    "chapter",
    (
        heading("b1", 1, ar="الفصل «الأول»"),
        paragraph("b2", ar="قال: | «نعم»، | ثم مضى."),
        heading("b3", 2, ar="القسم الثاني"),
        paragraph("b4", ar="نص."),
    ),
)
TIMELINE = read_aloud(CHAPTER, ["ar"])


def read(data: bytes, tmp_path: Path) -> id3.ID3:
    file = tmp_path / "tag.mp3"
    file.write_bytes(data)
    return id3.ID3(file)


def by_ffmpeg(file: Path) -> tuple[dict[str, str], list[tuple[int, int, str]]]:
    """The file's tags, and its chapters: begin and end in milliseconds, title."""
    with av.open(str(file)) as container:
        found = [
            (int(c["start"] * unit), int(c["end"] * unit), c["metadata"]["title"])
            for c in container.chapters()
            if (unit := (c["time_base"] or 0) * 1000)
        ]
        return dict(container.metadata), found


def contents(frames: id3.ID3, table: str = "toc") -> list[tuple[int, int, str]]:
    """What the table of contents leads to, in its order: begin and end in milliseconds, title."""
    found = []
    for child in frames[f"CTOC:{table}"].child_element_ids:
        if f"CTOC:{child}" in frames:
            found += contents(frames, child)
        else:
            chap = frames[f"CHAP:{child}"]
            found.append((chap.start_time, chap.end_time, str(chap.sub_frames["TIT2"])))
    return found


def lyrics(frames: id3.ID3) -> list[tuple[str, int]]:
    """Each line and the millisecond at which it begins."""
    (synchronised,) = frames.getall("SYLT")
    assert (synchronised.format, synchronised.type) == (2, 1)  # milliseconds, lyrics
    first, *others = synchronised.text
    assert all(text[0] == "\n" != text[1] for text, _ in others)  # a line begins with a line feed
    return [first, *((text[1:], at) for text, at in others)]


def test_a_player_sees_what_the_book_says_of_itself(tmp_path: Path) -> None:
    meta = replace(META, publisher="دار النشر", date="2024-05-06", rights="CC BY 4.0")
    data = tag(replace(ALBUM, metadata=meta), CHAPTER, TIMELINE, 3, ("هند", "Reader"))
    frames = read(data, tmp_path)
    assert frames.version == (2, 4, 0)
    assert {name: [str(text) for text in frames[name].text] for name in frames if name[0] == "T"} == {
        "TIT2": ["الفصل «الأول»"],
        "TALB": ["كتاب"],
        "TPE1": ["هند", "Reader"],
        "TPE2": ["مؤلف", "Author"],
        "TRCK": ["3/12"],
        "TPOS": ["1/1"],
        "TLAN": ["ara"],
        "TDRC": ["2024-05-06"],
        "TDRL": ["2024-05-06"],
        "TPUB": ["دار النشر"],
        "TCOP": ["CC BY 4.0"],
    }
    (cover,) = frames.getall("APIC")
    assert (cover.mime, cover.type, cover.data) == ("image/jpeg", id3.PictureType.COVER_FRONT, b"cover")


def test_what_the_book_does_not_say_is_not_in_the_tag(tmp_path: Path) -> None:
    bare = Metadata({"ar": "كتاب"}, ("ar",), "urn:x", "x")
    frames = read(tag(Album(bare, 1), CHAPTER, Timeline((), 0), 1, ()), tmp_path)
    assert sorted(frames) == ["TALB", "TIT2", "TLAN", "TPOS", "TRCK"]


@pytest.mark.parametrize(
    ("rights", "shown"),
    [
        ("© 2024 A House", "2024 A House"),
        ("Copyright © 2024 A House", "2024 A House"),
        ("(c) 2024 A House", "2024 A House"),
        ("2024 A House", "2024 A House"),
        ("© A House, 2024", "© A House, 2024"),
        ("Public domain.\nCopyright 1999 nobody", "Public domain. Copyright 1999 nobody"),
    ],
)
def test_a_copyright_message_begins_with_its_year_where_the_author_names_it_first(
    tmp_path: Path, rights: str, shown: str
) -> None:
    album = replace(ALBUM, metadata=replace(META, rights=rights))
    assert read(tag(album, CHAPTER, TIMELINE, 1, ()), tmp_path)["TCOP"].text == [shown]


@pytest.mark.parametrize(
    ("lang", "code"),
    [
        ("en-GB", "eng"),
        ("fr", "fre"),
        ("zh-Hant-TW", "chi"),
        ("fil", "fil"),
        ("qqx", "qqx"),
        ("qq", "und"),
        ("en-us-us", "eng"),
    ],
)
def test_languages_are_told_by_their_three_letters(tmp_path: Path, lang: str, code: str) -> None:
    chapter = Chapter("x", "chapter", (paragraph("b1", **{lang: "one two"}),))
    album = Album(Metadata({lang: "X"}, (lang,), "urn:x", "x"), 1)
    frames = read(tag(album, chapter, read_aloud(chapter, [lang]), 1, ()), tmp_path)
    assert frames["TLAN"].text == [code]
    assert [frame.lang for frame in (*frames.getall("SYLT"), *frames.getall("USLT"))] == [code, code]


@pytest.mark.parametrize(
    ("languages", "told", "lang"),
    [(("ar", "en"), ["ara", "eng"], "ara"), (("en", "ar"), ["eng", "ara"], "ara"), (("en",), ["eng"], "eng")],
)
def test_the_lines_come_as_they_are_heard_and_count_as_the_originals_if_it_is_heard(
    tmp_path: Path, languages: tuple[str, ...], told: list[str], lang: str
) -> None:
    texts = {"ar": "نعم. | لا.", "en": "Yes. | No."}
    chapter = Chapter("x", "chapter", (paragraph("b1", **texts),))
    frames = read(tag(ALBUM, chapter, read_aloud(chapter, languages), 1, ()), tmp_path)
    assert frames["TLAN"].text == told
    heard = [texts[language].split(" | ") for language in languages]
    assert [text for text, _ in lyrics(frames)] == [phrase for text in heard for phrase in text]
    assert frames[f"USLT::{lang}"].text == "\n".join(" ".join(text) for text in heard)
    assert f"SYLT::{lang}" in frames


def test_sections_are_found_by_players_in_order_and_to_the_millisecond(tmp_path: Path) -> None:
    data = tag(ALBUM, CHAPTER, TIMELINE, 1, ())
    begins = {timed.within: timed.begin * 1000 // SAMPLE_RATE for timed in TIMELINE.sentences}
    end = TIMELINE.duration * 1000 // SAMPLE_RATE
    wanted = [(0, begins["b3"], "الفصل «الأول»"), (begins["b3"], end, "القسم الثاني")]
    assert contents(read(data, tmp_path)) == wanted
    (tmp_path / "whole.mp3").write_bytes(data + silence(64) * 300)
    tags, chapters = by_ffmpeg(tmp_path / "whole.mp3")
    assert chapters == wanted
    assert tags["lyrics-ara"].splitlines() == [
        "الفصل «الأول»",
        "قال: «نعم»، ثم مضى.",
        "القسم الثاني",
        "نص.",
    ]


def test_a_chapter_without_sections_has_no_table_of_contents(tmp_path: Path) -> None:
    chapter = Chapter("x", "chapter", CHAPTER.blocks[:2])
    frames = read(tag(ALBUM, chapter, read_aloud(chapter, ["ar"]), 1, ()), tmp_path)
    assert (frames.getall("CTOC"), frames.getall("CHAP"), len(lyrics(frames))) == ([], [], 4)


def test_a_line_is_a_phrase_with_the_marks_around_it_and_begins_with_it(tmp_path: Path) -> None:
    frames = read(tag(ALBUM, CHAPTER, TIMELINE, 1, ()), tmp_path)
    assert lyrics(frames) == [
        ("الفصل «الأول»", 0),
        ("قال:", 200),
        ("«نعم»،", 300),
        ("ثم مضى.", 400),
        ("القسم الثاني", 600),
        ("نص.", 800),
    ]


@pytest.mark.parametrize("count", [2, 255, 256, 700])
def test_a_table_of_contents_may_be_of_any_length(tmp_path: Path, count: int) -> None:
    blocks = tuple(heading(f"b{n}", 1 if n == 1 else 2, ar=f"قسم {n}") for n in range(1, count + 1))
    chapter = Chapter("x", "chapter", blocks)
    data = tag(ALBUM, chapter, read_aloud(chapter, ["ar"]), 1, ())
    frames = read(data, tmp_path)
    assert [title for _, _, title in contents(frames)] == [f"قسم {n}" for n in range(1, count + 1)]
    assert [table.element_id for table in frames.getall("CTOC") if table.flags & id3.CTOCFlags.TOP_LEVEL] == [
        "toc"
    ]
    (tmp_path / "whole.mp3").write_bytes(data + silence(64) * 300)
    assert by_ffmpeg(tmp_path / "whole.mp3")[1] == contents(frames)


def test_a_title_of_ten_thousand_characters_is_told_whole(tmp_path: Path) -> None:
    title = "كتابة " * 1666 + "طويل"
    chapter = Chapter("x", "chapter", (heading("b1", 1, ar=title), *CHAPTER.blocks[2:]))
    data = tag(ALBUM, chapter, read_aloud(chapter, ["ar"]), 1, ())
    frames = read(data, tmp_path)
    assert frames["TIT2"].text == [title]
    assert contents(frames)[0][2] == title
    assert lyrics(frames)[0] == (title, 0)
    (tmp_path / "whole.mp3").write_bytes(data + silence(64) * 300)
    assert by_ffmpeg(tmp_path / "whole.mp3")[0]["title"] == title


@given(st.lists(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1), min_size=1, max_size=9))
def test_any_text_comes_back_as_it_was(texts: list[str]) -> None:
    chapter = Chapter("x", "chapter", tuple(paragraph(f"b{n}", ar=text) for n, text in enumerate(texts)))
    timeline = read_aloud(chapter, ["ar"])
    frames = id3.ID3(io.BytesIO(tag(ALBUM, chapter, timeline, 1, ())))
    begins = [timed.begin * 1000 // SAMPLE_RATE for timed in timeline.sentences]
    assert lyrics(frames) == list(zip(texts, begins, strict=True))
    assert frames["USLT::ara"].text == "\n".join(texts)


def test_the_same_arguments_give_the_same_bytes() -> None:
    assert len({tag(ALBUM, CHAPTER, TIMELINE, 1, ("A",)) for _ in range(3)}) == 1


def test_a_chapter_of_which_nothing_is_heard_has_a_tag_without_lines(tmp_path: Path) -> None:
    frames = read(tag(ALBUM, CHAPTER, Timeline((), 0), 1, ()), tmp_path)
    assert {name[:4] for name in frames} & {"SYLT", "USLT", "CHAP", "CTOC"} == set()


@pytest.mark.parametrize(
    ("mode", "size"), [("RGBA", (1600, 2560)), ("P", (10, 10)), ("1", (9999, 1)), ("CMYK", (50, 900))]
)
def test_a_cover_becomes_a_small_jpeg_of_the_same_shape(
    tmp_path: Path, mode: str, size: tuple[int, int]
) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, size).save(tmp_path / "cover", kind)
    data = small_cover((tmp_path / "cover").read_bytes())
    with Image.open(io.BytesIO(data)) as small:
        assert (small.format, small.mode) == ("JPEG", "RGB")
        assert small.size == (COVER_WIDTH, max(1, round(size[1] * COVER_WIDTH / size[0])))
    assert small_cover((tmp_path / "cover").read_bytes()) == data


def test_a_photo_that_lay_on_its_side_is_turned_upright() -> None:
    photo = Image.new("RGB", (40, 80), (200, 0, 0))
    photo.paste((0, 0, 200), (0, 40, 40, 80))
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # to be turned clockwise by a quarter
    file = io.BytesIO()
    photo.save(file, "JPEG", exif=exif, quality=95)
    for made in (small_cover(file.getvalue()), square(file.getvalue())):
        with Image.open(io.BytesIO(made)) as shown:
            middle = shown.height // 2
            left, right = (shown.getpixel((at, middle)) for at in (5, shown.width - 6))
        assert isinstance(left, tuple)
        assert isinstance(right, tuple)
        assert (left[0] < 50, left[2] > 150) == (True, True)
        assert (right[0] > 150, right[2] < 50) == (True, True)


def test_every_chapter_of_a_book_is_tagged_and_begins_right_after(shelf: Shelf) -> None:
    built = shelf[SEED]
    titles = {chapter.name: chapter.title() for chapter in built.book.chapters}
    titles["glossary"] = "مسرد المصطلحات"
    for n, (name, title) in enumerate(titles.items(), start=1):
        file = built.project / "audio" / f"{name}.mp3"
        assert (soundfile.info(file).channels, soundfile.info(file).samplerate) == (1, 24_000)
        frames = id3.ID3(file)
        assert frames["TIT2"].text == [title]
        assert frames["TRCK"].text == [f"{n}/{len(titles)}"]
        meta = built.book.edition.metadata
        assert (frames["TALB"].text, frames["TPUB"].text) == ([meta.title["ar"]], [meta.publisher])
        assert (frames["TCOP"].text, frames["TPOS"].text) == ([meta.rights], ["1/1"])
        assert frames["TLAN"].text == (["ara", "eng"] if name == "glossary" else ["ara"])
        assert lyrics(frames)[0] == (title, 0)
        (cover,) = frames.getall("APIC")
        with Image.open(io.BytesIO(cover.data)) as image:
            assert image.width == COVER_WIDTH
        data = file.read_bytes()
        size = 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))
        assert data[size : size + 2] == b"\xff\xf3"


INLINE = Variant("notes").but("narration.notes=inline")
TWICE = Variant("headings").but("narration.languages=[ar, en]", "narration.order=chapter")


@pytest.mark.parametrize(
    "variant",
    [Variant("headings"), TWICE, INLINE, Variant("notes").but("narration.notes=end", "vowels=print")],
    ids=str,
)
def test_players_lead_to_the_headings_and_notes_of_a_book_and_show_its_lines(
    shelf: Shelf, variant: Variant
) -> None:
    built = shelf[variant]
    for timed in built.timings():
        file = built.project / timed["audio"]
        frames = id3.ID3(file)
        sentences = {s["id"]: s for s in timed["sentences"]}
        ends = {round(s["end"] * 1000) for s in timed["sentences"]}
        opened = openings(built, timed["chapter"], list(sentences))
        if len(opened) == 1:
            assert frames.getall("CHAP") == []
        else:
            found = contents(frames)
            assert [begin for begin, _, _ in found] == [
                round(sentences[id_]["begin"] * 1000) for id_ in opened
            ]
            assert {end for _, end, _ in found} <= ends
            assert by_ffmpeg(file)[1] == found
        shown = lyrics(frames)
        times = [at for _, at in shown]
        assert times == sorted(set(times))
        begins = {round(s["begin"] * 1000) for s in timed["sentences"]}
        assert begins <= set(times)
        assert set(times) <= {round(w["begin"] * 1000) for s in timed["sentences"] for w in s["words"]}
        starts = [n for n, at in enumerate(times) if at in begins]
        whole = [" ".join(t for t, _ in shown[a:b]) for a, b in pairwise([*starts, len(shown)])]
        assert [text.split() for text in whole] == [s["text"].split() for s in timed["sentences"]]


def openings(built: Built, name: str, heard: list[str]) -> list[str]:
    """The sentences that begin a heading or a note, in the order they are heard."""
    (chapter,) = [chapter for chapter in built.book.chapters if chapter.name == name]
    owners: dict[str, str] = {}
    for block in (block for block in chapter.blocks if block.kind == "heading"):
        owners |= {sentence.id: block.id for text in block.texts for sentence in text.sentences}
    for note in chapter.notes:
        leaves = [leaf for block in note.blocks for leaf in block.leaves()]
        owners |= {s.id: note.id for leaf in leaves for text in leaf.texts for s in text.sentences}
    before = ["", *(owners.get(id_, "") for id_ in heard)]
    return [id_ for id_, last in zip(heard, before, strict=False) if owners.get(id_, "") not in ("", last)]


def test_a_note_read_inside_a_section_has_its_own_time_alone(shelf: Shelf) -> None:
    built = shelf[INLINE]
    frames = id3.ID3(built.project / "audio" / "01-notes.mp3")
    (_, end, title), *notes = contents(frames)
    assert (title, [note for _, _, note in notes]) == ("حواش", [f"حاشية {n}" for n in (1, 2, 5, 3, 4)])
    assert all(stop <= end for _, stop, _ in notes[:-1])
    assert notes[-1][0] == end  # the last one is read when the text has ended


def test_headings_heard_in_one_language_after_the_other_are_led_to_in_each(shelf: Shelf) -> None:
    titles = [title for _, _, title in contents(id3.ID3(shelf[TWICE].project / "audio" / "01-levels.mp3"))]
    chapter = shelf[TWICE].book.chapters[0]
    texts = [block.texts for block in chapter.blocks if block.kind == "heading"]
    assert titles == [
        " ".join(s.text for s in text.sentences) for lang in (0, 1) for text in (both[lang] for both in texts)
    ]


def test_a_chapter_that_is_not_read_aloud_has_no_file_to_tag(shelf: Shelf) -> None:
    built = shelf["silent-chapter"]
    audio = {file.stem for file in (built.project / "audio").glob("*.mp3")}
    assert audio == {timed["chapter"] for timed in built.timings()}
    assert audio < {chapter.name for chapter in built.book.chapters}
    for file in (built.project / "audio").glob("*.mp3"):
        assert lyrics(id3.ID3(file))


def test_the_frames_are_those_that_the_times_count_from(shelf: Shelf) -> None:
    """No tag and no part of one is decoded: the sound is as long as the timings say."""
    for timed in shelf[INLINE].timings():
        sound, rate = soundfile.read(shelf[INLINE].project / timed["audio"])
        assert len(sound) / rate == pytest.approx(timed["duration"], abs=0.001)
