"""What is read aloud when: the clips of a publication, and the sentences that are in them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf

from hakawati.check.document_text import DocumentText
from hakawati.check.forced_alignment import ExpectedSentence, ForcedAligner
from hakawati.check.overlays import MediaOverlay, ParElement

_FOREIGN = 3
"""Words. So many in another language, and no more, are a part of the sentence around them."""


@dataclass(frozen=True, slots=True, eq=False)
class OverlayClip:
    """A clip of an audio file, and what lights up with it."""

    overlay: MediaOverlay
    par: ParElement
    document: DocumentText | None
    """None where there is no such document."""
    text_range: tuple[int, int]
    """The range of the element in the page's text; empty without words."""

    @property
    def begin(self) -> float:
        return self.par.begin

    @property
    def end(self) -> float:
        """Infinite where it is the audio's."""
        return inf if self.par.end is None else self.par.end

    @property
    def text(self) -> str:
        return self.document.text[slice(*self.text_range)] if self.document else ""


@dataclass(frozen=True, slots=True, eq=False)
class OverlaySentence:
    """A sentence, or a part of one, that is read without a break in one audio file."""

    expected: ExpectedSentence
    clip_starts: tuple[tuple[int, OverlayClip], ...]
    """(word, the clip that begins with it), in order."""
    first_clip: OverlayClip
    """The clip that its first word is in."""
    last_clip: OverlayClip
    """The clip that its last word is in."""

    @property
    def begin(self) -> float:
        return self.first_clip.begin

    @property
    def begins_clip(self) -> bool:
        """Whether a clip begins with its first word."""
        return bool(self.clip_starts) and self.clip_starts[0][0] == 0


def read_clips(overlay: MediaOverlay, pages: Mapping[str, DocumentText]) -> Iterator[OverlayClip]:
    """The clips of an overlay, in order."""
    for par in overlay.pars:
        page = pages.get(par.text)
        place = (0, 0)
        if page:
            place = page.ranges.get(par.id, (0, 0)) if par.id else (0, len(page.text))
        yield OverlayClip(overlay, par, page, place)


def find_sentences(found: Sequence[OverlayClip], aligner: ForcedAligner) -> list[OverlaySentence]:
    """The sentences of clips that follow each other in one audio file, in order."""
    made: list[OverlaySentence] = []
    for run in _group_clips(found):
        made += _split_sentences(run, aligner)
    return made


def _group_clips(found: Sequence[OverlayClip]) -> Iterator[list[OverlayClip]]:
    """Clips whose texts go on in one block."""
    run: list[OverlayClip] = []
    for clip in found:
        if clip.document is None or not _has_words(clip.text):
            continue
        if run and not _continues(run[-1], clip):
            yield run
            run = []
        run.append(clip)
    if run:
        yield run


def _continues(one: OverlayClip, other: OverlayClip) -> bool:
    page = one.document
    end, begin = one.text_range[1], other.text_range[0]
    if page is None or page is not other.document or begin < end or one.overlay is not other.overlay:
        return False
    return not page.is_parted(end, begin) and not _has_words(page.text[end:begin])


def _has_words(text: str) -> bool:
    return any(c.isalnum() for c in text)


def _split_sentences(run: Sequence[OverlayClip], aligner: ForcedAligner) -> Iterator[OverlaySentence]:
    page = run[0].document
    assert page is not None
    begins = [clip.text_range[0] for clip in run]
    stop = _find_stop(page, run[-1].text_range[1])
    for begin, end in _split_range(page, begins, stop):
        lang = page.language(begin)
        text = page.text[begin:end]
        for sentence in aligner.split(text, lang):
            at = begin + sentence.begin
            words = [(at + a, at + b) for a, b in sentence.words]
            # A word belongs to the clip that its last character is in.
            owners = [run[max(0, bisect_right(begins, b - 1) - 1)] for _, b in words]
            before = [None, *owners[:-1]]
            marks = [
                (n, owner)
                for n, (owner, previous) in enumerate(zip(owners, before, strict=True))
                if (owner is not previous if n else _begins_with(owner, page.text, words[0]))
            ]
            expected = ExpectedSentence(lang, text[sentence.begin : sentence.end], sentence.words)
            yield OverlaySentence(expected, tuple(marks), owners[0], owners[-1])


def _begins_with(clip: OverlayClip, text: str, word: tuple[int, int]) -> bool:
    """Whether a clip's first word is this one."""
    return not _has_words(text[clip.text_range[0] : word[0]])


def _find_stop(page: DocumentText, end: int) -> int:
    """Where the punctuation ends that follows the last word."""
    while end < len(page.text) and not page.is_parted(end, end):
        if page.text[end].isspace() or page.text[end].isalnum():
            break
        end += 1
    return end


def _split_range(page: DocumentText, begins: Sequence[int], stop: int) -> Iterator[tuple[int, int]]:
    """A stretch of a page cut at blocks, and where a language begins that is more than a foreign word.

    `begins`: of its clips.
    """
    made: list[tuple[int, int]] = []
    for begin, end in page.split(begins[0], stop):
        short = len(page.text[begin:end].split()) <= _FOREIGN
        joins = made and made[-1][1] == begin and not page.is_parted(begin, begin) and begin not in begins
        before = made and len(page.text[slice(*made[-1])].split()) <= _FOREIGN
        if joins and (short or before):
            made[-1] = (made[-1][0], end)
        else:
            made.append((begin, end))
    yield from made
