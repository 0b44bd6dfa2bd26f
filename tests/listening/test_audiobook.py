"""The W3C audiobook.

The W3C publishes JSON Schemas for its manifest, whose rules are written here again, term by term: Audiobooks
§5 and §7, Publication Manifest §4, Lightweight Packaging Format §4.
"""

from __future__ import annotations

import datetime
import json
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from PIL import Image

from hakawati.listening.audiobook import manifest, write
from hakawati.model import Metadata, Track
from tests.goldens import TIME

META = Metadata(
    {"ar": "كتاب", "en": "A “Book” & <more>"},
    ("ar", "en"),
    "urn:uuid:ac603801-cc38-546d-a329-5de42abf6186",
    "a-book",
    authors=("أحمد", "B"),
    translators=("C",),
    publisher="D",
    date="2024-08-25",
)
TRACKS = (Track("01 واحد?#", "الأول", 24_000 * 90, 3), Track("02-two", "Two", 24_000 * 7200 + 12, 4))


def made(meta: Metadata = META, *, cover: str = "cover.png") -> dict[str, Any]:
    return manifest(meta, TRACKS, languages=("ar",), narrators=("R",), cover=cover, modified=TIME)


def check(told: dict[str, Any]) -> None:
    """That the manifest has what the schemas require, in the form they require."""
    assert told["@context"][:2] == ["https://schema.org", "https://www.w3.org/ns/pub-context"]
    for context in told["@context"][2:]:
        assert context["direction"] in ("ltr", "rtl")
        assert re.fullmatch(LANGUAGE, context["language"])
    assert told["conformsTo"] == "https://www.w3.org/TR/audiobooks/"
    assert told["type"] == "Audiobook"
    assert isinstance(told["id"], str)
    assert told["readingOrder"]
    for resource in [*told["readingOrder"], *told.get("resources", ())]:
        assert resource["type"] == "LinkedResource"
        assert re.fullmatch(URL, resource["url"])
        assert re.fullmatch(r"(audio|image)/[a-z]+", resource["encodingFormat"])
        assert isinstance(resource["name"], str)
    urls = [resource["url"] for resource in [*told["readingOrder"], *told.get("resources", ())]]
    assert len(set(urls)) == len(urls)
    durations = [resource["duration"] for resource in told["readingOrder"]]
    for duration in [told["duration"], *durations]:
        assert re.fullmatch(r"PT\d+(\.\d+)?S", duration)
    total = sum(float(duration[2:-1]) for duration in durations)
    assert float(told["duration"][2:-1]) == pytest.approx(total, abs=0.001 * len(durations))
    for name in told["name"]:
        assert name["value"]
        assert re.fullmatch(LANGUAGE, name["language"])
    for role in ("author", "translator", "readBy", "publisher"):
        assert told.get(role) is None or (told[role] and all(isinstance(name, str) for name in told[role]))
    assert all(re.fullmatch(LANGUAGE, lang) for lang in told["inLanguage"])
    assert datetime.datetime.fromisoformat(told["dateModified"]).tzinfo
    if "datePublished" in told:
        datetime.date.fromisoformat(told["datePublished"])
    assert told["readingProgression"] in ("ltr", "rtl")
    assert all(
        item["type"] == "ItemList" and item["itemListElement"] for item in told["accessModeSufficient"]
    )
    known = {"@context", "conformsTo", "type", "id", "name", "author", "translator", "readBy", "publisher"}
    known |= {"inLanguage", "readingProgression", "dateModified", "datePublished", "duration", "accessMode"}
    assert told.keys() <= known | {"accessModeSufficient", "readingOrder", "resources"}


LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*"
URL = r"([A-Za-z0-9\-._~/]|%[0-9A-F]{2})+"


def test_the_manifest_has_what_the_standard_requires_and_recommends() -> None:
    told = made()
    check(told)
    assert [(name["language"], name["direction"], name["value"]) for name in told["name"]] == [
        ("ar", "rtl", "كتاب"),
        ("en", "ltr", "A “Book” & <more>"),
    ]
    people = {role: told[role] for role in ("author", "translator", "readBy", "publisher")}
    assert people == {"author": ["أحمد", "B"], "translator": ["C"], "readBy": ["R"], "publisher": ["D"]}
    assert (told["id"], told["inLanguage"]) == (META.identifier, ["ar"])
    assert told["@context"][2] == {"language": "ar", "direction": "rtl"}
    assert (told["dateModified"], told["datePublished"]) == ("2023-11-14T22:13:20Z", "2024-08-25")
    assert (told["duration"], [r["duration"] for r in told["readingOrder"]]) == (
        "PT7290.001S",
        ["PT90S", "PT7200.001S"],
    )
    assert [unquote(r["url"]) for r in told["readingOrder"]] == ["audio/01 واحد?#.mp3", "audio/02-two.mp3"]
    (image,) = told["resources"]
    assert (image["rel"], image["url"], image["encodingFormat"]) == ("cover", "cover.png", "image/png")


def test_what_a_book_does_not_know_its_manifest_leaves_out() -> None:
    told = made(Metadata({"en": "X"}, ("en",), "urn:x", "x", date="2024-13"), cover="")
    check(told)
    left_out = {"author", "translator", "publisher", "resources", "datePublished"}
    assert told.keys() & left_out == set()
    assert told["readingProgression"] == "ltr"


@pytest.mark.parametrize(
    ("kind", "media"), [("PNG", "png"), ("JPEG", "jpeg"), ("GIF", "gif"), ("WEBP", "webp")]
)
def test_the_file_has_the_manifest_at_its_root_and_all_that_it_names(
    tmp_path: Path, kind: str, media: str
) -> None:
    for track in TRACKS:
        (tmp_path / f"{track.name}.mp3").write_bytes(track.name.encode() * 1000)
    Image.new("RGB", (3, 4)).save(tmp_path / "cover", kind)

    def pack(name: str) -> bytes:
        write(
            tmp_path / name,
            META,
            TRACKS,
            languages=("ar",),
            narrators=(),
            cover=(tmp_path / "cover").read_bytes(),
            audio=lambda track: tmp_path / f"{track}.mp3",
            modified=TIME,
        )
        return (tmp_path / name).read_bytes()

    assert pack("one") == pack("other")
    with zipfile.ZipFile(tmp_path / "one") as archive:
        told = json.loads(archive.read("publication.json"))
        check(told)
        assert told["resources"][0]["encodingFormat"] == f"image/{media}"
        named = [unquote(r["url"]) for r in [*told["resources"], *told["readingOrder"]]]
        assert archive.namelist() == ["publication.json", *named]
        for track, path in zip(TRACKS, named[1:], strict=True):
            assert archive.read(path) == (tmp_path / f"{track.name}.mp3").read_bytes()
            assert archive.getinfo(path).compress_type == zipfile.ZIP_STORED
        assert archive.read(named[0]) == (tmp_path / "cover").read_bytes()
        assert archive.testzip() is None
