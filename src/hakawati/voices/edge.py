"""Microsoft Edge's voices, by edge-tts: online, with the time of every word."""

from __future__ import annotations

import asyncio
import importlib.util
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from html import unescape
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from hakawati.errors import nearest
from hakawati.model import Speech, Voice, VoiceError, Where, longest
from hakawati.voices import Engine
from hakawati.voices.edge_voices import VOICES, voice_for
from hakawati.voices.options import Options
from hakawati.voices.service import RetryPolicy, Service, ServiceSound, TransientError, no_way
from hakawati.voices.timing import timed

_BOUNDS: Mapping[str, tuple[str, int, int]] = {
    "rate": ("%", -50, 100),
    "pitch": ("Hz", -100, 100),
    "volume": ("%", -90, 100),
}
"""Unit, least and most of what is changed from the voice's own."""
_TICKS = 10_000_000
"""In a second: the service counts in steps of 100 ns."""
_DELAY = 1105 / 24_000
"""Seconds from the beginning of a decoded MP3 to that of what was encoded: the service's times know nothing
of the delay of its own encoder, LAME, and of the decoder."""
_SKEW = 0.055, 0.4
"""Seconds. The service has been measured to be 60 to 90 ms early, with every word alike. Where a sentence
is first heard so much later than told, from the least (a p or t is silent as long) to the most, all are."""
_COUNTED: Literal["cumulative_audio_bytes"] = "cumulative_audio_bytes"
"""Where edge-tts keeps the length of the sound that has come to its end."""
_MOST = 40_000
"""Bytes for a second of MP3."""
_REACH = 60
"""Letters after the last word that was found in which the next one is looked for."""


@dataclass(frozen=True, slots=True)
class Edge:
    """A Microsoft voice with its settings."""

    lang: str
    """Of the book."""
    voice: str
    rate: str = "+0%"
    pitch: str = "+0Hz"
    volume: str = "+0%"
    policy: RetryPolicy = field(default_factory=RetryPolicy)

    @property
    def key(self) -> str:
        settings = f"rate={self.rate} pitch={self.pitch} volume={self.volume}"
        return f"edge {version('edge-tts')} {self.voice} {settings}"

    @property
    def credit(self) -> str:
        return f"Microsoft ({self.voice})"

    @property
    def where(self) -> Where:
        return "online"

    def speak(self, text: str) -> Speech:
        """Speak a text; the onsets are the service's own, one for each word it tells of."""
        if not text.strip():
            raise VoiceError("there is nothing to speak")
        sound, boundaries = self.policy.ask(partial(self._ask, text))
        marks = located(text, boundaries)
        # Some voices have been seen to tell of all words at time 0.
        if not marks or (len(marks) > 1 and marks[0][1] == marks[-1][1]):
            return timed(sound.pcm, sound.rate, text, self.lang)
        return Speech(sound.pcm, sound.rate, tuple(_placed(sound, boundaries[0][0], marks)))

    def _ask(self, text: str) -> tuple[ServiceSound, list[tuple[float, str]]]:
        """One request: the sound, and (ticks, word) for each word boundary."""
        import aiohttp
        from edge_tts import exceptions

        service = Service("Microsoft", "speech.platform.bing.com", "edge-tts", self.lang)
        try:
            data, boundaries = asyncio.run(self._received(text, service))
        except exceptions.NoAudioReceived as error:
            raise service.no_sound(text, f"is there a voice “{self.voice}”?") from error
        except (
            exceptions.SkewAdjustmentError
        ) as error:  # it was refused, and edge-tts looked for a reason in vain
            raise self._fault(error.__cause__, service, text) from error
        except (aiohttp.ClientError, OSError, exceptions.WebSocketError) as error:
            raise self._fault(error, service, text) from error
        except (exceptions.EdgeTTSException, ValueError, KeyError) as error:
            raise service.no_sound(text, "it is garbled") from error
        sound = service.decode(data, text)
        if boundaries and boundaries[-1][0] * sound.rate > _TICKS * len(sound.pcm) / 2:
            raise service.no_sound(text, "the last words are missing")
        return sound, boundaries

    async def _received(self, text: str, service: Service) -> tuple[bytes, list[tuple[float, str]]]:
        from edge_tts import Communicate

        try:
            asking = Communicate(
                text,
                self.voice,
                rate=self.rate,
                pitch=self.pitch,
                volume=self.volume,
                boundary="WordBoundary",
            )
            asking.state[_COUNTED]
        except (TypeError, AttributeError, KeyError) as error:
            found = version("edge-tts")
            raise VoiceError(f"edge-tts {found} is another than Hakawati knows; install 7.3.1") from error
        data = bytearray()
        boundaries: list[tuple[float, str]] = []
        async with asyncio.timeout(self.policy.time_limit), aclosing(asking.stream()) as stream:
            async for chunk in stream:
                if chunk["type"] == "audio":
                    data += chunk["data"]
                    if len(data) > _MOST * longest(text):
                        raise service.no_sound(text, "it does not end")
                else:
                    boundaries.append((chunk["offset"], chunk["text"]))
        # Where the connection is lost, the stream just ends; only at the service's own end is this counted.
        if asking.state[_COUNTED] != len(data):
            raise service.broken_off()
        return bytes(data), boundaries

    def _fault(self, error: BaseException | None, service: Service, text: str) -> TransientError | VoiceError:
        """What it means that aiohttp or edge-tts raised this."""
        import aiohttp

        offline: Mapping[type[Exception], str] = {
            aiohttp.ClientProxyConnectionError: "the proxy cannot be reached",
            aiohttp.ClientHttpProxyError: "the proxy does not let it through",
            aiohttp.ClientConnectorDNSError: "its name is not found",
            aiohttp.ClientConnectorCertificateError: "its certificate is not to be trusted",
        }
        for kind, why in offline.items():
            if isinstance(error, kind):
                return service.offline(why)
        if isinstance(error, aiohttp.ClientResponseError):
            return service.refused(error.status, "", error.headers or {}, text)
        if isinstance(error, aiohttp.ClientConnectorError) and not isinstance(error, aiohttp.ClientSSLError):
            return service.offline(no_way(error.os_error))
        if isinstance(error, TimeoutError):
            return service.late(self.policy.time_limit)
        return service.broken_off()


def _placed(
    sound: ServiceSound, first: float, marks: Sequence[tuple[int, float]]
) -> Iterator[tuple[int, int]]:
    """(offset in the text, ticks) → (offset in the text, sample of the sound).

    `first`: the ticks at which the first word is told to begin, whether it is found in the text or not.
    """
    least, most = _SKEW
    skew = sound.begin / sound.rate - first / _TICKS - _DELAY
    shift = _DELAY + (skew if least < skew < most else 0)
    samples = len(sound.pcm) // 2
    for offset, ticks in marks:
        yield offset, min(samples, round((ticks / _TICKS + shift) * sound.rate))


def located(text: str, boundaries: Sequence[tuple[float, str]]) -> list[tuple[int, float]]:
    """(offset in the text, ticks) for each boundary, (ticks, word), whose word is found in the text.

    Each is looked for after the last one, and not far from it, so that one that is told in other letters
    than it is written in does not carry the others away.
    """
    letters, offsets = _folded(text)
    marks: list[tuple[int, float]] = []
    at, missed = 0, 0
    for ticks, told in boundaries:
        word = _folded(unescape(told))[0]
        begin = _found(letters, word, at, at + _REACH * (1 + missed))
        if begin is None:
            missed += 1
            continue
        marks.append((offsets[begin], ticks))
        at, missed = begin + len(word), 0
    return marks


def _folded(text: str) -> tuple[str, list[int]]:
    """A text's letters, digits and single spaces, without case and marks; where in it each stands."""
    letters: list[str] = []
    offsets: list[int] = []
    for i, char in enumerate(text):
        for base in unicodedata.normalize("NFKD", char).casefold():
            if not _is_mark(base) and (base.isalnum() or letters[-1:] != [" "]):
                letters.append(base if base.isalnum() else " ")
                offsets.append(i)
    begin, end = letters[:1] == [" "], len(letters) - (letters[-1:] == [" "])
    return "".join(letters[begin:end]), offsets[begin:end]


def _is_mark(char: str) -> bool:
    """Whether it may be left out within a word: a vowel mark, a joiner, tatweel, an apostrophe."""
    return unicodedata.category(char) in ("Mn", "Me", "Cf") or char in "ـ'’ʼ"


def _found(letters: str, word: str, begin: int, end: int) -> int | None:
    """Where the word is next, best where a word begins; where the last one ended, one does."""
    if not word:
        return None
    places = [m.start() for m in re.finditer(re.escape(word), letters[begin : end + len(word)])]
    whole = (p for p in places if p == 0 or letters[begin + p - 1] == " ")
    place = next(whole, places[0] if places else None)
    return None if place is None else begin + place


def make(lang: str, options: Mapping[str, object], project: Path) -> Voice:  # noqa: ARG001
    """A Microsoft voice from `{voice, rate, pitch, volume}`; `voice` is one of the language's by default."""
    # An author may write 10 for 10%, and YAML makes a number of it.
    given = {n: str(v) if n in _BOUNDS and type(v) in (int, float) else v for n, v in options.items()}
    chosen = Options("edge", given, {"voice": str, "rate": str, "pitch": str, "volume": str})
    voice = chosen.text("voice", voice_for(lang))
    if not voice:
        raise VoiceError(
            f"edge needs a “voice” for “{lang}”; `edge-tts --list-voices` tells all that there are"
        )
    if not re.fullmatch(r"[a-z]{2,3}-[A-Z]{2,}-[A-Za-z-]+Neural", voice):
        raise VoiceError(f"edge has no voice “{voice}”; {nearest(voice, VOICES)}")
    rate, pitch, volume = (_change(chosen, name) for name in ("rate", "pitch", "volume"))
    return Edge(lang, voice, rate, pitch, volume)


def _change(chosen: Options, name: str) -> str:
    """A setting as the service takes it: `-10%` for -10%, `+10%` for 10% and for 10."""
    unit, least, most = _BOUNDS[name]
    written = chosen.text(name, "0").replace(" ", "").replace("−", "-")
    number = re.fullmatch(rf"([+-]?\d+)({unit})?", written, re.ASCII | re.IGNORECASE)
    if not number or not least <= int(number[1]) <= most:
        raise VoiceError(
            f"edge's “{name}” goes from {least}{unit} to +{most}{unit}, and “{written}” does not"
        )
    return f"{int(number[1]):+d}{unit}"


def voices() -> Mapping[str, str]:
    """Voices of some languages; what others there are only the service knows."""
    return VOICES


def _ready() -> str:
    return "" if importlib.util.find_spec("edge_tts") else "pip install 'hakawati[edge]'"


ENGINE = Engine(
    "edge",
    "Microsoft Edge's voices: online, no account, with word times",
    make,
    voices,
    _ready,
    more="edge-tts --list-voices",
)
