"""A chapter's text in time, read back as players read it."""

from __future__ import annotations

import html
import re
from itertools import pairwise
from pathlib import Path

import av
import pytest
from bidi.algorithm import get_display
from hypothesis import given
from hypothesis import strategies as st

from hakawati.listening.subtitles import lrc, srt, vtt
from hakawati.model import Phrase, Sentence, TimedSentence, Timeline, Word, seconds
from tests.listening.reading import RATE, Cue, Heard, read_lrc, read_srt, read_vtt, timeline

PLAIN = ["قال", "المدينةُ،", "«تعال", "1944", "NATO", "town,", "“so”", "--", "..."]
LIKE_TAGS = ["<b>bold</b>", "a<b", "&amp;", "-->", "{\\an8}", "[00:01.00]", "<00:01.00>", "</lang>", "[ti:x]"]
WORDS = st.sampled_from([*PLAIN, *LIKE_TAGS, "00:00:01,000"])
PHRASES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
LANGS = st.sampled_from(["ar", "en", "fa", "ar-Latn", "zh-Hant"])


@st.composite
def heard(draw: st.DrawFn) -> Heard:
    phrases = tuple(draw(st.lists(PHRASES, min_size=1, max_size=3)))
    count = sum(len(phrase.split()) for phrase in phrases)
    # Words are a millisecond long at the least.
    lengths = st.lists(st.integers(RATE // 1000, RATE * 4000), min_size=count, max_size=count)
    return Heard(draw(LANGS), phrases, tuple(draw(lengths)))


TIMELINES = st.builds(timeline, st.lists(heard(), max_size=4), st.integers(0, RATE * 3600 * 11))


def milliseconds(samples: int) -> int:
    return round(seconds(samples) * 1000)


def expected(made: Timeline) -> list[Cue]:
    """What each phrase is, by the timings' own numbers."""
    cues = []
    for timed in made.sentences:
        onsets = [milliseconds(onset) for onset in (*timed.words, timed.end)]
        words = timed.sentence.text.split()
        for phrase in timed.sentence.phrases:
            cues.append(
                Cue(
                    onsets[phrase.begin],
                    onsets[phrase.end],
                    " ".join(words[phrase.begin : phrase.end]),
                    timed.lang,
                    tuple(onsets[phrase.begin + 1 : phrase.end]),
                )
            )
    return cues


def shown(text: str) -> str:
    """Without the characters that have no width."""
    return re.sub("[\u200e\u200f\u202b\u202c\u2060]", "", text)


@given(TIMELINES)
def test_webvtt_has_every_phrase_with_its_words_at_the_times_of_the_timings(made: Timeline) -> None:
    cues = read_vtt(vtt(made))
    assert [Cue(c.begin, c.end, shown(c.text), c.lang, c.stamps) for c in cues] == expected(made)
    for cue in cues:
        assert all(a < b for a, b in pairwise([cue.begin, *cue.stamps, cue.end]))


@given(TIMELINES)
def test_subrip_has_every_phrase_at_the_times_of_the_timings(made: Timeline) -> None:
    cues = read_srt(srt(made))
    assert [(c.begin, c.end, shown(c.text)) for c in cues] == [
        (c.begin, c.end, c.text) for c in expected(made)
    ]
    assert all(a.begin < a.end <= b.begin for a, b in pairwise(cues))


@given(TIMELINES)
def test_lrc_has_every_phrase_at_the_nearest_hundredth(made: Timeline) -> None:
    tags, lines = read_lrc(lrc(made, title="T", artists=["A", "B"], album="L", lang="ar"))
    assert [shown(text) for _, text in lines] == [cue.text for cue in expected(made)]
    assert [
        abs(time * 10 - cue.begin) <= 5 for (time, _), cue in zip(lines, expected(made), strict=True)
    ] == [True] * len(lines)
    assert all(a <= b for (a, _), (b, _) in pairwise(lines))
    whole = int(seconds(made.duration))
    assert tags == {
        "ti": "T",
        "ar": "A, B",
        "al": "L",
        "la": "ar",
        "length": f"{whole // 60:02}:{whole % 60:02}",
    }


@given(TIMELINES)
def test_the_same_timeline_gives_the_same_text(made: Timeline) -> None:
    assert (vtt(made), srt(made)) == (vtt(made), srt(made))


@pytest.mark.parametrize(
    ("start", "clock", "lyrics"),
    [
        (0, "00:00:00.000", "[00:00.00]"),
        (59_999, "00:00:59.999", "[01:00.00]"),
        (3_599_994, "00:59:59.994", "[59:59.99]"),
        (3_600_000, "01:00:00.000", "[60:00.00]"),
        (36_000_125, "10:00:00.125", "[600:00.13]"),
        (400_000_000, "111:06:40.000", "[6666:40.00]"),
    ],
)
def test_hours_are_written_as_each_format_has_them(start: int, clock: str, lyrics: str) -> None:
    made = timeline([Heard("en", ("one",), (RATE,))], start * RATE // 1000)
    assert vtt(made).splitlines()[3].split(" ")[0] == clock
    assert srt(made).splitlines()[1].split(" ")[0] == clock.replace(".", ",")
    assert lrc(made, title="", artists=(), album="", lang="en").splitlines()[-1] == f"{lyrics}one"


def test_a_chapter_of_which_nothing_is_heard_has_no_cues() -> None:
    empty = Timeline((), 0)
    assert (read_vtt(vtt(empty)), read_srt(srt(empty))) == ([], [])
    assert read_lrc(lrc(empty, title="", artists=(), album="", lang="en")) == (
        {"la": "en", "length": "00:00"},
        [],
    )


def test_brackets_and_lines_stay_inside_of_a_tag() -> None:
    tags, _ = read_lrc(lrc(Timeline((), 0), title="[One]\nTwo", artists=("A]",), album="[", lang="en"))
    assert (tags["ti"], tags["ar"], tags["al"]) == ("(One) Two", "A)", "(")


def verse(text: str, lang: str) -> Timeline:
    words = tuple(Word(m.start(), m.end()) for m in re.finditer(r"[\w<>/&]+", text))
    sentence = Sentence("v1s1", text, 1, words, (Phrase(0, len(words)),))
    onsets = tuple(range(0, RATE * len(words), RATE))
    return Timeline((TimedSentence(sentence, "v1", lang, text, 0, RATE * len(words), onsets),), RATE * 9)


def test_a_hard_line_break_breaks_the_cue_and_not_the_lyrics() -> None:
    made = verse("one  two, \n\n three\u2028four ", "en")
    assert read_vtt(vtt(made))[0].text == "one two,\nthree four"
    assert read_srt(srt(made))[0].text == "one two,\nthree four"
    assert read_lrc(lrc(made, title="", artists=(), album="", lang="en"))[1] == [(0, "one two, three four")]


def test_an_opening_quote_comes_with_its_word() -> None:
    text = vtt(verse("said: “come (now)", "en"))
    assert "said: <00:00:01.000>“come <00:00:02.000>(now)" in text


@pytest.mark.parametrize(
    ("lang", "text", "marked"),
    [
        ("ar", "نص NATO.", "نص NATO."),
        ("ar", "NATO نص.\n1944 نص.", "\u200fNATO نص.\n1944 نص."),
        ("ar", "نص\nNATO نص.", "نص\n\u200fNATO نص."),
        ("en", "قال is a word", "\u200eقال is a word"),
        ("en", "1944, he said", "1944, he said"),
    ],
)
def test_a_line_that_begins_with_the_other_direction_gets_a_mark(lang: str, text: str, marked: str) -> None:
    made = verse(text, lang)
    assert read_vtt(vtt(made))[0].text == marked
    in_one = marked.replace("\n", " ")
    assert read_lrc(lrc(made, title="", artists=(), album="", lang=lang))[1][0][1] == in_one


def test_a_player_that_knows_left_to_right_alone_shows_an_arabic_line_as_it_is_read() -> None:
    """As with mpv and VLC: the full stop stands at the line's left end."""
    (cue,) = read_srt(srt(verse("نص قصير.\nNATO جاء!", "ar")))
    ends = [get_display(line, base_dir="L").strip("\u200f\u202b\u202c")[0] for line in cue.text.split("\n")]
    assert ends == [".", "!"]
    assert get_display("نص قصير.", base_dir="L")[0] != "."  # what it would be without


@pytest.mark.parametrize("tag", ["<i>", "</b>", "{\\an8}", "{y:i}", "-->"])
def test_what_looks_like_a_tag_of_subrip_is_none(tag: str) -> None:
    (cue,) = read_srt(srt(timeline([Heard("en", (f"a {tag}",), (RATE, RATE))])))
    assert tag not in cue.text
    assert shown(cue.text) == f"a {tag}"


def by_ffmpeg(text: str, file: Path) -> list[tuple[int, int, str]]:
    """What FFmpeg, and so mpv and VLC, finds in a file: begin and end in milliseconds, text."""
    file.write_text(text, encoding="utf-8")
    found = []
    with av.open(str(file)) as opened:
        for packet in opened.demux():
            if packet.size:
                assert packet.pts is not None
                assert packet.time_base is not None
                times = [packet.pts, packet.pts + (packet.duration or 0)]
                begin, end = (round(time * packet.time_base * 1000) for time in times)
                found.append((begin, end, bytes(packet).decode().rstrip("\n")))
    return found


def test_ffmpeg_reads_them_as_they_are_meant(tmp_path: Path) -> None:
    sounds = [
        Heard("ar", ("قال: «نص", "NATO <b>!"), (RATE, 999, 777, RATE)),
        Heard("en", ("{\\an8} --> so",), (RATE,) * 3),
    ]
    made = timeline(sounds, RATE * 36_001 + 12)
    cues = expected(made)
    subrip = by_ffmpeg(srt(made), tmp_path / "a.srt")
    assert [(begin, end, shown(text)) for begin, end, text in subrip] == [
        (c.begin, c.end, c.text) for c in cues
    ]
    web = by_ffmpeg(vtt(made), tmp_path / "a.vtt")
    assert [(begin, end) for begin, end, _ in web] == [(c.begin, c.end) for c in cues]
    assert [shown(html.unescape(re.sub("<[^>]*>", "", text))) for *_, text in web] == [c.text for c in cues]
    lyrics = by_ffmpeg(lrc(made, title="T", artists=(), album="", lang="ar"), tmp_path / "a.lrc")
    assert [shown(text) for *_, text in lyrics] == [c.text for c in cues]
    assert all(abs(begin - cue.begin) <= 5 for (begin, *_), cue in zip(lyrics, cues, strict=True))
