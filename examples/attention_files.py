# SPDX-License-Identifier: MIT
"""Attention inputs and outputs of `gapwright challenge` with numpy alone (docs/challenge.md)."""
import json
import sys
import time
from types import SimpleNamespace

import numpy

REFUSED = 5  # exit status of a program that declines an input


def read(path):
    """order k, scale, causal, q (n, d), keys and values (k - 1 matrices each), as float64."""
    with open(path, "rb") as file:
        contents = file.read()
    start = 8 + int.from_bytes(contents[:8], "little")
    header = json.loads(contents[8:start])
    metadata = header.pop("__metadata__")
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        data = contents[start + begin : start + end]
        if entry["dtype"] == "BF16":  # the upper half of a float32
            array = (numpy.frombuffer(data, "<u2").astype("<u4") << 16).view("<f4")
        else:
            array = numpy.frombuffer(data, {"F64": "<f8", "F32": "<f4", "F16": "<f2"}[entry["dtype"]])
        tensors[name] = array.reshape(entry["shape"][-2:]).astype(float)  # (1, 1, n, d) or (n, d)
    order = int(metadata["order"])
    return SimpleNamespace(
        order=order,
        scale=float(metadata["softmax_scale"]),
        causal=metadata.get("causal") == "true",
        q=tensors["q"],
        keys=[tensors[f"k{u}"] for u in range(1, order)],
        values=[tensors[f"v{u}"] for u in range(1, order)],
    )


def write(path, out, seconds):
    header = {"__metadata__": {"seconds": repr(seconds)}, "out": {"dtype": "F64", "shape": out.shape, "data_offsets": [0, out.nbytes]}}
    text = json.dumps(header).encode()
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text + numpy.ascontiguousarray(out, "<f8").tobytes())


def refuse(why):
    print(why, file=sys.stderr)
    sys.exit(REFUSED)


def run(attention):
    """attention(input) -> (n, d_v), from the file of the first argument to that of the second."""
    given = read(sys.argv[1])
    start = time.perf_counter()
    out = attention(given)
    write(sys.argv[2], out, time.perf_counter() - start)
