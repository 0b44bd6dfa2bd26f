"""How an online service is asked: again where that may help, not for ever, and never in vain.

A fault that may pass is a `TransientError`, and the service is asked again after a while: after as long as it
demands, or longer each time. Any other fault is raised at once, as a `VoiceError`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, TypeVar

from hakawati.model import VoiceError, VoiceUnavailableError, longest
from hakawati.voices.sound import decoded

if TYPE_CHECKING:
    from tenacity import RetryCallState

PATIENCE = 120
"""Seconds. A service that asks for a longer wait is reported as unavailable."""
_JITTER = 1.0
"""Seconds, at most, on top of every wait: who was refused together should not come back together."""
_SILENT = 33
"""Of 32,768: what stays below is silence (-60 dBFS)."""
_AUDIBLE = 0.01
"""Part of the loudest 5 ms that is heard as speech beside it (-40 dB)."""
_SENTENCE_FAULTS = frozenset([400, 406, 413, 414, 415, 422])
"""Statuses that say that this request cannot be understood; another one may be."""

T = TypeVar("T")


class TransientError(Exception):
    """A fault that may be gone the next time."""

    def __init__(self, lasting: VoiceError, after: float | None = None) -> None:
        """`lasting`: what to raise if it stays; `after`: seconds that the service asks to wait."""
        super().__init__(str(lasting))
        self.lasting = lasting
        self.after = after


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often a service is asked, and how long it is waited for."""

    attempts: int = 5
    """Requests for the same thing, at most."""
    first_wait: float = 1.0
    """Seconds before the second request; before each later one it is twice as long."""
    longest_wait: float = 30.0
    """Seconds, where the service does not ask for more itself."""
    time_limit: float = 30.0
    """Seconds that an answer may take."""
    sleep: Callable[[float], None] = time.sleep

    def ask(self, request: Callable[[], T]) -> T:
        """What `request` gives, asked again where it raises `TransientError`. Raises `VoiceError`."""
        from tenacity import Retrying, retry_if_exception_type, stop_after_attempt

        asking = Retrying(
            retry=retry_if_exception_type(TransientError),
            stop=stop_after_attempt(self.attempts),
            wait=self._wait,
            sleep=self.sleep,
            reraise=True,
        )
        try:
            return asking(request)
        except TransientError as error:
            raise error.lasting from error

    def _wait(self, state: RetryCallState) -> float:
        from tenacity import wait_exponential, wait_random

        fault = state.outcome.exception() if state.outcome else None
        jitter = wait_random(0, _JITTER)(state)
        if isinstance(fault, TransientError) and fault.after is not None:
            return fault.after + jitter
        return wait_exponential(self.first_wait, self.longest_wait)(state) + jitter


@dataclass(frozen=True, slots=True)
class Service:
    """Who is asked, and what its faults mean to the author."""

    name: str
    host: str
    package: str
    """The library that asks it, as pip calls it."""
    lang: str
    """Of the book, as an author would name it on the command line."""

    def later(self, what: str) -> VoiceUnavailableError:
        """It cannot speak for now: `what` it does instead."""
        hint = (
            "what is finished is kept: build again later and it goes on from there, or choose another voice: "
        )
        return VoiceUnavailableError(f"{self.name} {what}", hint + self._another())

    def offline(self, why: str) -> VoiceUnavailableError:
        """It cannot be reached from here."""
        hint = f"connect to the internet, or choose a voice that works without: {self._another()}"
        return VoiceUnavailableError(f"{self.name} ({self.host}) cannot be reached: {why}", hint)

    def late(self, seconds: float) -> TransientError:
        """It let the time limit pass."""
        return TransientError(self.later(f"does not answer for now (not within {duration(seconds)})"))

    def broken_off(self) -> TransientError:
        """The connection ended before the answer did."""
        return TransientError(self.later("breaks off the connection for now"))

    def no_sound(self, text: str, why: str) -> TransientError:
        """It answered, but not with speech."""
        return TransientError(VoiceError(f"{self.name} keeps answering no sound for “{text[:80]}”: {why}"))

    def web_page(self) -> TransientError:
        """It answered with what no sentence can be the reason of."""
        return TransientError(self.later("answers with a web page, not with sound, for now"))

    def refused(
        self, status: int, reason: str, headers: Mapping[str, str], text: str
    ) -> TransientError | VoiceError:
        """It answered with an HTTP status that is none of success."""
        told = f"{status} {reason}".strip()
        if status < 400:
            return self.web_page()
        if status in (408, 425, 429) or status >= 500:
            after = retry_after(headers)
            if after is not None and after > PATIENCE:
                return self.later(f"asks to be left alone for {duration(after)} ({told})")
            refuses = "refuses more requests for now" if status in (429, 503) else "has a fault for now"
            return TransientError(self.later(f"{refuses} ({told})"), after)
        if status in _SENTENCE_FAULTS:
            return VoiceError(f"{self.name} does not understand the request ({told}) for “{text[:80]}”")
        meant = {404: "is not found where it was", 407: "cannot be asked: the proxy wants a password"}
        upgrade = f"pip install --upgrade {self.package}" if status != 407 else "give the proxy's password"
        return VoiceUnavailableError(
            f"{self.name} {meant.get(status, 'refuses to speak for this program')} ({told})",
            f"{upgrade}, or choose another voice: {self._another()}",
        )

    def _another(self) -> str:
        return f"--voice {self.lang}=espeak"

    def decode(self, data: bytes, text: str) -> ServiceSound:
        """The sound of an answer that should be a whole MP3. Raises `TransientError`."""
        import numpy as np

        try:
            pcm, rate = decoded(data, longest(text))
        except VoiceError as error:
            if data.lstrip()[:1] == b"<":
                raise self.web_page() from error
            raise self.no_sound(text, str(error)) from error
        if _cut_off(data):
            raise self.no_sound(text, "the MP3 is cut off")
        samples = np.frombuffer(pcm, np.int16).astype(np.float32)
        if np.abs(samples).max() < _SILENT:
            raise self.no_sound(text, "silence")
        step = rate // 200
        blocks = np.pad(samples, (0, -len(samples) % step)).reshape(-1, step)
        power = np.square(blocks).mean(axis=1)
        (loud,) = np.nonzero(power > power.max() * _AUDIBLE**2)
        end = min(len(samples), (int(loud[-1]) + 1) * step)
        return ServiceSound(pcm, rate, int(loud[0]) * step, end)


@dataclass(frozen=True, slots=True)
class ServiceSound:
    """Sound: signed 16-bit little-endian mono PCM at `rate` Hz, audible from sample `begin` to `end`."""

    pcm: bytes
    rate: int
    begin: int
    end: int


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that the answer with these headers asks to wait (RFC 9110 §10.2.3); None where it does not.

    A date is counted from the answer's own, since the clock here may be wrong.
    """
    asked = str(headers.get("Retry-After") or "").strip()
    if asked.isascii() and asked.isdecimal():
        return float(asked)
    until = _moment(asked)
    since = _moment(str(headers.get("Date") or "")) or datetime.now(UTC)
    return max(0.0, (until - since).total_seconds()) if until else None


def _moment(date: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return found.replace(tzinfo=found.tzinfo or UTC)


def no_way(error: BaseException | None) -> str:
    """Why there is no connection."""
    return (
        "the connection is refused" if isinstance(error, ConnectionRefusedError) else "there is no way to it"
    )


def duration(seconds: float) -> str:
    """A length of time, as one would say it."""
    for unit, name in ((3600, "hours"), (60, "minutes")):
        if seconds > 1.5 * unit:
            return f"{round(seconds / unit)} {name}"
    return f"{seconds:g} seconds" if seconds != 1 else "a second"


_BITRATES = (
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
)
"""kbit/s by index: of MPEG-2 and 2.5, and of MPEG-1, Layer III."""
_RATES = (44_100, 48_000, 32_000)
"""Hz by index, of MPEG-1."""


def _cut_off(mp3: bytes) -> bool:
    """Whether an MP3 ends within a frame. A decoder does not mind: it gives what is there.

    What is no frame ends the stream, so that a tag at either end is no reason to think ill of it.
    """
    at = 0
    while at + 4 <= len(mp3) and (size := _frame_bytes(mp3[at : at + 4])):
        at += size
    return at > len(mp3)


def _frame_bytes(head: bytes) -> int:
    """The length of the Layer III frame with this header; 0 where it is none."""
    version, layer = head[1] >> 3 & 3, head[1] >> 1 & 3
    bitrate, rate = head[2] >> 4, head[2] >> 2 & 3
    if head[0] != 0xFF or head[1] < 0xE0 or version == 1 or layer != 1 or bitrate in (0, 15) or rate == 3:
        return 0
    hertz = _RATES[rate] >> {3: 0, 2: 1, 0: 2}[version]
    slots = (144 if version == 3 else 72) * 1000 * _BITRATES[version == 3][bitrate]
    return slots // hertz + (head[2] >> 1 & 1)
