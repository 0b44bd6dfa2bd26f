"""YAML that is made to hurt: what multiplies, what is constructed, what goes on and on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.bounds import command, outcome
from tests.support import YAML, write_book

NO_ALIASES = "anchors (&) and aliases (*) are not used here"
LAUGHS = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
BAD: dict[str, tuple[str, str]] = {
    "a billion laughs": (LAUGHS, f"1: {NO_ALIASES}"),
    "laughs in a line": ("a: &a [b]\nc: [" + "*a, " * 100_000 + "]", f"1: {NO_ALIASES}"),
    "one that holds itself": ("a: &a [*a]", f"1: {NO_ALIASES}"),
    "merged": ("a: 1\n<<: *b", f"2: {NO_ALIASES}"),
    "an object": (
        "a: !!python/object/apply:os.system [id]",
        "1: the tag tag:yaml.org,2002:python/object/apply:os.system is not used here",
    ),
    "a module": (
        "a: !!python/module:os x",
        "1: the tag tag:yaml.org,2002:python/module:os is not used here",
    ),
    "a number of a megabyte": ("9" * 1_000_000, ""),
    "lists in lists": ("a: " + "[" * 500_000, "1: nested more than 20 levels deep"),
    "mappings in mappings": (
        "\n".join(" " * n + "a:" for n in range(1_000)),
        "22: nested more than 20 levels deep",
    ),
    "dashes": ("- " * 500_000, "1: nested more than 20 levels deep"),
    "questions": ("? " * 100_000, "1: a key must be a word"),
    "a key without end": (f"? {'k' * 500_000}\n: 1", "1: a key of more than 300 characters"),
    "quotation marks": ("a: " + "'" * 500_001, ""),
    "documents": ("---\n" * 100_000, ""),
}


@pytest.mark.parametrize("name", ["book.yaml", "glossary.yaml", "pronunciation.yaml"])
@pytest.mark.parametrize("case", BAD)
def test_nothing_multiplies_and_nothing_is_made(case: str, name: str, tmp_path: Path) -> None:
    text, message = BAD[case]
    found = outcome(write_book(tmp_path, {name: text}))
    if message:
        assert f"book/{name}:{message}" in found
    assert [one for one in found if one.startswith(f"book/{name}")] != []


def test_a_word_may_be_explained_at_length_but_not_looked_for_or_said(tmp_path: Path) -> None:
    long, longer = "ن" * 301, "ن" * 10_001
    glossary = (
        f"- {{term: ن, say: {long}, forms: [{long}], translation: {{}}, definition: {{ar: {longer}}}}}\n"
    )
    project = write_book(
        tmp_path, {"glossary.yaml": glossary, "pronunciation.yaml": f"قصير: {long}\n{'ق' * 301}: ق\n"}
    )
    assert outcome(project) == [
        "book/glossary.yaml:1: “definition” is longer than 10000 characters",
        "book/glossary.yaml:1: “forms” is longer than 300 characters",
        "book/glossary.yaml:1: “say” is longer than 300 characters",
        "book/pronunciation.yaml:2: a key of more than 300 characters",
    ]


def test_many_terms_that_begin_alike_are_found_in_seconds(tmp_path: Path) -> None:
    terms = "".join(f"- term: نص ك{n}\n" for n in range(4_000))
    text = f"# عنوان\n\n{'نص ' * 10_000}\n\nنص ك7.\n"
    assert outcome(write_book(tmp_path, {"glossary.yaml": terms, "ar/01-one.md": text})) == []


def test_so_many_editions_do_not_fill_the_memory(tmp_path: Path) -> None:
    editions = "".join(f"  e{n}: {{sync: word}}\n" for n in range(50_000))
    project = write_book(tmp_path / "book", {"book.yaml": f"{YAML}editions:\n{editions}"})
    done = command(tmp_path, "build", project)
    assert (done.status, done.said.splitlines()[0]) == (
        1,
        "book/book.yaml:3: “editions” has more than 50 entries",
    )


def test_a_title_of_10_000_characters_is_too_long_and_one_of_2_000_is_printed(tmp_path: Path) -> None:
    word = f"title: {'ك' * 10_000}\nlanguages: [ar]\n"
    assert outcome(write_book(tmp_path / "a", {"book.yaml": word})) == [
        "book/book.yaml:1: “title” is longer than 2000 characters"
    ]
    for n, title in enumerate(("ك" * 2_000, "ب" + "َ" * 998 + " \U0001f600" * 500)):
        project = write_book(tmp_path / str(n), {"book.yaml": f"title: {title}\nlanguages: [ar]\n"})
        assert command(tmp_path / f"{n}.log", "build", project).status == 0
