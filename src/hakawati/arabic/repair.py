"""Words that the models are in doubt of, held against a lexicon."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hakawati.arabic.diacritics import NO_VOWEL, NONE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from hakawati.arabic.alkhalil import Lexicon
    from hakawati.arabic.rawi import Scores

    Choice = npt.NDArray[np.int64]

DOUBT = 0.8
"""A word is held against the lexicon where a letter before the last, which tells case, is less probable."""
FREQUENCY = 0.2
"""How much the logarithm of a lemma's frequency counts beside those of the models' probabilities."""
MARGIN = 3.0
"""How much less probable, as a logarithm, a form of the lexicon may be than a word that it lacks."""
GAIN = 0.5
"""How much more probable, as a logarithm, another form must be where the lexicon has the models' own."""
_LEAST = -14.0
"""No letter counts as less probable than this: the models know little of what is that rare."""


@dataclass(frozen=True, slots=True)
class Repair:
    """What is written on the letters of a word after it was held against the lexicon."""

    choice: Choice
    """For each letter which of `DIACRITICS` it gets: an array (letters)."""
    known: bool | None = None
    """Whether it is a form of the lexicon; None where that was not asked."""


def repaired(word: str, rows: Scores, lexicon: Lexicon, *, joined: bool) -> Repair:
    """The diacritics of a word, given without marks.

    `rows`: the logarithms of their probabilities, an array (letters, diacritics). `joined`: an alif of wasl
    follows, before which a word may end in a vowel that no lexicon has. Of the lexicon's forms the most
    probable is taken, by models and lemma; but the models' own where all of those are much less probable.
    """
    import numpy as np

    own: Choice = rows.argmax(-1)
    if rows[:-1].max(-1).min(initial=0) > np.log(DOUBT):
        return Repair(own)
    known = lexicon(word)
    if not known.frequencies:
        return Repair(own, known=False)
    # A letter without a vowel is written with a sukun or without.
    level = np.maximum(rows, _LEAST)
    level[:, NONE] = level[:, NO_VOWEL] = np.logaddexp(rows[:, NONE], rows[:, NO_VOWEL])
    forms = np.frombuffer(known.marks, np.uint8).reshape(-1, len(word)).astype(np.int64)
    frequencies = FREQUENCY * np.array(known.frequencies)
    places = np.arange(len(word))
    fits = level[places, forms].sum(-1)
    alike = np.where(forms == NONE, NO_VOWEL, forms) == np.where(own == NONE, NO_VOWEL, own)
    if joined:
        alike[:, -1] |= np.isin(forms[:, -1], (NONE, NO_VOWEL))
    same = alike.all(-1)
    best = int((fits + frequencies).argmax())
    ours = level[places, own].sum()
    if same.any():
        is_better = (fits + frequencies)[best] > ours + frequencies[same].max() + GAIN
        return Repair(forms[best] if is_better else own, known=True)
    if ours - fits[best] >= MARGIN:
        best = int(fits.argmax())
    return Repair(forms[best], known=True) if ours - fits[best] < MARGIN else Repair(own, known=False)
