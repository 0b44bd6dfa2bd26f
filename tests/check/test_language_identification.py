from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from hakawati.check.forced_alignment import ExpectedSentence, SentenceMatch
from hakawati.check.language_identification import dominant_script
from hakawati.check.sync.measurement import check_sync
from hakawati.publishing.espeak_aligner import EspeakAligner
from tests.goldens import TIME, Built, build_here
from tests.support import write_book

TEXT = (
    "# The Night\n\nThe bells rang all over the city, and everybody heard them from their windows.\n\n"
    "The old man sat before the door and looked at the stars for a long time.\n\n"
    "The children slept before their father came back from his journey to the mountains."
)


@pytest.mark.parametrize("voice", ["en-us", "en-gb", "fr", "tr"])
def test_a_text_that_is_read_as_another_language_is_told_of(tmp_path: Path, voice: str) -> None:
    """eSpeak reads any Latin script, by the rules of the voice's own language."""
    yaml = f"title: A Night\nlanguages: [en]\nslug: a\nvoices: {{en: {{engine: espeak, voice: {voice}}}}}\n"
    project = write_book(tmp_path / "a", {"book.yaml": yaml, "en/01-night.md": TEXT})
    (project / "book" / "ar" / "01-one.md").unlink()
    build_here(project, modified=TIME)
    found = check_sync(Built(project).epub, "a.epub", EspeakAligner())
    named = [f for f in found.findings if "is read as if it were in" in f.problem.message]
    if voice.startswith("en"):
        assert list(found.findings) == []
    else:
        assert [(f.chapter, f.severe) for f in named] == [("01-night", True)]
        assert f"the text in “en” is read as if it were in “{voice}”, as “" in named[0].problem.message


class Counting(EspeakAligner):
    """Remembers what it was asked in another voice."""

    def __init__(self) -> None:
        self.voices: list[str] = []

    def align(
        self, sound: Iterable[bytes], asked: Sequence[ExpectedSentence]
    ) -> tuple[list[SentenceMatch | None], list[tuple[int, int]]]:
        self.voices += [one.voice for one in asked if one.voice]
        return super().align(sound, asked)


def test_nothing_is_asked_where_the_voice_is_surely_the_languages_own(tmp_path: Path) -> None:
    project = write_book(
        tmp_path / "a", {"book.yaml": "title: A Night\nlanguages: [en]\nslug: a\n", "en/01-night.md": TEXT}
    )
    (project / "book" / "ar" / "01-one.md").unlink()
    build_here(project, modified=TIME)
    aligner = Counting()
    assert list(check_sync(Built(project).epub, "a.epub", aligner).findings) == []
    assert aligner.voices == []


@pytest.mark.parametrize(
    ("text", "its"),
    [("The City", "LATIN"), ("المدينة city", "ARABIC"), ("Город", "CYRILLIC"), ("1944 …", ""), ("", "")],
)
def test_a_script_is_that_of_most_letters(text: str, its: str) -> None:
    assert dominant_script(text) == its
