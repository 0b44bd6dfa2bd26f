"""A person's recording: of a single sentence, used as a voice, or of a whole chapter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from hakawati.alignment import Reference, align
from hakawati.alignment.aligner import VERSION
from hakawati.common.decoding import DamagedError, MissingDecoderError, decode
from hakawati.common.stamps import content, stamp
from hakawati.errors import visible
from hakawati.model import (
    SAMPLE_RATE,
    SentenceSpan,
    Speech,
    VoiceError,
    VoiceUnavailableError,
    Where,
    longest,
)
from hakawati.voices.timing import ReferenceSpeech, aligned, reference_speech


class UnreadableError(VoiceError):
    """A file in which no sound can be found."""

    hint = (
        "open it in a sound editor, and save it again as FLAC, M4A, MP3, OGG, OPUS or WAV; or delete it, and "
        "a voice will read"
    )


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A file with a person's voice in it."""

    file: Path
    path: str
    """Relative to the project folder, as the author knows it."""
    digest: str
    lang: str

    @property
    def key(self) -> str:
        return f"recording {self.digest} {self.lang} {VERSION} {version('espeakng-loader')}"

    @property
    def credit(self) -> str:
        """The artist whom the file itself names, if it does."""
        import mutagen

        try:
            tags = mutagen.File(self.file, easy=True)
            return visible(str(next(iter((tags or {}).get("artist") or [""]))).strip())
        except Exception:  # noqa: BLE001 - mutagen has no common base for what a damaged file makes it raise
            return ""

    def sound(self) -> Iterator[bytes]:
        """Signed 16-bit little-endian mono PCM at `SAMPLE_RATE`, in blocks. Raises `VoiceError`."""
        ending = self.file.suffix.lower()
        empty = True
        try:
            # What is made of it is kept under the digest of what was asked for.
            before = stamp(self.file.resolve())
            if content(self.file) != self.digest:
                raise _saved()
            for block in decode(self.file, ending):
                empty = empty and not block
                yield block
            if stamp(self.file.resolve()) != before:
                raise _saved()
        except DamagedError:
            raise UnreadableError(f"it is no {ending[1:].upper()}, or a damaged one") from None
        except MissingDecoderError:
            hint = "pip install 'hakawati[m4a]', or save it as FLAC, MP3, OGG, OPUS or WAV"
            raise VoiceUnavailableError("its format needs FFmpeg's libraries", hint) from None
        except OSError as error:
            raise VoiceError(f"it cannot be read: {error.strerror or error}") from None
        if empty:
            raise UnreadableError("there is no sound in it")


@dataclass(frozen=True, slots=True)
class RecordedSentence(SoundFile):
    """A `Voice` that can say one thing."""

    @property
    def where(self) -> Where:
        return "here"

    def speak(self, text: str) -> Speech:
        """What was recorded, and when the words of `text` are heard in it.

        A sentence by itself is too short to tell whether it is the printed one, but for its length.
        """
        pcm = b"".join(_within(longest(text, by_person=True), self.sound()))
        said = reference_speech(text, self.lang)
        return replace(aligned(pcm, SAMPLE_RATE, said), sure=_likely(pcm, said))


@dataclass(frozen=True, slots=True)
class RecordedChapter(SoundFile):
    """An `AlignableRecording`."""

    def align(
        self, sound: Iterable[bytes], texts: Iterable[str]
    ) -> tuple[list[SentenceSpan], list[tuple[int, int]]]:
        """Where each text is read in the sound, which is this recording's."""
        offsets: list[tuple[int, ...]] = []

        def references() -> Iterator[Reference]:
            for text in texts:
                said = reference_speech(text, self.lang)
                if said is None:
                    raise VoiceError(f"it is in {self.lang}, which eSpeak NG cannot speak to compare with it")
                offsets.append(said.offsets)
                yield said.reference

        try:
            found = align(sound, SAMPLE_RATE, references())
        except ValueError as error:
            raise VoiceError(f"it cannot be aligned ({error})") from error
        if not any(sentence.found for sentence in found.sentences):
            raise VoiceError("nothing in it sounds like this chapter")
        sentences = [
            SentenceSpan(s.begin, s.end, tuple(zip(at, s.words, strict=True)), s.confidence, s.found)
            for s, at in zip(found.sentences, offsets, strict=True)
        ]
        return sentences, list(found.extras)


def _within(seconds: int, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """The sound, of so many seconds at most. Raises `VoiceError` as soon as there are more."""
    size = 0
    for block in blocks:
        size += len(block)
        if size > 2 * SAMPLE_RATE * seconds:
            raise VoiceError(f"it lasts longer than {seconds} s, the most for this sentence")
        yield block


def _likely(pcm: bytes, said: ReferenceSpeech | None) -> float:
    """0 to 1: how well a text fits into a sound by its length; thrice the time, or a third, makes 0.47."""
    import numpy as np

    size = np.abs(np.frombuffer(pcm, "<i2").astype(np.int32))
    loud = np.flatnonzero(size > 0.03 * size.max(initial=0))
    if said is None or not len(loud):
        return 1.0
    heard = max(1, loud[-1] - loud[0]) / SAMPLE_RATE
    return float(max(0, 1 - abs(np.log2(heard / said.seconds)) / 3))


def _saved() -> VoiceError:
    return VoiceUnavailableError("it was saved while the book was being built", "build again")
