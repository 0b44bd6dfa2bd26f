"""A Piper voice's model, changed in memory so that it says a text the same way each time, and tells when.

A model draws noise, and goes on where it left off with the text before, so that a text sounds different every
time. Its generator cannot be set back: a seed counts only when a model is loaded, which takes as long as
speaking a sentence. So the nodes that draw are replaced by ones that look up noise drawn once for all. The
frames that each phoneme lasts, which most models keep to themselves, are made an output. The file is ONNX, a
protobuf message of which little is touched here; so the package `onnx` is not needed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from hakawati.model import VoiceError, VoiceUnavailableError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from piper import PiperVoice

_NOISE = 1_000_003
"""How many numbers of noise there are: a minute of speech takes as many, and then they come again."""
_INT64, _FLOAT = 7, 1
"""ONNX's numbers for types."""
_LARGEST = 10_000_000
"""Bytes of a configuration; those of voices with 900 speakers have 30,000."""


@dataclass(frozen=True, slots=True)
class PiperSpeech:
    """A sentence as the model says it."""

    samples: NDArray[np.float32]
    """(samples,), at no particular level."""
    begins: tuple[int, ...]
    """The sample at which each phoneme begins; none where the model does not tell."""


class PiperModel:
    """A voice that is loaded. It has no memory: what it says depends on what it is given alone."""

    def __init__(self, voice: PiperVoice, file: Path) -> None:
        self._voice = voice
        self._file = file

    @property
    def rate(self) -> int:
        """Hz."""
        return int(self._voice.config.sample_rate)

    def phonemes(self, text: str) -> list[list[str]]:
        """The phonemes of each sentence that the model knows; spaces and punctuation are among them."""
        try:
            # What stands in double brackets would be taken for phonemes.
            sentences = self._voice.phonemize(text.replace("[[", "[ "))
        except Exception as error:  # C code, and what it raises is nowhere told
            raise VoiceError(f"{self._file.name} cannot have its text read: {error}") from error
        known = self._voice.config.phoneme_id_map
        return [[phoneme for phoneme in sentence if phoneme in known] for sentence in sentences]

    def known(self, phonemes: str) -> list[str]:
        """A string of phonemes taken apart as Piper does it, without those that the model does not know."""
        known = self._voice.config.phoneme_id_map
        return [phoneme for phoneme in normalize("NFD", phonemes) if phoneme in known]

    def say(
        self,
        phonemes: Sequence[str],
        speaker: int | None,
        speed: float,
        noise: float | None,
        noise_w: float | None,
    ) -> PiperSpeech:
        """The sound of one sentence's phonemes, with the settings of `Piper`. Raises `VoiceError`."""
        import numpy as np
        from piper import SynthesisConfig

        config = self._voice.config
        settings = SynthesisConfig(speaker, config.length_scale / speed, noise, noise_w)
        ids = self._voice.phonemes_to_ids(list(phonemes))
        try:
            audio, lasting = self._voice.phoneme_ids_to_audio(ids, settings, include_alignments=True)
        except Exception as error:  # onnxruntime has a dozen, of no common base
            raise VoiceError(f"{self._file.name} cannot say this: {_first_line(error)}") from error
        samples = np.atleast_1d(np.asarray(audio, np.float32))
        if samples.ndim != 1 or not np.isfinite(samples).all():
            raise VoiceError(f"{self._file.name} gives no sound")
        if lasting is None or lasting.shape != (len(ids),) or int(lasting.sum()) != len(samples):
            return PiperSpeech(samples, ())
        starts = [0, *accumulate(int(n) for n in lasting)]
        pad = len(config.phoneme_id_map["_"])
        lengths = (len(config.phoneme_id_map[phoneme]) + pad for phoneme in ("^", *phonemes[:-1]))
        return PiperSpeech(samples, tuple(starts[at] for at in accumulate(lengths)))


@lru_cache(maxsize=4)
def loaded(model: Path, config: Path, digests: tuple[str, str]) -> PiperModel:
    """The voice in these files, kept for the process. Raises `VoiceError`.

    `digests` are the SHA-256 of both: clips are kept under them, so other files must not speak. It gets one
    thread, since there is a process for each core already, and does not keep what its longest text needed.
    """
    try:
        data, card = model.read_bytes(), config.read_bytes()
    except OSError as error:
        raise VoiceUnavailableError(f"{error.filename} cannot be read: {error.strerror}") from error
    if tuple(hashlib.sha256(content).hexdigest() for content in (data, card)) != digests:
        raise VoiceUnavailableError(f"{model.name} was changed while the book was made", "make it again")
    from piper import PiperVoice
    from piper.config import PiperConfig

    session = _session(data, model)
    try:
        voice = PiperVoice(session, PiperConfig.from_dict(configuration(card)), use_tashkeel=False)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise VoiceError(f"{config.name} is damaged: {error!r}") from error
    return PiperModel(voice, model)


def configuration(content: bytes) -> Any:
    """What a voice's configuration says. Raises `ValueError` for what is none."""
    if len(content) > _LARGEST:
        raise ValueError("it is too large")
    try:
        return json.loads(content)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def check(model: Path) -> None:
    """Raise `VoiceError` where a file is no model that can be loaded."""
    try:
        _session(model.read_bytes(), model)
    except OSError as error:
        raise VoiceUnavailableError(f"{model} cannot be read: {error.strerror}") from error


def _session(data: bytes, file: Path) -> InferenceSession:
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4  # what goes wrong is raised; it need not be printed too
    try:
        return InferenceSession(patched(data), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime has a dozen, of no common base
        raise VoiceError(f"{file.name} is damaged, or no model: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0][:200]


def patched(model: bytes) -> bytes:
    """The model with fixed noise, and with the phonemes' frames as its second output if it has but one.

    Raises `ValueError` for what is no model.
    """
    return b"".join(
        _field(7, _patched_graph(content)) if number == 7 else bytes(whole)
        for number, content, whole in _fields(memoryview(model))
    )


def _patched_graph(graph: memoryview) -> bytes:
    pieces: list[bytes | memoryview] = []
    drawn = outputs = 0
    rounded: list[str] = []
    for number, content, whole in _fields(graph):
        replaced = _looked_up(content) if number == 1 else None
        if number == 1 and _name(content, 4) == "Ceil":
            rounded.append(_name(content, 2))
        outputs += number == 12
        drawn += replaced is not None
        pieces.append(whole if replaced is None else replaced)
    if drawn:
        pieces.append(_noise())
    if outputs == 1 and len(rounded) == 1:  # frames are whole, and nothing else in a Piper model is
        pieces.append(_field(12, _text(1, rounded[0]) + _field(2, _field(1, _number(1, _FLOAT)))))
    return b"".join(pieces)


def _looked_up(node: memoryview) -> bytes | None:
    """The nodes that look up what a node draws; None for one that does not draw, or not as Piper's do."""
    if _name(node, 4) != "RandomNormalLike":
        return None
    if any(_name(content, 1) != "dtype" for number, content, _ in _fields(node) if number == 5):
        return None
    like, drawn = _name(node, 1), _name(node, 2)
    mine = f"hakawati/{drawn}"
    nodes = (
        ("Shape", (like,), f"{mine}/shape"),
        ("Size", (like,), f"{mine}/size"),
        ("Range", ("hakawati/0", f"{mine}/size", "hakawati/1"), f"{mine}/range"),
        ("Mod", (f"{mine}/range", "hakawati/period"), f"{mine}/at"),
        ("Gather", ("hakawati/noise", f"{mine}/at"), f"{mine}/flat"),
        ("Reshape", (f"{mine}/flat", f"{mine}/shape"), drawn),
    )
    return b"".join(
        _field(1, b"".join(_text(1, name) for name in inputs) + _text(2, output) + _text(4, kind))
        for kind, inputs, output in nodes
    )


def _noise() -> bytes:
    """The constants that the nodes look up. NumPy promises that `RandomState` draws the same for ever."""
    import numpy as np

    noise = np.random.RandomState(0).standard_normal(_NOISE).astype("<f4").tobytes()
    tensors = [_number(1, _NOISE) + _number(2, _FLOAT) + _text(8, "hakawati/noise") + _field(9, noise)]
    for name, value in (("0", 0), ("1", 1), ("period", _NOISE)):
        tensors.append(
            _number(2, _INT64) + _text(8, f"hakawati/{name}") + _field(9, value.to_bytes(8, "little"))
        )
    return b"".join(_field(5, tensor) for tensor in tensors)


def _fields(message: memoryview) -> Iterator[tuple[int, memoryview, memoryview]]:
    """(number, content, number and content as they stand) of every field of a protobuf message."""
    at = 0
    while at < len(message):
        tag, begin = _varint(message, at)
        match tag & 7:
            case 0:
                _, end = _varint(message, begin)
            case 1:
                end = begin + 8
            case 2:
                length, begin = _varint(message, begin)
                end = begin + length
            case 5:
                end = begin + 4
            case _:
                raise ValueError("it is no protobuf message")
        if end > len(message):
            raise ValueError("its end is missing")
        yield tag >> 3, message[begin:end], message[at:end]
        at = end


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
    raise ValueError("its end is missing")


def _name(message: memoryview, wanted: int) -> str:
    """The first text in a field; empty where there is none."""
    found = (bytes(content).decode() for number, content, _ in _fields(message) if number == wanted)
    return next(found, "")


def _field(number: int, content: bytes) -> bytes:
    return _bytes(number << 3 | 2) + _bytes(len(content)) + content


def _text(number: int, text: str) -> bytes:
    return _field(number, text.encode())


def _number(number: int, value: int) -> bytes:
    return _bytes(number << 3) + _bytes(value)


def _bytes(value: int) -> bytes:
    """A number of variable length."""
    groups = [value & 127]
    while value := value >> 7:
        groups[-1] |= 128
        groups.append(value & 127)
    return bytes(groups)
