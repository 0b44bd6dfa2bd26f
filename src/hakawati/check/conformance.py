"""A finished EPUB, ours or anyone's: what EPUBCheck, Ace and our own rules say of it.

Where EPUBCheck and Ace are not installed, our own rules take their place as far as they can; what is left
then is reported, and is no fault of the book.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, cast

from hakawati.check import accessibility_rules, ace, epubcheck
from hakawati.check.archive import Archive, open_archive
from hakawati.check.content_documents import KIND, ContentDocument, DocumentIssue, read_documents, text_of
from hakawati.check.cross_references import CrossReferences
from hakawati.check.declared_languages import DeclaredLanguages
from hakawati.check.publication import Publication, read_publication
from hakawati.check.safe_xml import parse_xml
from hakawati.check.source_map import SourceMap
from hakawati.errors import BookError, Problem
from hakawati.model import Finding

_MOST = 16 << 30
"""Bytes that all files together may have before other programs are let at them."""
NO_SOURCES = SourceMap({}, {}, {})


@dataclass
class ConformanceResult:
    """What was found in an EPUB."""

    findings: list[Finding] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    """What was not checked, why, and how it would be."""
    title: str = ""
    chapters: dict[str, str] = field(default_factory=dict)
    """The title of each document of the spine, by its file's name without ending, in order."""


def check_conformance(
    file: Path, name: str, environment: Mapping[str, str], origins: SourceMap = NO_SOURCES
) -> ConformanceResult:
    """Check an EPUB, and lead what is found back to its sources.

    `name`: as the user named it; `environment`: the variables of the process, which tell where Ace is;
    `origins`: where its parts come from, of a book whose sources are here.
    """
    made = ConformanceResult()
    try:
        with open_archive(file, name) as archive:
            _ConformanceCheck(file, archive, environment, origins, made).run()
    except BookError as error:
        made.findings += [Finding("epub", problem, severe=True) for problem in error.problems]
    made.findings = list(dict.fromkeys(made.findings))
    return made


class _ConformanceCheck:
    def __init__(
        self,
        file: Path,
        archive: Archive,
        environment: Mapping[str, str],
        origins: SourceMap,
        made: ConformanceResult,
    ) -> None:
        self.file = file
        self.archive = archive
        self.environment = environment
        self.tracer = SourceTracer(archive, origins)
        self.result = made

    def run(self) -> None:
        book, problems = read_publication(self.archive)
        self.result.title = book.title
        problems += self._unpacked()
        self._add(Finding("epub", problem, severe=True) for problem in problems)
        safe = not problems
        checker = safe and epubcheck.is_installed()
        command = ace.find_command(self.environment) if safe else None
        self._documents(book, checker=checker, accessible_too=command is None)
        if checker:
            self._epubcheck()
        elif safe:
            self.result.left_out.append(f"EPUBCheck is not installed; get it: {epubcheck.INSTALL}")
        if command:
            self._ace(command)
        elif safe:
            why = "Ace by DAISY is not installed, and only a part of accessibility was checked"
            self.result.left_out.append(f"{why}; get it: {ace.INSTALL}")
        if not safe:
            self.result.left_out.append("EPUBCheck and Ace were not run on a file that is damaged")

    def _add(self, findings: Iterator[Finding]) -> None:
        self.result.findings += map(self.tracer.trace, findings)

    def _unpacked(self) -> list[Problem]:
        """What cannot be unpacked, or is too much to be: other programs would not notice in time."""
        nowhere = _ByteCounter()
        problems: list[Problem] = []
        for entry in self.archive.names():
            try:
                self.archive.copy(entry, cast("IO[bytes]", nowhere))
            except BookError as error:
                problems += error.problems
            if nowhere.size > _MOST:
                hint = "divide the book into volumes"
                problems.append(self.archive.wrong("", f"it is larger than {_MOST >> 30} GB", hint))
                break
        return problems

    def _documents(self, book: Publication, *, checker: bool, accessible_too: bool) -> None:
        structure = CrossReferences(self.archive, book)
        languages = DeclaredLanguages(self.archive, book)
        for found in read_documents(self.archive, book):
            if isinstance(found, Problem):
                self._add(iter([Finding("epub", found, severe=True)]))
                continue
            if found.spine:
                self.result.chapters[_stem(found.entry)] = _title(found)
            structure.add(found)
            self._add(languages.check_document(found))
            if accessible_too:
                remarks = accessibility_rules.check_document(found)
                self._add(remark.to_finding(self.archive, found.entry) for remark in remarks)
        self._add(languages.check_package())
        if not checker:
            self._add(structure.findings())
        if accessible_too:
            package = parse_xml(self.archive, book.entry)
            remarks = accessibility_rules.check_package(package)
            self._add(remark.to_finding(self.archive, book.entry) for remark in remarks)
        order = [_stem(item.entry) for item in book.documents if item.media_type == KIND]
        self.result.chapters = {
            name: self.result.chapters[name] for name in order if name in self.result.chapters
        }

    def _epubcheck(self) -> None:
        try:
            messages = epubcheck.run(self.file)
        except (epubcheck.EpubCheckError, OSError) as error:
            self._add(iter([self._failed("epub", "EPUBCheck", error)]))
            return
        for message in messages:
            more = f", and in {message.more} more places" if message.more else ""
            text = f"{message.text.rstrip('.')} (EPUBCheck {message.id}){more}"
            problem = self.archive.wrong(message.entry, text, "", message.line)
            finding = Finding("epub", problem, severe=message.severity != "WARNING")
            self.result.findings.append(self.tracer.trace(finding, message.column))

    def _ace(self, command: Path) -> None:
        try:
            violations = ace.run(command, self.file, self.environment)
        except (ace.AceError, OSError) as error:
            self._add(iter([self._failed("accessibility", "Ace", error)]))
            return
        for violation in violations:
            line = 0
            if violation.cfi and violation.entry in self.archive:
                line = ace.line_at(violation.cfi, parse_xml(self.archive, violation.entry))
            text = f"{violation.text.rstrip('.')} (Ace {violation.rule})"
            remark = DocumentIssue(line, text, violation.hint, violation.severe)
            self._add(iter([remark.to_finding(self.archive, violation.entry)]))

    def _failed(self, check: str, program: str, error: Exception) -> Finding:
        message = f"{program} could not check it: {error}"
        problem = self.archive.wrong("", message, "check again; if it stays, tell who makes the program")
        return Finding("epub" if check == "epub" else "accessibility", problem, severe=True)


class SourceTracer:
    """Leads what is said of an EPUB's files back to what they are made of."""

    def __init__(self, archive: Archive, origins: SourceMap) -> None:
        self.archive, self.origins = archive, origins
        self._names = {_stem(entry): name for entry, name in origins.chapters.items()}
        self._read: tuple[str, bytes] = ("", b"")
        """The last document that was asked for."""

    def trace(self, finding: Finding, column: int = 0) -> Finding:
        """The finding at its source, where that is known; then its message says where it is in the EPUB."""
        problem = finding.problem
        entry = problem.path.removeprefix(f"{self.archive.name}/")
        if entry == problem.path:
            return finding
        named = self._names.get(finding.chapter, finding.chapter)
        chapter = named or self.origins.chapters.get(entry, "")
        place = (
            self.origins.place(entry, self._data(entry), problem.line, column) if self.origins.files else None
        )
        if place is None:
            return replace(finding, chapter=chapter)
        # An overlay is no page of a chapter, but its parts come of one.
        source = place.path.rpartition("/")[2].removesuffix(".md")
        chapter = chapter or (source if source in self._names.values() else "")
        where = f"{entry}:{problem.line}" if problem.line else entry
        told = replace(
            problem, path=place.path, line=place.line, message=f"{problem.message}; in the EPUB: {where}"
        )
        return replace(finding, problem=told, chapter=chapter)

    def _data(self, entry: str) -> bytes:
        if self._read[0] != entry:
            try:
                self._read = (entry, self.archive.read(entry) if entry in self.archive else b"")
            except BookError:
                self._read = (entry, b"")
        return self._read[1]


class _ByteCounter:
    """A file that forgets what is written to it, and counts."""

    def __init__(self) -> None:
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        return len(data)


def _stem(entry: str) -> str:
    return entry.rpartition("/")[2].rpartition(".")[0]


def _title(document: ContentDocument) -> str:
    headings = (text_of(heading) for heading in document.elements("h1", "h2", "title"))
    return next((text for text in headings if text), _stem(document.entry))
