from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hakawati.errors import BookError, Problem
from hakawati.model import Audio, Book, Narration, Place
from hakawati.source.folder import read_book
from tests.support import CHAPTER, TWO_LANGUAGES, YAML, draw, write_book


def complaints(project: Path) -> list[str]:
    with pytest.raises(BookError) as raised:
        read_book(project)
    return [f"{p.path}:{p.line}: {p.message}" for p in raised.value.problems]


def test_reads_the_smallest_book(tmp_path: Path) -> None:
    book = read_book(write_book(tmp_path / "my-book", {}))
    assert (book.edition.metadata.title, book.edition.metadata.slug) == ({"ar": "كتاب"}, "my-book")
    assert [(c.name, c.role, c.title(), c.notes) for c in book.chapters] == [
        ("01-one", "chapter", "عنوان", ())
    ]
    assert [(b.id, b.kind, b.place) for b in book.chapters[0].blocks] == [
        ("b1", "heading", Place("book/ar/01-one.md", 1)),
        ("b2", "paragraph", Place("book/ar/01-one.md", 3)),
    ]
    assert (book.edition.glossary, book.edition.voices, book.edition.cover, book.notices) == ((), {}, "", ())
    assert (book.edition.narration, book.edition.audio, book.edition.sync, book.edition.layout) == (
        Narration(("ar",)),
        Audio(),
        "phrase",
        "interleaved",
    )


def test_reads_every_file_of_a_book(tmp_path: Path) -> None:
    project = write_book(
        tmp_path,
        {
            "book.yaml": TWO_LANGUAGES + "cover: cover.png\n",
            "glossary.yaml": "- term: نص\n  translation: {en: text}\n",
            "pronunciation.yaml": "قصير: قَصِير\n",
            "ar/01-one.md": CHAPTER
            + "\n![صورة](<صورة أ.png>)\n\n[ثان](02-ثان.md) و[شبكة](https://x.y) و[بريد](mailto:x@y.z)\n",
            "en/01-one.md": "# Title\n\nA text.\n\n![Image](<صورة أ.png>)\n\n[Two](02-ثان.md)\n",
            "ar/02-ثان.md": "# ثان\n",
            "en/02-ثان.md": "# Two\n",
            "notes.txt": b"\xff",
        },
    )
    draw(project / "book" / "cover.png")
    draw(project / "book" / "صورة أ.png")
    book = read_book(project)
    marks = [mark.kind for mark in book.chapters[0].blocks[1].texts[0].sentences[0].marks]
    assert ([c.name for c in book.chapters], book.edition.cover, marks) == (
        ["01-one", "02-ثان"],
        "cover.png",
        ["term", "say"],
    )
    assert (book.chapters[0].title("en"), book.notices) == ("Title", ())


def test_a_chapter_without_a_translation_is_a_notice(tmp_path: Path) -> None:
    book = read_book(write_book(tmp_path, {"book.yaml": TWO_LANGUAGES}))
    assert [str(notice) for notice in book.notices] == [
        "book/ar/01-one.md: no en translation of this chapter\n    hint: write it as book/en/01-one.md"
    ]


def test_a_folder_without_a_book_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(BookError) as raised:
        read_book(tmp_path)
    assert str(raised.value) == (
        f"book: no book/ in {tmp_path}\n"
        "    hint: name a folder that has a book/ in it, or begin one: hakawati new my-book"
    )


def test_a_mistake_in_one_file_hides_none_in_another(tmp_path: Path) -> None:
    project = write_book(
        tmp_path,
        {
            "book.yaml": YAML + "sink: word\n",
            "glossary.yaml": b"\xff",
            "pronunciation.yaml": "- a\n",
            "ar/01-one.md": b"\0",
            "ar/02-two.md": "# ثان\n\n[أول](01-one.md) [ميت](03-three.md)[^x]\n",
        },
    )
    assert complaints(project) == [
        "book/ar/01-one.md:1: the control character U+0000",
        "book/ar/02-two.md:3: the link (03-three.md) leads nowhere",
        "book/ar/02-two.md:3: the note [^x] is not defined",
        "book/book.yaml:3: unknown key “sink”",
        "book/glossary.yaml:1: byte 0xff is not UTF-8",
        "book/pronunciation.yaml:1: this should be words and how they are spoken",
    ]


def test_without_languages_only_the_files_that_need_none_are_read(tmp_path: Path) -> None:
    project = write_book(
        tmp_path, {"book.yaml": "title: a\n", "pronunciation.yaml": "- a\n", "ar/1.md": b"\0"}
    )
    assert complaints(project) == [
        "book/book.yaml:1: “languages” is missing",
        "book/pronunciation.yaml:1: this should be words and how they are spoken",
    ]


def test_two_names_that_differ_in_case_only_are_a_problem(tmp_path: Path) -> None:
    names = {"ar/A.md": CHAPTER, "ar/a.md": CHAPTER}
    project = write_book(tmp_path, dict(names))
    if len(list((project / "book" / "ar").iterdir())) == 1:
        pytest.skip("this file system takes both for the same")
    assert complaints(project) == ["book/ar/a.md:0: differs from A.md in upper and lower case only"]


@pytest.mark.parametrize("name", ["1984", "01-one", "01 one", "فصل.أول", "a_b"])
def test_a_chapter_may_be_named_in_any_letters(tmp_path: Path, name: str) -> None:
    book = read_book(write_book(tmp_path, {f"ar/{name}.md": CHAPTER}))
    assert [chapter.name for chapter in book.chapters] == [name]


@pytest.mark.parametrize("name", ["-a", "_a", "a:b", "a?b", "a\nb", "a&b", '"a"', "a\\b"])
def test_a_chapters_name_must_be_one_on_every_system(tmp_path: Path, name: str) -> None:
    project = write_book(tmp_path, {f"ar/{name}.md": CHAPTER})
    assert complaints(project) == [f"book/ar/{name}.md:0: readers and players may stumble over this name"]


@pytest.mark.parametrize(
    "target", ["two.md", "#a", "01-one.md#a", "ftp://x.y", "http://", "../ar/01-one.md", "//x.y"]
)
def test_a_link_must_lead_somewhere(tmp_path: Path, target: str) -> None:
    project = write_book(tmp_path, {"ar/01-one.md": f"{CHAPTER}\n[ر]({target})\n"})
    assert complaints(project) == [f"book/ar/01-one.md:5: the link ({target}) leads nowhere"]


def test_a_link_in_an_answer_must_lead_somewhere_too(tmp_path: Path) -> None:
    text = "::: questions\n1. س؟\n   > [ج](02-two.md) [ج](01-one.md)\n:::\n"
    project = write_book(tmp_path, {"ar/01-one.md": f"{CHAPTER}\n{text}"})
    assert complaints(project) == ["book/ar/01-one.md:7: the link (02-two.md) leads nowhere"]


def test_an_answer_is_not_read_aloud_and_so_cannot_be_recorded(tmp_path: Path) -> None:
    text = "::: questions\n1. س؟\n   > ج.\n:::\n"
    folder = "recordings/ar/01-one"
    files: dict[str, str | bytes] = {"ar/01-one.md": f"{CHAPTER}\n{text}", f"{folder}/b3-1-1-2-1s1.wav": b""}
    project = write_book(tmp_path, files)
    assert complaints(project) == [
        f"book/{folder}/b3-1-1-2-1s1.wav:0: the chapter has no sentence b3-1-1-2-1s1 in ar"
    ]


def test_a_voice_that_is_not_there_is_a_problem_where_it_was_chosen_and_only_there(tmp_path: Path) -> None:
    text = "{voice=a}\n- س\n- ص\n\n  ع\n\nنص[^x].\n\n[^x]: {voice=b}\n    ش\n"
    project = write_book(tmp_path, {"ar/01-one.md": f"{CHAPTER}\n{text}"})
    assert complaints(project) == [
        "book/ar/01-one.md:6: there is no voice “a”",
        "book/ar/01-one.md:14: there is no voice “b”",
    ]


def test_where_colons_are_missing_no_block_is_said_not_to_pair(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "book.yaml": TWO_LANGUAGES,
        "ar/01-one.md": "# ع\n\n::: verse\nأ\n:::\n\nنص.\n",
        "en/01-one.md": "# T\n\n::: verse\nA\n\nText.\n",
    }
    assert complaints(write_book(tmp_path, files)) == ["book/en/01-one.md:3: “::: verse” is not closed"]


def test_a_chapter_that_leads_out_of_the_folder_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("# Secret", encoding="utf-8")
    project = write_book(tmp_path / "project", {"ar/01-one.md": CHAPTER})
    (project / "book" / "ar" / "02-two.md").symlink_to(tmp_path / "secret.md")
    assert complaints(project) == ["book/ar/02-two.md:0: “ar/02-two.md” leads out of the book's folder"]


def test_text_that_looks_like_markup_is_text(tmp_path: Path) -> None:
    text = "<script>alert(1)</script> ]]> <?php ?> {{ 7*7 }} ${HOME} %s &nbsp"
    project = write_book(
        tmp_path, {"ar/01-one.md": f"# عنوان\n\n{text}\n", "book.yaml": YAML + 'rights: "<b>&{{x}}"\n'}
    )
    book = read_book(project)
    (printed,) = book.chapters[0].blocks[1].texts
    assert "".join(s.text + s.after for s in printed.sentences) == text
    assert book.edition.metadata.rights == "<b>&{{x}}"


def book_or_problems(project: Path) -> Book | tuple[Problem, ...]:
    """What reading comes to; fails where it is neither."""
    try:
        return read_book(project)
    except BookError as error:
        assert error.problems != ()  # noqa: PT017
        return error.problems


PIECES = [
    "# ",
    "## ",
    "> ",
    "- ",
    "1. ",
    "0) ",
    "    ",
    "*",
    "**",
    "_",
    "`",
    "\\",
    "[",
    "](",
    ")",
    "![",
    "](a.png)",
    "[^a]",
    "[^a]: ",
    "[^b]",
    "[^b]: ",
    "<b>",
    "&#12;",
    "&#x202e;",
    "&amp;",
    "|",
    "%00",
    "../",
    "\t",
    "x",
    "\u200f",
    "نص ",
    "وبالمدينة ",
    "د. ",
    "؟ ",
    "word. ",
    "😀",
    "http://x.y",
    "<http://[>",
    "\n",
    "\n\n",
    "\n```\n",
    "\n---\n",
    "\n::: verse\n",
    "\n::: dialogue\n",
    "\n::: questions\n1. ",
    "\n   > ",
    "\n:::\n",
    "\n{voice=ar}\n",
    "\n| x | نص |\n|-|-|\n",
    " / ",
    ": ",
]
KEYS = [
    "title",
    "languages",
    "voices",
    "narration",
    "audio",
    "sync",
    "cover",
    "date",
    "slug",
    "subjects",
    "term",
    "forms",
    "translation",
    "definition",
    "say",
    "- term",
    "x",
    "? ",
    "<<",
    "  pauses",
    "  languages",
    "  engine",
    "---",
]
VALUES = [
    "ar",
    "[ar, en]",
    "{ar: a}",
    "",
    "~",
    "no",
    "1",
    "-1.5",
    "true",
    "[",
    "}",
    "'",
    '"\\0"',
    "&a",
    "*a",
    "!x",
    "|",
    "- a",
]

ANYTHING = st.text(st.characters(codec="utf-8"), max_size=30)
MARKDOWN = st.lists(st.sampled_from(PIECES) | ANYTHING, max_size=30).map("".join)
PAIRS = st.tuples(st.sampled_from(KEYS), st.sampled_from(VALUES)).map(": ".join)
YAMLS = st.lists(PAIRS, max_size=8).map("\n".join) | ANYTHING
TITLED = st.just("title: {ar: a, en: b}\nlanguages: [ar, en]\n")


@settings(deadline=None, max_examples=120)
@given(
    config=TITLED | st.tuples(TITLED, YAMLS).map("".join) | YAMLS,
    glossary=YAMLS,
    say=YAMLS,
    original=MARKDOWN,
    translation=MARKDOWN,
)
def test_whatever_an_author_writes_is_a_book_or_has_problems(
    tmp_path_factory: pytest.TempPathFactory,
    config: str,
    glossary: str,
    say: str,
    original: str,
    translation: str,
) -> None:
    files: dict[str, str | bytes] = {
        "book.yaml": config,
        "glossary.yaml": glossary,
        "pronunciation.yaml": say,
        "ar/01-a.md": f"# ع\n\n{original}",
        "en/01-a.md": f"# T\n\n{translation}",
    }
    book = book_or_problems(write_book(tmp_path_factory.mktemp("book"), files))
    if isinstance(book, Book):
        answers = [leaf for c in book.chapters for answer in c.answers() for leaf in answer.leaves()]
        texts = [text for c in book.chapters for text in c.texts()] + [
            t for leaf in answers for t in leaf.texts
        ]
        ids = [sentence.id for text in texts for sentence in text.sentences]
        assert len(ids) == len(set(ids))


@settings(deadline=None, max_examples=60)
@given(content=st.binary(max_size=60))
def test_whatever_bytes_a_file_holds_are_a_book_or_have_problems(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    files: dict[str, str | bytes] = {"ar/01-a.md": b"# T\n\n" + content, "glossary.yaml": content}
    book = book_or_problems(write_book(tmp_path_factory.mktemp("book"), files))
    if isinstance(book, Book):
        assert [chapter.name for chapter in book.chapters] == ["01-a"]
