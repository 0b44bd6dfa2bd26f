"""Tables, verses, dialogue and questions on the page."""

from __future__ import annotations

import posixpath
from urllib.parse import urldefrag

from hakawati.epub import resource_paths
from hakawati.model import Block, Chapter, plain
from tests.goldens import Built, Shelf, Variant, text_of, xpath


def of(built: Built, kind: str) -> list[tuple[Chapter, Block]]:
    """All blocks of a kind, with their chapters."""

    def inside(block: Block) -> list[Block]:
        return [block, *(found for child in block.children for found in inside(child))]

    return [
        (chapter, found)
        for chapter in built.book.chapters
        for block in chapter.blocks
        for found in inside(block)
        if found.kind == kind
    ]


def test_a_tables_cells_stand_in_its_rows_and_columns_under_their_headings(shelf: Shelf) -> None:
    built = shelf["tables"]
    tables = of(built, "table")
    shown = [
        t
        for c in built.book.chapters
        for t in xpath(built.xml(resource_paths.chapter_path(c.name)), "//h:table")
    ]
    assert len(shown) == len(tables) > 1
    for (_, table), node in zip(tables, shown, strict=True):
        rows = xpath(node, "h:thead/h:tr | h:tbody/h:tr")
        assert len(xpath(node, "h:thead/h:tr")) == 1
        assert len(rows) == len(table.children)
        for row, wanted in zip(rows, table.children, strict=True):
            for cell, block in zip(row, wanted.children, strict=True):
                assert cell.tag.endswith("}th" if block.header else "}td")
                assert cell.get("scope") == ("col" if block.header else None)
                assert cell.get("class") == (block.align or None)
                assert [p.get("id") for p in xpath(cell, ".//h:p")] == [text.id for text in block.texts]


def test_a_verses_halves_are_told_apart_and_by_white_space_too(shelf: Shelf) -> None:
    built = shelf["verses"]
    found = 0
    for chapter, verse in of(built, "verse"):
        page = built.xml(resource_paths.chapter_path(chapter.name))
        for text in verse.texts:
            (node,) = xpath(page, f"//*[@id='{text.id}']")
            halves = xpath(node, "h:span[@class='half']")
            wanted = "".join(s.text + s.after for s in text.sentences).split("\n")
            assert len(halves) == len(wanted)
            assert all(text_of(half).endswith(" ") for half in halves[:-1])
            found += len(halves) > 1
    assert found > 3


def test_who_speaks_is_marked_with_weight_not_colour(shelf: Shelf) -> None:
    built = shelf["dialogue"]
    turns = of(built, "turn")
    assert turns
    for chapter, turn in turns:
        page = built.xml(resource_paths.chapter_path(chapter.name))
        for text in turn.texts:
            (node,) = xpath(page, f"//*[@id='{text.id}']")
            names = xpath(node, ".//h:b[@class='speaker']")
            assert "".join(text_of(name) for name in names).endswith(":")


def test_questions_lead_to_their_answers_and_these_lead_back(shelf: Shelf) -> None:
    for variant in (
        Variant("questions"),
        Variant("questions").but("layout=original", "narration.languages=[ar]"),
    ):
        built = shelf[variant]
        answers = built.xml(resource_paths.ANSWERS)
        ids = {str(node.get("id")): node for node in answers.iter() if node.get("id")}
        assert len(ids) == len(xpath(answers, "//@id"))
        found = 0
        for chapter in built.book.chapters:
            path = resource_paths.chapter_path(chapter.name)
            page = built.xml(path)
            for link in xpath(page, f"//h:a[starts-with(@href, '../{resource_paths.ANSWERS}#')]"):
                answer = ids[urldefrag(link.get("href")).fragment]
                (back,) = xpath(answer, ".//h:a[@role='doc-backlink']")
                target, fragment = urldefrag(back.get("href"))
                assert posixpath.normpath(target) == path
                (question,) = xpath(page, f"//h:li[@id='{fragment}']")
                assert link in list(question.iter())
                found += 1
        assert found == sum(len(list(chapter.answers())) for chapter in built.book.chapters) > 2


def test_an_answer_is_on_no_chapters_page_and_whole_on_its_own(shelf: Shelf) -> None:
    built = shelf["questions"]
    there = text_of(built.xml(resource_paths.ANSWERS))
    for chapter in built.book.chapters:
        page = text_of(built.xml(resource_paths.chapter_path(chapter.name)))
        for answer in chapter.answers():
            for leaf in answer.leaves():
                for text in leaf.texts:
                    assert " ".join(there.split()).count(plain(text)) >= 1
                    assert plain(text) not in " ".join(page.split())
