"""The files of a book folder: read safely, and never from outside of it."""

from __future__ import annotations

import hashlib
import os
import stat
import warnings
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from hakawati.common.stamps import Digests
from hakawati.errors import BookError, Problem, nearest, short
from hakawati.source.characters import composed, faults

MAX_BYTES = 2_000_000
"""Of one text file: some thirty hours of speech, more than any reader opens as one chapter."""
MAX_NAME = 255
"""Bytes of an image's name: what every file system and zip can hold."""
MAX_PIXELS = 50_000_000
MAX_PART = 50_000_000
"""Bytes of a font or an image: more than a font of Chinese has."""
_SMALLER = {"font": "take one for fewer languages", "image": "save it with fewer pixels"}
FONTS = (".ttf", ".otf")
IMAGES = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}


class Files:
    """The folder `book/` of a project; what is wrong with its files gathers in `problems`."""

    def __init__(self, project: Path, digests: Digests | None = None) -> None:
        """`digests`: of large files, known from before."""
        self.project = project
        self.digests = digests or Digests()
        self.root = project / "book"
        self.problems: list[Problem] = []
        self._image_faults: dict[Path, tuple[str, str] | None] = {}
        self.modified = 0
        """When the newest file that was read had been changed: seconds since the epoch."""

    def wrong(self, path: str, line: int, message: str, hint: str) -> None:
        self.problems.append(Problem(path, line, message, hint))

    def stems(self, folder: str) -> list[str]:
        """The names, composed and without their ending, of the Markdown files in a folder of the book.

        Sorted. One stands there twice where two files differ in nothing but how their names are composed.
        """
        there = self.root / folder
        if not there.is_dir():
            return []
        return sorted(composed(p.stem) for p in there.glob("*.md") if not p.name.startswith("."))

    def found(self, name: str) -> Path:
        """The file of this name in the book, however that is composed; or where there would be one."""
        here = self.root
        for part in PurePosixPath(name).parts:
            there = here / part
            if not os.path.lexists(there) and here.is_dir():
                alike = (p for p in here.iterdir() if composed(p.name) == composed(part))
                there = min(alike, default=there)
            here = there
        return here

    def every(self) -> list[str]:
        """The names of all files of the book but recordings, which are listened to and not read; sorted."""
        found = []
        for folder, folders, files in os.walk(self.root):
            here = Path(folder).relative_to(self.root)
            folders[:] = [f for f in folders if not f.startswith(".") and (here / f) != Path("recordings")]
            found += [(here / f).as_posix() for f in files if not f.startswith(".")]
        return sorted(found)

    def stamps(self, *names: str) -> list[str]:
        """Names, sizes, times and numbers of files, by their names without ending, and of all in folders.

        Of files that are listened to and not read: they may be large, and this is enough to know that none
        has changed.
        """
        found = []
        for name, file in self._beside(names):
            with suppress(OSError):
                status = file.stat()
                stamp = f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"
                found.append(f"{name} {stamp}")
        return found

    def contents(self, *names: str) -> list[str]:
        """Names and digests of the same files."""
        found = []
        for name, file in self._beside(names):
            with suppress(OSError):
                found.append(f"{name} {self.digests.of(name, file)}")
        return found

    def _beside(self, names: Iterable[str]) -> Iterator[tuple[str, Path]]:
        """Files by their names without ending, and all that are in folders of these names."""
        for name in names:
            there = self.found(name)
            beside = there.parent.iterdir() if there.parent.is_dir() else ()
            alike = [p for p in beside if composed(p.name).startswith(f"{composed(there.name)}.")]
            for file in sorted([*alike, *there.rglob("*")]):
                with suppress(OSError):
                    if stat.S_ISREG((status := file.stat()).st_mode) and not file.name.startswith("."):
                        self.modified = max(self.modified, int(status.st_mtime))
                        yield file.relative_to(self.root).as_posix(), file

    def digest(self, names: Sequence[str], *more: str) -> str:
        """A digest of files' names and contents; one that cannot be read counts as one without content."""
        total = hashlib.sha256("\0".join(more).encode("utf-8", "surrogateescape"))
        for name in names:
            total.update(f"\0{name}\0".encode("utf-8", "surrogateescape"))
            with suppress(OSError):
                file = self.found(name)
                if stat.S_ISREG((status := file.stat()).st_mode):
                    large = status.st_size > MAX_PART  # and so no part of the book
                    content = str(status.st_mtime_ns).encode() if large else file.read_bytes()
                    total.update(hashlib.sha256(content).digest())
                    self.modified = max(self.modified, int(status.st_mtime))
        return total.hexdigest()

    def text(self, name: str, required: str = "") -> str | None:
        """The text of a file, or None where it is not there, or unfit.

        What is unfit is reported, and what is missing if `required` says what should stand in it.
        """
        path = f"book/{name}"
        there = self.found(name)
        file = self.inside(there.relative_to(self.root).as_posix(), path, 0)
        return self.read(file, path, required) if file else None

    def read(self, file: Path, path: str, required: str = "") -> str | None:
        """The text of a file that is known as `path`; as `text`."""
        try:
            status = file.stat()
            if not stat.S_ISREG(status.st_mode):  # a folder; or a pipe, which would never end
                self.wrong(path, 0, "this is no file", "give a folder a name that does not end like a text's")
                return None
            if status.st_size > MAX_BYTES:
                size = f"{status.st_size / 1e6:.0f} MB of text in one file"
                chapter = file.suffix == ".md"
                hint = "divide it into chapters, one file each" if chapter else "leave out what is not needed"
                self.wrong(path, 0, size, hint)
                return None
            data = file.read_bytes()
        except FileNotFoundError:
            if required or file.is_symlink():
                hint = required or "it is a link that leads nowhere: mend or remove it"
                self.wrong(path, 0, "this file is missing", hint)
            return None
        except OSError as error:
            self.wrong(path, 0, f"cannot be read: {error.strerror}", "check its permissions")
            return None
        self.modified = max(self.modified, int(status.st_mtime))
        return self._decoded(data, path)

    def image(self, name: str, path: str, line: int, *, known: bool = False) -> None:
        """Check an image that `path` names in `line`; one that is `known` is sound if it is there."""
        hint = "save it as PNG, JPEG, GIF or WebP"
        file = self._part("image", name, path, line, IMAGES, hint)
        if file and not known and (found := self._image_fault(file)):
            fault, hint = found
            self.wrong(path, line, f"the image {short(name)} {fault}", hint)

    def _image_fault(self, file: Path) -> tuple[str, str] | None:
        """As the function of this name; each file is decoded once."""
        if file not in self._image_faults:
            self._image_faults[file] = _image_fault(file, IMAGES[file.suffix.lower()])
        return self._image_faults[file]

    def font(self, name: str, path: str, line: int) -> bytes | None:
        """The content of a font file that `path` names in `line`; None, reported, where it cannot be had."""
        file = self._part("font", name, path, line, FONTS, "convert it to TTF or OTF")
        if file is None:
            return None
        try:
            return file.read_bytes()
        except OSError as error:
            fault = f"the font {short(name)} cannot be read: {error.strerror}"
            self.wrong(path, line, fault, "check its permissions")
            return None

    def _part(
        self, kind: str, name: str, path: str, line: int, endings: Collection[str], other: str
    ) -> Path | None:
        """The file of a name, of one of the kinds that books are made of; None, reported, if it is not there.

        `other`: the hint where its ending is none of those.
        """

        def wrong(message: str, hint: str) -> None:
            self.wrong(path, line, f"the {kind} {short(name)} {message}", hint)

        if _is_remote(name):
            wrong("is not in the book", f"copy it into book/{kind}s/: a book is complete offline")
            return None
        if "\\" in name:
            wrong("is written with backslashes", f"write {name.replace(chr(92), '/')[:80]}")
            return None
        if len(name.encode()) > MAX_NAME:
            wrong("has too long a name", "give it a short one")
            return None
        file = self.inside(name, path, line)
        if file is None:
            return None
        if file.suffix.lower() not in endings:
            wrong("is of a kind that not every reader shows", other)
        elif file.exists() and not file.is_file():
            wrong("is no file", f"name a file that is {'an' if kind[0] in 'aeiou' else 'a'} {kind}")
        elif not file.is_file():
            there = self._neighbours(name, endings)
            if self.found(name).is_file():
                hint = "rename the file: type its name anew, as it stands here"
                wrong("is there under a name that looks the same, but is encoded otherwise", hint)
            else:
                wrong("is not there", nearest(name, there) if there else "name it from book/ on")
        elif file.stat().st_size > MAX_PART:
            wrong(f"has more than {MAX_PART // 1_000_000} MB", _SMALLER[kind])
        else:
            self.modified = max(self.modified, int(file.stat().st_mtime))
            return file
        return None

    def _neighbours(self, name: str, endings: Collection[str]) -> list[str]:
        folder = (self.root / name).parent
        parent = PurePosixPath(name).parent
        files = folder.iterdir() if folder.is_dir() else ()
        return [f"{parent / p.name}" for p in files if p.suffix.lower() in endings]

    def inside(self, name: str, path: str, line: int) -> Path | None:
        """The file of this name in `book/`, or None, reported, where it leads out of the folder."""
        if self.contains(name):
            return self.root / name
        hint = "copy the file into book/ and name it from there"
        self.wrong(path, line, f"“{name[:80]}” leads out of the book's folder", hint)
        return None

    def contains(self, name: str) -> bool:
        """Whether a file of this name is in the folder, or would be, and not behind a link out of it."""
        try:
            inside = (self.root / name).resolve().is_relative_to(self.root.resolve())
        except (OSError, ValueError, RuntimeError):  # a null byte, a loop of links
            return False
        return inside and not PurePosixPath(name).is_absolute()

    def _decoded(self, data: bytes, path: str) -> str | None:
        try:
            text = data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            fault = f"byte {data[error.start]:#04x} is not UTF-8"
            self.wrong(path, line, fault, "save the file as UTF-8")
            return None
        found = [Problem(path, line + 1, message, hint) for line, message, hint in faults(text)]
        self.problems += found
        return None if found else text


def read_plain_text(path: Path) -> str:
    """The text of a file outside of any book; raises `BookError` where it is no text."""
    files = Files(path.parent)
    text = files.read(path, str(path), required="name a text file")
    if text is not None and not text.strip():
        files.wrong(str(path), 0, "this file is empty", "name a file with text in it")
    if text is None or files.problems:
        raise BookError(files.problems)
    return text


def _is_remote(name: str) -> bool:
    try:
        return bool(urlsplit(name).scheme or urlsplit(name).netloc)
    except ValueError:
        return True


def _image_fault(file: Path, expected: str) -> tuple[str, str] | None:
    """What is wrong with an image that should be of a kind that Pillow calls `expected`, and what to do."""
    from PIL import Image

    large = f"has more than {MAX_PIXELS // 1_000_000} million pixels", _SMALLER["image"]
    try:
        with warnings.catch_warnings(action="ignore"):  # of what Pillow can do without
            with Image.open(file) as image:
                if image.format != expected:
                    hint = f"open it in an image program and save it as {expected}"
                    return f"is not what its name says, but {image.format}", hint
                if image.width * image.height > MAX_PIXELS:
                    return large
                image.verify()
            with Image.open(file) as image:
                image.draft("L", (64, 64))  # of a JPEG, only so much is computed
                image.load()
    except Image.DecompressionBombError:
        return large
    except (OSError, SyntaxError, ValueError):
        return "is no image, or a damaged one", "open it in an image program and save it again"
    return None
