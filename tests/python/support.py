# SPDX-License-Identifier: MIT
"""What several tests of the module share."""

import functools
import json
import os
import pathlib
import subprocess

import numpy as np

PROGRAM = os.environ["GAPWRIGHT_PROGRAM"]
CHECKER = os.environ["GAPWRIGHT_CHECKER"]
DATA = pathlib.Path(__file__).resolve().parent.parent / "data"


def program(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True).stdout


def tensors(path):
    """The F64 and U16 tensors of a safetensors file."""
    data = pathlib.Path(path).read_bytes()
    size = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + size])
    header.pop("__metadata__")
    kinds = {"F64": "<f8", "U16": "<u2", "U8": "u1", "I64": "<i8"}
    return {
        name: np.frombuffer(data[8 + size + h["data_offsets"][0] : 8 + size + h["data_offsets"][1]], kinds[h["dtype"]]).reshape(h["shape"])
        for name, h in header.items()
    }


def same_bits(a, b):
    a, b = np.ascontiguousarray(a), np.ascontiguousarray(b)
    return a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes()


def numpy_attention(a):
    """Softmax over all tuples, by the definition, in float64."""
    out = np.empty((len(a.q), a.values[0].shape[1]))
    for i in range(len(a.q)):
        scores = np.zeros([len(m) for m in a.keys])
        for l in range(a.q.shape[1]):
            scores += a.q[i, l] * functools.reduce(np.multiply, np.ix_(*(m[:, l] for m in a.keys)))
        weights = np.exp(a.softmax_scale * scores - (a.softmax_scale * scores).max())
        for c in range(out.shape[1]):
            values = functools.reduce(np.multiply, np.ix_(*(m[:, c] for m in a.values)))
            out[i, c] = (weights * values).sum() / weights.sum()
    return out
