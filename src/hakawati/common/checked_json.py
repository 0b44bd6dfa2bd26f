"""JSON that the program writes for itself, with a digest of what it says.

Whoever made a file that is read back, it may be damaged, cut short, exchanged for another one, or written to
do harm; then it is refused as a whole.
"""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path
from typing import Any

MAX_BYTES = 200_000_000
"""Of a file that is read; the list of the files of a book of a thousand chapters has a hundredth of it."""


def loads(data: bytes | str) -> Any:
    """What JSON says. Raises `ValueError` for what is none, is nested too deep, or says NaN or Infinity."""
    try:
        return json.loads(data, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deep") from None


def _refuse(name: str) -> None:
    raise ValueError(f"{name} is no number")


def plain(value: Any) -> bytes:
    """The JSON of a value, and nothing but that."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogateescape")


def dumps(kind: str, value: Any) -> bytes:
    """The JSON of a value, with a digest that holds for this `kind` of file alone."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f'{{"digest":"{_digest(kind, text)}","data":{text}}}\n'.encode("utf-8", "surrogateescape")


def read(path: Path, kind: str) -> Any:
    """What `dumps` wrote into a file as this `kind`. Raises `ValueError` for anything else, and `OSError`."""
    data = read_bytes(path)
    found = loads(data.decode("utf-8", "surrogateescape"))
    if not isinstance(found, dict) or found.keys() != {"digest", "data"}:
        raise ValueError("no digest")
    if dumps(kind, found["data"]) != data:
        raise ValueError("damaged")
    return found["data"]


def read_bytes(path: Path) -> bytes:
    """The content of a file, if it can be one that the program wrote. Raises `OSError`, `ValueError`."""
    if not stat.S_ISREG(path.lstat().st_mode):  # a pipe would never end, a link leads elsewhere
        raise ValueError("no file")
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValueError("too large")
    return data


def _digest(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}\0{text}".encode("utf-8", "surrogateescape")).hexdigest()
