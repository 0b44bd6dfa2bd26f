"""Google Translate's voices, by gTTS: online."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from hakawati.errors import nearest
from hakawati.model import Speech, Voice, VoiceError, Where
from hakawati.voices import Engine
from hakawati.voices.options import Options
from hakawati.voices.service import RetryPolicy, Service, ServiceSound, TransientError, no_way
from hakawati.voices.timing import timed

if TYPE_CHECKING:
    from gtts import gTTSError
    from pydub import AudioSegment

_LONGEST = 100
"""Characters that Google speaks in one request."""
_MARGIN = 0.1
"""Seconds of silence that are left at each end of a part."""
_OTHER_TAGS: Mapping[str, str] = {
    "fil": "tl",
    "he": "iw",
    "jv": "jw",
    "nb": "no",
    "zh-hans": "zh-CN",
    "zh-hant": "zh-TW",
}
"""Language tags that Google calls otherwise."""


@dataclass(frozen=True, slots=True)
class Google:
    """A Google voice; there is one for each language."""

    lang: str
    """Of the book."""
    code: str
    """Of the voice, as Google calls it."""
    tld: str = "com"
    """The country's end of `translate.google.…`, which gives some languages another accent."""
    slow: bool = False
    policy: RetryPolicy = field(default_factory=RetryPolicy)

    @property
    def key(self) -> str:
        slow = " slow" if self.slow else ""
        return f"gtts {version('gTTS')} {self.code} tld={self.tld}{slow}"

    @property
    def credit(self) -> str:
        return f"Google ({self.code})"

    @property
    def where(self) -> Where:
        return "online"

    def speak(self, text: str) -> Speech:
        """Speak a text, part by part where it is long; the onsets are found by alignment."""
        parts = self._parts(text)
        if not parts:
            raise VoiceError(f"there is nothing in “{text[:80]}” that Google would speak")
        joined = _joined([self.policy.ask(partial(self._ask, part)) for part in parts])
        return timed(joined.raw_data, joined.frame_rate, text, self.lang)

    def _parts(self, text: str) -> list[str]:
        """The text as gTTS cuts it up, so that each part can be asked for by itself."""
        from gtts import gTTS

        try:
            # There is no public way to it but through the bodies of the requests.
            parts = gTTS(text, lang=self.code, lang_check=False)._tokenize(text) if text.strip() else []
            if not all(isinstance(part, str) and 0 < len(part) <= _LONGEST for part in parts):
                raise TypeError
        except (AttributeError, TypeError) as error:
            raise VoiceError(
                f"gTTS {version('gTTS')} is another than Hakawati knows; install 2.5.4"
            ) from error
        return list(parts)

    def _ask(self, part: str) -> ServiceSound:
        """One request. Raises `VoiceError`, or `TransientError`."""
        from gtts import gTTS, gTTSError

        service = self._service()
        asking = gTTS(
            part,
            tld=self.tld,
            lang=self.code,
            slow=self.slow,
            lang_check=False,
            pre_processor_funcs=[],  # `_parts` has been through them, and a second time may lengthen it
            tokenizer_func=lambda text: [text],
            timeout=(self.policy.time_limit, self.policy.time_limit),
        )
        try:
            data = b"".join(asking.stream())
        except gTTSError as error:
            raise self._fault(error, part) from error
        except ValueError as error:  # what should be UTF-8 and base64 is not
            raise service.no_sound(part, "it is garbled") from error
        if not data:
            raise service.web_page()
        return service.decode(data, part)

    def _service(self) -> Service:
        return Service("Google", f"translate.google.{self.tld}", "gTTS", self.lang)

    def _fault(self, error: gTTSError, part: str) -> TransientError | VoiceError:
        """What it means that gTTS raised this."""
        service, answer = self._service(), error.rsp
        if answer is None:
            return self._unanswered(error.__context__)
        if answer.status_code == 200:
            return service.no_sound(part, "there is none in what it sent")
        if answer.status_code == 404 and self.tld != "com":
            return VoiceError(f"there is no voice at {service.host} (404 {answer.reason}); leave “tld” out")
        return service.refused(answer.status_code, answer.reason or "", answer.headers, part)

    def _unanswered(self, cause: BaseException | None) -> TransientError | VoiceError:
        """What it means that requests raised this."""
        from requests import exceptions
        from urllib3.exceptions import NameResolutionError, NewConnectionError

        service = self._service()
        if isinstance(cause, exceptions.ProxyError):
            return service.offline("the proxy does not let it through")
        if isinstance(cause, exceptions.Timeout):
            return service.late(self.policy.time_limit)
        reason = getattr(cause.args[0], "reason", None) if cause and cause.args else None
        if isinstance(reason, NameResolutionError):
            return service.offline("its name is not found")
        if isinstance(reason, NewConnectionError):
            return service.offline(no_way(reason.__cause__))
        broken = (
            exceptions.ConnectionError,
            exceptions.ChunkedEncodingError,
            exceptions.ContentDecodingError,
        )
        return (
            service.broken_off() if isinstance(cause, broken) else service.later(f"cannot be asked: {cause}")
        )


def _joined(parts: list[ServiceSound]) -> AudioSegment:
    """The parts one after another, without most of the silence at their ends."""
    with warnings.catch_warnings():  # pydub warns of a missing ffmpeg, which nothing here needs
        warnings.simplefilter("ignore")
        from pydub import AudioSegment
    segments = []
    for part in parts:
        margin = round(_MARGIN * part.rate)
        pcm = part.pcm[2 * max(0, part.begin - margin) : 2 * (part.end + margin)]
        segments.append(AudioSegment(data=pcm, sample_width=2, frame_rate=part.rate, channels=1))
    return sum(segments[1:], segments[0])


def make(lang: str, options: Mapping[str, object], project: Path) -> Voice:  # noqa: ARG001
    """A Google voice from `{lang, tld, slow}`; `lang` is the book's where it is not given."""
    chosen = Options("gtts", options, {"lang": str, "tld": str, "slow": bool})
    tld = chosen.text("tld", "com")
    if not re.fullmatch(r"[a-z]+(\.[a-z]+)*", tld):
        raise VoiceError(f"gtts's “tld” is like “com” or “co.uk”, and “{tld}” is not")
    return Google(lang, _code(chosen.text("lang", lang)), tld, chosen.yes("slow"))


def _code(lang: str) -> str:
    """What Google calls a language: `pt-PT` for pt-PT, `ar` for ar-EG. Raises `VoiceError`."""
    codes = {**_OTHER_TAGS, **{code.lower(): code for code in voices()}}
    tag = lang.lower()
    while tag not in codes and "-" in tag:
        tag = tag.rpartition("-")[0]
    if tag not in codes:
        raise VoiceError(f"Google does not speak “{lang}”; {nearest(lang, voices())}")
    return codes[tag]


def voices() -> Mapping[str, str]:
    """The languages that Google speaks, by its code for them; known without asking it."""
    from gtts.lang import tts_langs

    return dict(tts_langs())


ENGINE = Engine("gtts", "Google Translate's voices: online, no account", make, voices)
