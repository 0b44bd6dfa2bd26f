"""What of a book is printed, to compare with what a reading system shows."""

from __future__ import annotations

from hakawati.model import Chapter, Text


def printed(chapter: Chapter, text: Text) -> str:
    """A text in one line, with the numbers of its notes."""
    numbers = {note.id: str(note.number) for note in chapter.notes}
    pieces = []
    for sentence in text.sentences:
        at = 0
        for mark in sorted((m for m in sentence.marks if m.kind == "noteref"), key=lambda m: m.begin):
            pieces += [sentence.text[at : mark.begin], numbers[mark.target]]
            at = mark.begin
        pieces += [sentence.text[at:], sentence.after]
    return one_line("".join(pieces))


def one_line(text: str) -> str:
    return " ".join(text.split())
