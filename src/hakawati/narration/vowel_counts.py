"""How many of a chapter's Arabic words have vowels that are guesses."""

from __future__ import annotations

from hakawati.arabic.marks import is_arabic
from hakawati.arabic.vowels import DOUBTFUL
from hakawati.model import Timeline, VowelCounts


def vowel_counts(timeline: Timeline) -> VowelCounts:
    """Of the sentences that are read aloud, each counted once, however often it is repeated."""
    sentences = {timed.sentence.id: timed for timed in timeline.sentences if is_arabic(timed.lang)}
    sure = [word.sure for timed in sentences.values() for word in timed.said]
    return VowelCounts(len(sure), sum(one < 1 for one in sure), sum(one < DOUBTFUL for one in sure))
