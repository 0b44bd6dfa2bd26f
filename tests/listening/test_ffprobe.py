"""What FFmpeg's own program sees in the MP3s and in the audiobook of one file."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from hakawati.model import SAMPLE_RATE
from tests.goldens import TIME, Built, Shelf, Variant, build_here
from tests.readers import programs
from tests.support import draw, write_book

FRAME = 576 / SAMPLE_RATE
MP3S = ("headings", "workbook", "notes,narration.notes=inline")
BOOK = {
    "title": {"ar": "كتاب"},
    "languages": ["ar"],
    "authors": ["أحمد"],
    "publisher": "دار النشر",
    "date": "2024-05-06",
    "rights": "© 2024 A",
    "cover": "cover.png",
    "listening": ["m4b"],
}


def probe(file: Path) -> Mapping[str, Any]:
    """Its streams, chapters and tags; what it complains of is an error."""
    asked = ["-v", "error", "-show_format", "-show_streams", "-show_chapters", "-of", "json", str(file)]
    done = subprocess.run([programs.ffprobe(), *asked], capture_output=True, text=True, check=True)
    assert done.stderr == ""
    found: Mapping[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A book whose MP3s and whose one file are to be probed."""
    project = tmp_path_factory.mktemp("project")
    draw(project / "book" / "cover.png", size=(40, 60))
    chapters = {f"ar/0{n}-a.md": f"# فصل {n}\n\nجاء الناس.\n\n## قسم\n\nثم عادوا.\n" for n in (1, 2)}
    write_book(project, {"book.yaml": yaml.safe_dump(BOOK, allow_unicode=True), **chapters})
    build_here(project, modified=TIME)
    return project


@pytest.mark.parametrize("name", ["01-a", "02-a"])
def test_an_mp3_is_what_it_should_be_and_says_what_the_book_says(project: Path, name: str) -> None:
    found = probe(project / "audio" / f"{name}.mp3")
    sound, cover = found["streams"]
    assert (sound["codec_name"], sound["sample_rate"], sound["channels"]) == ("mp3", str(SAMPLE_RATE), 1)
    assert sound["bit_rate"] == "64000"
    assert (cover["codec_name"], cover["disposition"]["attached_pic"]) == ("mjpeg", 1)
    number = int(name[:2])
    tags = found["format"]["tags"]
    assert {key: tags[key] for key in ("title", "album", "album_artist", "track", "disc")} == {
        "title": f"فصل {number}",
        "album": "كتاب",
        "album_artist": "أحمد",
        "track": f"{number}/2",
        "disc": "1/1",
    }
    assert (tags["date"], tags["publisher"], tags["language"]) == ("2024-05-06", "دار النشر", "ara")
    assert "eSpeak" in tags["artist"]
    assert [chapter["tags"]["title"] for chapter in found["chapters"]] == [f"فصل {number}", "قسم"]


def test_the_audiobook_has_its_chapters_where_the_mp3s_end(project: Path) -> None:
    (file,) = (project / "build").glob("*.m4b")
    found = probe(file)
    lengths = [
        float(probe(project / "audio" / f"{name}.mp3")["format"]["duration"]) for name in ("01-a", "02-a")
    ]
    first, second = found["chapters"]
    assert [chapter["tags"]["title"] for chapter in (first, second)] == ["فصل 1", "فصل 2"]
    assert float(first["end_time"]) == float(second["start_time"]) == pytest.approx(lengths[0], abs=FRAME)
    assert float(second["end_time"]) == pytest.approx(sum(lengths), abs=2 * FRAME)
    assert {stream["codec_name"] for stream in found["streams"]} >= {"aac"}


@pytest.mark.parametrize("name", MP3S)
def test_an_mp3_lasts_as_long_as_its_timings_and_leads_inside_it(name: str, shelf: Shelf) -> None:
    case, *changes = name.split(",")
    built: Built = shelf[Variant(case, tuple(changes))]
    told = list(built.timings())
    assert told
    for timings in told:
        found = probe(built.project / timings["audio"])
        assert float(found["format"]["duration"]) == pytest.approx(timings["duration"], abs=FRAME)
        begins = [float(chapter["start_time"]) for chapter in found["chapters"]]
        assert begins == sorted(begins)
        onsets = {round(word["begin"], 3) for sentence in timings["sentences"] for word in sentence["words"]}
        assert {round(begin, 3) for begin in begins} <= onsets
