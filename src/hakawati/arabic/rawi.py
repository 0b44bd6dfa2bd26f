"""The rawi models, which say of each letter how likely every diacritic is.

They are BiLSTMs with 8 bits a weight, from the package `text2tashkeel`. They see letters without hamza, and
tell it along with the vowels; `decoder` makes that fit what is written. The package's own code, which
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
    "rawi.int8.onnx": "47a609c054534c5ab56ab980a09a6a326e31143930d2d90520379e030627adb9",
    "rawi.vocab.json": "c5aae35ac6eca52123e2ef11d596c740522f93eed07b4c06bc5b3e92e881b69b",
    "rawi_v2.int8.onnx": "60eb6e63d061bcafb63af2ed92fb66a8097c347bada300194f1edb45993f74d1",
    "rawi_v2.vocab.json": "5a8972bc1c5985092973d543d8b04f4c9317b2d11625c242420baf69bb4bf037",
    "rawi_v3.int8.onnx": "e1253c5c5edfab3a7d47167323413cb3253d26df79eedb6db02100cbbd22ecb7",
}
"""SHA-256 of the files that are used, as they are in `VERSION`."""
_FIRST, _SECOND, _THIRD = 0.25, 0.4, 0.6
"""How much the models' log-probabilities count; found on SadeedDiac-25, Wild2Max and Fadel's set."""
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
        second = _vocabulary("rawi_v2.vocab.json")
        first = _vocabulary("rawi.vocab.json")
        self._ids, self._first_ids = second["char_to_idx"], first["char_to_idx"]
        self.classes: tuple[str, ...] = tuple(_in_order(second["diac_to_idx"]))
        """What a letter may get, in the order of the scores: combinations of vowels and hamza."""
        known = second["diac_to_idx"]
        pairs = [(i, known[c]) for i, c in enumerate(_in_order(first["diac_to_idx"])) if c in known]
        self._first_columns, self._columns = zip(*pairs, strict=True)
        self._first, self._second, self._third = map(_session, ("rawi", "rawi_v2", "rawi_v3"))

    def scores(self, characters: Sequence[str]) -> Scores:
        """Log-probabilities, not normalised, of each character's classes: an array (characters, classes)."""
        import numpy as np

        ids = _encoded(self._ids, characters)
        total: Scores = _SECOND * _log_softmax(self._second.run(["output"], {"input": ids})[0][0])
        presence, value = (out[0] for out in self._third.run(["presence", "value"], {"input": ids}))
        total = total + _THIRD * _joint(presence, value)
        ids = _encoded(self._first_ids, characters)
        first = self._first.run(["output"], {"input": ids})[0][0][:, self._first_columns]
        vote = np.full_like(total, _IMPOSSIBLE)
        vote[:, self._columns] = np.maximum(first - first[:, 1:].max(-1, keepdims=True), _IMPOSSIBLE)
        vote[:, 0] = 0  # it was not taught to leave a letter without a mark, so it only tells which
        return total + _FIRST * vote


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


def _vocabulary(name: str) -> dict[str, dict[str, int]]:
    vocabulary: dict[str, dict[str, int]] = json.loads(_data(name))
    return vocabulary


def _in_order(indices: dict[str, int]) -> list[str]:
    return sorted(indices, key=indices.__getitem__)


def _session(name: str) -> Any:
    """A model, with one thread: there is a process for each core already."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False  # it would keep what the longest sentence needed
    return InferenceSession(_data(f"{name}.int8.onnx"), options)


def _encoded(ids: dict[str, int], characters: Sequence[str]) -> Any:
    import numpy as np

    return np.array([[ids.get(c, ids[_UNKNOWN]) for c in characters]], np.int64)


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
