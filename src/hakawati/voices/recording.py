"""A person's narration: of a single sentence, as a voice, or of a whole chapter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

from hakawati.model import SAMPLE_RATE, HeardSentence, Speech, VoiceError, Where
from hakawati.voices.align import VERSION, Reference, align
from hakawati.voices.sound import as_pcm
from hakawati.voices.timing import Known, aligned, known

_BLOCK = 56 * 1152
"""Samples that are read at once: of an MP3 a whole number of frames, since soundfile seeks after each block,
and libmpg123 complains aloud of a place inside of one."""
_BY_AV = (".m4a",)
"""What libsndfile does not read, and FFmpeg's libraries do."""


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
        except (mutagen.MutagenError, OSError):
            return ""
        return str(next(iter((tags or {}).get("artist") or [""]))).strip()

    def sound(self) -> Iterator[bytes]:
        """Signed 16-bit little-endian mono PCM at `SAMPLE_RATE`, in blocks. Raises `VoiceError`."""
        blocks = _by_av if self.file.suffix.lower() in _BY_AV else _by_soundfile
        empty = True
        for block in blocks(self.file):
            empty = empty and not block
            yield block
        if empty:
            raise VoiceError("there is no sound in it")


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
        pcm, said = b"".join(self.sound()), known(text, self.lang)
        return replace(aligned(pcm, SAMPLE_RATE, said), sure=_likely(pcm, said))


@dataclass(frozen=True, slots=True)
class RecordedChapter(SoundFile):
    """A `Recorded`."""

    def heard(
        self, sound: Iterable[bytes], texts: Iterable[str]
    ) -> tuple[list[HeardSentence], list[tuple[int, int]]]:
        """Where each text is read in the sound, which is this recording's."""
        offsets: list[tuple[int, ...]] = []

        def references() -> Iterator[Reference]:
            for text in texts:
                said = known(text, self.lang)
                if said is None:
                    raise VoiceError(f"it is in {self.lang}, which eSpeak NG cannot speak to compare with it")
                offsets.append(said.offsets)
                yield said.reference

        found = align(sound, SAMPLE_RATE, references())
        if not any(sentence.found for sentence in found.sentences):
            raise VoiceError("nothing in it sounds like this chapter")
        sentences = [
            HeardSentence(s.begin, s.end, tuple(zip(at, s.words, strict=True)), s.confidence, s.found)
            for s, at in zip(found.sentences, offsets, strict=True)
        ]
        return sentences, list(found.extras)


def _likely(pcm: bytes, said: Known | None) -> float:
    """0 to 1: how well a text fits into a sound by its length; thrice the time, or a third, makes 0.47."""
    import numpy as np

    size = np.abs(np.frombuffer(pcm, "<i2").astype(np.int32))
    loud = np.flatnonzero(size > 0.03 * size.max(initial=0))
    if said is None or not len(loud):
        return 1.0
    heard = max(1, loud[-1] - loud[0]) / SAMPLE_RATE
    return float(max(0, 1 - abs(np.log2(heard / said.seconds)) / 3))


def _by_soundfile(file: Path) -> Iterator[bytes]:
    import numpy as np
    import soundfile
    import soxr

    try:
        with soundfile.SoundFile(file) as opened:
            resampler = soxr.ResampleStream(opened.samplerate, SAMPLE_RATE, 1, dtype="float32")
            # Not `opened.blocks`: it goes on to the length that libsndfile reckons from the file's size, with
            # its tags, and repeats itself where the sound is over.
            while len(block := opened.read(_BLOCK, dtype="float32", always_2d=True)):
                yield as_pcm(resampler.resample_chunk(block.mean(axis=1)))
            yield as_pcm(resampler.resample_chunk(np.zeros(0, np.float32), last=True))
    except (soundfile.LibsndfileError, RuntimeError) as error:
        raise VoiceError(f"it cannot be read ({_reason(error)})") from None


def _by_av(file: Path) -> Iterator[bytes]:
    try:
        import av
    except ImportError:
        raise VoiceError("its format needs FFmpeg's libraries: pip install 'hakawati[m4a]'") from None
    resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
    try:
        with av.open(str(file)) as opened:
            for frame in opened.decode(audio=0):
                yield from (_plane(made) for made in resampler.resample(frame))
            yield from (_plane(made) for made in resampler.resample(None))
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise VoiceError(f"it cannot be read ({_reason(error)})") from None


def _plane(frame: object) -> bytes:
    import av

    assert isinstance(frame, av.AudioFrame)
    return bytes(frame.planes[0])[: 2 * frame.samples]


def _reason(error: Exception) -> str:
    """What went wrong, without the file's path, which is told beside it."""
    said = getattr(error, "error_string", None) or getattr(error, "strerror", None) or error
    return str(said).strip().rstrip(".") or type(error).__name__
