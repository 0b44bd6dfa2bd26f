from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakawati.model import Audio, Clip, Loudness, Pauses, Place, SpokenSentence, Utterance, Word, WordSpeech
from hakawati.narration import clip as module
from hakawati.narration.clip import CLIP, clip_key
from tests.narration.making import utterance

SAID = utterance("one two, three", given=((1, 2, "too"),), stops=(1, 2), phrases=(2,))


AUDIO = Audio()
PAUSES = Pauses(phrase=100)


def key(
    said: Utterance = SAID,
    voice: str = "hum 1",
    audio: Audio = AUDIO,
    pauses: Pauses = PAUSES,
    speed: float = 1,
) -> str:
    return clip_key(said, voice, audio, pauses, speed)


def test_a_key_is_a_sha_256_and_the_same_for_the_same_ingredients() -> None:
    assert len(key()) == 64
    assert set(key()) <= set("0123456789abcdef")
    assert key(replace(SAID)) == key()


@pytest.mark.parametrize(
    "changed",
    [
        lambda: key(replace(SAID, text="one two, tree")),
        lambda: key(replace(SAID, lang="fr")),
        lambda: key(replace(SAID, words=(*SAID.words[:2], Word(9, 13)))),
        lambda: key(replace(SAID, given=((1, 2, "tu"),))),
        lambda: key(replace(SAID, given=((0, 2, "too"),))),
        lambda: key(replace(SAID, given=())),
        lambda: key(replace(SAID, stops=(2,))),
        lambda: key(replace(SAID, figures=((0, 1, "won"),))),
        lambda: key(replace(SAID, phrases=(1,))),
        lambda: key(voice="hum 2"),
        lambda: key(audio=Audio(bitrate=48)),
        lambda: key(audio=Audio(loudness=-19.5)),
        lambda: key(pauses=Pauses(phrase=101)),
        lambda: key(speed=0.8),
        lambda: key(speed=1.001),
    ],
)
def test_a_key_changes_with_whatever_changes_the_sound(changed: Callable[[], str]) -> None:
    assert changed() != key()


@pytest.mark.parametrize(("name", "value"), [("FORMAT", 99), ("QUALITY", 2), ("tools", lambda: "lameenc 99")])
def test_a_key_changes_with_the_tools(monkeypatch: pytest.MonkeyPatch, name: str, value: object) -> None:
    before = key()
    monkeypatch.setattr(module, name, value)
    assert key() != before


@pytest.mark.parametrize(
    "changed",
    [
        lambda: key(replace(SAID, place=Place("book/en/02.md", 99))),
        lambda: key(replace(SAID, voice="another name of the same voice")),
        lambda: key(pauses=Pauses(phrase=100, sentence=1, paragraph=2, heading=3)),
        lambda: key(audio=Audio(loudness=-20)),
        lambda: key(speed=1.0),
        lambda: clip_key(SAID, "hum 1", AUDIO, PAUSES),
    ],
)
def test_a_key_stays_where_the_sound_does(changed: Callable[[], str]) -> None:
    assert changed() == key()


def test_a_key_changes_with_the_way_the_tempo_is_changed_only_where_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    usual, slow = key(), key(speed=0.8)
    assert slow == key(speed=0.8) != key(speed=0.85)
    monkeypatch.setattr(module, "TEMPO", 99)
    assert key() == usual
    assert key(speed=0.8) != slow


def test_a_phrase_pause_is_no_ingredient_of_a_sentence_without_phrases() -> None:
    whole = replace(SAID, phrases=())
    assert key(whole, pauses=Pauses(phrase=0)) == key(whole, pauses=Pauses(phrase=500))


@given(
    st.builds(
        Clip,
        st.binary(max_size=100),
        st.integers(0, 1 << 40),
        st.lists(
            st.builds(
                SpokenSentence,
                st.text(st.characters(exclude_categories=["Cs"])),
                st.lists(st.integers(0, 1 << 40), max_size=9).map(sorted).map(tuple),
                st.floats(0, 1),
            ),
            max_size=3,
        ).map(tuple),
        st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=2).map(tuple),
        st.builds(Loudness, st.binary(max_size=50), st.integers(0, 1 << 60), st.integers(0, 1 << 16)),
    )
)
def test_a_packed_clip_is_the_same_when_unpacked(clip: Clip) -> None:
    assert CLIP.loads(CLIP.dumps(clip)) == clip


def test_frames_with_line_feeds_in_them_are_kept_whole() -> None:
    clip = Clip(b"\n\n{}\n", 1, (SpokenSentence("two\nlines", (0,), 0.5), SpokenSentence("", ())), ((3, 4),))
    assert CLIP.loads(CLIP.dumps(clip)) == clip


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n",
        b"frames only",
        b"{\n",
        b"[1]\nframes",
        b"null\nframes",
        b"7\n",
        b'{"samples":1}\nframes',
        b'{"samples":1,"said":[]}\nframes',
        b'{"samples":1,"said":[["a",3,1]],"extras":[]}\nframes',
        b'{"samples":1,"said":[["a",[3]]],"extras":[]}\nframes',
        b'{"samples":1,"said":[],"extras":[]}\nframes',
        b'{"samples":1,"said":[],"extras":[],"loudness":["?",1,1]}\nframes',
        b'{"samples":1,"said":[],"extras":[],"loudness":[1,1,1]}\nframes',
        b'{"samples":1,"said":[],"extras":[],"loudness":[1,1]}\nframes',
        b"\xff\xf3\x84\xc4\n",
        b'{"samples":1,"said":[["a",[NaN],1,[]]],"extras":[],"loudness":["",1,1]}\nframes',
        b'{"samples":1,"said":[["a",[0.5],1,[]]],"extras":[],"loudness":["",1,1]}\nframes',
        b'{"samples":1,"said":[["a",[3,2],1,[]]],"extras":[],"loudness":["",1,1]}\nframes',
        b'{"samples":1,"said":[["a",[-3],1,[]]],"extras":[],"loudness":["",1,1]}\nframes',
        b'{"samples":1,"said":[["a",[3],NaN]],"extras":[],"loudness":["",1,1]}\nframes',
        b'{"samples":1,"said":[[7,[3],1]],"extras":[],"loudness":["",1,1]}\nframes',
        b'{"samples":Infinity,"said":[],"extras":[],"loudness":["",1,1]}\nframes',
        b'{"samples":1,"said":[],"extras":[["a",1]],"loudness":["",1,1]}\nframes',
        b"[" * 100_000 + b"\n",
    ],
)
def test_what_is_no_clip_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        CLIP.loads(data)


def test_a_packed_clip_can_be_read_by_a_person() -> None:
    head = (
        CLIP.dumps(Clip(b"", 2, (SpokenSentence("قَالَ", (0, 1), words=(WordSpeech("قَالَ", 0.5),)),)))
        .decode()
        .strip()
    )
    assert "قَالَ" in head
    assert json.loads(head) == {
        "samples": 2,
        "said": [["قَالَ", [0, 1], 1.0, [["قَالَ", 0.5]]]],
        "extras": [],
        "loudness": ["", 0, 0],
    }
