"""Piper: neural voices that speak offline."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import file_digest
from importlib.metadata import version
from pathlib import Path

from hakawati.arabic.phones import VERSION
from hakawati.errors import listed, nearest, short
from hakawati.model import Speech, Voice, VoiceError, VoiceUnavailableError, Where
from hakawati.voices import Engine
from hakawati.voices.options import Options
from hakawati.voices.piper_arabic import piper_reading
from hakawati.voices.piper_model import PiperModel, configuration, loaded
from hakawati.voices.timing import timed

_FORMAT = 1
"""Of what is done here to the model and the text; another one, and every clip is made again."""
_LEAST_RATE = 8_000
_MARKS = frozenset(" .,:;!?ˈˌ")
"""What may differ between a word in its sentence and alone: punctuation and stress."""
_WORD = re.compile(r"[^\s—–…،؛:,;.!?؟()\[\]{}«»“”‘’\"'\-][^\s—–…،؛;!?؟()\[\]{}«»“”\"]*")
"""What is read alone. It begins with no punctuation, which would be read by its name."""
_UNTOLD = 3
"""How many words in a row may go without an onset, to be told apart by their length."""


@dataclass(frozen=True, slots=True)
class PiperVoiceInfo:
    """What a voice's configuration says of it, as far as one must know before it speaks."""

    language: str
    quality: str
    """Empty where it is not told."""
    reader: str
    """eSpeak's voice that reads the text for it; empty where the model reads letters."""
    speakers: Mapping[str, int]
    """The numbers of those that have a name."""
    count: int
    """How many speakers there are."""

    def __str__(self) -> str:
        speakers = f"{self.count} speakers" if self.count > 1 else ""
        return ", ".join(filter(None, (self.language, self.quality, speakers)))


@dataclass(frozen=True, slots=True)
class Piper:
    """A Piper voice with its settings.

    The same text gives the same speech, always, whatever was spoken before and by whichever process: the
    noise in it is the same too. See `piper_model`.
    """

    model: Path
    digests: tuple[str, str]
    """SHA-256 of the model and of its configuration."""
    lang: str
    arabic: bool
    """Whether it was taught eSpeak's Arabic phonemes."""
    speaker: int | None = None
    speed: float = 1.0
    """Times as fast as the voice was made."""
    noise: float | None = None
    noise_w: float | None = None
    """How much the sound, and the length of sounds, vary; as the voice was made where it is None."""

    @property
    def key(self) -> str:
        settings = f"speaker={self.speaker} speed={self.speed} noise={self.noise} noise_w={self.noise_w}"
        arabic = f" phones={VERSION}" if self.arabic else ""
        made = f"{_FORMAT} {self.lang} {' '.join(self.digests)}{arabic}"
        return f"piper {version('piper-tts')} {made} {settings}"

    @property
    def credit(self) -> str:
        return f"Piper ({self.model.stem})"

    @property
    def where(self) -> Where:
        return "here"

    def speak(self, text: str) -> Speech:
        """Speak a text; onsets are the model's own, to the frame, where it tells them."""
        import numpy as np

        model = loaded(self.model, _config(self.model), self.digests)
        heads: Sequence[tuple[int, int]] = ()
        if self.arabic:
            reading = piper_reading(text, model.phonemes, model.known)
            sentences, heads = reading.sentences, reading.heads
        else:
            sentences = [s for s in model.phonemes(text) if _groups([s])]
        if not sentences:
            return Speech(b"", model.rate, ())
        said = [model.say(s, self.speaker, self.speed, self.noise, self.noise_w) for s in sentences]
        sound = np.concatenate([part.samples for part in said])
        sound = sound / max(float(np.abs(sound).max()), 1e-8)  # as loud as it can be, as Piper does it
        pcm = np.rint(sound * 32767).astype("<i2").tobytes()
        marks: list[tuple[int, int]] = []
        if all(part.begins for part in said):
            shifts = np.cumsum([0, *(len(part.samples) for part in said)])
            begins = [
                int(shift) + at for shift, part in zip(shifts, said, strict=False) for at in part.begins
            ]
            marks = [(offset, begins[i]) for offset, i in heads] or _onsets(model, text, sentences, begins)
        if not marks:
            return timed(pcm, model.rate, text, self.lang)
        return Speech(pcm, model.rate, tuple(marks))


def _onsets(
    model: PiperModel, text: str, sentences: Sequence[Sequence[str]], begins: Sequence[int]
) -> list[tuple[int, int]]:
    """(offset of a word in the text, sample at which it begins), from when each phoneme begins.

    Each word is read alone, too, to see what it becomes: a number becomes several words. In its sentence it
    may be read otherwise, or as one with the word before it (“in the”), and then goes without an onset.
    Nothing is given where that is so for many.
    """
    said = _groups(sentences)
    alone: list[tuple[int, str]] = []
    for match in _WORD.finditer(text):
        alone.extend((match.start(), sound) for _, sound in _groups(model.phonemes(match[0])))
    onsets: list[tuple[int, int]] = []
    matcher = SequenceMatcher(None, [s for _, s in alone], [s for _, s in said], autojunk=False)
    for _, a, a_end, b, b_end in matcher.get_opcodes():
        words = [i for i in range(a, a_end) if i == 0 or alone[i][0] != alone[i - 1][0]]
        if a_end - a != b_end - b:
            told = [i for i in words if i == a and b < b_end]
            if len(words) - len(told) > _UNTOLD:
                return []
            words = told
        onsets.extend((alone[i][0], begins[said[b + i - a][0]]) for i in words)
    return onsets


def _groups(sentences: Sequence[Sequence[str]]) -> list[tuple[int, str]]:
    """(index of its first phoneme, its sounds) of each spoken word; indices count through all sentences."""
    groups: list[tuple[int, str]] = []
    at = 0
    for sentence in sentences:
        begin, word = at, ""
        for phoneme in (*sentence, " "):
            if phoneme != " ":
                word += "" if phoneme in _MARKS else phoneme
            else:
                if word:
                    groups.append((begin, word))
                begin, word = at + 1, ""
            at += 1
        at -= 1  # the space behind its end
    return groups


def make(lang: str, options: Mapping[str, object], project: Path) -> Voice:
    """A Piper voice from `{voice, speaker, speed, noise, noise_w}`; `voice` is a name, or a model's path."""
    if type(number := options.get("speaker")) is int:
        options = {**options, "speaker": str(number)}
    known = {"voice": str, "speaker": str, "speed": float, "noise": float, "noise_w": float}
    chosen = Options("piper", options, known)
    name = chosen.text("voice", "")
    if not name:
        raise VoiceError(f"piper needs a “voice”; installed: {listed(_installed())}")
    model = _file(name, project)
    found = voice_info(_config(model))
    noise, noise_w = (chosen.number(n, 0, 0, 2) if n in options else None for n in ("noise", "noise_w"))
    return Piper(
        model,
        (_digest(model), _digest(_config(model))),
        lang,
        found.reader == "ar",
        _speaker(found, model.stem, chosen.text("speaker", "")),
        chosen.number("speed", 1, 0.25, 4),
        noise,
        noise_w,
    )


def voices_folder() -> Path:
    """Where the voices are that any project can use."""
    from platformdirs import user_data_path

    return user_data_path("hakawati") / "piper"


def voices() -> Mapping[str, str]:
    """The installed voices by name: language, quality and speakers of each, or what is wrong with it."""
    told: dict[str, str] = {}
    for name in _installed():
        try:
            told[name] = str(voice_info(_config(_file(name, Path()))))
        except VoiceError as error:
            told[name] = f"broken: {error}"
    return told


def _installed() -> list[str]:
    return sorted(file.stem for file in voices_folder().glob("*.onnx"))


def voice_info(config: Path) -> PiperVoiceInfo:
    """Read a voice's configuration. Raises `VoiceError`, naming the file, where it cannot be used."""
    try:
        told = configuration(config.read_bytes())
        kind, count = told.get("phoneme_type", "espeak"), told["num_speakers"]
        speakers = {str(name): int(number) for name, number in told.get("speaker_id_map", {}).items()}
        reader = str(told["espeak"]["voice"])
        language, audio, ids = told.get("language", {}), told["audio"], told["phoneme_id_map"]
        good = isinstance(count, int) and count > 0 and int(audio["sample_rate"]) >= _LEAST_RATE
        good &= int(told["num_symbols"]) > 0 and all(isinstance(ids[mark], list) for mark in "^_$")
        name = str(language.get("name_english", reader))
        country = str(language.get("country_english", ""))
    except OSError as error:
        raise VoiceUnavailableError(f"{config} cannot be read: {error.strerror}") from error
    except (ArithmeticError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise VoiceError(f"{config.name} is damaged, or not a Piper voice's: {short(repr(error))}") from error
    if not good:
        raise VoiceError(f"{config.name} is damaged, or not a Piper voice's")
    if kind not in ("espeak", "text"):
        raise VoiceError(
            f"{config.name} wants its text read as “{kind}”, for which the programs are not here"
        )
    language = f"{name} ({country})" if country else name
    return PiperVoiceInfo(
        language, str(audio.get("quality", "")), reader if kind == "espeak" else "", speakers, max(1, count)
    )


def _file(name: str, project: Path) -> Path:
    """The model that is meant by a name or a path; its configuration is there too."""
    if Path(name).name == name and not name.endswith(".onnx"):
        file = voices_folder() / f"{name}.onnx"
        here = f"installed: {listed(_installed())}"
        missing = VoiceUnavailableError(
            f"the voice “{name}” is not installed", f"hakawati voices add {name} ({here})"
        )
    else:
        file = (project / name).absolute()
        missing = VoiceUnavailableError(
            f"there is no “{name}”", f"it was looked for from {project.absolute()}"
        )
    if not file.is_file():
        raise missing
    if not _config(file).is_file():
        raise VoiceUnavailableError(
            f"{_config(file).name}, which belongs to the voice, is not there",
            f"it should stand beside {file}",
        )
    return file


def _config(model: Path) -> Path:
    return model.with_name(f"{model.name}.json")


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return file_digest(content, "sha256").hexdigest()


def _speaker(found: PiperVoiceInfo, voice: str, wanted: str) -> int | None:
    """The number of a speaker; a name goes before a number, since some names are numbers."""
    if not wanted:
        return None
    number = found.speakers.get(wanted, int(wanted) if wanted.isdecimal() else found.count)
    if number < found.count:
        return number
    if not found.speakers:
        raise VoiceError(f"“{voice}” has no speaker “{wanted}”; its speakers go from 0 to {found.count - 1}")
    raise VoiceError(f"“{voice}” has no speaker “{wanted}”; {nearest(wanted, found.speakers)}")


ENGINE = Engine(
    "piper",
    "Piper: neural voices, offline once they are installed",
    make,
    voices,
    more="hakawati voices add ar_JO-kareem-medium",
    speeds=True,
)
