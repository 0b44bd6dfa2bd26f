"""Where in a recording each sentence and word is read: for voices, and people, that give no times.

Another voice, whose word onsets are known, speaks the same text; its sound is warped onto the recording's.
Three passes: rough, over everything, in frames of 160 ms; by then it is known how the reader's sounds differ
from the other voice's, and how far apart like and unlike ones lie in this recording, so that a second pass,
in frames of 80 ms, can tell what was left out and what was put in, and how sure it is that a sentence was
read; a third, in frames of 5 ms, gives the times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hakawati.alignment.results import AlignedSentence, Alignment, Reference

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hakawati.alignment.features import Spectra
    from hakawati.alignment.inputs import ReferenceText, SpeechFeatures
    from hakawati.alignment.time_map import CoarseAlignment
    from hakawati.alignment.warping import Flags, Indices

VERSION = 1
"""To be raised whenever the same sound begins to give other times."""
UNCLEAR = 0.5
"""A sentence less sure than this was not read, or not so."""
_EVIDENCE, _SCARCE = 0.085, 200
"""By how many nepers, in a frame and dimension, a text that was read must be likelier than none; and the
coarse frames of speech, 16 s, at which half of that will do, since so little is known of the reader then.

The median of a chapter's is 0.13 to 0.18 of people and neural voices, 0.36 to 0.70 of eSpeak's; of another
text, or the same in another order, 0.00 to 0.06. Only where the Koran is chanted the two meet, from 0.07 to
0.13 and from 0.04 to 0.09.
"""
_PLAIN = 0.4
"""Evidence that is all one can wish for: of voices so alike, how much there is depends on small things."""
_AGAINST = 0.3
"""Part of the usual evidence that must speak against a sentence for it to be out of the question.

`UNCLEAR` is then at 0.35 of the usual. Of 3,000 sentences that were read as written 2 % had less than that,
half of them next to one that was not; of 360 that were not 14 % had more, most of a second or two, or much
like what was read.
"""
_LOUD, _HEARD = 3.5, 5.8
"""Nepers of power below the loudest speech: clear sound; sound that is worth telling of."""
_NOT_SILENCE = 0.25
"""Distance from silence, as part of the distance between any two sounds."""
_REMARK, _BREATH = 0.3, 1.0
"""Seconds: the shortest sound that is reported, and the longest silence within it."""
_LOWEST_RATE = 4_000


def align(
    pcm: bytes | Iterable[bytes], rate: int, references: Iterable[Reference], *, whole: bool = False
) -> Alignment:
    """Align a recording to the sentences of its text, in order.

    `pcm` is signed 16-bit little-endian mono, whole or in blocks of any size, at `rate` Hz, 4 kHz or more.
    `references` are taken one by one and not kept, so that they can be made on demand; each must have at
    least one word. `whole`: the recording is known to hold all of the text and nothing else, as an engine's
    does; then every sentence is found, however unlike its reference it sounds.

    All times of the result are samples of the recording. A sentence that is missing from it is not `found`,
    which is no error, not even of them all. Raises `ValueError` for a rate below 4 kHz and for a reference
    without a word.

    Here eSpeak NG's first voice speaks the references, and another of its voices stands in for a narrator:

    >>> from hakawati.alignment import Reference, align
    >>> from hakawati.voices.espeak import Espeak
    >>> def reference(sentence):
    ...     speech = Espeak("en").speak(sentence)
    ...     return Reference(speech, tuple(sample for _, sample in speech.onsets))
    >>> sentences = "Nobody came home.", "The cat waited by the door."
    >>> narrator = Espeak("en+f3")
    >>> recording = b"".join(narrator.speak(sentence).pcm for sentence in sentences)
    >>> first, second = align(recording, 22_050, map(reference, sentences)).sentences
    >>> second.found, len(second.words), round(second.begin / 22_050, 1)  # seconds
    (True, 6, 1.3)
    """
    import numpy as np

    from hakawati.alignment.features import HOP, spectra
    from hakawati.alignment.inputs import comparable, read_references

    if rate < _LOWEST_RATE:
        raise ValueError(f"a recording at {rate} Hz cannot be aligned; {_LOWEST_RATE} Hz are the least")
    text = read_references(references, rate)
    sound = spectra([pcm] if isinstance(pcm, bytes) else pcm, rate, text.top)
    length = len(sound)
    step = HOP * rate
    if not text.words:
        return Alignment((), ())
    if len(sound) < 2 or not np.any(sound > np.float16(1)):
        samples = max(0, round((length - 1) * step))
        nowhere = (AlignedSentence(0, samples, (0,) * len(w), 0.0, False) for w in text.words)
        return Alignment(tuple(nowhere), ())
    recording, reference = comparable(sound, text)
    found = _run_passes(recording, reference, text, whole)
    return _in_samples(found, recording, reference, text, step, round((length - 1) * step))


@dataclass(frozen=True, slots=True)
class _PassResults:
    """What the passes found, for each fine frame of the recording and for each sentence."""

    laid: CoarseAlignment
    rows: Indices
    """(frames,): the row of what is laid that a frame is heard in."""
    owner: Indices
    """(frames,): the sentence that a frame belongs to, or -1."""
    noisy: Flags
    """(frames,): whether it is unlike silence."""
    confidence: NDArray[np.float64]
    """(sentences,): 0 where nothing is left for a sentence."""
    read: Flags
    """(sentences,)"""
    evidence: NDArray[np.float64]
    """(sentences,): in nepers."""


def _run_passes(
    recording: SpeechFeatures, reference: SpeechFeatures, text: ReferenceText, whole: bool
) -> _PassResults:
    """All passes; the finer ones again without the sentences that turned out not to be read."""
    import numpy as np

    from hakawati.alignment.adaptation import adapted, evidence, paired
    from hakawati.alignment.passes import first_pass, second_pass, third_pass

    found, known = first_pass(recording, reference, text, whole)
    read = np.ones(len(text.words), np.bool_)
    sure, known_by = np.zeros(len(text.words)), np.zeros(len(text.words))
    for attempt in (1, 2):
        laid, path = second_pass(recording, known, text, found, ~read, whole)
        pairs = paired(recording.coarse, reference.coarse, path)
        known = adapted(reference, pairs)
        told, there, hopeless, each = _judged(evidence(pairs), path, text)
        there &= np.isin(np.arange(len(there)), [segment.sentence for segment in laid.segments])
        sure[there], known_by[there] = told[there], each[there]
        unsure = there & (sure < UNCLEAR)
        read = there & (whole | ~(unsure | hopeless))
        if whole or hopeless or attempt == 2 or not unsure.any():
            break
    close = third_pass(recording, known, laid)
    owner = np.full(len(close.rows), -1)
    for segment in laid.segments:
        if read[segment.sentence]:
            owner[(close.rows >= segment.first) & (close.rows < segment.last)] = segment.sentence
    return _PassResults(laid, close.rows, owner, close.from_silence > _NOT_SILENCE, sure, read, known_by)


def _judged(
    evidence: NDArray[np.float64], path: Indices, text: ReferenceText
) -> tuple[NDArray[np.float64], Flags, bool, NDArray[np.float64]]:
    """How sure each sentence is, whether anything is left for it, whether this is another text, and why.

    `evidence` has two values for each frame of the path that is in no gap.
    """
    import numpy as np

    inside = path[path >= 0]
    if len(inside) == 0:
        none = np.zeros(len(text.words))
        return none, none > 0, True, none
    sentence = np.searchsorted(text.layout.begins, inside, side="right") - 1
    frames = np.bincount(sentence, minlength=len(text.words))
    each = np.bincount(np.repeat(sentence, 2), evidence, len(text.words)) / np.maximum(2 * frames, 1)
    usual = float(np.median(each[sentence]))
    least = _EVIDENCE * len(inside) / (len(inside) + _SCARCE)
    sure = (each / min(max(usual, 1.5 * least), _PLAIN) + _AGAINST) / (1 + _AGAINST)
    return np.clip(sure, 0, 1), frames > 0, usual < least, each


def _in_samples(
    found: _PassResults,
    recording: SpeechFeatures,
    reference: SpeechFeatures,
    text: ReferenceText,
    step: float,
    samples: int,
) -> Alignment:
    """From frames to samples, `step` a frame and `samples` in all."""
    import numpy as np

    from hakawati.alignment.features import loudness
    from hakawati.alignment.time_map import TimeMap

    clear = loudness(reference.spectra)
    time_map = TimeMap(found.laid, found.rows, clear > np.quantile(clear, 0.95) - _LOUD)
    segments: dict[int, list[int]] = {}
    for n, segment in enumerate(found.laid.segments):
        segments.setdefault(segment.sentence, []).append(n)
    spans: list[tuple[int, int, tuple[int, ...]] | None] = []
    before = 0
    for k, words in enumerate(text.words):
        if not found.read[k]:
            spans.append(None)
            continue
        times, end = time_map.sentence([found.laid.segments[n] for n in segments[k]], words)
        onsets = np.clip(np.rint(times * step), before, samples).astype(int).tolist()
        before = max(onsets[-1], min(samples, round(end * step)))
        spans.append((onsets[0], before, tuple(onsets)))
    sentences = []
    judged = zip(spans, found.confidence.tolist(), found.evidence.tolist(), strict=True)
    for k, (span, sure, evidence) in enumerate(judged):
        if span is None:
            begin = max((s[1] for s in spans[:k] if s), default=0)
            end_at = min((s[0] for s in spans[k:] if s), default=samples)
            none = (begin,) * len(text.words[k])
            sentences.append(AlignedSentence(begin, max(begin, end_at), none, sure, False, evidence))
        else:
            sentences.append(AlignedSentence(*span, sure, True, evidence))
    return Alignment(tuple(sentences), _extras(found, recording.spectra, step, samples))


def _extras(found: _PassResults, spectra: Spectra, step: float, samples: int) -> tuple[tuple[int, int], ...]:
    """The stretches that are loud, unlike silence, and in no sentence that was read; in samples."""
    import numpy as np

    from hakawati.alignment.features import HOP, loudness

    loud = loudness(spectra)
    sound = (found.owner < 0) & found.noisy & (loud > np.quantile(loud, 0.95) - _HEARD)
    at = np.flatnonzero(sound)
    # Frames of sentences so far: what lies apart by them is two things.
    told = np.cumsum(found.owner >= 0)[at]
    apart = (np.diff(at) > _BREATH / HOP) | (np.diff(told) > 10)
    parts = np.split(at, np.flatnonzero(apart) + 1)
    return tuple(
        (round(float(part[0]) * step), min(samples, round(float(part[-1] + 1) * step)))
        for part in parts
        if len(part) > _REMARK / HOP
    )
