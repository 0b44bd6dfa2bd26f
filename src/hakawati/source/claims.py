"""An author's claims about a book's accessibility: what a complete one needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hakawati.errors import Problem, listed
from hakawati.model import Accessibility
from hakawati.source.yaml_lines import Lines

# Compared letter by letter: https://www.w3.org/TR/epub-a11y-11/#sec-conf-reporting-pub
CLAIM = re.compile(r"EPUB Accessibility 1\.1 - WCAG 2\.[012] Level A{1,3}")
_NAME = r"[^\s<>\"{}|\\^`\[\]%/?#@:.]+"
_REST = r"(%[0-9A-Fa-f]{2}|[^\s<>\"{}|\\^`\[\]%#])*"
_PATH = r"(%[0-9A-Fa-f]{2}|[^\s<>\"{}|\\^`\[\]%#?/])+"
_PORT = r"(:([1-9][0-9]{0,3}|[1-5][0-9]{4}))?"
ADDRESS = re.compile(rf"https?://{_NAME}(\.{_NAME})*{_PORT}([/?]{_REST})?(#{_REST})?")
"""Of a page on the web, as EPUBCheck accepts it."""
SITE = re.compile(rf"https://{_NAME}(\.{_NAME})*{_PORT}(/{_PATH})*/?")
"""Of a folder on the web, to which a file's name can be added; podcast directories want it encrypted."""


def half_claims(said: Accessibility, lines: Lines, path: str) -> Iterator[Problem]:
    """What `accessibility` in `book.yaml` says by halves.

    A claim is what the book conforms to and who found that it does: EPUB Accessibility 1.1 §4.2.
    """

    def wrong(key: str, message: str, hint: str) -> Problem:
        return Problem(path, lines["accessibility", key], message, hint)

    for key in ("conforms_to", "certifier_credential", "certifier_report"):
        if getattr(said, key) and not said.certified_by:
            hint = "add certified_by: …, the name of who evaluated the book"
            yield wrong(key, f"“{key}” without “certified_by”", hint)
    if said.certified_by and not said.conforms_to:
        hint = "add conforms_to: EPUB Accessibility 1.1 - WCAG 2.2 Level AA, or what the book was found to be"
        yield wrong("certified_by", "“certified_by” without “conforms_to”", hint)
    credential = said.certifier_credential
    if re.match("https?:", credential) and not ADDRESS.fullmatch(credential):
        hint = "write the whole address, https://…, or a name without it"
        yield wrong("certifier_credential", f"“certifier_credential” cannot be “{credential[:60]}”", hint)
    if len(said.summary) > 1:
        # Nothing tells a translation from another summary: EPUB Accessibility Techniques 1.1 §2.5.
        hint = "write it in one language, summary: {en: …}, since a reader would be shown any of several"
        yield wrong("summary", f"“summary” is in {listed(said.summary)}", hint)
