from __future__ import annotations

import json
import logging
import pickle
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hakawati.model import Speech, VoiceError, VoiceUnavailableError
from hakawati.narration.spoken_form import SpokenForm, shadda_first
from hakawati.narration.synthesis import word_onsets
from hakawati.source.sentences import words
from hakawati.voices import piper_neural
from hakawati.voices.piper_arabic import piper_reading
from hakawati.voices.piper_neural import ENGINE, Piper, make, voices, voices_folder
from tests.voices.tiny_piper import HOP, IDS, RATE, onsets, samples, write_voice

PARIS = "تَحْرِيرُ بَارِيسَ فِي أُغُسْطُس."
SPEAKERS = {"layla": 1, "2": 0}


@pytest.fixture(autouse=True)
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shared place, which is empty."""
    folder = tmp_path / "shared" / "hakawati"
    monkeypatch.setattr("platformdirs.user_data_path", lambda _: folder)
    return folder / "piper"


def voice(file: Path, lang: str = "ar", **options: object) -> Piper:
    made = make(lang, {"voice": str(file), **options}, Path())
    assert isinstance(made, Piper)
    return made


def english(folder: Path, name: str = "en_US-tiny-low", **changes: object) -> Piper:
    return voice(write_voice(folder, name, reader="en-us", **changes), "en")  # type: ignore[arg-type]


def phonemes(text: str, reader: str = "ar") -> list[list[str]]:
    """As Piper itself has a text read: through its own phonemizer, since a second one makes both crash."""
    from piper import PiperVoice
    from piper.config import PhonemeType, PiperConfig

    config = PiperConfig(len(IDS), 1, RATE, reader, IDS, PhonemeType.ESPEAK)
    session = None
    return [s for s in PiperVoice(session, config, use_tashkeel=False).phonemize(text) if s]


def arabic(text: str) -> list[list[str]]:
    """As our Arabic voices have a text read."""
    return piper_reading(text, phonemes, lambda word: [*unicodedata.normalize("NFD", word)]).sentences


def groups(sentence: list[str]) -> list[int]:
    """The index of the first phoneme of each spoken word: behind a space, as none of ours ends with one."""
    return [0, *(i + 1 for i, phoneme in enumerate(sentence) if phoneme == " ")]


def sound(speech: Speech) -> NDArray[np.int16]:
    return np.frombuffer(speech.pcm, np.int16)


def marked(text: str, speech: Speech) -> dict[str, int]:
    """The onset of each word that has one. No onset may belong to no word."""
    at = dict(speech.onsets)
    found = {text[w.begin : w.end]: at.pop(w.begin) for w in words(text) if w.begin in at}
    assert not at
    return found


@pytest.mark.parametrize("native", [False, True])
def test_onsets_are_where_the_durations_of_the_model_put_them(tmp_path: Path, native: bool) -> None:
    speech = voice(write_voice(tmp_path, native=native)).speak(PARIS)
    (sentence,) = arabic(PARIS)
    assert len(groups(sentence)) == 4
    begins = [onsets(sentence)[at] for at in groups(sentence)]
    assert speech.onsets == tuple(zip([w.begin for w in words(PARIS)], begins, strict=True))
    assert speech.rate == RATE
    assert len(sound(speech)) == samples(sentence)


def test_a_model_that_tells_durations_and_one_that_is_made_to_say_the_same(tmp_path: Path) -> None:
    silent, telling = (write_voice(tmp_path / str(n), native=n, noise_w=0.8) for n in (False, True))
    assert voice(silent).speak(PARIS) == voice(telling).speak(PARIS)


def test_onsets_are_heard_in_the_sound(tmp_path: Path) -> None:
    """A frame is as loud as its phoneme's number is high, so each onset can be found in the samples."""
    speech = voice(write_voice(tmp_path, noise=0.0)).speak(PARIS)
    (sentence,) = arabic(PARIS)
    loud = np.abs(sound(speech).astype(float)).reshape(-1, HOP).max(axis=1)
    for (_, sample), at in zip(speech.onsets, groups(sentence), strict=True):
        expected = np.linspace(0.2, 1, len(IDS))[IDS[sentence[at]][0]]
        assert loud[sample // HOP] / loud.max() == pytest.approx(
            expected / np.linspace(0.2, 1, len(IDS))[max(IDS[p][0] for p in sentence)], abs=0.01
        )


def test_onsets_of_arabic_are_of_the_text_that_was_given(tmp_path: Path) -> None:
    text = shadda_first("هَذَا الرَّجُلُ وَالشَّمْسُ لَكِنَّ اللَّهَ")
    speech = voice(write_voice(tmp_path)).speak(text)
    assert [offset for offset, _ in speech.onsets] == [w.begin for w in words(text)]
    (sentence,) = arabic(text)
    assert len(sound(speech)) == samples(sentence)


def test_a_number_becomes_several_words_with_one_onset(tmp_path: Path) -> None:
    text = "in 1944 he came 3.5 times"
    speech = english(tmp_path).speak(text)
    (sentence,) = phonemes(text, "en-us")
    heads = groups(sentence)
    assert len(heads) == 10
    begins = onsets(sentence)
    assert marked(text, speech) == {
        "in": begins[heads[0]],
        "1944": begins[heads[1]],
        "he": begins[heads[4]],
        "came": begins[heads[5]],
        "3.5": begins[heads[6]],
        "times": begins[heads[9]],
    }


def test_words_that_are_read_as_one_have_the_onset_of_the_first(tmp_path: Path) -> None:
    text = "Out of the house, in the year."
    speech = english(tmp_path).speak(text)
    (sentence,) = phonemes(text, "en-us")
    heads = groups(sentence)
    begins = onsets(sentence)
    # ˌaʊɾəv ðə hˈaʊs, ɪnðə jˈɪɹ
    expected = [0, 7, 11, 18, 25]
    known = [sample for _, sample in speech.onsets]
    assert known == [begins[at] for at in heads]
    assert [offset for offset, _ in speech.onsets] == expected
    assert len(word_onsets(SpokenForm(text, words(text)), speech, len(sound(speech)))) == 7


def test_onsets_go_on_through_several_sentences(tmp_path: Path) -> None:
    text = shadda_first("قَالَ: «نَعَمْ!» ثُمَّ ذَهَبَ — إِلَى الْبَيْتِ؛ وَنَامَ؟")
    speech = voice(write_voice(tmp_path)).speak(text)
    first, second = arabic(text)
    begins = [onsets(first)[at] for at in groups(first)]
    begins += [samples(first) + onsets(second)[at] for at in groups(second)]
    assert speech.onsets == tuple(zip([w.begin for w in words(text)], begins, strict=True))
    assert len(sound(speech)) == samples(first) + samples(second)


def test_punctuation_alone_is_not_read_by_its_name(tmp_path: Path) -> None:
    text = "Well ! “He” – (she) , said"
    assert list(marked(text, english(tmp_path).speak(text))) == ["Well", "He", "she", "said"]


def test_what_looks_like_phonemes_is_text(tmp_path: Path) -> None:
    text = "see [[this note]] here"
    assert list(marked(text, english(tmp_path).speak(text))) == ["see", "this", "note", "here"]


def test_a_text_without_a_word_is_silent_and_no_mistake(tmp_path: Path) -> None:
    assert voice(write_voice(tmp_path)).speak("— …") == Speech(b"", RATE, ())


def test_a_sound_that_the_model_does_not_know_is_left_out_without_a_word(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    known = {symbol: ids for symbol, ids in IDS.items() if symbol != "ħ"}
    file = write_voice(tmp_path, phoneme_id_map=known)
    with caplog.at_level(logging.WARNING):
        speech = voice(file).speak(PARIS)
    assert not caplog.records
    (sentence,) = arabic(PARIS)
    assert "ħ" in sentence
    assert len(sound(speech)) == samples([p for p in sentence if p != "ħ"])
    assert [offset for offset, _ in speech.onsets] == [w.begin for w in words(PARIS)]


def test_a_model_that_reads_letters_is_given_letters(tmp_path: Path) -> None:
    text = "ذلك باب"
    speech = voice(write_voice(tmp_path, phoneme_type="text")).speak(text)
    begins = onsets(list(text))
    assert speech.onsets == ((0, begins[0]), (4, begins[4]))


def test_without_durations_words_are_timed_by_listening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def listened(pcm: bytes, rate: int, text: str, lang: str) -> Speech:
        asked.append((rate, text, lang))
        return Speech(pcm, rate, ((0, 7),))

    monkeypatch.setattr(piper_neural, "timed", listened)
    # Durations that do not add up to the sound are none.
    speech = voice(write_voice(tmp_path, hop_length=2 * HOP)).speak(PARIS)
    assert speech.onsets == ((0, 7),)
    assert asked == [(RATE, PARIS, "ar")]


def test_without_durations_there_is_sound_still(tmp_path: Path) -> None:
    speech = voice(write_voice(tmp_path, hop_length=2 * HOP)).speak(PARIS)
    (sentence,) = arabic(PARIS)
    assert len(sound(speech)) == samples(sentence)


def test_the_same_text_sounds_the_same_whatever_came_before(tmp_path: Path) -> None:
    file = write_voice(tmp_path, noise_w=0.8)
    reader = voice(file)
    first = reader.speak(PARIS)
    assert len(sound(first)) != samples(arabic(PARIS)[0])  # there is noise in it
    reader.speak("وَكَانَ ذَلِكَ يَوْمًا.")
    assert reader.speak(PARIS) == first


def test_the_same_text_sounds_the_same_in_another_process(tmp_path: Path) -> None:
    reader = voice(write_voice(tmp_path, noise_w=0.8))
    (tmp_path / "reader").write_bytes(pickle.dumps(reader))
    script = (
        "import hashlib, pickle, sys; from pathlib import Path\n"
        "speech = pickle.loads(Path(sys.argv[1]).read_bytes()).speak(sys.argv[2])\n"
        "print(hashlib.sha256(repr(speech).encode()).hexdigest())"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "reader"), PARIS]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    import hashlib

    assert told.strip() == hashlib.sha256(repr(reader.speak(PARIS)).encode()).hexdigest()


def test_piper_itself_sounds_different_each_time(tmp_path: Path) -> None:
    """Else nothing would need to be done about it."""
    from piper import PiperVoice

    theirs = PiperVoice.load(write_voice(tmp_path))
    first, again = (b"".join(c.audio_int16_bytes for c in theirs.synthesize("نص")) for _ in range(2))
    assert first != again


def test_noise_is_as_loud_as_it_is_set(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    quiet, usual, loud = (
        sound(voice(file, **options).speak(PARIS)).astype(float) / 32768
        for options in ({"noise": 0}, {}, {"noise": 2.0})
    )
    assert np.std(usual - quiet) < np.std(loud - quiet)
    assert np.std(usual - quiet) > 0.01


def test_a_speed_of_two_takes_half_the_time(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    once, fast, slow = (len(sound(voice(file, speed=s).speak(PARIS))) for s in (1, 2, 0.5))
    assert fast < 0.75 * once
    assert slow == 2 * once
    assert voice(file, speed=0.5).speak(PARIS).onsets[1][1] == 2 * voice(file).speak(PARIS).onsets[1][1]


def test_a_speaker_is_chosen_by_name_or_number(tmp_path: Path) -> None:
    file = write_voice(tmp_path, speakers=SPEAKERS)
    said = {wanted: voice(file, speaker=wanted).speak(PARIS) for wanted in ("layla", 1, "1", 0, "2", 2)}
    assert said["layla"] == said[1] == said["1"]
    assert said[0] == said["2"] == said[2]  # a name goes before a number
    assert said[0] != said[1]
    assert voice(file).speak(PARIS) == said[0]
    assert said[0].onsets == said[1].onsets


@pytest.mark.parametrize(
    ("speakers", "options", "message"),
    [
        (SPEAKERS, {"speaker": "laila"}, "“ar_JO-tiny-medium” has no speaker “laila”; did you mean “layla”?"),
        (SPEAKERS, {"speaker": 3}, "“ar_JO-tiny-medium” has no speaker “3”; known here: 2, layla"),
        ({}, {"speaker": 1}, "“ar_JO-tiny-medium” has no speaker “1”; its speakers go from 0 to 0"),
        ({}, {"speaker": 1.5}, "piper's “speaker” should be text, not “1.5”"),
        ({}, {"speed": 5}, "piper's “speed” goes from 0.25 to 4, and 5.0 does not"),
        ({}, {"noise": -1}, "piper's “noise” goes from 0 to 2, and -1.0 does not"),
        ({}, {"noise_w": 3}, "piper's “noise_w” goes from 0 to 2, and 3.0 does not"),
        ({}, {"sped": 1}, "piper has no option “sped”; did you mean “speed”?"),
    ],
)
def test_what_cannot_be_chosen_is_refused(
    tmp_path: Path, speakers: Mapping[str, int], options: Mapping[str, object], message: str
) -> None:
    with pytest.raises(VoiceError) as raised:
        make("ar", {"voice": str(write_voice(tmp_path, speakers=speakers)), **options}, Path())
    assert str(raised.value) == message


def test_a_voice_is_found_by_its_name_in_the_shared_place(installed: Path) -> None:
    write_voice(installed)
    found = make("ar", {"voice": "ar_JO-tiny-medium"}, Path("/nowhere"))
    assert found.credit == "Piper (ar_JO-tiny-medium)"
    assert found.where == "here"
    assert found.speak(PARIS).onsets


def test_a_voice_is_found_by_its_path_from_the_project(tmp_path: Path) -> None:
    write_voice(tmp_path / "models", "mine")
    assert make("ar", {"voice": "models/mine.onnx"}, tmp_path).credit == "Piper (mine)"
    shutil.copytree(tmp_path / "models", tmp_path, dirs_exist_ok=True)
    assert make("ar", {"voice": "mine.onnx"}, tmp_path).credit == "Piper (mine)"


def test_a_voice_that_is_not_there_is_named_with_those_that_are(tmp_path: Path, installed: Path) -> None:
    with pytest.raises(
        VoiceUnavailableError, match="the voice “ar_JO-kareem-low” is not installed"
    ) as raised:
        make("ar", {"voice": "ar_JO-kareem-low"}, tmp_path)
    assert raised.value.hint == "hakawati voices add ar_JO-kareem-low (installed: nothing)"
    write_voice(installed, "en_US-a-low")
    write_voice(installed, "ar_JO-b-low")
    with pytest.raises(VoiceUnavailableError) as raised:
        make("ar", {"voice": "ar_JO-kareem-low"}, tmp_path)
    assert raised.value.hint.endswith("(installed: ar_JO-b-low and en_US-a-low)")
    with pytest.raises(VoiceError, match="piper needs a “voice”; installed: ar_JO-b-low and en_US-a-low"):
        make("ar", {}, tmp_path)


def test_a_path_that_leads_nowhere_says_from_where(tmp_path: Path) -> None:
    with pytest.raises(VoiceUnavailableError, match=r"there is no “models/x\.onnx”") as raised:
        make("ar", {"voice": "models/x.onnx"}, tmp_path)
    assert raised.value.hint == f"it was looked for from {tmp_path}"


def test_a_model_without_its_configuration_is_not_there(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    file.with_name(f"{file.name}.json").unlink()
    with pytest.raises(VoiceUnavailableError, match=r"tiny-medium\.onnx\.json, which belongs to the voice"):
        voice(file)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"{",
        b"\xff",
        b"null",
        b"{}",
        b'{"audio": 3}',
        b"<!doctype html>",
        b"[" * 100_000,
        b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
        b" " * 10_000_001,
    ],
    ids=lambda content: content[:20],
)
def test_a_damaged_configuration_is_named(tmp_path: Path, content: bytes) -> None:
    file = write_voice(tmp_path)
    file.with_name(f"{file.name}.json").write_bytes(content)
    with pytest.raises(
        VoiceError, match=r"^ar_JO-tiny-medium\.onnx\.json is damaged, or not a Piper voice's"
    ):
        voice(file)


@pytest.mark.parametrize(
    "changes",
    [
        {"num_speakers": 0},
        {"num_speakers": "many"},
        {"num_symbols": None},
        {"audio": {"sample_rate": 0}},
        {"audio": {"sample_rate": "x"}},
        {"audio": {"sample_rate": float("inf")}},
        {"audio": {"sample_rate": float("nan")}},
        {"num_symbols": float("inf")},
        {"phoneme_id_map": {"a": [1]}},
        {"phoneme_id_map": {"_": 0, "^": 1, "$": 2}},
        {"phoneme_id_map": []},
        {"speaker_id_map": {"a": "b"}},
        {"speaker_id_map": [1]},
        {"espeak": {}},
        {"language": "ar"},
    ],
)
def test_a_configuration_with_something_else_in_it_is_named(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    file = write_voice(tmp_path, **changes)  # type: ignore[arg-type]
    with pytest.raises(
        VoiceError, match=r"^ar_JO-tiny-medium\.onnx\.json is damaged, or not a Piper voice's"
    ):
        voice(file)


def test_a_voice_that_needs_its_text_read_otherwise_is_refused(tmp_path: Path) -> None:
    file = write_voice(tmp_path, phoneme_type="pinyin")
    with pytest.raises(VoiceError, match="wants its text read as “pinyin”"):
        voice(file)


def test_a_reader_that_espeak_does_not_have_is_named(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match=r"^ar_JO-tiny-medium\.onnx cannot have its text read"):
        voice(write_voice(tmp_path, reader="xx-nobody")).speak("نص")


@pytest.mark.parametrize("damage", ["empty", "half", "html", "noise", "pointer"])
def test_a_damaged_model_is_named(tmp_path: Path, damage: str) -> None:
    file = write_voice(tmp_path)
    whole = file.read_bytes()
    content = {
        "empty": b"",
        "half": whole[: len(whole) // 2],
        "html": b"<!doctype html><title>Not here</title>",
        "noise": np.random.default_rng(1).bytes(4000),
        "pointer": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n",
    }[damage]
    file.write_bytes(content)
    with pytest.raises(VoiceError, match=r"^ar_JO-tiny-medium\.onnx is damaged, or no model: ") as raised:
        voice(file).speak("نص")
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("cut", range(1, 40))
def test_a_model_that_is_cut_anywhere_gives_an_error_of_ours(tmp_path: Path, cut: int) -> None:
    file = write_voice(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * cut // 40])
    with pytest.raises(VoiceError, match=r"^ar_JO-tiny-medium\.onnx "):
        voice(file).speak("نص")


def test_a_model_that_cannot_say_a_text_is_named(tmp_path: Path) -> None:
    ids = {symbol: [number + 1000] for symbol, (number,) in IDS.items()}
    with pytest.raises(VoiceError, match=r"^ar_JO-tiny-medium\.onnx cannot say this: "):
        voice(write_voice(tmp_path, phoneme_id_map=ids)).speak("نص")


def test_a_voice_that_is_changed_after_it_was_made_does_not_speak(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    reader = voice(file)
    write_voice(tmp_path, native=True)
    with pytest.raises(VoiceUnavailableError, match="was changed while the book was made"):
        reader.speak("نص")
    file.unlink()
    with pytest.raises(VoiceUnavailableError, match="cannot be read"):
        reader.speak("نص")


def test_the_key_changes_with_all_that_shapes_the_sound(tmp_path: Path) -> None:
    file = write_voice(tmp_path / "1", speakers=SPEAKERS)
    keys = [
        voice(file).key,
        voice(file, "en").key,
        voice(file, speaker=1).key,
        voice(file, speed=1.1).key,
        voice(file, noise=0).key,
        voice(file, noise_w=0).key,
        voice(write_voice(tmp_path / "2", speakers=SPEAKERS, native=True)).key,
        voice(write_voice(tmp_path / "3", speakers=SPEAKERS, noise=0.5)).key,
    ]
    assert len(set(keys)) == len(keys)


def test_the_key_does_not_change_with_the_place_or_the_name(tmp_path: Path) -> None:
    file = write_voice(tmp_path / "here")
    shutil.copytree(tmp_path / "here", tmp_path / "there")
    for old in (tmp_path / "there").iterdir():
        old.rename(old.with_name(old.name.replace("tiny", "other")))
    here, there = voice(file), voice(tmp_path / "there" / "ar_JO-other-medium.onnx")
    assert here.key == there.key
    assert str(tmp_path) not in here.key
    assert voice(here.model, speed=1).key == here.key


def test_a_voice_survives_the_way_to_a_worker(tmp_path: Path) -> None:
    reader = voice(write_voice(tmp_path))
    assert pickle.loads(pickle.dumps(reader)) == reader


def test_installed_voices_are_listed_and_broken_ones_said_to_be(installed: Path) -> None:
    assert ENGINE.voices() == {}
    write_voice(installed)
    write_voice(installed, "en_US-three-high", speakers=SPEAKERS)
    write_voice(installed, "xx_XX-alone-low").with_name("xx_XX-alone-low.onnx.json").unlink()
    write_voice(installed, "yy_YY-bad-low").with_name("yy_YY-bad-low.onnx.json").write_text("{")
    write_voice(installed, "zz_ZZ-old-low", language={}, audio={"sample_rate": 16000})
    found = voices()
    assert found["ar_JO-tiny-medium"] == "Arabic (Jordan), medium"
    assert found["en_US-three-high"] == "Arabic (Jordan), high, 3 speakers"
    assert found["xx_XX-alone-low"].startswith("broken: xx_XX-alone-low.onnx.json, which belongs")
    assert found["yy_YY-bad-low"].startswith("broken: yy_YY-bad-low.onnx.json is damaged")
    assert found["zz_ZZ-old-low"] == "ar"
    assert len(found) == 5


def test_the_shared_place_is_the_users(installed: Path) -> None:
    assert voices_folder() == installed


def test_a_voice_is_made_without_loading_it(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    code = (
        "import sys; from pathlib import Path; from hakawati.voices.piper_neural import make\n"
        f"make('ar', {{'voice': {str(file)!r}}}, Path()).key\n"
        "print(*({'numpy', 'onnxruntime', 'piper', 'onnx'} & set(sys.modules)))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == []


def test_speaking_does_not_need_onnx_and_says_nothing(tmp_path: Path) -> None:
    file = write_voice(tmp_path)
    code = (
        "import sys; sys.modules['onnx'] = None\n"
        "from pathlib import Path; from hakawati.voices.piper_neural import make\n"
        f"assert len(make('ar', {{'voice': {str(file)!r}}}, Path()).speak({PARIS!r}).onsets) == 4"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_a_configuration_may_have_more_in_it_than_is_known(tmp_path: Path) -> None:
    file = write_voice(tmp_path, something={"new": [1]})
    assert json.loads(file.with_name(f"{file.name}.json").read_text())["something"]
    assert voice(file).speak("نص").pcm
