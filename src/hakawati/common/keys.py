"""The keys of what is made: digests of all that it is made of."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, entry_points, requires, version
from pathlib import Path


@cache
def program() -> str:
    """A digest of this program and of the versions of what it is made with."""
    root = Path(__file__).parent.parent
    total = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.suffix in (".py", ".j2", ".css", ".ttf", ".js", ".svg", ".png"):
            total.update(f"\0{path.relative_to(root)}\0".encode() + path.read_bytes())
    for name in _dependencies():
        try:
            total.update(f"\0{name} {version(name)}".encode())
        except PackageNotFoundError:  # not needed on this system
            continue
    return total.hexdigest()


def _dependencies() -> list[str]:
    """The packages that a book may depend on: what is needed always, what some voices need, and plug-ins."""
    import re

    needed = (r for r in requires("hakawati") or () if not re.search("extra == .(dev|cluster)", r))
    plug_ins = (point.dist.name for point in entry_points(group="hakawati.voices") if point.dist)
    return sorted({match[0] for r in needed if (match := re.match(r"[\w.-]+", r))} | set(plug_ins))


def digest(*parts: str) -> str:
    """A digest of texts, in their order."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()
