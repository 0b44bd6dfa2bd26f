"""What the store holds of a finished chapter, so that the next build need not read it again."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any

from hakawati.common import checked_json
from hakawati.errors import Problem
from hakawati.model import Levels, Occurrence, Page, Section


@dataclass(frozen=True)
class Kept:
    """A chapter's page, and what a build has to know that does not read the chapter."""

    page: Page
    entries: tuple[str, ...]
    """Keys of what the store holds of it: its clips, and its sentences with their vowels."""
    sentences: int
    """How many are read aloud."""
    credits: tuple[str, ...]
    """Who reads."""
    said: Mapping[str, Mapping[str, str]]
    """Its sentences, as `narration.reasons` tells them apart."""
    notices: tuple[Problem, ...]
    occurrences: tuple[Occurrence, ...] = ()
    """Where it uses terms."""
    beside: tuple[str, ...] = ()
    """The endings of the files beside its MP3: its text in time, a podcast's marks in it."""
    sheets: tuple[str, ...] = ()
    """Keys of what the store holds of it for the web edition, if there is one."""
    sound: str = ""
    """A digest of what is heard, for the web edition."""
    levels: Levels | None = None
    """How loud its MP3 is, where it has one."""

    def pack(self) -> bytes:
        """As JSON."""
        fields = asdict(replace(self, levels=None))
        if found := self.levels:
            envelope = b64encode(found.envelope).decode()
            fields["levels"] = [envelope, found.rms, found.peak, found.floor]
        return json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()


def unpack(data: bytes | None) -> Kept | None:
    """The chapter that was packed, or None for anything else."""
    if data is None:
        return None
    with suppress(ValueError, KeyError, TypeError, AttributeError):
        fields: dict[str, Any] = checked_json.loads(data)
        page: dict[str, Any] = fields["page"]
        page["sections"] = _sections(page["sections"])
        for name in ("terms", "images", "unread"):
            page[name] = tuple(page[name])
        notices = tuple(Problem(**notice) for notice in fields["notices"])
        return Kept(
            page=Page(**page),
            entries=tuple(fields["entries"]),
            sentences=int(fields["sentences"]),
            credits=tuple(fields["credits"]),
            said=fields["said"],
            notices=notices,
            occurrences=tuple(Occurrence(**occurrence) for occurrence in fields["occurrences"]),
            beside=tuple(fields["beside"]),
            sheets=tuple(fields["sheets"]),
            sound=fields["sound"],
            levels=_levels(*fields["levels"]) if fields["levels"] else None,
        )
    return None


def _levels(envelope: str, rms: float, peak: float, floor: float) -> Levels:
    return Levels(b64decode(envelope, validate=True), rms, peak, floor)


def _sections(found: Iterable[Mapping[str, Any]]) -> tuple[Section, ...]:
    return tuple(Section(s["id"], s["title"], _sections(s["children"])) for s in found)
