"""What a voice would say, without a book being built: a text that is tried, the words that deserve a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from hakawati.arabic.vowels import diacritize
from hakawati.common.destination import Destination
from hakawati.errors import BookError, Problem, listed
from hakawati.model import Audio, Book, Place, Voice, VoiceChoice, VoiceError
from hakawati.narration.doubtful_words import DoubtfulWord, doubtful_words
from hakawati.narration.formats import FORMATS, has_mark, packed
from hakawati.narration.reading_order import reading_order
from hakawati.narration.spoken_form import prepare
from hakawati.narration.synthesis import synthesise
from hakawati.narration.timeline import Joiner
from hakawati.publishing.cast import voice_hint
from hakawati.source.book_yaml import LANGUAGE
from hakawati.source.folder import read_book
from hakawati.source.spoken_text import spoken_text
from hakawati.source.starter import guess_language
from hakawati.voices import DEFAULT_ENGINE, engine_names, make_voice, paced

_PAUSE = 350
"""Milliseconds between sentences."""
_COMMAND = "hakawati say"
"""What its files are marked with."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A text that was said."""

    seconds: float
    credit: str
    spoken: str


def say(
    text: str,
    out: Path,
    *,
    lang: str | None,
    voice: VoiceChoice | None,
    speed: float | None = None,
    project: Path = Path(),
    force: bool = False,
) -> Trial:
    """Say a text into a sound file, with the voices and pronunciations of the project, if it is one.

    Its ending, one of `FORMATS`, is its format. `lang` is guessed where it is not given; `voice` names an
    engine, or a voice of the project; `speed` takes the place of the voice's own and the project's. A file
    that somebody else made is overwritten only by `force`. Raises `BookError`.
    """
    ending = out.suffix.lower()
    if ending not in FORMATS:
        message = f"{_COMMAND} writes {listed(FORMATS)} files"
        raise _wrong(message, "end the file's name in one of these", Place(str(out), 0))
    place = Destination(out, _COMMAND, "--out", lambda file: has_mark(file, _COMMAND), force)
    place.check()
    lang = lang or guess_language(text)
    if not LANGUAGE.fullmatch(lang):
        raise _wrong(f"“{lang}” is no language code", "Arabic is ar, English en")
    voices, usual, written = spoken_text(text, lang, project)
    choice = _choice(lang, voice, voices)
    if speed is not None:
        choice = replace(choice, options={**choice.options, "speed": speed}, place=Place("--speed", 0))
    speaker, tempo = _voice(lang, choice, usual, project)
    joiner = Joiner(Audio().bitrate)
    frames, spoken = [], []
    for sentence in (s for s in written.sentences if s.words):
        try:
            clip = synthesise(prepare(sentence, written, lang), speaker, Audio(), 0, tempo)
        except VoiceError as error:
            raise _wrong(f"{speaker.credit} cannot speak: {error}", voice_hint(error)) from None
        frames.append(joiner.place(clip, _PAUSE).stream)
        spoken += [said.spoken for said in clip.sentences]
    if not frames:
        raise _wrong("there is no word in it", "write what is to be said, in quotes")
    place.write(packed(b"".join(frames), ending, _COMMAND))
    return Trial(joiner.seconds, speaker.credit, " ".join(spoken))


def _choice(lang: str, asked: VoiceChoice | None, voices: Mapping[str, VoiceChoice]) -> VoiceChoice:
    """The voice that was asked for: an engine's, or the project's of that name; else the language's."""
    if asked is None:
        return voices.get(lang) or VoiceChoice(DEFAULT_ENGINE, {}, Place("--voice", 0))
    if asked.engine in voices and asked.engine not in engine_names():
        return voices[asked.engine]
    return asked


def _voice(lang: str, choice: VoiceChoice, speed: float, project: Path) -> tuple[Voice, float]:
    """The voice, and how many times as fast what it says is to be made."""
    try:
        choice, speed = paced(choice, speed)
        return make_voice(lang, choice, project), speed
    except VoiceError as error:
        raise _wrong(str(error), voice_hint(error), choice.place) from None


def _wrong(message: str, hint: str, place: Place | None = None) -> BookError:
    return BookError([Problem(place.path if place else "say", place.line if place else 0, message, hint)])


def doubtful(project: Path) -> list[DoubtfulWord]:
    """The words of a project's book whose pronunciation deserves a look. Raises `BookError`."""
    return doubtful_in(read_book(project))


def doubtful_in(book: Book) -> list[DoubtfulWord]:
    """The same of a book that was read."""
    cues = (cue for chapter in book.chapters for cue in reading_order(chapter, book.edition.narration))
    return doubtful_words((prepare(cue.sentence, cue.text, cue.text.lang) for cue in cues), diacritize)


def add_voice(name: str) -> Path:
    """Fetch a voice for Piper or MBROLA; returns its file. Raises `BookError`."""
    from hakawati.voices import mbrola, mbrola_download, piper_download, piper_neural
    from hakawati.voices.mbrola_score import DATABASES

    try:
        if name in DATABASES:
            return mbrola_download.add_voice(name, mbrola.voices_folder())
        return piper_download.add_voice(name, piper_neural.voices_folder())
    except VoiceError as error:
        raise BookError([Problem(name, 0, str(error), voice_hint(error))]) from None
