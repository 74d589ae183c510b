# SPDX-License-Identifier: MIT
"""What several tests of the module share."""

import functools
import json
import os
import pathlib
import re
import subprocess

import gapwright as gw
import numpy as np
import pytest

PROGRAM = os.environ["GAPWRIGHT_PROGRAM"]
CHECKER = os.environ["GAPWRIGHT_CHECKER"]
DATA = pathlib.Path(__file__).resolve().parent.parent / "data"


def program(*arguments):
    return subprocess.run([PROGRAM, *map(str, arguments)], check=True, capture_output=True).stdout


def options_of(keywords, renamed):
    """Keywords of the module as options of the program, of the same name unless renamed."""
    words = []
    for name, value in keywords.items():
        option = renamed.get(name, "--" + name.replace("_", "-"))
        words += [option] if value is True else [option, str(value)]
    return words


def read_tensors(path):
    """The tensors of a safetensors file by name, and its metadata."""
    data = pathlib.Path(path).read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__")
    kinds = {"F64": "<f8", "F32": "<f4", "U16": "<u2", "U8": "u1", "I64": "<i8"}
    places = {name: (start + h["data_offsets"][0], start + h["data_offsets"][1]) for name, h in header.items()}
    return {name: np.frombuffer(data[slice(*places[name])], kinds[h["dtype"]]).reshape(h["shape"]) for name, h in header.items()}, metadata


def tensors(path):
    return read_tensors(path)[0]


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


# Functions that answer as the program does with --json: the same object for the same input, exact integers as ints, and the same refusals.
FORMULA = next(DATA.glob("*/uf20-01.cnf"))


def answer(*arguments):
    return json.loads(program(*arguments, "--json"))


def without(answer, *keys):
    """The answer without these keys, such as times, wherever they are."""
    if isinstance(answer, dict):
        return {key: without(value, *keys) for key, value in answer.items() if key not in keys}
    return [without(value, *keys) for value in answer] if isinstance(answer, list) else answer


def same(ours, theirs, integers=(), key=None):
    """Equal, types included, times apart; an int may be text in JSON when it is beyond 2^53, or stands under a key whose numbers are always text."""
    if isinstance(ours, dict) and isinstance(theirs, dict):
        ours, theirs = ({k: v for k, v in side.items() if k != "timing"} for side in (ours, theirs))
        return list(ours) == list(theirs) and all(same(ours[k], theirs[k], integers, k) for k in ours)
    if isinstance(ours, list) and isinstance(theirs, list):
        return len(ours) == len(theirs) and all(same(a, b, integers, key) for a, b in zip(ours, theirs))
    if type(ours) is int and type(theirs) is str and (key in integers or abs(ours) > 2**53):
        return ours == gw._gapwright._integer(theirs)
    return type(ours) is type(theirs) and ours == theirs


def refusal(*arguments):
    """The exit code and the line of a refusal."""
    run = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    assert run.returncode in (2, 5, 6), run
    return run.returncode, run.stderr.split("error: ", 1)[-1].strip()


OPTION = re.compile(r"(?<![\w-])(--[a-z]|-[jkoqT]\b)")  # of the program: messages name keywords
EXCEPTIONS = {2: ValueError, 5: gw.LimitReached, 6: gw.BadInstance}


def refused_alike(call, *arguments):
    code, _ = refusal(*arguments)
    with pytest.raises(EXCEPTIONS[code]) as caught:
        call()
    assert not OPTION.search(re.sub(r"`gapwright [^`]*`", "", str(caught.value))), caught.value
    return type(caught.value) in (EXCEPTIONS[code], ValueError)
