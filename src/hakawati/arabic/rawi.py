"""The rawi models, which say of each letter how likely every diacritic is.

They are two BiLSTMs with 8 bits a weight, from the package `text2tashkeel`. They see letters without hamza,
and tell it along with the vowels; `decoder` makes that fit what is written. The package's own code, which
changes letters, is not used.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from typing import TYPE_CHECKING, Any

from hakawati.errors import ToolError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Scores = npt.NDArray[np.float32]

PACKAGE, VERSION = "text2tashkeel", "0.1.0"
_DIGESTS = {
    "rawi_v2.int8.onnx": "60eb6e63d061bcafb63af2ed92fb66a8097c347bada300194f1edb45993f74d1",
    "rawi_v2.vocab.json": "5a8972bc1c5985092973d543d8b04f4c9317b2d11625c242420baf69bb4bf037",
    "rawi_v3.int8.onnx": "e1253c5c5edfab3a7d47167323413cb3253d26df79eedb6db02100cbbd22ecb7",
}
"""SHA-256 of the files that are used, as they are in `VERSION`."""
_SECOND, _THIRD = 0.35, 0.5
"""How much the models' log-probabilities count; found on SadeedDiac-25, Wild2Max and Fadel's set. The first
model, at a third of the time, helped on none of them by more than a word in a thousand."""
_UNKNOWN, _IMPOSSIBLE = "<UNK>", -15.0


@cache
def is_installed() -> bool:
    """Whether there are models whose digests are known."""
    try:
        return distribution(PACKAGE).version == VERSION
    except PackageNotFoundError:
        return False


class Rawi:
    """The models, loaded. Raises `ToolError` where their files are not those that are known."""

    def __init__(self) -> None:
        vocabulary: dict[str, dict[str, int]] = json.loads(_data("rawi_v2.vocab.json"))
        known = vocabulary["diac_to_idx"]
        self._ids = vocabulary["char_to_idx"]
        self.classes: tuple[str, ...] = tuple(sorted(known, key=known.__getitem__))
        """What a letter may get, in the order of the scores: combinations of vowels and hamza."""
        self._second, self._third = map(_session, ("rawi_v2", "rawi_v3"))

    def scores(self, characters: Sequence[str]) -> tuple[Scores, Scores]:
        """Each model's log-probabilities of each character's classes, weighed: arrays (characters, classes).

        One text at a time: the models' numbers are scaled by all that they are given at once, so that the
        company of another text would change what they say.
        """
        import numpy as np

        ids = np.array([[self._ids.get(c, self._ids[_UNKNOWN]) for c in characters]], np.int64)
        second = _log_softmax(self._second.run(["output"], {"input": ids})[0][0])
        presence, value = (out[0] for out in self._third.run(["presence", "value"], {"input": ids}))
        return _SECOND * second, _THIRD * _joint(presence, value)


@cache
def rawi() -> Rawi:
    """The models, loaded by the first Arabic utterance and kept for the process."""
    return Rawi()


def _data(name: str) -> bytes:
    path = distribution(PACKAGE).locate_file(f"{PACKAGE}/models/{name}")
    try:
        data = path.read_bytes()  # type: ignore[attr-defined]
    except OSError as error:
        raise ToolError(f"a model for Arabic vowels cannot be read: {error}") from error
    if hashlib.sha256(data).hexdigest() != _DIGESTS[name]:
        raise ToolError(f"a model for Arabic vowels is damaged, {path}: install {PACKAGE} {VERSION} again")
    return bytes(data)


def _session(name: str) -> Any:
    """A model, with one thread: there is a process for each core already."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the longest sentence needed
    return InferenceSession(_data(f"{name}.int8.onnx"), options)


def _log_softmax(x: Scores) -> Scores:
    import numpy as np

    x = x - x.max(-1, keepdims=True)
    scores: Scores = x - np.log(np.exp(x).sum(-1, keepdims=True))
    return scores


def _joint(presence: Scores, value: Scores) -> Scores:
    """The third model's scores: one head tells whether there is a mark (its logit), another which."""
    import numpy as np

    value = value.copy()
    value[:, 0] = 2 * _IMPOSSIBLE
    scores = _log_softmax(value) - np.logaddexp(0, -presence)[:, None]
    scores[:, 0] = -np.logaddexp(0, presence)
    return scores
