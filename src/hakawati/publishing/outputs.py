"""What builds make in a project, in `audio/` and `build/`: written there and nowhere else, and known again.

Which files they are, and what is in them, is remembered in a list. It is in both folders, so that one of
them may be deleted, or damaged, and everything that a build made is still known to be its own. What is read
from the list is believed of nothing but the files of these two folders: whoever gave the project away may
have written it.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from hakawati.common import checked_json
from hakawati.common.atomic import replacing, write_atomically
from hakawati.common.stamps import NEVER, Digests, Stamp, as_json, content, from_json, is_link, stamp
from hakawati.errors import BookError, Problem
from hakawati.publishing.formats import is_output
from hakawati.publishing.paths import AUDIO, BUILD, EDITIONS, REPORT, STATE

LIST = ".hakawati.json"
"""The list's name in either folder."""
_KIND = "files of a project"
_MOST = 20
"""Files of others that are named at once."""


@dataclass
class Outputs:
    """What builds made in a project. Only one build at a time may write: see `lock`."""

    project: Path
    known: dict[str, Stamp] = field(default_factory=dict)
    """The files of earlier builds, by path in the project, with forward slashes."""
    made: dict[str, Stamp] = field(default_factory=dict)
    """Those that this build has made."""
    going: set[str] = field(default_factory=set)
    """Those that it is going to make, or has made."""
    digests: Digests = field(default_factory=Digests)
    """Of the book's recordings."""
    whole: bool = False
    """Whether the lists are there, and say what is so."""
    thorough: bool = False
    """Whether files are always known by their content, and not by their sizes and times."""
    _left: list[str] = field(default_factory=list)
    """Those of earlier builds that could not be removed."""
    _compared: dict[str, bool] = field(default_factory=dict)
    """Files whose content was compared, and whether it is what was made."""

    @classmethod
    def of(cls, project: Path) -> Outputs:
        """The outputs of a project as its last build left them."""
        first, second = (_listed(project, folder) for folder in (BUILD, AUDIO))
        known, recordings = first or second or (_of_the_first_states(project), {})
        whole = first is not None and (first == second or not (project / AUDIO).is_dir())
        return cls(project, known, digests=Digests(recordings), whole=whole)

    def path(self, name: str) -> Path:
        """Where an output is. Raises `BookError` where that is outside of the project, or behind a link."""
        parts = PurePosixPath(name).parts
        if not _is_inside(name) or parts[0] not in (AUDIO, BUILD):
            raise BookError([Problem(name, 0, "no place for what a build makes", "delete the folder build/")])
        folder = self.project
        for part in parts[:-1]:
            folder = folder / part
            if is_link(folder):
                where = folder.relative_to(self.project).as_posix()
                message = "this is a link, and a build writes into the project's own folders only"
                hint = "remove the link; a folder takes its place (clips can be elsewhere: --store)"
                raise BookError([Problem(where, 0, message, hint)])
        return self.project / name

    def folder(self, name: str) -> Path:
        """Where a folder of outputs is. Raises `BookError` as `path`."""
        return self.path(f"{name}/x").parent

    def intact(self, name: str, *, compare: bool = False) -> bool:
        """Whether an output is what was made; `compare`: by its content, though its stamp is the same."""
        if name in self._compared:
            return self._compared[name]
        known = self.made.get(name) or self.known.get(name)
        try:
            path = self.path(name)
        except BookError:
            return False
        now = stamp(path)
        if known is None or now is None or not known.digest or now.size != known.size:
            return False
        if not (compare or self.thorough) and now[:4] == known[:4]:
            return True
        with suppress(OSError):
            self._compared[name] = content(path) == known.digest
        if self._compared.get(name) and now[:4] != known[:4]:  # a copy of the project, a second name
            self.known[name] = now._replace(digest=known.digest)
            self.whole = False
        return self._compared.get(name, False)

    def digest(self, name: str) -> str:
        """Of what was made; empty where nothing is known of it."""
        return (self.made.get(name) or self.known.get(name) or NEVER).digest

    def check(self, names: Iterable[str], *, force: bool) -> None:
        """Raises `BookError` as `path`, and, unless `force`, where the files are there and no build's."""
        there = [name for name in names if name not in self.known and os.path.lexists(self.path(name))]
        if there and not force:
            message = "this file is in the way, and no build of this book made it; it was left as it is"
            hint = "move it elsewhere, or have it replaced: hakawati build --force"
            raise BookError([Problem(name, 0, message, hint) for name in there[:_MOST]])

    def begin(self, names: Iterable[str]) -> None:
        """Note the files that are going to be made. Were the build broken off, the next would know of them.

        Raises `OSError`, `BookError`.
        """
        self.going.update(names)
        self._save({**self.known, **dict.fromkeys(self.going, NEVER), **self.made})

    @contextmanager
    def replacing(self, name: str, *, lasting: bool = True) -> Iterator[Path]:
        """A file to write to, which becomes this output. Raises `OSError`, `BookError`."""
        path = self.path(name)
        with replacing(path, lasting=lasting) as temporary:
            yield temporary
            digest = content(temporary)
        self._note(name, path, digest)

    def write(self, name: str, data: bytes, *, lasting: bool = True) -> None:
        """Make an output of bytes. Raises `OSError`, `BookError`."""
        with self.replacing(name, lasting=lasting) as temporary:
            temporary.write_bytes(data)

    def make(self, name: str, output: bytes | Callable[[Path], str | None]) -> None:
        """Make an output of bytes, or by what writes a file, and may return the digest of what it wrote.

        Raises `OSError`, `BookError`.
        """
        if isinstance(output, bytes):
            self.write(name, output)
            return
        path = self.path(name)
        with replacing(path) as temporary:
            digest = output(temporary) or content(temporary)
        self._note(name, path, digest)

    def keep(self, name: str, digest: str) -> bool:
        """Have an output for made that is there already with this content; False where it has another."""
        path, known = self.path(name), self.known.get(name, NEVER)
        if not (known.digest == digest and self.intact(name)):
            try:
                if stamp(path) is None or content(path) != digest:
                    return False
            except OSError:
                return False
        self._note(name, path, digest)
        return True

    def mend(self) -> None:
        """Write the lists again, where they do not say what is so. Raises `OSError`, `BookError`."""
        if not self.whole:
            self._save(self.known)
            self.whole = True

    def remember(self, names: Collection[str]) -> None:
        """Leave word of all that there is now, `names`. Raises `OSError`, `BookError`."""
        files = dict.fromkeys(self._left, NEVER)
        for name in names:
            known = self.made.get(name) or self.known.get(name)
            now = stamp(self.project / name)
            if known and now:
                # A second name that a file was given changes its stamp, and not what is in it.
                same = now[:2] == known[:2] and now.number == known.number
                files[name] = now._replace(digest=known.digest) if same else known
        self._save(files)

    def _note(self, name: str, path: Path, digest: str) -> None:
        now = stamp(path)
        if now is None:
            raise FileNotFoundError(2, "it has gone while it was being made", str(path))
        self.made[name] = now._replace(digest=digest)
        self._compared.pop(name, None)

    def clear(self, names: Collection[str]) -> list[Problem]:
        """Remove what earlier builds made and is not among `names`; returns notices."""
        # On a disk that does not tell upper from lower case, an old name may be a new file's.
        alike = {_folded(name): name for name in names}
        notices = []
        for name in sorted(self.known.keys() - set(names)):
            if not (is_output(name) and _is_inside(name)):
                continue
            try:
                path = self.path(name)
                now = stamp(path)
                new = alike.get(_folded(name))
                if now is None or (new and path.samefile(self.path(new))):
                    continue
                if not self._is_ours(name, path):
                    message = (
                        "no part of the book any more; it was left, since it was changed after its build"
                    )
                    notices.append(Problem(name, 0, message, "delete it if you do not need it"))
                    continue
                path.unlink()
            except BookError:
                continue
            except OSError:
                self._left.append(name)
                continue
            with suppress(OSError):
                path.parent.rmdir()  # only if it is empty
        return notices

    def _is_ours(self, name: str, path: Path) -> bool:
        """Whether a file is what a build made, or one was about to make."""
        return not self.known[name].digest or content(path) == self.known[name].digest

    def _save(self, files: Mapping[str, Stamp]) -> None:
        data = {
            "files": {name: as_json(found) for name, found in files.items()},
            "recordings": {name: as_json(found) for name, found in self.digests.known.items()},
        }
        made = checked_json.dumps(_KIND, data)
        for folder in (BUILD, AUDIO):
            path = self.path(f"{folder}/{LIST}")
            if folder == BUILD or path.parent.is_dir():
                write_atomically(path, made)


@dataclass(frozen=True)
class OutputFolder:
    """A folder of outputs that are made again where they are damaged, so that nobody waits for the disk."""

    outputs: Outputs
    folder: str
    """Its path in the project."""

    def keep(self, name: str, digest: str) -> bool:
        """As `Outputs.keep`, of a file in the folder."""
        return self.outputs.keep(f"{self.folder}/{name}", digest)

    def replacing(self, name: str) -> AbstractContextManager[Path]:
        """As `Outputs.replacing`, of a file in the folder."""
        return self.outputs.replacing(f"{self.folder}/{name}", lasting=False)


def _listed(project: Path, folder: str) -> tuple[dict[str, Stamp], dict[str, Stamp]] | None:
    """What a list says; None where there is none, or a damaged one."""
    try:
        data = checked_json.read(project / folder / LIST, _KIND)
        files = {str(name): from_json(value) for name, value in data["files"].items()}
        recordings = {str(name): from_json(value) for name, value in data["recordings"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return None
    return files, recordings


def _of_the_first_states(project: Path) -> dict[str, Stamp]:
    """The files of a project whose last build was by a version that had no such list yet."""
    names: set[str] = set()
    for path in (project / STATE, *(project / EDITIONS).glob("*.json")):
        with suppress(OSError, ValueError, KeyError, TypeError):
            names.update(map(str, checked_json.loads(checked_json.read_bytes(path))["files"]), [REPORT])
    return dict.fromkeys(names, NEVER)


def _is_inside(name: str) -> bool:
    """Whether a path with forward slashes leads from a folder to something in it, on every system."""
    parts = name.split("/")
    strange = any(part in ("", ".", "..") or "\0" in part or "\\" in part or ":" in part for part in parts)
    return len(parts) > 1 and not strange


def _folded(name: str) -> str:
    """The name as a disk has it that tells neither upper from lower case nor NFC from NFD."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())
