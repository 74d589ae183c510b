# SPDX-License-Identifier: MIT
"""Reads attention files with numpy only, computes softmax attention by einsum, and compares with what `decide` says."""
import json
import os
import struct
import subprocess
import sys
import tempfile

import numpy

program, data = sys.argv[1:3]
TYPES = {"F64": "<f8", "U8": "u1"}


def read(path):
    with open(path, "rb") as file:
        contents = file.read()
    (length,) = struct.unpack("<Q", contents[:8])
    header = json.loads(contents[8 : 8 + length])
    metadata = header.pop("__metadata__")
    body = contents[8 + length :]
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        tensors[name] = numpy.frombuffer(body[begin:end], TYPES[entry["dtype"]]).reshape(entry["shape"])
    return metadata, tensors


def outputs(metadata, tensors):
    """out[i, 0] of attention of order k: keys j_1, ..., j_{k-1} are the letters after row i and coordinate z."""
    order = int(metadata["order"])
    letters = "abcdefg"[: order - 1]
    keys = [tensors[f"k{u}"] for u in range(1, order)]
    values = [tensors[f"v{u}"][:, 0] for u in range(1, order)]
    scores = numpy.einsum("iz," + ",".join(a + "z" for a in letters) + "->i" + letters, tensors["q"], *keys, optimize=True)
    scores *= float(metadata["softmax_scale"])
    axes = tuple(range(1, order))
    weights = numpy.exp(scores - scores.max(axis=axes, keepdims=True))
    product = numpy.einsum(",".join(letters) + "->" + letters, *values)
    return (weights * product).sum(axis=axes) / weights.sum(axis=axes)


def run(*arguments):
    return subprocess.run([program, *arguments], check=True, capture_output=True, timeout=60).stdout


def check(formula, answer, order, square):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.safetensors")
        run("reduce", os.path.join(data, formula), "--to", "attention", "-k", str(order), "-o", path, *(["--square"] if square else []))
        metadata, tensors = read(path)
        out = outputs(metadata, tensors)
        decided = json.loads(run("decide", path, "--json", "--method", "histogram"))
    yes, no = float(metadata["yes_at_least"]), float(metadata["no_at_most"])
    assert decided["verdict"] == answer, (formula, order, decided["verdict"])
    assert (out.max() >= yes - 1e-9) == (answer == "yes"), (formula, order, out.max(), yes)
    assert answer == "yes" or out.max() <= no + 1e-9, (formula, order, out.max(), no)
    row = decided["row"]
    if answer == "yes":
        assert row == int(numpy.argmax(out >= (yes + no) / 2)), (formula, order, row)
    else:
        assert out[row] >= out.max() - 1e-9
    for bound in decided["enclosure"].values():
        assert abs(out[row] - float(bound)) < 1e-9, (formula, order, out[row], bound)
    assert numpy.abs(tensors["q"]).max() <= float(metadata["entry_bound"])
    if square:
        assert len({tensors[name].shape[0] for name in tensors}) == 1
    print(f"{formula} k = {order}{' square' if square else ''}: {answer}, row {row}, out {out[row]:.12f}")


def check_code_route(clauses, answer, order, *options):
    """Three variables, so that the whole tuple space is small; numpy alone decides, from the file's thresholds."""
    with tempfile.TemporaryDirectory() as folder:
        formula, path = os.path.join(folder, "f.cnf"), os.path.join(folder, "a.safetensors")
        with open(formula, "w", encoding="ascii") as file:
            file.write(f"p cnf 3 {len(clauses)}\n" + "".join(" ".join(map(str, clause)) + " 0\n" for clause in clauses))
        run("reduce", formula, "--to", "attention", "-k", str(order), "-o", path, *options)
        metadata, tensors = read(path)
        out = outputs(metadata, tensors)
        decided = json.loads(run("decide", path, "--json"))
    yes, no = float(metadata["yes_at_least"]), float(metadata["no_at_most"])
    assert (out.max() >= yes - 1e-9) == (answer == "yes") and (answer == "yes" or out.max() <= no + 1e-9), (clauses, out.max(), yes, no)
    assert decided["verdict"] == answer, (options, decided)
    for bound in decided["enclosure"].values():
        assert abs(out[decided["row"]] - float(bound)) < 1e-9, (options, out, bound)
    assert max(numpy.abs(tensors[name]).max() for name in tensors) <= float(metadata["entry_bound"])
    print(f"k = {order} {' '.join(options)}: {answer}, d' = {tensors['q'].shape[1]}, largest out {out.max():.12f}")


SIGNS = [[a * 1, b * 2, c * 3] for a in (1, -1) for b in (1, -1) for c in (1, -1)]
SMALL = ["--route", "reed-solomon", "--field", "5", "--blocks", "4", "--block-length", "2"]
for gadget in (["--gadget", "characters"], ["--form", "pruned"], ["--form", "pruned", "--embedding", "paper"]):
    for order in (2, 3):
        check_code_route(SIGNS[:7], "yes", order, *SMALL, *gadget)
        check_code_route(SIGNS, "no", order, *SMALL, *gadget, "--advice", "3")
for order in (2, 3, 4):
    for square in (False, True):
        check("yes/vdw-8-3-3.cnf", "yes", order, square)
        check("no/vdw-9-3-3.cnf", "no", order, square)
check("yes/uf20-01.cnf", "yes", 3, False)
