"""The audiobook in one file, as FFmpeg and a reader of its tags see it."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from mutagen.mp4 import MP4

from hakawati.listening.id3 import small_cover
from hakawati.listening.m4b import write
from hakawati.model import SAMPLE_RATE, Metadata, Track
from tests.support import draw

META = Metadata(
    {"ar": "كتاب", "en": "A Book"},
    ("ar", "en"),
    "urn:x",
    "a-book",
    authors=("أحمد",),
    date="2024",
    rights="© C",
)
PITCHES = (220, 440, 880)


@pytest.fixture
def tracks(tmp_path: Path) -> list[Track]:
    """Three chapters, each a tone of its own; all but the last end with a second of silence."""
    made = []
    for n, pitch in enumerate(PITCHES, start=1):
        file = tmp_path / f"0{n}.mp3"
        tone = 0.3 * np.sin(2 * np.pi * pitch * np.arange(2 * SAMPLE_RATE) / SAMPLE_RATE)
        soundfile.write(file, np.concatenate([tone, np.zeros(n * SAMPLE_RATE)]), SAMPLE_RATE, format="MP3")
        with av.open(str(file)) as opened:
            length = sum(frame.samples for frame in opened.decode(audio=0))
        made.append(Track(file.stem, f"الفصل {n}", length, file.stat().st_size))
    return made


def made(tmp_path: Path, tracks: list[Track], cover: bytes = b"") -> Path:
    path = tmp_path / "book.m4b"
    write(
        path,
        META,
        tracks,
        narrators=("R", "S"),
        cover=cover,
        audio=lambda name: tmp_path / f"{name}.mp3",
        bitrate=64,
    )
    return path


def test_it_has_a_chapter_for_each_track_where_its_sound_begins(tmp_path: Path, tracks: list[Track]) -> None:
    path = made(tmp_path, tracks)
    with av.open(str(path)) as opened:
        (stream,) = opened.streams.audio
        assert (stream.codec_context.name, stream.codec_context.sample_rate) == ("aac", SAMPLE_RATE)
        chapters = [
            (float(c["start"] * base), float(c["end"] * base), c["metadata"]["title"])
            for c in opened.chapters()
            if (base := c["time_base"])
        ]
        sound = np.concatenate([frame.to_ndarray()[0] for frame in opened.decode(stream)])
    at = 0
    for track, pitch, (begin, end, title) in zip(tracks, PITCHES, chapters, strict=True):
        assert title == track.title
        assert begin == pytest.approx(at / SAMPLE_RATE, abs=0.001)
        assert end == pytest.approx((at + track.duration) / SAMPLE_RATE, abs=0.001)
        # The tone that is heard half a second after the chapter's beginning, and not before it.
        window = sound[at + SAMPLE_RATE // 2 : at + SAMPLE_RATE]
        assert np.argmax(np.abs(np.fft.rfft(window))) * 2 == pytest.approx(pitch, abs=2)
        assert at == 0 or np.abs(sound[at - SAMPLE_RATE // 2 : at - 3000]).max() < 0.01
        at += track.duration
    assert abs(len(sound) - at) < 3 * 1024


def test_it_is_tagged_and_has_the_cover(tmp_path: Path, tracks: list[Track]) -> None:
    draw(tmp_path / "cover.png")
    cover = small_cover((tmp_path / "cover.png").read_bytes())
    tags = MP4(made(tmp_path, tracks, cover))
    assert {
        name: list(tags[name]) for name in ("\xa9nam", "\xa9ART", "\xa9wrt", "\xa9day", "cprt", "stik")
    } == {
        "\xa9nam": ["كتاب"],
        "\xa9ART": ["أحمد"],
        "\xa9wrt": ["R", "S"],
        "\xa9day": ["2024"],
        "cprt": ["© C"],
        "stik": [2],
    }
    assert [bytes(image) for image in tags["covr"]] == [cover]


def test_the_same_sounds_give_the_same_bytes(tmp_path: Path, tracks: list[Track]) -> None:
    first = made(tmp_path, tracks).read_bytes()
    assert made(tmp_path, tracks).read_bytes() == first


def test_a_sound_that_cannot_be_read_is_an_error_of_the_file(tmp_path: Path, tracks: list[Track]) -> None:
    (tmp_path / "02.mp3").write_bytes(b"no sound")
    with pytest.raises(OSError, match="Invalid data") as raised:
        made(tmp_path, tracks)
    assert raised.value.filename == str(tmp_path / "book.m4b")
