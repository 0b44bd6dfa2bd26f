"""Entries of zip files that are the same bytes whenever and wherever they are written."""

from __future__ import annotations

import zipfile

# The earliest time a zip entry can have: one that says nothing.
_TIME = (1980, 1, 1, 0, 0, 0)


def entry(name: str, *, stored: bool) -> zipfile.ZipInfo:
    """An entry of this name, deflated unless `stored`; for what is compressed already, like sound."""
    made = zipfile.ZipInfo(name, _TIME)
    made.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    made.create_system = 3  # Unix, wherever this runs
    made.external_attr = 0o644 << 16
    return made
