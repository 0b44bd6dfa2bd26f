from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.errors import Problem
from hakawati.preview.excerpts import AROUND, WIDEST, with_excerpts
from hakawati.preview.messages import MOST_PROBLEMS

TEXT = "one\r\ntwo\nthree\rfour\nfive\nsix"
SECRET = "the secret"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("excerpts")
    project = folder / "project"
    book = project / "book"
    (book / "en").mkdir(parents=True)
    (book / "en" / "01.md").write_bytes(TEXT.encode())
    (book / "bad.md").write_bytes(b"\xff\xfe\nsecond")
    (book / "wide.md").write_text("x" * 5000)
    for secret in (folder / "secret.md", project / "secret.md", folder / "booklet.md"):
        secret.write_text(SECRET)
    (folder / "outside").mkdir()
    (folder / "outside" / "secret.md").write_text(SECRET)
    (book / "link.md").symlink_to(folder / "secret.md")
    (book / "folder").symlink_to(folder / "outside")
    (book / "inside.md").symlink_to(book / "en" / "01.md")
    (book / "loop.md").symlink_to(book / "loop.md")
    return project


def excerpt(project: Path, path: str, line: int) -> tuple[tuple[int, str], ...]:
    (found,) = with_excerpts(project, [Problem(path, line, "x")])
    return found.excerpt


def test_the_lines_around_are_numbered_as_an_editor_does(project: Path) -> None:
    assert excerpt(project, "book/en/01.md", 4) == (
        (2, "two"),
        (3, "three"),
        (4, "four"),
        (5, "five"),
        (6, "six"),
    )
    assert excerpt(project, "book/en/01.md", 1) == ((1, "one"), (2, "two"), (3, "three"))
    assert excerpt(project, "book/inside.md", 6)[-1] == (6, "six")


@pytest.mark.parametrize("line", [0, -1, 7, 10**9])
def test_a_line_that_is_not_there_has_none(project: Path, line: int) -> None:
    assert excerpt(project, "book/en/01.md", line) == ()


LEAKS = (
    *(
        "secret.md",
        "../secret.md",
        "book/../secret.md",
        "book/../../secret.md",
        "book/link.md",
        "book/folder/secret.md",
    ),
    *(
        "book",
        "book/",
        "",
        "/",
        "book/en",
        "book/loop.md",
        "book/none.md",
        "book/\0",
        "book/en/../../../secret.md",
    ),
    *("/etc/passwd", "book//etc/passwd", "../booklet.md", "--voice"),
)


@pytest.mark.parametrize("path", LEAKS)
def test_no_file_outside_of_the_book_is_shown(project: Path, path: str) -> None:
    assert excerpt(project, path, 1) == ()
    absolute = str(project.parent / "secret.md")
    assert excerpt(project, absolute, 1) == excerpt(project, f"book/{absolute}", 1) == ()


PIECES = st.sampled_from(
    ["book", "..", ".", "", "link.md", "folder", "secret.md", "en", "outside", "/", "project"]
)


@given(st.lists(PIECES).map("/".join))
def test_no_way_leads_to_a_secret(project: Path, path: str) -> None:
    assert SECRET not in str(excerpt(project, path, 1))


def test_what_is_no_text_and_what_is_too_wide_is_shown_as_far_as_it_goes(project: Path) -> None:
    assert excerpt(project, "book/bad.md", 2) == ((1, "��"), (2, "second"))
    ((_, line),) = excerpt(project, "book/wide.md", 1)
    assert line == "x" * WIDEST + "…"


def test_of_very_many_problems_the_first_are_shown_with_their_lines(project: Path) -> None:
    found = with_excerpts(
        project,
        [Problem(f"book/{n}.md", 1, "x") for n in range(MOST_PROBLEMS)] + [Problem("book/wide.md", 1, "y")],
    )
    assert len(found) == MOST_PROBLEMS + 1
    assert found[-1].excerpt == ()
    assert AROUND > 0
