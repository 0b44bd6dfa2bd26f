"""What a build says of vowels that nobody has settled, and what it prints of them."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest

from hakawati.arabic.marks import MARKS
from hakawati.model import VowelCounts
from tests.goldens import build_here
from tests.support import write_book

NAMES = "قال ديغول إن الجنرال لوكلير وصل."


def project(folder: Path, vowels: str, **files: str) -> Path:
    config = f"title: {{ar: قصة}}\nlanguages: [ar]\ncover: none\nvowels: {vowels}\n"
    return write_book(folder, {"book.yaml": config, "ar/01-one.md": f"# قصة\n\n{NAMES}\n", **files})


def printed(made: Path) -> str:
    """The sentence of names as its page shows it."""
    (epub,) = (made / "build").glob("*.epub")
    with zipfile.ZipFile(epub) as archive:
        page = archive.read("EPUB/text/01-one.xhtml").decode()
    return re.sub("<[^>]+>", "", next(line for line in page.splitlines() if "وصل" in plain(line))).strip()


def plain(text: str) -> str:
    return "".join(c for c in text if c not in MARKS)


def test_a_build_counts_words_guesses_and_doubtful_ones(tmp_path: Path) -> None:
    made = project(tmp_path, "spoken", **{"pronunciation.yaml": "ديغول: دِيغُول\nلوكلير: لُوكْلِير\n"})
    report = build_here(made)
    (chapter,) = report.chapters
    assert chapter.vowels.words == 7
    assert chapter.vowels.guesses <= 5  # the others are the author's
    assert chapter.vowels.doubtful < 5
    assert report.notices == ()


def test_doubtful_words_that_are_printed_with_vowels_are_reported(tmp_path: Path) -> None:
    (notice,) = build_here(project(tmp_path, "print")).notices
    assert re.search("“vowels: print” shows [2-5] words with vowels", notice.message)
    assert "hakawati words" in notice.hint


@pytest.mark.parametrize("vowels", ["{print: sure}", "print sure"])
def test_doubtful_words_can_be_printed_without_vowels(tmp_path: Path, vowels: str) -> None:
    every, sure = project(tmp_path / "print", "print"), project(tmp_path / "sure", vowels)
    build_here(every)
    report = build_here(sure)
    assert report.notices == ()
    words = printed(sure).split()
    assert plain(" ".join(words)) == plain(printed(every)) == NAMES
    bare = [word for word in words if not set(word) & set(MARKS)]
    assert plain("لوكلير") in bare
    assert len(bare) == report.chapters[0].vowels.doubtful
    assert words[0] == printed(every).split()[0] != "قال"


def test_a_book_without_doubt_has_nothing_to_be_said_of_it(tmp_path: Path) -> None:
    made = project(tmp_path, "print", **{"ar/01-one.md": "# قِصَّةٌ\n\nقَالَ وَصَلَ.\n"})
    report = build_here(made)
    assert report.notices == ()
    assert report.chapters[0].vowels == VowelCounts(words=3)
