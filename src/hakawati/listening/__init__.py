"""Timelines and MP3s → what audio players read.

ID3 tags (`id3.tag`), subtitles and lyrics (`subtitles`), a playlist, a podcast's feed and chapters
(`feed.feed`, `json_chapters.chapters`), and audiobooks in one file (`audiobook.write`, `m4b.write`).
"""
