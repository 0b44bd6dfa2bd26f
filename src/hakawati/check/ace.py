"""Ace by DAISY, the accessibility checker for EPUB, where the author has it: it needs Node and a Chromium.

`npm install -g @daisy/ace` makes it the command `ace`; `@daisy/ace-cli`, which brings no browser of its own,
makes it `ace-cli`.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, normpath
from typing import TYPE_CHECKING, Any

from hakawati import programs
from hakawati.check.printable_text import printable
from hakawati.check.safe_xml import line_of, local_name

if TYPE_CHECKING:
    from lxml import etree

INSTALL = "npm install -g @daisy/ace"
_COMMANDS = ("ace", "ace-cli")
_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_SECONDS = 1800
_START = 120_000
"""Milliseconds for the browser to begin; Ace's own five seconds are few on a busy machine."""


class AceError(Exception):
    """Ace itself failed; the message says how."""


@dataclass(frozen=True, slots=True)
class Violation:
    """A place that breaks a rule."""

    rule: str
    """`image-alt`: http://kb.daisy.org/publishing/docs/"""
    severe: bool
    """Ace's `serious` and `critical`."""
    text: str
    hint: str
    entry: str
    cfi: str
    """Where in the document, as steps through its elements (EPUB CFI); empty where it is about all of it."""


def find_command(environment: Mapping[str, str]) -> Path | None:
    """The command that is Ace, where there is one. `environment`: the variables of the process."""
    for name in _COMMANDS:
        path = shutil.which(name, path=environment.get("PATH"))
        if path and _is_ace(path, environment):
            return Path(path)
    return None


def _is_ace(path: str, environment: Mapping[str, str]) -> bool:
    """Other programs are called ace."""
    with tempfile.TemporaryDirectory(prefix="ace-") as folder:
        try:
            told = programs.run([path, "--help"], Path(folder), 60, environment)
        except OSError:
            return False
    return b"DAISY" in told.output


def run(command: Path, file: Path, environment: Mapping[str, str]) -> list[Violation]:
    """What Ace finds, in its order. Raises `AceError`; `OSError`."""
    variables = {"ACE_TIMEOUT_INITIAL": str(_START), **environment}
    browser = next((b for name in _BROWSERS if (b := shutil.which(name, path=environment.get("PATH")))), None)
    if browser:
        variables.setdefault("PUPPETEER_EXECUTABLE_PATH", browser)
    # The browser's socket has a short name at most, and so its folder has.
    with tempfile.TemporaryDirectory(prefix="ace-") as folder:
        link, out = Path(folder) / "book.epub", Path(folder) / "out"
        link.symlink_to(file.resolve())
        variables |= {"HOME": folder, "XDG_CONFIG_HOME": folder, "TMPDIR": folder}
        arguments = [str(command), "--outdir", str(out), "--silent", "--force", str(link)]
        try:
            done = programs.run(arguments, Path(folder), _SECONDS, variables)
        except TimeoutError:
            raise AceError(f"it was not done after {_SECONDS // 60} minutes") from None
        try:
            return list(_violations(json.loads((out / "report.json").read_bytes())))
        except (OSError, ValueError, KeyError, TypeError):
            lines = (done.errors + done.output).decode(errors="replace").strip().splitlines()
            raise AceError(printable((lines or [f"status {done.status}"])[-1], 200)) from None


def _violations(told: dict[str, Any]) -> Iterator[Violation]:
    urls = (str(subject["earl:testSubject"]["url"]) for subject in told["assertions"])
    package = next((url.lstrip("/") for url in urls if url.endswith(".opf")), "")
    for subject in told["assertions"]:
        # The package document is named from the EPUB's root, what is in it from its own folder.
        url = str(subject["earl:testSubject"]["url"])
        entry = package if url.endswith(".opf") else normpath(f"{dirname(package)}/{url}")
        for each in subject["assertions"]:
            test, result = each["earl:test"], each["earl:result"]
            if result["earl:outcome"] == "pass":
                continue
            cfi = (result.get("earl:pointer") or {}).get("cfi") or [""]
            lines = str(result["dct:description"]).splitlines()
            yield Violation(
                rule=printable(str(test["dct:title"])),
                severe=test["earl:impact"] in ("serious", "critical"),
                text=printable(lines[0] if lines else "", 200),
                hint=printable(str((test.get("help") or {}).get("dct:description") or ""), 200),
                entry=entry,
                cfi=str(cfi[0]),
            )


def line_at(cfi: str, root: etree._Element) -> int:
    """The line of the element that a CFI leads to, as far as it leads."""
    element = root
    for step in cfi.split("/"):
        number = step.partition("[")[0]
        if not number.isdecimal() or int(number) % 2 or not int(number):
            continue
        children = [child for child in element if local_name(child)]
        if int(number) // 2 > len(children):
            break
        element = children[int(number) // 2 - 1]
    return line_of(element)
