"""A model in Piper's format, of a few kilobytes, whose durations are known beforehand."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, TensorProto, helper, numpy_helper
from piper.phoneme_ids import DEFAULT_PHONEME_ID_MAP

RATE = 22_050
HOP = 256
_PAD, _BEGIN, _END = "_", "^", "$"
_LETTERS = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويى،؟" + "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652"
IDS: Mapping[str, list[int]] = {
    **DEFAULT_PHONEME_ID_MAP,
    **{letter: [len(DEFAULT_PHONEME_ID_MAP) + number] for number, letter in enumerate(_LETTERS)},
}
"""All that eSpeak says, as Piper takes it apart, and letters for a model that reads them."""
SPEAKERS = 3


def frames(number: int) -> int:
    """How many frames a sound lasts, without noise and at the usual speed."""
    return 1 + number % 4


def onsets(phonemes: list[str]) -> list[int]:
    """For each phoneme, and for the end of the sentence, the sample at which it begins."""
    numbers = [IDS[_BEGIN][0], IDS[_PAD][0]]
    begins: list[int] = []
    for symbol in (*phonemes, _END):
        begins.append(HOP * sum(map(frames, numbers)))
        numbers += [IDS[symbol][0], IDS[_PAD][0]]
    return begins


def samples(phonemes: list[str]) -> int:
    """How long a sentence is."""
    return onsets(phonemes)[-1] + HOP * frames(IDS[_END][0])


def write_voice(
    folder: Path,
    name: str = "ar_JO-tiny-medium",
    *,
    reader: str = "ar",
    native: bool = False,
    speakers: Mapping[str, int] | None = None,
    noise: float = 0.667,
    noise_w: float = 0.0,
    **changes: object,
) -> Path:
    """A voice in a folder. `native`: it tells durations itself; `changes` are made in its configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.onnx"
    file.write_bytes(model(native=native, speakers=bool(speakers)).SerializeToString())
    told: dict[str, object] = {
        "audio": {"sample_rate": RATE, "quality": name.rpartition("-")[2]},
        "espeak": {"voice": reader},
        "language": {"code": name.partition("-")[0], "name_english": "Arabic", "country_english": "Jordan"},
        "inference": {"noise_scale": noise, "length_scale": 1, "noise_w": noise_w},
        "phoneme_type": "espeak",
        "phoneme_id_map": dict(IDS),
        "num_symbols": len(IDS),
        "num_speakers": SPEAKERS if speakers else 1,
        "speaker_id_map": dict(speakers or {}),
        "hop_length": HOP,
        **changes,
    }
    file.with_name(f"{file.name}.json").write_text(json.dumps(told), encoding="utf-8")
    return file


def model(*, native: bool = False, speakers: bool = False) -> ModelProto:
    """As VITS is exported: noise for the lengths, a Ceil, as many frames, noise for the sound.

    A frame is a wave of HOP samples, the louder the higher its phoneme's number; each speaker has a wave.
    """
    lengths = np.array([frames(number) for number in range(len(IDS))], np.float32)
    loudness = np.linspace(0.2, 1, len(IDS), dtype=np.float32)
    waves = [np.sin(np.arange(HOP) * 2 * np.pi * (4 + 3 * s) / HOP) for s in range(SPEAKERS)]
    constants: dict[str, NDArray[np.generic]] = {
        "lengths": lengths,
        "loudness": loudness,
        "waves": np.array(waves, np.float32),
        "zero": np.array(0, np.int64),
        "one": np.array(1, np.int64),
        "two": np.array(2, np.int64),
        "first": np.array([0], np.int64),
        "last": np.array([1], np.int64),
        "row": np.array([1, 1, -1], np.int64),
        "flat": np.array([-1], np.int64),
        "column": np.array([-1, 1], np.int64),
        "whole": np.array([1, 1, 1, -1], np.int64),
        "some": np.array(0.2, np.float32),
    }
    steps = (
        # w = ceil(length * length_scale * exp(noise_w * noise))
        ("Gather", ("lengths", "input"), "usual"),
        ("Reshape", ("usual", "row"), "lasting"),
        ("RandomNormalLike", ("lasting",), "dp_noise"),
        ("Gather", ("scales", "two"), "noise_w"),
        ("Mul", ("dp_noise", "noise_w"), "varied"),
        ("Exp", ("varied",), "times"),
        ("Mul", ("lasting", "times"), "unscaled"),
        ("Gather", ("scales", "one"), "length_scale"),
        ("Mul", ("unscaled", "length_scale"), "w"),
        ("Ceil", ("w",), "w_ceil"),
        # for each frame, the phoneme that it belongs to
        ("Reshape", ("w_ceil", "flat"), "counts"),
        ("CumSum", ("counts", "zero"), "ends"),
        ("ReduceMax", ("ends",), "length"),
        ("Cast", ("length",), "frames"),
        ("Range", ("zero", "frames", "one"), "times_"),
        ("Cast", ("times_",), "frame"),
        ("Reshape", ("frame", "column"), "frame_column"),
        ("GreaterOrEqual", ("frame_column", "ends"), "over"),
        ("Cast", ("over",), "over_"),
        ("ReduceSum", ("over_", "last"), "owner"),
        ("Reshape", ("input", "flat"), "ids"),
        ("Gather", ("ids", "owner"), "sounding"),
        ("Gather", ("loudness", "sounding"), "loud"),
        ("Gather", ("waves", "sid" if speakers else "first"), "wave"),
        ("Mul", ("loud", "wave"), "clean"),
        ("RandomNormalLike", ("clean",), "z_noise"),
        ("Gather", ("scales", "zero"), "noise_scale"),
        ("Mul", ("z_noise", "noise_scale"), "hiss"),
        ("Mul", ("hiss", "some"), "soft_hiss"),
        ("Add", ("clean", "soft_hiss"), "sound"),
        ("Reshape", ("sound", "whole"), "output"),
    )
    types = {"frames": TensorProto.INT64, "frame": TensorProto.FLOAT, "over_": TensorProto.INT64}
    attributes: dict[str, dict[str, int]] = {name: {"to": kind} for name, kind in types.items()}
    attributes |= {"length": {"keepdims": 0}, "owner": {"keepdims": 1}}
    attributes |= {"dp_noise": {"dtype": 1}, "z_noise": {"dtype": 1}}
    nodes = []
    for kind, names, output in steps:
        node = helper.make_node(kind, list(names), [output])
        for key, value in attributes.get(output, {}).items():
            node.attribute.append(helper.make_attribute(key, value))
        nodes.append(node)
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, ["batch", "phonemes"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["batch"]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if speakers:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, ["batch"]))
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, 1, "samples"])]
    if native:
        outputs.append(helper.make_tensor_value_info("w_ceil", TensorProto.FLOAT, [1, 1, "phonemes"]))
    graph = helper.make_graph(
        nodes, "tiny", inputs, outputs, [numpy_helper.from_array(v, k) for k, v in constants.items()]
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
