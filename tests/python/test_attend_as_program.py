# SPDX-License-Identifier: MIT
"""attend and gradients compute what the program's attend writes, with the same bounds, and refuse what it refuses."""
import json
import struct
import subprocess

import gapwright as gw
import numpy as np
import pytest
from support import DATA, PROGRAM, options_of, program, refused_alike, same_bits

KINDS = {"F64": np.float64, "F32": np.float32}


def write_tensors(path, arrays, **metadata):
    header, at = {"__metadata__": metadata}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32" if array.dtype == np.float32 else "F64", "shape": array.shape, "data_offsets": (at, at + array.nbytes)}
        at += array.nbytes
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays.values()))


def read_tensors(path):
    data = path.read_bytes()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:start])
    metadata = header.pop("__metadata__")
    places = {name: (start + h["data_offsets"][0], start + h["data_offsets"][1]) for name, h in header.items()}
    return {name: np.frombuffer(data[slice(*places[name])], KINDS[h["dtype"]]).reshape(h["shape"]) for name, h in header.items()}, metadata


def random_input(path, rows, bound=1.0, kind=np.float64, **metadata):
    """rows: of q and of every key matrix."""
    random = np.random.default_rng(len(rows))
    arrays = {"q": random.uniform(-bound, bound, (rows[0], 3)).astype(kind)}
    for u, count in enumerate(rows[1:], 1):
        arrays[f"k{u}"] = random.uniform(-bound, bound, (count, 3)).astype(kind)
        arrays[f"v{u}"] = random.uniform(-bound, bound, (count, 2)).astype(kind)
    write_tensors(path, arrays, softmax_scale="0.25", **metadata)
    return path


INPUTS = {
    "many queries, one key": lambda path: random_input(path, (300, 1)),
    "one query": lambda path: random_input(path, (1, 40)),
    "order 4": lambda path: random_input(path, (4, 1, 3, 5)),
    "causal": lambda path: random_input(path, (9, 6), causal="true"),
    "f32": lambda path: random_input(path, (6, 7), kind=np.float32),
    "tiny": lambda path: random_input(path, (6, 5, 4), bound=1e-100),
    "huge": lambda path: random_input(path, (6, 5), bound=1e20),
    "beyond f32": lambda path: random_input(path, (6, 5), bound=1e45),
    "masked by large scores": lambda path: DATA / "found" / "att-masked-1e9.safetensors",
    "subnormal in f32": lambda path: DATA / "found" / "f32-subnormal.safetensors",
}
OPTIONS = [
    {"method": "exact"},
    {"method": "exact", "error": 1e-3},
    {"method": "polynomial"},
    {"method": "polynomial", "error": 1e-6, "most_features": 200},
    {"method": "polynomial", "error": 1e-9, "most_features": 3},
    {"method": "certified"},
    {"method": "certified", "error": 1e-30},
    {"method": "exact", "most_features": 9},
    {"method": "certified", "most_features": 9},
    {"error": 0.0},
    {"error": -1.0},
    {"error": float("nan")},
    {"error": float("inf")},
    {"max_tuples": 2},
    {"method": "certified", "max_tuples": 2, "memory_limit": 10},
    {"method": "polynomial", "memory_limit": 10},
]
WORDS = {"most_features": "--max-features"}


def refused(*words):
    return subprocess.run([PROGRAM, *map(str, words)], capture_output=True).returncode != 0


@pytest.mark.parametrize("dtype", ["f64", "f32"])
@pytest.mark.parametrize("name", INPUTS)
def test_outputs(tmp_path, name, dtype):
    path, out = INPUTS[name](tmp_path / "in.safetensors"), tmp_path / "out"
    computed = 0
    for options in OPTIONS:
        words = ["attend", path, "--dtype", dtype, *options_of(options, WORDS), "-o", out]
        ours = lambda: gw.attend(gw.read(path), dtype=dtype, **options)
        if refused(*words):
            assert refused_alike(ours, *words), options
            continue
        computed += 1
        theirs, metadata = read_tensors(out)
        assert theirs["out"].dtype == (np.float32 if dtype == "f32" else np.float64)
        result = ours()
        assert same_bits(result.out, theirs["out"].astype(np.float64)), options
        assert result.error == float(metadata["error_bound"]), options
        assert result.row_error is None or 0 <= result.row_error.max() <= result.error
        assert (result.degree, result.features) == tuple(int(metadata[key]) if key in metadata else None for key in ("degree", "features"))
    assert computed >= (2 if name != "beyond f32" or dtype == "f64" else 0)


def gradient_files(tmp_path, name):
    path = INPUTS[name](tmp_path / "in.safetensors")
    attention = gw.read(path)
    upstream = np.random.default_rng(1).uniform(-1, 1, (len(attention.q), attention.values[0].shape[1]))
    write_tensors(tmp_path / "up", {"g": upstream})
    return path, attention, upstream


@pytest.mark.parametrize("dtype", ["f64", "f32"])
@pytest.mark.parametrize("name", INPUTS)
def test_gradients(tmp_path, name, dtype):
    path, attention, upstream = gradient_files(tmp_path, name)
    computed = 0
    for options in OPTIONS:
        words = ["attend", path, "--gradient", tmp_path / "up", "--dtype", dtype, *options_of(options, WORDS), "-o", tmp_path / "out"]
        ours = lambda: gw.gradients(attention, upstream, dtype=dtype, **options)
        if refused(*words):
            assert refused_alike(ours, *words), options
            continue
        computed += 1
        theirs, metadata = read_tensors(tmp_path / "out")
        result = ours()
        all_ours = {"out": result.out, "dq": result.q}
        for u in range(len(result.keys)):
            all_ours.update({f"dk{u + 1}": result.keys[u], f"dv{u + 1}": result.values[u]})
        assert all_ours.keys() == theirs.keys()
        for tensor, array in all_ours.items():
            assert same_bits(array, theirs[tensor].astype(np.float64)), (tensor, options)
        bounds = lambda letter: max(float(metadata[key]) for key in metadata if key.startswith("error_bound_d" + letter))
        assert result.error == {"q": bounds("q"), "keys": bounds("k"), "values": bounds("v")}, options
    assert computed >= {"causal": 1, "huge": 0, "beyond f32": 0}.get(name, 2)  # by polynomials nothing causal; gradients overflow


def test_what_a_refusal_says():
    attention = gw.generate("attention", rows=3, dimension=2, order=2)
    upstream = np.ones((3, 2))
    for call, words in [
        (lambda: gw.attend(attention, most_features=9), "most_features goes with method='polynomial'; leave it out"),
        (lambda: gw.attend(attention, error=0.0), "error is a number above 0"),
        (lambda: gw.gradients(attention, upstream, method="certified"), "method='certified' computes outputs, not gradients; use method='exact' or 'polynomial'"),
        (lambda: gw.gradients(attention, upstream, error=1e-3), "error goes with method='polynomial' where gradients are computed"),
        (lambda: gw.gradients(attention, np.ones((2, 2))), "the upstream gradient is 2 x 2"),
    ]:
        with pytest.raises(ValueError) as caught:
            call()
        assert words in str(caught.value)
    with pytest.raises(gw.LimitReached, match="more than error=1e-12; use dtype='f64', or method='certified'"):
        gw.attend(attention, dtype="f32", error=1e-12)


def test_rows_of_f32_are_within_their_own_bounds():
    attention = gw.generate("attention", rows=200, dimension=3, order=2, entry_bound=2.0)
    narrow, certified = gw.attend(attention, dtype="f32"), gw.attend(attention, method="certified")
    assert same_bits(narrow.out, narrow.out.astype(np.float32).astype(np.float64))
    assert (np.abs(narrow.out - certified.out).max(axis=1) <= narrow.row_error + certified.error).all()


def test_what_the_program_says(tmp_path):
    path = random_input(tmp_path / "in.safetensors", (4, 5))
    write_tensors(tmp_path / "up", {"g": np.ones((4, 2))})
    for words, says in [
        (["--gradient", tmp_path / "up", "--method", "certified"], "--method certified computes outputs, not gradients; use --method exact or polynomial"),
        (["--gradient", tmp_path / "up", "--error", "1e-3"], "--error goes with --method polynomial where gradients are computed"),
        (["--error", "1e-20"], f"{path}: the error bound is"),
        (["--error", "1e-20"], "more than --error 1e-20; use --dtype f64, or --method certified"),
    ]:
        run = subprocess.run([PROGRAM, "attend", path, *words, "-o", tmp_path / "out"], capture_output=True, text=True)
        assert run.returncode in (2, 5) and says in run.stderr, run
    assert program("attend", path, "--dtype", "f32", "-o", tmp_path / "out")
