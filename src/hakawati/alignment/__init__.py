"""Forced alignment: when each sentence and each word of a text is read in a recording.

`align` takes the recording as PCM and, for each sentence, a `Reference`: the same sentence spoken by a voice
whose word onsets are known, such as eSpeak NG. It returns an `Alignment`: for each sentence and word its time
in the recording, how sure that is, and which sentences were left out; and the sounds that are in no sentence.

It needs NumPy, and of hakawati only the model. It holds no state, and the same input gives the same times on
the same machine. A recording of an hour that comes in blocks takes 227 MB (`benchmarks/align-real.md`).
"""

from hakawati.alignment.aligner import align
from hakawati.alignment.results import AlignedSentence, Alignment, Reference

__all__ = ["AlignedSentence", "Alignment", "Reference", "align"]
