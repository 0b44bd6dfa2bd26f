"""Which syllable is stressed.

The rule that textbooks give for Modern Standard Arabic (Ryding, *A Reference Grammar of Modern Standard
Arabic*, 2005, ch. 2): a superheavy last syllable (CVːC,
CVCC), else a heavy one before the last (CVː, CVC), else the third from the end. The article bears no stress.
"""

from __future__ import annotations

from collections.abc import Sequence

from hakawati.arabic.phones import Phone

_HEAVY, _SUPERHEAVY = 2, 3


def stressed(phones: Sequence[Phone], clitics: int) -> tuple[Phone, ...]:
    """The phones with the stress put on one of their vowels.

    The first `clitics` vowels are those of the article and its proclitics. What is one short open syllable
    (wa, bi) leans on the word after it, and has no stress.
    """
    nuclei = [i for i, phone in enumerate(phones) if phone.vowel]
    weights = [_weight(phones, nuclei, k) for k in range(len(nuclei))]
    if not nuclei or weights == [1]:
        return tuple(phones)
    at = nuclei[_place(weights, min(clitics, len(nuclei) - 1))]
    return (*phones[:at], phones[at]._replace(stressed=True), *phones[at + 1 :])


def _place(weights: Sequence[int], first: int) -> int:
    """The number of the syllable that is stressed, of which the first ones cannot be."""
    last = len(weights) - 1
    if weights[last] >= _SUPERHEAVY:
        return last
    if last - 1 < first or weights[last - 1] >= _HEAVY:
        return max(first, last - 1)
    return max(first, last - 2)


def _weight(phones: Sequence[Phone], nuclei: Sequence[int], k: int) -> int:
    """Of a syllable, in moras: its vowel, and the consonants that close it."""
    begin = nuclei[k]
    final = k == len(nuclei) - 1
    end = len(phones) if final else nuclei[k + 1]
    closing = sum(2 if phone.long else 1 for phone in phones[begin + 1 : end])
    # The last consonant before another vowel begins that one's syllable.
    return (2 if phones[begin].long else 1) + max(0, closing if final else closing - 1)
