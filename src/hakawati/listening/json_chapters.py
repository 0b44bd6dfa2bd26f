"""The chapter markers of an episode → the chapters file that podcast players read.

Podcasting 2.0's JSON chapters, version 1.2
(https://github.com/Podcastindex-org/podcast-namespace/blob/main/chapters/jsonChapters.md).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import pairwise

from hakawati.listening.outline import ChapterMarker
from hakawati.model import seconds

ENDING = "chapters.json"
"""Of the file beside the episode's."""
TYPE = "application/json+chapters"


def chapters(found: Sequence[ChapterMarker], *, title: str, podcast: str) -> bytes:
    """The chapters file, in UTF-8; the same arguments give the same bytes.

    `found`: ordered by their beginning, as `outline.chapter_markers` gives them, in samples; `title`: of the
    episode; `podcast`: its name.
    """
    marks = [
        {
            "startTime": seconds(begin),
            "endTime": seconds(end),
            "title": title_,
            **({} if shown else {"toc": False}),
        }
        for title_, begin, end, shown in _marks(found)
    ]
    told = {"version": "1.2.0", "title": title, "podcastName": podcast, "chapters": marks}
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def _marks(found: Sequence[ChapterMarker]) -> Iterator[tuple[str, int, int, bool]]:
    """(title, begin, end, whether it is in the list of chapters), end to end.

    To a player a chapter lasts until the next one. So a section that goes on after a footnote read inside it
    gets a second entry, which is shown while it plays and is not listed.
    """
    starts: list[tuple[str, int, bool]] = []
    for i, part in enumerate(found):
        starts.append((part.title, part.begin, True))
        later = found[i + 1].begin if i + 1 < len(found) else None
        around = next((one for one in reversed(found[:i]) if one.end > part.end), None)
        if around and (later is None or later > part.end):
            starts.append((around.title, part.end, False))
    end = max((part.end for part in found), default=0)
    for (title, begin, shown), (_, following, _) in pairwise([*starts, ("", end, True)]):
        yield title, begin, following, shown
