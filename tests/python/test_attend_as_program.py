# SPDX-License-Identifier: MIT
"""attend and gradients compute what the program's attend writes, with the same bounds, and refuse what it refuses."""
import json
import re
import struct
import subprocess

import gapwright as gw
import numpy as np
import pytest
from support import DATA, FORMULA, PROGRAM, options_of, program, read_tensors, refused_alike, same_bits


def write_tensors(path, arrays, **metadata):
    header, at = {"__metadata__": metadata}, 0
    for name, array in arrays.items():
        header[name] = {"dtype": "F32" if array.dtype == np.float32 else "F64", "shape": array.shape, "data_offsets": (at, at + array.nbytes)}
        at += array.nbytes
    text = json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(array.tobytes() for array in arrays.values()))


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
        assert result.error == {"out": float(metadata["error_bound"]), "q": bounds("q"), "keys": bounds("k"), "values": bounds("v")}, options
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
    with pytest.raises(gw.LimitReached, match="more than error=1e-12; use dtype='f64', or a larger error"):
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
        (["--error", "1e-20"], "more than --error 1e-20; use --method certified, or a larger --error"),
        (["--error", "1e-20", "--dtype", "f32"], "more than --error 1e-20; use --dtype f64, or a larger --error"),
        (["--error", "1e-30", "--method", "certified"], "numbers of this size have no closer double; give a larger --error"),
    ]:
        run = subprocess.run([PROGRAM, "attend", path, *words, "-o", tmp_path / "out"], capture_output=True, text=True)
        assert run.returncode in (2, 5) and says in run.stderr, run
    assert program("attend", path, "--dtype", "f32", "-o", tmp_path / "out")


def test_under_a_mask_polynomial_names_what_computes_it_and_gradients_are_not_told_to_use_certified(tmp_path):
    path = random_input(tmp_path / "in.safetensors", (9, 6), causal="true")
    write_tensors(tmp_path / "up", {"g": np.ones((9, 2))})
    attention = gw.Attention.read(path)
    for words, call, remedy, keyword in [
        ([], lambda: gw.attend(attention, method="polynomial"), "use --method exact or certified", "use method='exact' or 'certified'"),
        (["--gradient", tmp_path / "up"], lambda: gw.gradients(attention, np.ones((9, 2)), method="polynomial"), "use --method exact\n", "use method='exact'"),
    ]:
        run = subprocess.run([PROGRAM, "attend", path, "--method", "polynomial", *words, "-o", tmp_path / "out"], capture_output=True, text=True)
        assert run.returncode == 5 and run.stderr.endswith(remedy.rstrip() + "\n") and "causal" in run.stderr, run
        with pytest.raises(gw.LimitReached, match="causal") as caught:
            call()
        assert str(caught.value).endswith(keyword)
    assert not (tmp_path / "out").exists()


def test_an_upstream_gradient_that_is_not_finite_names_the_place(tmp_path):
    path = random_input(tmp_path / "in.safetensors", (4, 5))
    for bad in (np.nan, np.inf):
        upstream = np.ones((4, 2))
        upstream[2, 1] = bad
        write_tensors(tmp_path / "up", {"g": upstream})
        says = "entry [2, 1] of the upstream gradient is not a finite number"
        with pytest.raises(ValueError, match=re.escape(says)):
            gw.gradients(gw.Attention.read(path), upstream)
        run = subprocess.run([PROGRAM, "attend", path, "--gradient", tmp_path / "up", "-o", tmp_path / "out"], capture_output=True, text=True)
        assert run.returncode == 6 and f"up: {says}" in run.stderr, run


def test_files_of_other_problems_are_named_with_the_way_to_attention(tmp_path):
    program("reduce", FORMULA, "-k", "2", "--to", "orthogonal-vectors", "-o", tmp_path / "v")
    program("reduce", FORMULA, "-k", "2", "--to", "gap-max-ip", "--route", "reed-solomon", "-o", tmp_path / "g")
    program("gen", "subset-query", "--inner", "5", "--outer", "6", "--universe", "12", "-o", tmp_path / "s")
    np.save(tmp_path / "x.npy", np.eye(3, dtype=np.uint8))
    files = {"v": "orthogonal-vectors", "g": "gap-max-ip", "s": "subset-query", "x.npy": "orthogonal-vectors"}
    expected = {tmp_path / name: f"is an instance of {problem}, where an attention input is expected" for name, problem in files.items()}
    expected[FORMULA] = "is no safetensors file, where an attention input is expected; of a formula"
    for path, says in expected.items():
        run = subprocess.run([PROGRAM, "attend", path, "-o", tmp_path / "out"], capture_output=True, text=True)
        assert run.returncode == 6 and f"{path}: {says}" in run.stderr and "reduce --to attention makes one" in run.stderr, run
        with pytest.raises(gw.BadInstance, match=says) as caught:
            gw.Attention.read(path)
        assert "reduce to='attention' makes one" in str(caught.value)
    for path in list(expected)[:4]:
        run = subprocess.run([PROGRAM, "solve", path], capture_output=True, text=True)
        assert run.returncode == 6 and "where a formula (DIMACS CNF) is expected; decide takes it" in run.stderr, run
        with pytest.raises(gw.BadInstance, match="where a formula"):
            gw.Formula.read(path)


def test_a_problem_that_is_spelt_wrong_in_the_metadata(tmp_path):
    path = random_input(tmp_path / "in.safetensors", (4, 5), problem="atention")
    for verb in ("attend", "decide"):
        run = subprocess.run([PROGRAM, verb, path, "-o", tmp_path / "out"], capture_output=True, text=True)
        assert run.returncode == 6 and "metadata 'problem' is 'atention', which is no problem here; did you mean 'attention'?" in run.stderr, run
    for reader in (gw.Attention.read, gw.read):
        with pytest.raises(gw.BadInstance, match="did you mean 'attention'"):
            reader(path)
