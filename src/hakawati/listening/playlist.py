"""A book's MP3s → a playlist beside them, extended M3U in UTF-8."""

from __future__ import annotations

from collections.abc import Iterable

from hakawati.listening.outline import one_line
from hakawati.model import SAMPLE_RATE, Track


def playlist(title: str, tracks: Iterable[Track]) -> str:
    """The playlist's text. `tracks`: durations in samples.

    Paths are relative to the playlist and not escaped, since players read them as names of files.
    """
    lines = ["#EXTM3U", "#EXTENC:UTF-8", f"#PLAYLIST:{one_line(title)}"]
    for track in tracks:
        whole = (track.duration * 2 + SAMPLE_RATE) // (2 * SAMPLE_RATE)
        # A line that begins with “#” is no path.
        path = f"./{track.name}.mp3" if track.name.startswith("#") else f"{track.name}.mp3"
        lines += [f"#EXTINF:{whole},{one_line(track.title)}", path]
    return "\n".join(lines) + "\n"
