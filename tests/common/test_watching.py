"""`build --watch`, as an author meets it who saves and saves again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import Command, ends, left, run, soon, without_builds
from tests.support import write_book

GOOD = "# One\n\nThis is a sentence.\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write_book(
        tmp_path / "project",
        {"book.yaml": "title: {en: A Book}\nlanguages: [en]\n", "en/01-one.md": GOOD, "ar/01-one.md": GOOD},
    )


@pytest.fixture
def watching(project: Path, tmp_path: Path) -> Iterator[Command]:
    """A watch whose first build is done."""
    with Command(tmp_path, "build", project, "--watch", "--workers", "1") as command:
        assert soon(lambda: "Watching. Ctrl-C ends it." in command.told), command.told
        yield command


def builds(command: Command) -> int:
    return command.told.count(" of narration, ")


def test_a_save_is_built_a_mistake_is_told_and_a_mended_text_is_built_again(
    project: Path, watching: Command, tmp_path: Path
) -> None:
    page = project / "book" / "en" / "01-one.md"
    (epub,) = (project / "build").glob("*.epub")
    first = epub.read_bytes()
    assert builds(watching) == 1

    page.write_text(GOOD + "\nThis is another.\n")
    assert soon(lambda: builds(watching) == 2), watching.told
    assert "1 sentence: text changed" in watching.told
    second = epub.read_bytes()
    assert second != first

    page.write_text(GOOD + "\n![](images/none.png)\n")
    assert soon(lambda: "nothing was built." in watching.told), watching.told
    assert "book/en/01-one.md:5: the image images/none.png" in watching.told
    assert epub.read_bytes() == second
    assert watching.process.poll() is None

    page.write_text(GOOD + "\nThis is mended.\n")
    assert soon(lambda: builds(watching) == 3), watching.told
    ends(watching)
    clean = without_builds(project, tmp_path / "clean")
    assert run(tmp_path, "build", clean).ended() == 0
    assert left(project) == left(clean)


def test_a_book_that_begins_with_a_mistake_is_watched_until_it_has_none(
    project: Path, tmp_path: Path
) -> None:
    (project / "book" / "book.yaml").write_text("title: x\nlanguages: en\ncolour: red\n")
    with Command(tmp_path, "build", project, "--watch") as command:
        assert soon(lambda: "Watching." in command.told), command.told
        assert "nothing was built." in command.told
        (project / "book" / "book.yaml").write_text("title: {en: A Book}\nlanguages: [en]\n")
        assert soon(lambda: builds(command) == 1), command.told
        ends(command)


def test_a_build_is_no_save(watching: Command, project: Path) -> None:
    (project / "build" / "notes.txt").write_text("not a source")
    assert not soon(lambda: builds(watching) > 1, 1.5)
    ends(watching)


def test_a_save_while_the_first_build_is_under_way_is_not_missed(project: Path, tmp_path: Path) -> None:
    with Command(tmp_path, "build", project, "--watch") as command:
        assert soon(lambda: "Speaking: 2" in command.told), command.told
        (project / "book" / "en" / "01-one.md").write_text(GOOD + "\nThis is another.\n")
        assert soon(lambda: builds(command) == 2), command.told
        ends(command)
    clean = without_builds(project, tmp_path / "clean")
    assert run(tmp_path, "build", clean).ended() == 0
    assert left(project) == left(clean)


def test_without_a_book_there_is_nothing_to_watch(tmp_path: Path) -> None:
    command = run(tmp_path, "build", tmp_path / "none", "--watch")
    assert command.ended() == 1
    assert "no book/ in" in command.told


def test_files_that_come_and_go_are_saves(watching: Command, project: Path) -> None:
    (project / "book" / "en" / "02-two.md").write_text("# Two\n\nMore of it.\n")
    assert soon((project / "audio" / "02-two.mp3").exists), watching.told
    assert soon(lambda: builds(watching) == 2), watching.told
    (project / "book" / "en" / "02-two.md").unlink()
    assert soon(lambda: builds(watching) == 3), watching.told
    assert not (project / "audio" / "02-two.mp3").exists()
    ends(watching)
