"""The files of a book folder: read safely, and never from outside of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from hakawati.errors import Problem, nearest

MAX_BYTES = 2_000_000
"""Of one text file: some thirty hours of speech, more than any reader opens as one chapter."""
MAX_PIXELS = 50_000_000
IMAGES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}

# What XML 1.0 §2.2 forbids (white space is allowed), and C1 controls, which no one writes on purpose.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
# Directional embeddings, overrides and isolates, and what closes each (UAX #9).
_CLOSING = dict.fromkeys("\u202a\u202b\u202d\u202e", "\u202c") | dict.fromkeys("\u2066\u2067\u2068", "\u2069")


class Files:
    """The folder `book/` of a project; what is wrong with its files gathers in `problems`."""

    def __init__(self, project: Path) -> None:
        self.project = project
        self.root = project / "book"
        self.problems: list[Problem] = []
        self.modified = 0
        """When the newest file that was read had been changed: seconds since the epoch."""

    def wrong(self, path: str, line: int, message: str, hint: str) -> None:
        self.problems.append(Problem(path, line, message, hint))

    def stems(self, folder: str) -> list[str]:
        """The names, without their ending, of the Markdown files in a folder of the book."""
        there = self.root / folder
        if not there.is_dir():
            return []
        return sorted(p.stem for p in there.glob("*.md") if not p.name.startswith("."))

    def text(self, name: str, required: str = "") -> str | None:
        """The text of a file, or None where it is not there, or unfit.

        What is unfit is reported, and what is missing if `required` says what should stand in it.
        """
        path = f"book/{name}"
        file = self._inside(name, path, 0)
        if file is None:
            return None
        try:
            status = file.stat()
            if status.st_size > MAX_BYTES:
                size = f"{status.st_size / 1e6:.0f} MB of text in one file"
                self.wrong(path, 0, size, "divide it into chapters, one file each")
                return None
            data = file.read_bytes()
        except FileNotFoundError:
            if required:
                self.wrong(path, 0, "this file is missing", required)
            return None
        except OSError as error:
            self.wrong(path, 0, f"cannot be read: {error.strerror}", "check its permissions")
            return None
        self.modified = max(self.modified, int(status.st_mtime))
        return self._decoded(data, path)

    def image(self, name: str, path: str, line: int) -> None:
        """Check an image that `path` names in `line`."""

        def wrong(message: str, hint: str) -> None:
            self.wrong(path, line, f"the image {name} {message}", hint)

        if _is_remote(name):
            wrong("is not in the book", "copy it into book/images/: a book is complete offline")
            return
        file = self._inside(name, path, line)
        if file is None:
            return
        expected = IMAGES.get(file.suffix.lower())
        if expected is None:
            hint = "save it as PNG, JPEG, GIF or WebP"
            wrong("is of a kind that not every reader shows", hint)
        elif not file.is_file():
            there = self._neighbours(name)
            wrong("is not there", nearest(name, there) if there else "name it from book/ on")
        elif fault := _image_fault(file, expected):
            wrong(fault, "open it in an image program and save it again")
        else:
            self.modified = max(self.modified, int(file.stat().st_mtime))

    def _neighbours(self, name: str) -> list[str]:
        folder = (self.root / name).parent
        parent = PurePosixPath(name).parent
        return [f"{parent / p.name}" for p in folder.iterdir()] if folder.is_dir() else []

    def _inside(self, name: str, path: str, line: int) -> Path | None:
        """The file of this name in `book/`, or None, reported, where it leads out of the folder."""
        file = self.root / name
        try:
            inside = file.resolve().is_relative_to(self.root.resolve())
        except (OSError, ValueError, RuntimeError):  # a name too long, a null byte, a loop of links
            inside = False
        if inside and not PurePosixPath(name).is_absolute() and "\\" not in name:
            return file
        hint = "copy the file into book/ and name it from there"
        self.wrong(path, line, f"“{name[:80]}” leads out of the book's folder", hint)
        return None

    def _decoded(self, data: bytes, path: str) -> str | None:
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            fault = f"byte {data[error.start]:#04x} is not UTF-8"
            self.wrong(path, line, fault, "save the file as UTF-8")
            return None
        faults = list(_bad_characters(text, path))
        self.problems += faults
        return None if faults else text


def _is_remote(name: str) -> bool:
    try:
        return bool(urlsplit(name).scheme or urlsplit(name).netloc)
    except ValueError:
        return True


def _image_fault(file: Path, expected: str) -> str:
    from PIL import Image

    try:
        with Image.open(file) as image:
            if image.format != expected:
                return f"is not what its name says, but {image.format}"
            if image.width * image.height > MAX_PIXELS:
                return f"has more than {MAX_PIXELS // 1_000_000} million pixels"
            image.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return "is no image, or a damaged one"
    return ""


def _bad_characters(text: str, path: str) -> Iterator[Problem]:
    """Characters that cannot stand in a page, and controls that would turn what follows them."""
    for match in list(_FORBIDDEN.finditer(text))[:20]:
        line = text.count("\n", 0, match.start()) + 1
        message = f"the control character U+{ord(match[0]):04X}"
        yield Problem(path, line, message, "delete it; it may be invisible in your editor")
    if not any(c in text for c in _CLOSING):
        return
    for number, line_text in enumerate(text.split("\n"), start=1):
        waiting: list[str] = []
        for c in line_text:
            if c in _CLOSING:
                waiting.append(_CLOSING[c])
            elif waiting and c == waiting[-1]:
                waiting.pop()
        if waiting:
            hint = "delete the invisible character, or close it; Arabic and English mix without"
            message = "a directional control that is not closed in its line"
            yield Problem(path, number, message, hint)
