"""Each sentence where it is heard, against where its clip says it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from math import inf
from statistics import median

from hakawati.check.archive import Archive
from hakawati.check.language_identification import LanguageMismatch
from hakawati.check.overlay_sentences import OverlayClip, OverlaySentence
from hakawati.check.overlays import MediaOverlay
from hakawati.check.printable_text import printable
from hakawati.check.sync.clip_findings import clip_finding, format_length, format_span, overlay_finding
from hakawati.check.window_alignment import SENTENCE_TOLERANCE, WORD_TOLERANCE, AudioSpan, LocatedSentence
from hakawati.common.wording import format_tenths
from hakawati.model import Finding

_ELASTIC = 0.05
"""Part of its length by which a sentence may be longer or shorter than expected, and be read as written."""
_HEARD = 0.08
"""Seconds of sound between the two that can be heard to be wrong; less is a breath, or the aligner's."""
_SILENCE = 0.25
"""Seconds of silence before a sentence in which a book shows where it lets clips begin."""
_HABIT = 0.2
"""Part of a book's sentences that light up in the silence before them, if this is how it does it."""
_FEW = 3
"""Sentences. If none of so many is heard, it is said of the chapter, not of each."""
_NEARLY_NONE = 0.15
_SHORT, _LONG = 1.0, 3.0
"""Seconds. Whether so little is the text cannot be heard, and can be heard as well as it ever can."""
_SURE, _UNSURE = 0.5, 0.2
"""How sure it must be that a sentence is the text: a long one, and a short one. Where it is as like any other
text, it is 0.23."""
_PACE = 1.6
"""Times as long, or as short, as another voice's that something may be, and be the text all the same."""


def check_onsets(archive: Archive, located: Sequence[LocatedSentence]) -> Iterator[Finding]:
    """What is not read where the book says it is. `located`: in the order of the book."""
    usual, pace = _lights_up_early(located), _measure_rates(located)
    for _, group in groupby(
        located, key=lambda h: (h.sentence.first_clip.overlay.entry, h.sentence.first_clip.par.audio)
    ):
        chapter = list(group)
        here = sum(one.in_own_file for one in chapter)
        if len(chapter) >= _FEW and here <= _NEARLY_NONE * len(chapter):
            yield _report_wrong_audio(archive, chapter)
            continue
        for one in chapter:
            tempo = pace[one.sentence.expected.lang]
            yield from (
                _check_clip_starts(archive, one, usual, tempo)
                if one.in_own_file
                else _check_missing(archive, one, tempo)
            )


def _is_early_in_silence(one: LocatedSentence, clip: OverlayClip, late: float) -> bool:
    """Whether a clip begins before its words, and nothing is heard until these."""
    return late < 0 and one.envelope.sounding_seconds(clip.begin, clip.begin - late - _HEARD / 2) < _HEARD


def _lights_up_early(located: Sequence[LocatedSentence]) -> bool:
    """Whether it is this book's way to let sentences light up in the silence before them."""
    early = asked = 0
    for one in located:
        if not one.in_own_file or one.is_first or not one.sentence.begins_clip:
            continue
        _, clip, late = next(one.clip_offsets())
        onset = one.words[0]
        if one.envelope.sounding_seconds(onset - _SILENCE, onset - _HEARD / 2) < _HEARD:
            asked += 1
            early += late < -SENTENCE_TOLERANCE and _is_early_in_silence(one, clip, late)
    return early > _HABIT * asked


def _measure_rates(located: Sequence[LocatedSentence]) -> dict[str, float]:
    """How many times as long as the other voice this book's take, in each language."""
    rates: dict[str, list[float]] = {}
    for one in located:
        reference = max(one.match.reference_seconds, SENTENCE_TOLERANCE)
        rate = (one.end - one.begin) / reference if one.match.found else 1.0
        rates.setdefault(one.sentence.expected.lang, []).append(rate)
    return {lang: median(of_language) for lang, of_language in rates.items()}


def _report_wrong_audio(archive: Archive, chapter: Sequence[LocatedSentence]) -> Finding:
    """None of a chapter's sentences, or nearly none, is heard in its audio."""
    overlay, audio = chapter[0].sentence.first_clip.overlay, chapter[0].sentence.first_clip.par.audio
    message = f"what is heard in “{printable(audio)}” is not the text of this chapter"
    others = [one.audio for one in chapter if one.match.found and not one.in_own_file]
    if others:
        message += f", which is heard in “{printable(max(sorted(set(others)), key=others.count))}”"
    languages = ", ".join(sorted({printable(one.sentence.expected.lang) for one in chapter}))
    hint = f"is it another chapter's audio, or in another language than {languages}?"
    return overlay_finding(archive, overlay, message, hint)


def _check_missing(archive: Archive, one: LocatedSentence, pace: float) -> Iterator[Finding]:
    """One that is not heard in its place."""
    line = one.sentence
    begin, end = line.begin, min(line.last_clip.end, one.envelope.seconds)
    text = f"“{printable(line.expected.text)}”"
    if one.match.found:
        message = f"{text} is heard in “{printable(one.audio)}”, not here: {format_span(begin, end)}"
    elif one.envelope.speech_seconds(begin, end) < _HEARD + one.match.reference_seconds / 10:
        message = f"there is silence where {text} should be heard: {format_span(begin, end)}"
    elif one.match.confidence > _required_confidence(one, begin, end, pace):
        return
    else:
        sure = f"{one.match.confidence:.0%} sure"
        message = f"{text} is not read, or read differently: {format_span(begin, end)}, {sure}"
    yield clip_finding(archive, line.first_clip, message, span=(begin, end))


def _required_confidence(one: LocatedSentence, begin: float, end: float, pace: float) -> float:
    """How sure it must be that something is a sentence, where it was not found."""
    usual, heard = pace * one.match.reference_seconds, one.envelope.speech_seconds(begin, end)
    if not usual / _PACE < heard < usual * _PACE and one.match.reference_seconds > _SHORT:
        return 1.0
    known = min(1.0, max(0.0, (one.match.reference_seconds - _SHORT) / (_LONG - _SHORT)))
    return _UNSURE + known * (_SURE - _UNSURE)


def _check_clip_starts(archive: Archive, one: LocatedSentence, usual: bool, pace: float) -> Iterator[Finding]:
    # What is pronounced otherwise than it is written, as authors may want it, moves the words beside it.
    length = one.end - one.begin
    doubt = max(0.0, abs(length - pace * one.match.reference_seconds) - _ELASTIC * length)
    for word, clip, late in one.clip_offsets():
        if abs(late) <= (WORD_TOLERANCE + doubt if word else SENTENCE_TOLERANCE):
            continue
        onset = clip.begin - late
        if late > 0:
            forgiven = one.envelope.sounding_seconds(onset, clip.begin) < _HEARD
        else:
            forgiven = _is_early_in_silence(one, clip, late) and (usual or one.is_first)
        if not forgiven:
            how = "late" if late > 0 else "early"
            text = one.sentence.expected.text[one.sentence.expected.words[word][0] :]
            message = (
                f"“{printable(text)}” lights up {format_length(late)} too {how}: "
                f"at {format_tenths(clip.begin)}, and is heard at {format_tenths(onset)}"
            )
            span = (min(onset, clip.begin), max(onset, clip.begin))
            yield clip_finding(archive, clip, message, span=span)
    owner = one.sentence.first_clip
    if not one.sentence.begins_clip:
        # It is one of several in a clip.
        onset, end = one.words[0], owner.end
        outside = max(owner.begin - onset, onset - end if end != inf else 0.0)
        if outside > WORD_TOLERANCE:
            message = (
                f"“{printable(one.sentence.expected.text)}” is heard at {format_tenths(onset)}, "
                f"{format_length(outside)} outside of its clip: "
                f"{format_span(owner.begin, min(end, one.envelope.seconds))}"
            )
            yield clip_finding(archive, owner, message, span=(onset, one.end))


def check_languages(archive: Archive, mismatches: Sequence[LanguageMismatch]) -> Iterator[Finding]:
    """What is read by a voice of another language, once for each chapter and file."""
    seen: set[tuple[MediaOverlay, str, str]] = set()
    for mismatch in mismatches:
        for one in mismatch.sentences:
            owner = one.sentence.first_clip
            if (owner.overlay, mismatch.audio, mismatch.lang) in seen:
                continue
            seen.add((owner.overlay, mismatch.audio, mismatch.lang))
            message = (
                f"the text in “{printable(mismatch.lang)}” is read as if it were in “{mismatch.read_as}”, "
                f"as “{printable(one.sentence.expected.text)}”, at {format_tenths(one.begin)}"
            )
            hint = "choose a voice for the language, or declare the language that the text is in"
            yield clip_finding(archive, owner, message, hint, span=(one.begin, mismatch.sentences[-1].end))


def find_unread(located: Sequence[LocatedSentence], extras: Sequence[AudioSpan]) -> set[OverlaySentence]:
    """The translations that light up with what is read, and are not read themselves.

    A language is not, if of all its sentences that share their clips with another's none is heard, nor
    anything else in their place.
    """
    languages: dict[OverlayClip, set[str]] = {}
    for one in located:
        languages.setdefault(one.sentence.first_clip, set()).add(one.sentence.expected.lang)
    beside: dict[str, list[LocatedSentence]] = {}
    for one in located:
        if len(languages[one.sentence.first_clip]) > 1:
            beside.setdefault(one.sentence.expected.lang, []).append(one)
    found: set[OverlaySentence] = set()
    for of_language in beside.values():
        owners = {one.sentence.first_clip for one in of_language}
        besides = any(
            clip.par.audio == audio and begin < clip.end and clip.begin < end and end - begin > _REMARK
            for clip in owners
            for audio, begin, end in extras
        )
        if not besides and not any(one.in_own_file for one in of_language):
            found |= {one.sentence for one in of_language}
    return found


_REMARK = 1.0
"""Seconds of sound that is no part of the text, from which on it is reported."""
_PAUSE = 0.1
"""Seconds of silence between a sentence and what is no part of it."""
_OTHERWISE = 0.5
"""Part of a sentence that may be read in other, longer words, as authors may want it of an abbreviation."""


def check_unwritten(
    archive: Archive,
    extras: Sequence[AudioSpan],
    clips: Mapping[str, Sequence[OverlayClip]],
    located: Sequence[LocatedSentence],
    excused: Sequence[AudioSpan],
) -> Iterator[Finding]:
    """What is heard within clips and is in no text.

    `extras`: (audio, begin, end) of what is like none of the sentences; `clips`: of each audio, in order of
    time; `excused`: where it is known that something else is heard, or nothing can be known.
    """
    read: dict[str, list[LocatedSentence]] = {}
    for one in located:
        if one.in_own_file:
            read.setdefault(one.audio, []).append(one)
    for audio, begin, end in extras:
        if any(a == audio and from_ < end and begin < to for a, from_, to in excused):
            continue
        owner = next((c for c in reversed(clips[audio]) if c.begin <= begin and end <= c.end + _REMARK), None)
        if owner is None or not (sentences := read.get(audio)):
            continue
        long = sentences[0].envelope.speech_seconds(begin, end)
        beside = [one for one in sentences if one.end > begin - _PAUSE and one.begin < end + _PAUSE]
        most = max(
            (_OTHERWISE * one.match.reference_seconds for one in beside if _is_joined(one, begin, end)),
            default=0,
        )
        if long >= max(_REMARK, most):
            message = f"something is heard that does not stand in the text: {format_span(begin, end)}"
            yield clip_finding(archive, owner, message, "cut it out, or write it down", span=(begin, end))


def _is_joined(one: LocatedSentence, begin: float, end: float) -> bool:
    """Whether a sentence goes over into what follows, or what comes before, without a pause."""
    if one.begin < begin:
        return one.envelope.sounding_seconds(begin - _PAUSE, begin + _PAUSE) > 1.5 * _PAUSE
    return one.envelope.sounding_seconds(end - _PAUSE, end + _PAUSE) > 1.5 * _PAUSE
