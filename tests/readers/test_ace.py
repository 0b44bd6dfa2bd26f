"""Ace by DAISY has nothing to say against any golden book, in nearly any variant; and it would say it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.goldens import ON_THE_WEB, Shelf, Variant, locked
from tests.readers import ace

CLAIMS = ("a11y:certifiedBy", "a11y:certifierCredential", "a11y:certifierReport", "dcterms:conformsTo")
"""What only the author can say."""
LOOKED_AT = ON_THE_WEB
"""Each book in one sync: another changes only how many spans there are. The workbook has all of them."""
BATCHES = 4


@pytest.fixture(scope="session")
def reports(shelf: Shelf, shared: Path, worker_id: str) -> dict[Variant, Path]:
    """The EPUBs of all variants, when Ace has been through them."""
    epubs = {variant: shelf[variant].epub for variant in LOOKED_AT}
    # Variants of a book share pages, which are looked at once in a batch. Each process begins at an end of
    # its own: what one is at, another need not do.
    cases = sorted({variant.case for variant in LOOKED_AT})
    batches = [
        [epub for variant, epub in epubs.items() if variant.case in cases[n::BATCHES]] for n in range(BATCHES)
    ]
    backwards = worker_id not in ("master", "gw0")
    for n in reversed(range(BATCHES)) if backwards else range(BATCHES):
        with locked(shared / f"ace-{n}.lock"):
            if todo := [epub for epub in batches[n] if not ace.is_checked(epub)]:
                ace.check(todo)
    return epubs


@pytest.mark.parametrize("variant", LOOKED_AT, ids=str)
def test_ace_finds_nothing_that_keeps_a_reader_out(
    variant: Variant, reports: dict[Variant, Path], shelf: Shelf
) -> None:
    report = ace.report(reports[variant])
    assert list(map(str, report.violations)) == []
    built = shelf[variant]
    assert report.pages >= {"EPUB/content.opf", *(name for name, _ in built.pages())}
    claimed = bool(built.book.edition.metadata.accessibility.conforms_to)
    assert sorted(report.missing) == ([] if claimed else list(CLAIMS))


Edit = tuple[str, str, str]
"""In the files whose names match, what matches is replaced."""
CHAPTER, PACKAGE = r"text/01-.*\.xhtml", r"content\.opf"
FAULTS: dict[str, tuple[str, Edit]] = {
    "image-alt": ("images", (CHAPTER, r' alt="[^"]*"', "")),
    "html-has-lang": ("notes", (CHAPTER, r'(<html[^>]*) lang="ar" xml:lang="ar"', r"\1")),
    "html-xml-lang-mismatch": ("notes", (CHAPTER, r'(<html[^>]*) xml:lang="ar"', r'\1 xml:lang="en"')),
    "epub-type-has-matching-role": ("notes", (CHAPTER, r' role="doc-noteref"', "")),
    "document-title": ("notes", (CHAPTER, r"<title>[^<]*", "<title>")),
    "heading-order": ("headings", (CHAPTER, r"<(/?)h2", r"<\1h5")),
    "link-name": ("terms", (CHAPTER, r'(<a class="term"[^>]*>)[^<]*', r"\1")),
    "color-contrast": ("notes", (r"style\.css", r"opacity: 0\.\d+", "opacity: 0.2")),
    "epub-lang": ("notes", (PACKAGE, r'(<package[^>]*) xml:lang="ar"', r"\1")),
    "metadata-accessmode": ("notes", (PACKAGE, r'<meta property="schema:accessMode">textual</meta>', "")),
    "metadata-accessibilityhazard-invalid": ("notes", (PACKAGE, ">none<", ">nope<")),
    "metadata-accessibilitysummary": (
        "notes",
        (PACKAGE, r'<meta property="schema:accessibilitySummary".*?</meta>', ""),
    ),
    "metadata-conformsto-invalid": ("accessible", (PACKAGE, "Level AA", "Level B")),
}
"""By the rule that is broken: a golden book, and what breaks it."""


def broken(epub: Path, folder: Path, edit: Edit) -> Path:
    """A copy of the book with a fault."""
    names, pattern, replacement = edit
    changed = 0
    folder.mkdir()
    with zipfile.ZipFile(epub) as whole, zipfile.ZipFile(folder / "broken.epub", "w") as copy:
        for info in whole.infolist():
            data = whole.read(info)
            if re.search(names, info.filename):
                text, times = re.subn(pattern, replacement, data.decode(), flags=re.S)
                data, changed = text.encode(), changed + times
            copy.writestr(info, data)
    assert changed
    return folder / "broken.epub"


def test_ace_finds_every_fault_that_is_put_into_a_book(shelf: Shelf, tmp_path: Path) -> None:
    files: Sequence[Path] = [
        broken(shelf[case].epub, tmp_path / rule, edit) for rule, (case, edit) in FAULTS.items()
    ]
    ace.check(files)
    found = [{violation.rule for violation in ace.report(file).violations} for file in files]
    assert found == [{rule} for rule in FAULTS]


def test_a_book_that_ace_cannot_open_is_not_taken_for_a_good_one(tmp_path: Path) -> None:
    (tmp_path / "no.epub").write_bytes(b"no EPUB at all")
    with pytest.raises(RuntimeError, match="Ace stopped"):
        ace.check([tmp_path / "no.epub"])
