"""Who speaks what, and who is credited for it."""

from __future__ import annotations

from pathlib import Path

import pytest

import hakawati
from hakawati.common.store import Store
from hakawati.errors import BookError
from hakawati.model import Chapter, Place, VoiceChoice
from hakawati.narration.clip_library import ClipLibrary, ClipRequest
from hakawati.narration.reading_order import Cue
from hakawati.publishing.cast import Cast, clip_requests
from hakawati.voices.espeak import Espeak
from tests.goldens import BOOKS, build_here
from tests.support import write_book

YAML = """\
title: {ar: كتاب, en: A Book}
languages: [ar, en]
narration: {languages: [ar, en]}
voices:
  old-man: {engine: espeak, voice: ar+m3}
  girl: {engine: espeak, pitch: 90}
"""
AR = "# عنوان\n\n{voice=old-man}\nقال الشيخ.\n\nنص.\n"
EN = "# Title\n\nThe old man said.\n\n{voice=girl}\nText.\n"


def project(folder: Path, yaml: str = YAML, ar: str = AR, en: str = EN) -> Path:
    return write_book(folder, {"book.yaml": yaml, "ar/01-one.md": ar, "en/01-one.md": en})


def cast_of(folder: Path, **instead: VoiceChoice) -> tuple[Cast, tuple[Cue, ...], Chapter]:
    book = hakawati.load(folder)
    cast = Cast(folder, book.edition, instead)
    found = cast.cues(book.chapters[0], book.edition.narration)
    cast.complete()
    return cast, found, book.chapters[0]


def test_a_block_is_read_by_the_voice_that_it_chooses_and_no_other_block_is(tmp_path: Path) -> None:
    cast, found, _ = cast_of(project(tmp_path))
    assert [cue.voice for cue in found] == ["ar", "en", "ar old-man", "en", "ar", "en girl"]
    assert {name: voice.key for name, voice in cast.voices.items()} == {
        "ar": Espeak("ar", 130).key,
        "en": Espeak("en").key,
        "ar old-man": Espeak("ar+m3", 130).key,
        "en girl": Espeak("en", pitch=90).key,
    }


def test_what_is_inside_a_block_is_read_by_its_voice_unless_it_chooses_another() -> None:
    _, found, _ = cast_of(BOOKS / "voices-of-blocks")
    arabic = {cue.sentence.text: cue.voice for cue in found if cue.text.lang == "ar"}
    assert arabic["ماذا اشتريت؟"] == "ar old-man"
    assert arabic["اشتريت خبزا."] == "ar girl"
    assert arabic["خبز"] == arabic["زيت"] == "ar girl"
    assert arabic["{voice=girl} هذا نص فيه أقواس."] == "ar"


def test_a_named_voice_can_be_another_for_this_once(tmp_path: Path) -> None:
    chosen = VoiceChoice("espeak", {"voice": "ar+croak"}, Place("--voice", 0))
    cast, _, _ = cast_of(project(tmp_path), **{"old-man": chosen})
    assert cast.voices["ar old-man"].key == Espeak("ar+croak", 130).key


def test_every_voice_that_cannot_be_had_is_told_with_its_line(tmp_path: Path) -> None:
    yaml = YAML.replace("ar+m3", "ar+m99").replace("pitch: 90", "pitch: 900")
    with pytest.raises(BookError) as caught:
        build_here(project(tmp_path, yaml))
    first, second = caught.value.problems
    assert (first.line, second.line) == (5, 6)
    assert first.message.startswith("the voice for old-man: espeak has no variant “m99”")
    assert second.message.startswith("the voice for girl: espeak's “pitch” goes from 0 to 99")


def test_another_setting_of_a_named_voice_makes_only_its_sentences_anew(tmp_path: Path) -> None:
    folder = project(tmp_path)
    build_here(folder)
    (folder / "book" / "book.yaml").write_text(YAML.replace("ar+m3", "ar+m4"))
    (chapter,) = build_here(folder).chapters
    assert (chapter.clips_made, chapter.clips_reused) == (1, 5)
    assert chapter.why == "1 sentence: voice for ar old-man changed"


def test_a_chapter_that_is_kept_keeps_what_is_known_of_its_voices(tmp_path: Path) -> None:
    folder = project(tmp_path)
    (folder / "book" / "ar" / "02-two.md").write_text("# ثان\n\nنص آخر.\n")
    build_here(folder)
    (folder / "book" / "ar" / "02-two.md").write_text("# ثان\n\nنص جديد.\n")
    build_here(folder)
    (folder / "book" / "ar" / "01-one.md").write_text(AR.replace("قال", "صاح"))
    first, _ = build_here(folder).chapters
    assert first.why == "1 sentence: text changed"


def test_who_speaks_is_credited_in_the_order_of_appearance(tmp_path: Path) -> None:
    cast, found, _ = cast_of(project(tmp_path))
    assert cast.credits(found) == ("eSpeak NG (ar)", "eSpeak NG (en)", "eSpeak NG (ar+m3)")


def recorded_clips(folder: Path) -> tuple[ClipRequest, ...]:
    """Of a project whose Arabic is recorded."""
    recording = folder / "book" / "recordings" / "ar" / "01-one.wav"
    recording.parent.mkdir(parents=True)
    recording.write_bytes(b"")
    cast, found, _ = cast_of(folder)
    edition = cast.edition
    library = ClipLibrary(Store(folder / "store"), cast.voices, edition.audio, edition.narration.pauses)
    return clip_requests(library, found)


def test_a_recording_is_one_clip_where_nothing_comes_between(tmp_path: Path) -> None:
    yaml = "title: كتاب\nlanguages: [ar]\n"
    folder = write_book(tmp_path, {"book.yaml": yaml, "ar/01-one.md": AR.replace("{voice=old-man}\n", "")})
    (request,) = recorded_clips(folder)
    assert (len(request.cues), request.cues[0].pause, request.by_person) == (3, 0, True)


def test_a_recording_is_cut_where_the_other_language_has_its_turn(tmp_path: Path) -> None:
    found = recorded_clips(project(tmp_path))
    assert [(len(request.cues), request.by_person) for request in found] == [(1, True), (1, False)] * 3


def test_every_voice_and_recording_has_its_speed(tmp_path: Path) -> None:
    yaml = YAML.replace("narration: {", "narration: {speed: 0.8, ").replace(
        "pitch: 90", "pitch: 90, speed: 1.1"
    )
    folder = project(tmp_path, yaml)
    sentence = folder / "book" / "recordings" / "ar" / "01-one" / "b3s1.wav"
    sentence.parent.mkdir(parents=True)
    sentence.write_bytes(b"")
    cast, _, _ = cast_of(folder)
    assert cast.speeds == {
        "ar": 0.8,
        "en": 0.8,
        "ar old-man": 0.8,
        "en girl": 1.1,
        "book/recordings/ar/01-one/b3s1.wav": 0.8,
    }
    assert cast.voices["en girl"].key == Espeak("en", pitch=90).key


def test_a_speed_that_a_voice_cannot_have_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(BookError) as caught:
        cast_of(project(tmp_path, YAML.replace("pitch: 90", "speed: 3")))
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("book/book.yaml", 6)
    assert problem.message == "the voice for girl: espeak's “speed” goes from 0.5 to 2, and 3.0 does not"
