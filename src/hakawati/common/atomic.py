"""Files that are seen whole or not at all."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

_NO_FSYNC = {errno.EINVAL, errno.ENOSYS, errno.ENOTSUP}
"""What a file system says that cannot be asked to write what it has."""


def write_atomically(path: Path, data: bytes, *, lasting: bool = True, group: bool = False) -> None:
    """Write a file so that it is seen whole or not at all; makes its folder. Raises `OSError`."""
    with replacing(path, lasting=lasting, group=group) as temporary:
        temporary.write_bytes(data)


@contextmanager
def replacing(path: Path, *, lasting: bool = True, group: bool = False) -> Iterator[Path]:
    """A file beside `path` to write to; it takes its place when the block is left without an exception.

    Makes the folder. `lasting`: it is on the disk before it takes the place, so that a machine that loses its
    power then has the old file or the new one, and not an empty one; that takes a while, which what is made
    again where it is damaged can do without. `group`: whoever is in the file's group may write it, whatever
    the umask says, and so may they in a folder that had to be made. Raises `OSError`.
    """
    _make_folder(path.parent, group=group)
    temporary = _unused(path)
    try:
        _create(temporary)
        yield temporary
        if group:
            _open_to_group(temporary, 0o060)
        if lasting:
            _flush(temporary)
        temporary.replace(path)
    except BaseException as error:
        with suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError) and error.filename == str(temporary):
            error.filename = str(path)  # the name that people know
        raise


def _make_folder(folder: Path, *, group: bool) -> None:
    if group and not folder.exists():
        folder.mkdir(parents=True, exist_ok=True)
        _open_to_group(folder, 0o2070)
    else:
        folder.mkdir(parents=True, exist_ok=True)


def _open_to_group(path: Path, mode: int) -> None:
    path.chmod(path.stat().st_mode & 0o7777 | mode)


def _unused(path: Path) -> Path:
    """The name of a file beside another that nobody else chooses."""
    return path.with_name(f".{path.name[:40]}.{secrets.token_hex(8)}.part")


def _create(temporary: Path) -> None:
    """Make a new, empty file, with the permissions that the umask leaves."""
    os.close(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666))


def _flush(file: Path) -> None:
    handle = os.open(file, os.O_RDWR)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_FSYNC:
            raise
    finally:
        os.close(handle)
