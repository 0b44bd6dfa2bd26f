"""The answer of a voice, checked before it is used: an engine may be a plug-in."""

from __future__ import annotations

from operator import index
from typing import SupportsFloat

from hakawati.errors import cause, readable, short
from hakawati.model import LEAST_RATE, MOST_RATE, Speech, Voice, VoiceError, longest


class EngineError(VoiceError):
    """It is the engine's fault, and not the sentence's."""

    hint = "choose another voice, or report it to the author of this one"


def spoken_by(voice: Voice, text: str, *, by_person: bool) -> Speech:
    """What the voice says. Raises `VoiceError`, whatever it was that went wrong."""
    try:
        answer: object = voice.speak(text)
    except (Exception, SystemExit) as error:
        if isinstance(error, VoiceError) and readable(error):
            raise
        raise EngineError(f"it broke off ({cause(error)}) at “{short(text)}”") from error
    try:
        return checked(answer, text, longest(text, by_person=by_person))
    except Exception as error:
        why = str(error) if isinstance(error, _AnswerError) else cause(error)
        raise EngineError(f"its answer cannot be used ({why}) at “{short(text)}”") from error


class _AnswerError(Exception):
    """What is wrong with an answer."""


def checked(answer: object, text: str, most: int) -> Speech:
    """The answer to `text` as what it should be, a `Speech` of `most` seconds at most."""
    if not isinstance(answer, Speech):
        raise _AnswerError(f"it is {_kind(answer)}, not a Speech")
    rate, pcm = _rate(answer.rate), answer.pcm
    if not isinstance(pcm, bytes):
        raise _AnswerError(f"its pcm is {_kind(pcm)}, not bytes")
    if len(pcm) % 2:
        raise _AnswerError(f"its pcm has {len(pcm)} bytes, and each sample takes two")
    samples = len(pcm) // 2
    if samples > most * rate:
        raise _AnswerError(f"its sound lasts {samples // rate} s; {most} s are the most for this text")
    return Speech(pcm, rate, tuple(_onsets(answer.onsets, len(text), samples)), _sure(answer.sure))


def _rate(rate: object) -> int:
    number = _whole(rate)
    if number is None or not LEAST_RATE <= number <= MOST_RATE:
        raise _AnswerError(f"its rate is {_brief(rate)}, not a whole number from {LEAST_RATE} to {MOST_RATE}")
    return number


def _onsets(onsets: object, length: int, samples: int) -> list[tuple[int, int]]:
    """Pairs of whole numbers, in the order in which they are heard."""
    if not isinstance(onsets, tuple | list):
        raise _AnswerError(f"its onsets are {_kind(onsets)}, not a tuple")
    found: list[tuple[int, int]] = []
    last = 0
    for onset in onsets:
        match [_whole(number) for number in onset] if isinstance(onset, tuple | list) else ():
            case [int(offset), int(sample)]:
                found.append((offset, sample))
            case _:
                raise _AnswerError(f"its onset {_brief(onset)} is not a pair of whole numbers")
        if not 0 <= offset <= length:
            raise _AnswerError(
                f"its onset {_brief(onset)} is outside of the text, which has {length} characters"
            )
        if not 0 <= sample <= samples:
            raise _AnswerError(
                f"its onset {_brief(onset)} is outside of the sound, which has {samples} samples"
            )
        if sample < last:
            raise _AnswerError(f"its onset {_brief(onset)} is before the one that precedes it")
        last = sample
    return found


def _sure(sure: object) -> float:
    number = float(sure) if isinstance(sure, SupportsFloat) else -1.0
    if not 0 <= number <= 1:
        raise _AnswerError(f"its sure is {_brief(sure)}, not a number from 0 to 1")
    return number


def _whole(number: object) -> int | None:
    """A whole number of any kind, such as NumPy's; None for anything else."""
    try:
        return index(number)  # type: ignore[arg-type]
    except TypeError:
        return None


def _kind(thing: object) -> str:
    return "None" if thing is None else f"a {type(thing).__name__}"


def _brief(thing: object) -> str:
    return short(repr(thing), 60)
