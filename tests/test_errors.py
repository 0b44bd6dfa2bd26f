from __future__ import annotations

import pytest

from hakawati.errors import Problem, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("قِصّة\u200c 👩\u200d🔬 a\u200fb", "قِصّة\u200c 👩\u200d🔬 a\u200fb"),
        ("a\x1b[2Jb\r\n\tc\x85", "a<U+001B>[2Jb<U+000D><U+000A><U+0009>c<U+0085>"),
        ("photo\u202egnp.exe\u2066", "photo<U+202E>gnp.exe<U+2066>"),
        ("a\u2028b\u2029", "a<U+2028>b<U+2029>"),
        ("\udcff.md", "<U+DCFF>.md"),
    ],
)
def test_what_a_terminal_would_obey_is_named_instead(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_a_problem_is_a_line_and_its_hint_another() -> None:
    problem = Problem("book/ar/\x1b\n.md", 3, "the image a\nb is not there", "did you mean “a\n”?")
    assert str(problem) == (
        "book/ar/<U+001B><U+000A>.md:3: the image a<U+000A>b is not there\n"
        "    hint: did you mean “a<U+000A>”?"
    )
