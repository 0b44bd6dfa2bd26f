"""Every engine, from book.yaml to the EPUB: in sync, as loud as was asked for, valid, named where it fails.

The services are the stand-ins of `voices/services.py`, asked by the real libraries.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from hakawati import voices
from hakawati.errors import BookError
from hakawati.model import Place, Speech, VoiceChoice
from hakawati.voices import make_voice, paced
from tests.building import clips
from tests.epub import epubcheck
from tests.goldens import build_here
from tests.narration.hearing import Samples, from_pcm, locate, loudness, pitches, resample
from tests.support import write_book
from tests.voices.services import Answer, EdgeStandIn, GoogleStandIn, closed_port, without_proxies
from tests.voices.test_voices import register
from tests.voices.tiny_piper import write_voice

AR = "# العنوان\n\nكان الشيخ يجلس أمام البيت القديم. ثم جاءت البنت من السوق.\n\nقال لها كلاما جميلا.\n"
EN = "# The Title\n\nThe old man sat before his house. Then the girl came home.\n\nHe was glad.\n"
SAY = f"""#!{sys.executable}
import sys
import numpy as np, soundfile, soxr
from hakawati.voices.espeak import Espeak
text, wav, rate, channels = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
said = Espeak("ar+m3", 150).speak(text)
samples = soxr.resample(np.frombuffer(said.pcm, np.int16) / 32768, said.rate, rate)
silence = np.zeros(rate // 3)
whole = np.concatenate([silence, samples * 0.2, silence])
soundfile.write(wav, np.repeat(whole[:, None], channels, axis=1), rate, format="WAV")
"""
RUN = '["./say.py", "{{text}}", "{{wav}}", {}, {}]'
ENGINES: dict[str, str] = {
    "espeak": "{engine: espeak}",
    "gtts": "{engine: gtts}",
    "edge": "{engine: edge, rate: -10%}",
    "piper": "{engine: piper, voice: voices/ar_JO-tiny-medium.onnx}",
    "piper-silent-about-words": "{engine: piper, voice: voices/ar_JO-tiny-low.onnx, speed: 0.8}",
    **{
        f"command-{rate}-{channels}": f"{{engine: command, run: {RUN.format(rate, channels)}}}"
        for rate, channels in ((8_000, 1), (16_000, 2), (44_100, 1), (48_000, 2))
    },
    "plug-in": "{engine: plug-in}",
}
SPEEDS = {
    "espeak": (0.8, "{engine: espeak}"),
    "gtts": (0.7, "{engine: gtts, speed: 0.7}"),
    "edge": (0.8, "{engine: edge, rate: -10%}"),
    "command": (1.25, f"{{engine: command, speed: 1.25, run: {RUN.format(16_000, 1)}}}"),
    "plug-in": (0.8, "{engine: plug-in}"),
}
"""Engines, how many times as fast they are to be heard in a book whose `speed` is 0.8, and what is chosen."""


@dataclass(frozen=True)
class Whistle:
    """A plug-in's voice: a tone for each word."""

    key: str = "whistle 1"
    credit: str = "The Whistler"
    where: str = "anywhere"

    def speak(self, text: str) -> Speech:
        from tests.narration.making import Hum

        return Hum().speak(text)


PLUG_IN = voices.Engine("plug-in", "whistles", lambda *_: Whistle(), dict)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def services() -> Iterator[tuple[GoogleStandIn, EdgeStandIn]]:
    """The stand-ins, asked by all that is built in this module."""
    patch = pytest.MonkeyPatch()
    without_proxies(patch)
    with GoogleStandIn(Answer(), lead=0.3, tail=0.3) as google, EdgeStandIn(Answer()) as edge:
        patch.setattr("gtts.tts._translate_url", lambda path, **_: google.url + path)
        patch.setattr("edge_tts.communicate.WSS_URL", edge.url)
        known = dict(voices._registered())
        register(patch, "plug-in", f"{__name__}:PLUG_IN")
        known |= voices._registered()
        patch.setattr(voices, "_registered", lambda: known)
        yield google, edge
    patch.undo()


def project_with(folder: Path, engine: str, voice: str = "", narration: str = "") -> Path:
    project = write_book(
        folder,
        {
            "book.yaml": f"title: {{ar: كتاب, en: {engine}}}\nlanguages: [ar, en]\n"
            f"voices:\n  ar: {voice or ENGINES[engine]}\n  en: {{engine: espeak}}\n"
            f"narration: {{languages: [ar, en]{narration}}}\nsync: word\n",
            "ar/01-one.md": AR,
            "en/01-one.md": EN,
        },
    )
    program = project / "say.py"
    program.write_text(SAY)
    program.chmod(0o755)
    write_voice(project / "voices")
    write_voice(project / "voices", "ar_JO-tiny-low", hop_length=1 << 20)  # lengths that cannot be true
    return project


@pytest.fixture(scope="module")
def built(services: object, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A small book by every engine."""
    folder = tmp_path_factory.mktemp("engines")
    projects = {engine: project_with(folder / engine, engine) for engine in ENGINES}
    for project in projects.values():
        build_here(project, modified=1_700_000_000)
    return projects


def timings(project: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((project / "build/timings/01-one.json").read_bytes())[
        "sentences"
    ]
    return found


def heard(project: Path) -> Samples:
    samples, rate = soundfile.read(project / "audio" / "01-one.mp3")
    assert rate == 24_000
    return np.asarray(samples)


@pytest.mark.parametrize("engine", ENGINES)
def test_each_sentence_is_heard_when_it_lights_up_to_15_ms(built: dict[str, Path], engine: str) -> None:
    project = built[engine]
    voice = make_voice("ar", choice(engine), project)
    sound = heard(project)
    for sentence in timings(project)[1:]:
        if sentence["lang"] != "ar":
            continue
        speech = voice.speak(sentence["spoken"])
        first = speech.onsets[0][1] if speech.onsets else 0
        alone = resample(from_pcm(speech.pcm), speech.rate)[: 2 * 24_000]
        begin = round(sentence["begin"] * 24_000 - first * 24_000 / speech.rate)
        low = max(0, begin - 2400)
        at, likeness = locate(sound[low : begin + len(alone) + 2400], alone)
        assert likeness > 0.85, sentence["text"]
        assert abs(low + at - begin) <= 0.015 * 24_000, sentence["text"]


@pytest.mark.parametrize("engine", ENGINES)
def test_each_sentence_is_as_loud_as_was_asked_for(built: dict[str, Path], engine: str) -> None:
    project = built[engine]
    sound = heard(project)
    for sentence in timings(project):
        part = sound[round(24_000 * sentence["begin"]) : round(24_000 * sentence["end"])]
        windows = part[: len(part) // 480 * 480].reshape(-1, 480)
        sounding = windows[(windows**2).mean(axis=1) > 1e-5]
        assert loudness(sounding.ravel()) == pytest.approx(-20, abs=1), sentence["text"]
    assert np.abs(sound).max() <= 10 ** (-3 / 20)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_printed_word_has_its_time_in_order(built: dict[str, Path], engine: str) -> None:
    edges: list[float] = []
    for sentence in timings(built[engine]):
        assert [w["text"] for w in sentence["words"]]
        for word in sentence["words"]:
            edges += [word["begin"], word["end"]]
    assert edges == sorted(edges)
    assert all(b > a for a, b in zip(edges[::2], edges[1::2], strict=True))


def test_epubcheck_finds_no_fault_whatever_the_engine(built: dict[str, Path]) -> None:
    epubs = [next((project / "build").glob("*.epub")) for project in built.values()]
    epubcheck.check(epubs)
    for epub in epubs:
        messages = json.loads(epubcheck.report(epub).read_bytes())["messages"]
        faults = [m for m in messages if m["severity"] != "USAGE" or m["ID"].startswith("MED")]
        assert faults == [], epub


def test_who_speaks_is_credited(built: dict[str, Path]) -> None:
    from mutagen.id3 import ID3

    artists = {
        engine: [str(a) for a in ID3(project / "audio" / "01-one.mp3")["TPE1"].text]
        for engine, project in built.items()
    }
    assert artists["gtts"] == ["Google (ar)", "eSpeak NG (en)"]
    assert artists["edge"] == ["Microsoft (ar-EG-SalmaNeural)", "eSpeak NG (en)"]
    assert artists["piper"] == ["Piper (ar_JO-tiny-medium)", "eSpeak NG (en)"]
    assert artists["command-8000-1"] == ["say.py", "eSpeak NG (en)"]
    assert artists["plug-in"] == ["The Whistler", "eSpeak NG (en)"]


# Speed


@pytest.fixture(scope="module")
def slow(services: object, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The same book, slower, by every engine that has no speed of its own."""
    folder = tmp_path_factory.mktemp("slow")
    projects = {
        engine: project_with(folder / engine, engine, voice, ", speed: 0.8")
        for engine, (_, voice) in SPEEDS.items()
    }
    for project in projects.values():
        build_here(project, modified=1_700_000_000)
    return projects


def sounding(sound: Samples) -> tuple[int, int]:
    """The first and the last sample of what is not 30 dB below its loudest part."""
    windows = sound[: len(sound) // 480 * 480].reshape(-1, 480)
    loud = np.flatnonzero(np.abs(sound) > np.sqrt((windows**2).mean(axis=1).max()) / 32)
    return int(loud[0]), int(loud[-1])


@pytest.mark.parametrize("engine", SPEEDS)
def test_at_another_speed_each_sentence_is_as_long_as_it_should_be_and_heard_when_it_lights_up(
    slow: dict[str, Path], engine: str
) -> None:
    project = slow[engine]
    speed, chosen = SPEEDS[engine]
    voice, factor = paced(choice(chosen), 0.8)
    assert factor == speed
    speaker = make_voice("ar", voice, project)
    sound = heard(project)
    for sentence in timings(project):
        if sentence["lang"] != "ar":
            continue
        speech = speaker.speak(sentence["spoken"])
        alone = resample(from_pcm(speech.pcm), speech.rate)
        first, last = sounding(alone)
        lead = (speech.onsets[0][1] * 24_000 / speech.rate if speech.onsets else 0) - first
        low = max(0, round(sentence["begin"] * 24_000) - 4800)
        begin, end = sounding(sound[low : round(sentence["end"] * 24_000) - 2400])
        assert (end - begin) * factor == pytest.approx(last - first, rel=0.02, abs=0.02 * 24_000)
        # The title lights up from the very beginning of the file.
        lit = low + begin + lead / factor if sentence["begin"] else 0
        assert sentence["begin"] * 24_000 == pytest.approx(lit, abs=0.015 * 24_000), sentence["text"]


@pytest.mark.parametrize("engine", SPEEDS)
def test_at_another_speed_each_word_lights_up_when_the_engine_says_it(
    slow: dict[str, Path], engine: str
) -> None:
    """Compared with the same engine's words at its own speed, from which they may wander by 30 ms."""
    voice, factor = paced(choice(SPEEDS[engine][1]), 0.8)
    speaker = make_voice("ar", voice, slow[engine])
    for sentence in timings(slow[engine])[1:]:
        if sentence["lang"] != "ar":
            continue
        speech = speaker.speak(sentence["spoken"])
        words = {offset: sample / speech.rate / factor for offset, sample in speech.onsets}
        spoken = [match.start() for match in re.finditer(r"\S+", sentence["spoken"])]
        told = [word["begin"] - sentence["begin"] for word in sentence["words"]]
        assert len(spoken) == len(told)
        for offset, at in zip(spoken, told, strict=True):
            if offset in words:
                assert at == pytest.approx(words[offset] - min(words.values()), abs=0.03), sentence["text"]


@pytest.mark.parametrize("engine", SPEEDS)
def test_at_another_speed_a_voice_keeps_its_pitch_and_its_loudness(
    built: dict[str, Path], slow: dict[str, Path], engine: str
) -> None:
    usual = built["command-16000-2" if engine == "command" else engine]
    speed, _ = SPEEDS[engine]
    before, after = timings(usual), timings(slow[engine])
    one, other = heard(usual), heard(slow[engine])
    ratios = []
    for was, now in zip(before, after, strict=True):
        parts = [
            sound[round(s["begin"] * 24_000) : round(s["end"] * 24_000)]
            for sound, s in ((one, was), (other, now))
        ]
        assert loudness(loud_part(parts[1])) == pytest.approx(-20, abs=1)
        if was["lang"] == "ar" and was["begin"]:
            at = np.arange(0, len(parts[0]), 240)
            low, high = pitches(parts[0], at), pitches(parts[1], at / speed)
            both = (low > 0) & (high > 0)
            ratios += list(high[both] / low[both])
    assert np.abs(other).max() <= 10 ** (-3 / 20)
    assert len(ratios) > 20
    assert np.median(ratios) == pytest.approx(1, abs=0.01)


def test_a_neural_voice_speaks_slower_by_itself(services: object, tmp_path: Path) -> None:
    by_book, by_voice = tmp_path / "book", tmp_path / "voice"
    piper = ENGINES["piper"]
    project_with(by_book, "piper", narration=", speed: 0.8")
    project_with(by_voice, "piper", piper.replace("}", ", speed: 0.8}"))
    for project in (by_book, by_voice):
        build_here(project)
    same = clips(by_book / "build" / "store").keys() & clips(by_voice / "build" / "store").keys()
    assert len(same) == 4


def loud_part(part: Samples) -> Samples:
    windows = part[: len(part) // 480 * 480].reshape(-1, 480)
    return np.ravel(windows[(windows**2).mean(axis=1) > 1e-5])


def test_another_speed_speaks_anew_and_says_why_and_the_old_one_is_still_there(
    services: object, tmp_path: Path
) -> None:
    project = project_with(tmp_path, "espeak")
    build_here(project)
    file = project / "book" / "book.yaml"
    usual = file.read_text()
    file.write_text(usual.replace("[ar, en]}", "[ar, en], speed: 0.9}"))
    (chapter,) = build_here(project).chapters
    assert (chapter.clips_made, chapter.why) == (8, "8 sentences: speed changed")
    file.write_text(usual.replace("[ar, en]}", "[ar, en], speed: 1.0}"))
    (chapter,) = build_here(project).chapters
    assert chapter.clips_made == 0
    file.write_text(usual.replace("ar: {engine: espeak}", "ar: {engine: espeak, speed: 0.9}"))
    (chapter,) = build_here(project).chapters
    assert chapter.clips_made == 0  # it was spoken at this speed before


# Settings and failures


def choice(engine: str) -> VoiceChoice:
    """What was chosen of `ENGINES`, or in so many words."""
    import yaml

    options = yaml.safe_load(ENGINES.get(engine, engine))
    return VoiceChoice(options.pop("engine"), options, Place("book/book.yaml", 4))


def test_another_setting_of_one_engine_makes_no_other_engines_clip_anew(
    services: object, tmp_path: Path
) -> None:
    project = project_with(tmp_path, "edge")
    build_here(project)
    before = clips(project / "build" / "store")
    file = project / "book" / "book.yaml"
    file.write_text(file.read_text().replace("rate: -10%", "rate: +5%"))
    (chapter,) = build_here(project).chapters
    assert (chapter.clips_made, chapter.clips_reused) == (4, 4)
    assert chapter.why == "4 sentences: voice for ar changed"
    after = clips(project / "build" / "store")
    assert {key: after[key] for key in before} == before


@pytest.mark.parametrize(
    ("answers", "made", "told"),
    [
        ((Answer(), Answer(), Answer(status=403)), 2, "(403 Forbidden)"),
        ((Answer(status=429, headers={"Retry-After": "3600"}),), 0, "asks to be left alone for 60 minutes"),
    ],
)
def test_a_service_that_stops_is_named_with_file_and_line_and_the_next_build_goes_on(
    services: tuple[GoogleStandIn, EdgeStandIn],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    answers: tuple[Answer, ...],
    made: int,
    told: str,
) -> None:
    project = project_with(tmp_path, "gtts")
    with GoogleStandIn(*answers) as google:
        monkeypatch.setattr("gtts.tts._translate_url", lambda path, **_: google.url + path)
        with pytest.raises(BookError) as caught:
            build_here(project)
        (problem,) = caught.value.problems
        assert problem.path == "book/ar/01-one.md"
        assert problem.line in (1, 3, 5)
        assert problem.message.startswith("Google (ar) cannot speak: Google ")
        assert told in problem.message
        assert f"({3 - made} more sentences wait for it)" in problem.message
        assert "--voice ar=espeak" in problem.hint
    whole, _ = services
    monkeypatch.setattr("gtts.tts._translate_url", lambda path, **_: whole.url + path)
    (chapter,) = build_here(project).chapters
    assert (chapter.clips_made, chapter.clips_reused) == (4 - made, 4 + made)


def test_offline_it_says_so_at_once_in_one_line(
    services: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = project_with(tmp_path, "gtts")
    port = closed_port()
    monkeypatch.setattr("gtts.tts._translate_url", lambda path, **_: f"http://127.0.0.1:{port}/{path}")
    with pytest.raises(BookError) as caught:
        build_here(project)
    (problem,) = caught.value.problems
    assert "cannot be reached: the connection is refused" in problem.message
    assert "connect to the internet" in problem.hint
    assert "\n" not in problem.message


@pytest.mark.parametrize(
    ("voice", "line", "told"),
    [
        ("{engine: gtts, tld: '../x'}", 4, "“tld” is like “com”"),
        ("{engine: edge, rate: fast}", 4, "“rate”"),
        ("{engine: piper, voice: ar_JO-nobody-medium}", 4, "hakawati voices add ar_JO-nobody-medium"),
        ("{engine: command, run: [no-such-program]}", 4, "no-such-program"),
        ("{engine: nobody}", 4, "there is no engine “nobody”"),
    ],
)
def test_a_voice_that_cannot_be_had_is_a_problem_with_the_line_of_the_book(
    tmp_path: Path, voice: str, line: int, told: str
) -> None:
    project = project_with(tmp_path, "espeak")
    file = project / "book" / "book.yaml"
    file.write_text(file.read_text().replace("ar: {engine: espeak}", f"ar: {voice}"))
    with pytest.raises(BookError) as caught:
        build_here(project)
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("book/book.yaml", line)
    assert told in f"{problem.message} {problem.hint}"


def test_a_program_that_fails_is_named_with_its_stderr_and_the_sentence(tmp_path: Path) -> None:
    project = project_with(tmp_path, "command-8000-1")
    (project / "say.py").write_text(f"#!{sys.executable}\nimport sys\nsys.exit('no such voice')\n")
    with pytest.raises(BookError) as caught:
        build_here(project)
    assert [p.line for p in caught.value.problems] == [1, 3, 5]  # two sentences of one line are told of once
    for problem in caught.value.problems:
        assert problem.path == "book/ar/01-one.md"
        assert problem.message.startswith("say.py cannot speak this sentence: ")
        assert "no such voice" in problem.message
