"""Hakawati turns a book folder into a read-aloud EPUB 3 and its narrated MP3 chapters.

>>> import hakawati
>>> report = hakawati.build("my-book")  # doctest: +SKIP
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hakawati.publishing.shelf import BuildOptions as BuildOptions
    from hakawati.publishing.shelf import Outcome as Outcome
    from hakawati.publishing.shelf import build as build
    from hakawati.publishing.shelf import build_all as build_all
    from hakawati.publishing.shelf import load as load

__version__ = "0.1.0"
__all__ = ["BuildOptions", "Outcome", "__version__", "build", "build_all", "load"]


def __getattr__(name: str) -> object:
    """Load what builds when it is first asked for: `hakawati --help` does not need it."""
    if name in __all__:
        from hakawati.publishing import shelf

        return getattr(shelf, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
