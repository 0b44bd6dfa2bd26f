"""The diacritics that are possible on each letter of a text, and how likely they are.

No letter is changed and no mark of the author's is taken away: of what the models know, only that is possible
which has the hamza and the marks that are written. A letter before an alif with tanwin has no other vowel.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from hakawati.arabic.diacritics import (
    DIACRITICS,
    HAMZAS,
    NONE,
    MarkedCharacter,
    diacritic,
)
from hakawati.arabic.marks import DAGGER, FATHATAN, MARKS, SHADDA
from hakawati.arabic.rawi import rawi

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from hakawati.arabic.rawi import Scores

MOST = 2_000
"""Characters given to the models at once, for the sake of memory."""
_OUT = -1e9
_STOP = " ."
"""What stands after a text that ends with a letter, as after those that the models were taught with."""


def log_probabilities(text: Sequence[MarkedCharacter]) -> Scores:
    """How likely each of `DIACRITICS` is on each letter: an array (letters, diacritics) of logarithms.

    Where the author's marks leave one diacritic only, its probability is 1; on what takes none, that of none.
    """
    import numpy as np

    rows = np.full((len(text), len(DIACRITICS)), _OUT, np.float32)
    rows[:, NONE] = 0
    for part in _parts(text, [i for i, letter in enumerate(text) if not letter.is_silent]):
        taking = [n for n, i in enumerate(part) if text[i].takes_vowels]
        if not taking:
            continue
        model = rawi()
        masks, columns = _hamza_masks(model.classes)
        places = [part[n] for n in taking]
        mask = masks[[HAMZAS.index(text[i].hamza) for i in places]]
        second, third = model.scores(_given([text[i].base for i in part]))
        scores: Scores = (second[taking] + mask) + (third[taking] + mask)
        scores -= scores.max(-1, keepdims=True)
        rows[places] = np.log(np.maximum(np.exp(scores) @ columns, 1e-9))
    for i, letter in enumerate(text):
        if letter.takes_vowels and (allowed := _allowed(text, i)):
            rows[i, [n for n, one in enumerate(DIACRITICS) if one not in allowed]] = _OUT
    normalised: Scores = rows - np.logaddexp.reduce(rows, axis=-1, keepdims=True)
    return normalised


def _given(characters: list[str]) -> list[str]:
    """What the models are given: a text that ends with a sign, as those do that they learnt from."""
    return [*characters, *_STOP] if characters[-1].isalpha() else characters


def _parts(text: Sequence[MarkedCharacter], read: Sequence[int]) -> list[Sequence[int]]:
    """The indices of what is read, divided at spaces into parts of at most `MOST`."""
    parts = []
    begin = 0
    while begin < len(read):
        end = begin + MOST
        if end < len(read):
            spaces = (n for n in range(end, begin, -1) if text[read[n - 1]].character.isspace())
            end = next(spaces, end)
        parts.append(read[begin:end])
        begin = end
    return parts


@cache
def _hamza_masks(classes: tuple[str, ...]) -> tuple[Scores, npt.NDArray[np.float32]]:
    """For each of `HAMZAS` what to add to the scores; and which class has which of `DIACRITICS`."""
    import numpy as np

    masks = np.full((len(HAMZAS), len(classes)), _OUT, np.float32)
    columns = np.zeros((len(classes), len(DIACRITICS)), np.float32)
    for n, one in enumerate(classes):
        hamza = "".join(c for c in one if c in HAMZAS)
        vowels = diacritic("".join(c for c in one if c in MARKS))
        if len(set(one)) == len(one) and set(one) <= MARKS | set(HAMZAS) and vowels in DIACRITICS:
            masks[HAMZAS.index(hamza), n] = 0
            columns[n, DIACRITICS.index(vowels)] = 1
    return masks, columns


def _allowed(text: Sequence[MarkedCharacter], i: int) -> set[str]:
    """The diacritics that the author's marks allow on letter `i`; none where they allow all."""
    own = diacritic(text[i].marks)
    if own == SHADDA:
        return {one for one in DIACRITICS if SHADDA in one}
    if own in DIACRITICS and own:
        return {own}
    if own or DAGGER in text[i].marks:  # nothing that a model knows; `vowels` leaves it as it is
        return {""}
    after = text[i + 1] if i + 1 < len(text) else None
    if after and after.character in "اى" and FATHATAN in after.marks:
        return {"", SHADDA}
    return set()
