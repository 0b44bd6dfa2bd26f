"""The answers to a chapter's questions → their section in the page of answers at the book's end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hakawati.epub import resource_paths
from hakawati.epub.page import PageView, answer_id
from hakawati.epub.templates import fragment
from hakawati.model import Block, Chapter, Edition, plain


@dataclass(frozen=True, slots=True)
class _AnswerEntry:
    """A question with its answer, which has the ids of the page of answers."""

    number: int | None
    """As the chapter numbers it, if it does."""
    question: str
    href: str
    """The URL of the question in its chapter."""
    id: str
    answer: Block


def answers(edition: Edition, chapter: Chapter) -> str:
    """A chapter's section of the answers' page; empty where it answers nothing."""
    found = list(_answered(chapter))
    if not found:
        return ""
    view = PageView(edition, chapter, frozenset(), up="")
    view.popup = False  # answers have no translations on demand
    return fragment(
        "answered.xhtml.j2",
        edition,
        here=resource_paths.safe(chapter.name),
        chapter=chapter,
        page=view,
        answered=found,
    )


def _answered(chapter: Chapter) -> Iterator[_AnswerEntry]:
    prefix = f"{resource_paths.safe(chapter.name)}-"
    for block in chapter.blocks:
        if block.kind != "questions":
            continue
        (list_,) = block.children
        for n, item in enumerate(list_.children, list_.start or 1):
            if item.children[-1].kind == "answer":
                yield _AnswerEntry(
                    number=n if list_.start is not None else None,
                    question=" ".join(plain(leaf.texts[0]) for leaf in item.leaves() if leaf.texts),
                    href=f"{resource_paths.chapter_path(chapter.name)}#{item.id}",
                    id=answer_id(chapter, item),
                    answer=_renamed(item.children[-1], prefix),
                )


def _renamed(block: Block, prefix: str) -> Block:
    """The block with other ids, since one page shows blocks of many chapters."""
    texts = tuple(
        replace(
            text,
            id=prefix + text.id,
            sentences=tuple(replace(sentence, id=prefix + sentence.id) for sentence in text.sentences),
        )
        for text in block.texts
    )
    children = tuple(_renamed(child, prefix) for child in block.children)
    return replace(block, id=prefix + block.id, texts=texts, children=children)
