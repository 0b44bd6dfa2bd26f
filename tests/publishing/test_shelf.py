"""Several books at once, and several builds at once."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Executor
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from hakawati import cli
from hakawati.model import NoProgress
from hakawati.publishing import shelf as pipeline
from tests.building import Command, Reader, clips, everything, left, without_builds
from tests.goldens import TIME, Inline
from tests.support import write_book


@pytest.fixture
def reader(reader: Reader) -> Reader:
    """The one of all tests, but with something that it will not say."""
    reader.refuses = "unspeakable"
    return reader


@pytest.fixture
def dispatchers(monkeypatch: pytest.MonkeyPatch, reader: Reader) -> list[int]:
    """How many workers were asked for, each time."""
    asked: list[int] = []

    def executor(workers: int) -> Executor:
        asked.append(workers)
        return Inline()

    monkeypatch.setattr("hakawati.narration.dispatcher.local_executor", executor)
    return asked


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, dispatchers: list[int]) -> Callable[..., Result]:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(TIME))
    return lambda *arguments: CliRunner().invoke(cli.app, [str(a) for a in arguments], catch_exceptions=False)


def book(project: Path, *paragraphs: str) -> Path:
    told = "\n\n".join(paragraphs)
    yaml = f"title: {{en: The {project.name}}}\nlanguages: [en]\n"
    files: dict[str, str | bytes] = {"book.yaml": yaml, "en/01-one.md": f"# A Title\n\n{told}\n"}
    write_book(project, files)
    return project


def options(**chosen: object) -> pipeline.BuildOptions:
    return pipeline.BuildOptions(workers=2, modified=TIME, **chosen)  # type: ignore[arg-type]


@pytest.fixture
def shelf(tmp_path: Path) -> list[Path]:
    """A good book, a broken one, one with a sentence that cannot be spoken, and another good one."""
    broken = book(tmp_path / "broken", "Good text.")
    (broken / "book" / "book.yaml").write_text("title: x\nlanguages: [en]\ncolour: red\n")
    return [
        book(tmp_path / "good", "This is good."),
        broken,
        book(tmp_path / "unspeakable", "This is not bad.", "This is unspeakable.", "Nor is this."),
        book(tmp_path / "last", "This is the last."),
    ]


def test_one_broken_book_does_not_stop_the_others(shelf: list[Path], dispatchers: list[int]) -> None:
    outcomes = pipeline.build_all(shelf, options())
    assert [outcome.project for outcome in outcomes] == shelf
    assert [outcome.report is not None for outcome in outcomes] == [True, False, False, True]
    assert [str(problem).splitlines()[0] for outcome in outcomes for problem in outcome.problems] == [
        "book/book.yaml:3: unknown key “colour”",
        "book/en/01-one.md:5: The Reader cannot speak this sentence: it will not",
    ]
    assert [len([n for n in left(project) if n.endswith(".epub")]) for project in shelf] == [1, 0, 0, 1]


def test_the_sentences_that_could_be_spoken_are_kept_for_the_next_build(
    shelf: list[Path], dispatchers: list[int], reader: Reader
) -> None:
    pipeline.build_all(shelf, options())
    reader.said.clear()
    book(shelf[2], "This is not bad.", "This can be said.", "Nor is this.")
    outcomes = pipeline.build_all(shelf, options())
    assert reader.said == ["This can be said."]
    assert [outcome.report is not None for outcome in outcomes] == [True, False, True, True]


def test_the_same_workers_speak_for_all(shelf: list[Path], dispatchers: list[int]) -> None:
    pipeline.build_all(shelf, options())
    assert len(dispatchers) == 1


def test_progress_is_one_for_all(
    shelf: list[Path], dispatchers: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    stages: list[tuple[str, int]] = []
    told = NoProgress()
    monkeypatch.setattr(told, "stage", lambda name, total: stages.append((name, total)), raising=False)
    pipeline.build_all(shelf, options(), told)
    assert stages == [("Speaking", 8), ("Joining", 1), ("Binding", 1), ("Joining", 1), ("Binding", 1)]


def test_books_built_together_are_those_built_alone(
    tmp_path: Path, dispatchers: list[int], shelf: list[Path]
) -> None:
    pipeline.build_all([shelf[0], shelf[3]], options())
    for project in (shelf[0], shelf[3]):
        alone = without_builds(project, tmp_path / "alone")
        pipeline.build(alone, options())
        assert left(project) == left(alone)


def test_books_that_say_the_same_share_their_clips(
    tmp_path: Path, dispatchers: list[int], reader: Reader
) -> None:
    twins = [book(tmp_path / name / "twin", "The same words.") for name in ("a", "b")]
    store = tmp_path / "store"
    outcomes = pipeline.build_all(twins, options(store=store))
    assert reader.said[:2] == ["A Title", "The same words."]
    assert left(twins[0]) == left(twins[1])
    assert len(clips(store)) == 2
    reader.said.clear()
    third = book(tmp_path / "c" / "twin", "The same words.")
    pipeline.build(third, options(store=store))
    assert reader.said == []
    assert left(third) == left(twins[0])
    assert all(outcome.report for outcome in outcomes)


def test_the_same_book_named_twice_is_built(tmp_path: Path, dispatchers: list[int]) -> None:
    project = book(tmp_path / "p", "Text.")
    first, second = pipeline.build_all([project, project], options())
    assert first.report
    assert second.report
    clean = without_builds(project, tmp_path / "clean")
    pipeline.build(clean, options())
    assert left(project) == left(clean)


def test_a_table_tells_which_books_failed_and_the_status_is_1(
    shelf: list[Path], run: Callable[..., Result]
) -> None:
    told = run("build", *shelf)
    assert told.exit_code == 1
    *_, good, broken, unspeakable, last, total = told.stdout.splitlines()
    assert good == f"{shelf[0]!s:<32} done       0:02 min   2 sentences spoken"
    assert broken == f"{shelf[1]!s:<32} FAILED   1 problem"
    assert unspeakable == f"{shelf[2]!s:<32} FAILED   1 problem"
    assert last.startswith(f"{shelf[3]!s:<32} done ")
    assert total.startswith("2 of 4 books are done, in ")
    assert "book/book.yaml:3: unknown key “colour”" in told.stderr
    assert run("build", shelf[0], shelf[3]).exit_code == 0


def test_json_of_a_shelf_is_a_list(shelf: list[Path], run: Callable[..., Result]) -> None:
    told = run("build", "--json", *shelf)
    assert (told.exit_code, told.stderr) == (1, "")
    found = json.loads(told.stdout)
    assert [entry["project"] for entry in found] == [str(project) for project in shelf]
    assert ["epub" in entry for entry in found] == [True, False, False, True]
    assert [entry["problems"][0]["line"] for entry in found if "problems" in entry] == [3, 5]


def test_a_dry_run_of_a_shelf_writes_nothing_and_tells_of_the_broken_book(
    shelf: list[Path], run: Callable[..., Result], tmp_path: Path
) -> None:
    before = everything(tmp_path)
    told = run("build", "--dry-run", *shelf)
    assert told.exit_code == 1
    assert everything(tmp_path) == before
    assert told.stdout.count("nothing was written.") == 3


def test_a_folder_without_a_book_is_one_failure_among_others(
    shelf: list[Path], run: Callable[..., Result], tmp_path: Path
) -> None:
    told = run("build", tmp_path / "nowhere", shelf[0])
    assert told.exit_code == 1
    assert told.stdout.splitlines()[-1].startswith("1 of 2 books are done")


def test_two_builds_at_once_into_one_store_are_safe(tmp_path: Path) -> None:
    texts = [f"This is sentence number {n} of both." for n in range(40)]
    projects = [book(tmp_path / name / "twin", *texts) for name in ("a", "b")]
    store = tmp_path / "store"
    with (
        Command(tmp_path, "build", projects[0], "--store", store) as one,
        Command(tmp_path, "build", projects[1], "--store", store) as two,
    ):
        assert (one.ended(), two.ended()) == (0, 0), one.told + two.told
    assert left(projects[0]) == left(projects[1])
    alone = without_builds(projects[0], tmp_path / "alone")
    with Command(tmp_path, "build", alone) as command:
        assert command.ended() == 0
    assert left(projects[0]) == left(alone)
    assert len(clips(store)) == 41
    assert not list(store.rglob(".*"))


def test_two_builds_of_one_book_at_once_leave_it_whole(tmp_path: Path) -> None:
    project = book(tmp_path / "p", *[f"This is sentence number {n}." for n in range(20)])
    with Command(tmp_path, "build", project) as one, Command(tmp_path, "build", project) as two:
        assert (one.ended(), two.ended()) == (0, 0), one.told + two.told
    with Command(tmp_path, "build", project) as again:
        assert again.ended() == 0
    clean = without_builds(project, tmp_path / "clean")
    with Command(tmp_path, "build", clean) as command:
        assert command.ended() == 0
    assert left(project) == left(clean)
