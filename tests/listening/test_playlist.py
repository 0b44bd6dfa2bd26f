"""The playlist, as players read it."""

from __future__ import annotations

from hakawati.listening.playlist import playlist
from hakawati.model import Track


def test_a_playlist_names_every_file_with_its_title_and_length() -> None:
    tracks = [
        Track("01-one", "العنوان,\nالثاني", 24_000 * 61 + 11_999, 1),
        Track("#2 a b", "# Two", 24_000 * 3601 + 12_000, 1),
    ]
    head, encoding, title, *rest = playlist("A\nBook", tracks).splitlines()
    assert (head, encoding, title) == ("#EXTM3U", "#EXTENC:UTF-8", "#PLAYLIST:A Book")
    assert rest == ["#EXTINF:61,العنوان, الثاني", "01-one.mp3", "#EXTINF:3602,# Two", "./#2 a b.mp3"]
    assert [line for line in rest if not line.startswith("#")] == ["01-one.mp3", "./#2 a b.mp3"]
