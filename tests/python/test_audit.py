# SPDX-License-Identifier: MIT
"""audit: every fault kernel is caught by a check that fits its fault, no correct kernel fails, and what is no kernel gets one sentence."""
import os
import pathlib
import re
import subprocess
import sys

import numpy as np
import pytest

import gapwright as gw

FAULTS = pathlib.Path(__file__).resolve().parents[2] / "examples" / "faults"
sys.path.insert(0, str(FAULTS))
import pieces  # noqa: E402
from kernels import TABLE  # noqa: E402

# Kinds of checks that a fault of this kind is to fail.
FITTING = {
    "running maximum": ["shift", "order"],
    "no maximum": ["shift", "spread", "order"],
    "rounding": ["shift", "plain"],
    "placeholder": ["causal", "shift"],
    "accumulator": ["plain", "order"],
    "scale": ["scale", "shift"],
    "mask": ["causal"],
    "tile": ["ragged", "shift"],
    "quantised": ["plain"],
    "missed keys": ["plain", "spread"],
    "ties": ["ties"],
    "columns": ["columns", "plain"],
    "rows": ["rows"],
    "soft cap": ["spread", "shift"],
    "sink": ["plain", "shift"],
    "denormals": ["denormals", "order"],
    "state": ["again"],
    "order 3": ["plain", "shift", "rotate", "ties", "rows", "causal", "order", "ragged"],
}
FORWARD = [k for k in TABLE if not k.heads and not k.gradient]
MULTIPLIER = float(os.environ.get("GAPWRIGHT_TEST_MULTIPLIER", "1"))
SEEDS = range(1, 21 if MULTIPLIER >= 10 else 2)


def exact(q, keys, values, scale, causal=False):
    scores = scale * (q.astype(float) @ keys[0].astype(float).T)
    if causal:
        scores[np.arange(len(q))[:, None] < np.arange(len(keys[0]))[None, :]] = -np.inf
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return (weights / weights.sum(axis=1, keepdims=True) @ values[0].astype(float)).astype(q.dtype)


@pytest.mark.parametrize("kernel", [k for k in FORWARD if not k.correct], ids=lambda k: k.name)
def test_faults_are_caught(kernel):
    for order in kernel.orders:
        for seed in SEEDS:
            for quick in (True, False):
                with np.errstate(all="ignore"):
                    found = gw.audit(kernel.function, order=order, dtype=kernel.dtype, only=FITTING[kernel.kind], quick=quick, seed=seed)
                failed = [check for check in found.checks if check["outcome"] == "failed"]
                if failed:
                    break
            assert failed and not found.passed, (order, seed)
            assert all(check["reason"] for check in failed)


def softmax(scores):
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


right = pieces.materialised


def only_when(when, wrong):
    """Wrong where a kernel takes another way than usual."""
    return lambda q, keys, values, scale, causal=False: (wrong if when(q, keys, values, causal) else right)(q, keys, values, scale, causal)


def with_options(way=right, **options):
    return lambda q, keys, values, scale, causal=False: way(q, keys, values, scale, causal, **options)


def with_keys(chosen):
    return lambda q, keys, values, scale, causal=False: pieces.chosen(chosen(len(keys[0])), q, keys, values, scale, causal)


def with_coordinates(count):
    def kernel(q, keys, values, scale, causal=False):
        d = count(q.shape[1])
        return right(q[:, :d], tuple(k[:, :d] for k in keys), values, scale, causal)

    return kernel


def with_output(change):
    def kernel(q, keys, values, scale, causal=False):
        out = right(q, keys, values, scale, causal)
        change(out)
        return out

    return kernel


def remembering(key):
    kept = {}

    def kernel(q, keys, values, scale, causal=False):
        name = key(q, keys, values, scale, causal)
        if name not in kept:
            kept[name] = right(q, keys, values, scale, causal)
        return kept[name].copy()

    return kernel


def without_maximum(scores):
    weights = np.exp(scores)
    return weights / weights.sum(axis=1, keepdims=True)


def columns_beyond(limit):
    return with_output(lambda out: out[:, limit:].fill(0))


no_maximum = with_options(weights=without_maximum)
start_0 = with_options(pieces.online, start=0)
built_in = lambda q, keys, values, scale, causal=False: right(q, keys, values, q.shape[1] ** -0.5, causal)
causal_alone = lambda q, keys, values, causal: causal
# Kernels that were slipped past an earlier version of the checks: (function, dtype, order).
MORE = {
    "coordinates beyond a multiple of 2": (with_coordinates(lambda d: d // 2 * 2 or d), "float32", 2),
    "coordinates beyond a multiple of 8": (with_coordinates(lambda d: d // 8 * 8 or d), "float32", 2),
    "coordinates beyond a multiple of 8, order 4": (with_coordinates(lambda d: d // 8 * 8 or d), "float32", 4),
    "coordinates beyond 64": (with_coordinates(lambda d: min(d, 64)), "float32", 2),
    "value columns beyond 128": (columns_beyond(128), "float32", 2),
    "keys beyond 256": (with_keys(lambda n: np.arange(min(n, 256))), "float32", 2),
    "keys beyond 1024": (with_keys(lambda n: np.arange(min(n, 1024))), "float32", 2),
    "rows beyond 256": (with_output(lambda out: out[256:].fill(0)), "float32", 2),
    **{f"the last whole tile of {t}": (with_keys(lambda n, t=t: np.arange(n - t if n % t == 0 and n > t else n)), "float32", 2) for t in (16, 32, 48, 64, 96, 128, 192, 256)},
    "one row without a maximum": (only_when(lambda q, *_: len(q) == 1, no_maximum), "float32", 2),
    "one row from 0": (only_when(lambda q, *_: len(q) == 1, start_0), "float32", 2),
    "one row with a scale built in": (only_when(lambda q, *_: len(q) == 1, built_in), "float32", 2),
    "few keys without a maximum": (only_when(lambda q, keys, *_: len(keys[0]) <= 128, no_maximum), "float32", 2),
    "few keys from 0": (only_when(lambda q, keys, *_: len(keys[0]) <= 64, start_0), "float32", 2),
    "few keys with a scale built in": (only_when(lambda q, keys, *_: len(keys[0]) <= 32, built_in), "float32", 2),
    "causal with a scale built in": (only_when(causal_alone, built_in), "float32", 2),
    "causal with a scale built in, order 3": (only_when(causal_alone, built_in), "float32", 3),
    "causal with coordinates beyond a multiple of 16": (only_when(causal_alone, with_coordinates(lambda d: d // 16 * 16 or d)), "float32", 2),
    "causal with columns beyond 64": (only_when(causal_alone, columns_beyond(64)), "float32", 2),
    "causal window of 256": (with_options(sees=lambda i, j: (j <= i) & (j > i - 256)), "float32", 2),
    "causal one too late from row 256": (with_options(sees=lambda i, j: j <= i + (i >= 256)), "float32", 2),
    "start at -1e6": (with_options(pieces.online, start=-1e6), "float32", 2),
    "start at -1e9": (with_options(pieces.online, start=-1e9), "float32", 2),
    "hidden -1e6": (with_options(hidden=-1e6), "float32", 2),
    "hidden -1e9": (with_options(hidden=-1e9), "float32", 2),
    "hidden -1e6, order 3": (with_options(hidden=-1e6), "float32", 3),
    "start at -1e12": (with_options(pieces.online, start=-1e12), "float64", 2),
    "kept without the mask": (remembering(lambda q, k, v, s, c: (q.tobytes(), k[0].tobytes(), v[0].tobytes(), s)), "float32", 2),
    "kept without the scale": (remembering(lambda q, k, v, s, c: (q.tobytes(), k[0].tobytes(), v[0].tobytes(), c)), "float32", 2),
    "kept without the values": (remembering(lambda q, k, v, s, c: (q.tobytes(), k[0].tobytes(), v[0].shape, s, c)), "float32", 2),
    "scale at most 1": (lambda q, keys, values, scale, causal=False: right(q, keys, values, min(scale, 1), causal), "float32", 2),
    "denominator in bf16, tiles of 64": (with_options(pieces.online, tile=64, denominator=pieces.bf16), "bfloat16", 2),
    "numerator in bf16, tiles of 64": (with_options(pieces.online, tile=64, numerator=pieces.bf16), "bfloat16", 2),
    "denominator in f16, tiles of 64": (lambda q, keys, values, scale, causal=False: pieces.online(q.astype("f4"), (keys[0].astype("f4"),), (values[0].astype("f4"),), scale, causal, tile=64, denominator=pieces.f16).astype("f2"), "float16", 2),
}  # fmt: skip


SHOWN_BY = {
    r"^(causal|hidden)": "causal", r"^kept without the mask": "causal", r"^kept": "again", r"^start": "shift", r"tiles of 64": "order", r"^(coord|value)": "columns",
    r"^(keys|rows|the last|one row|few)": "ragged", r"^scale": "scale",
}  # fmt: skip


@pytest.mark.parametrize("name", MORE)
def test_more_faults_are_caught(name):
    function, dtype, order = MORE[name]
    rounded = (lambda *a, **k: pieces.bf16(function(*a, **k))) if dtype == "bfloat16" else function
    with np.errstate(all="ignore"):
        found = gw.audit(rounded, dtype=dtype, order=order, fail_fast=True, only=next(kind for words, kind in SHOWN_BY.items() if re.search(words, name)))
    assert not found.passed and "failed" in {check["outcome"] for check in found.checks}


def running_output(q, keys, values, scale, causal=False):
    """The output is kept divided by the sum so far."""
    scores = q.dtype.type(scale) * (q @ keys[0].T)
    if causal:
        scores = np.where(np.arange(len(keys[0]))[None, :] <= np.arange(len(q))[:, None], scores, -np.inf).astype(q.dtype)
    top, total, out = scores[:, :1], np.zeros((len(q), 1), q.dtype), np.zeros((len(q), values[0].shape[1]), q.dtype)
    for j in range(len(keys[0])):
        new = np.maximum(top, scores[:, j, None])
        kept, weight = total * np.exp(top - new), np.exp(scores[:, j, None] - new)
        total, top = kept + weight, new
        out = out * (kept / total) + values[0][j] * (weight / total)
    return out


def in_another_order(q, keys, values, scale, causal=False, state=np.random.default_rng(1)):
    """Sums as atomic additions make them."""
    return pieces.chosen(state.permutation(len(keys[0])), q, keys, values, scale, causal, tile=7)


@pytest.mark.parametrize("kernel", [running_output, in_another_order])
@pytest.mark.parametrize("options", [{}, {"dimension": 16, "columns": 2}, {"dimension": 100, "columns": 3, "rows": 33}])
def test_unusual_correct_kernels_pass(kernel, options):
    for seed in (*SEEDS, 2, 14):
        with np.errstate(all="ignore"):
            found = gw.audit(kernel, seed=seed, quick=MULTIPLIER < 10, **options)
        assert found.passed, (seed, [check for check in found.checks if check["outcome"] != "passed"])


@pytest.mark.parametrize("options", [{"order": 4, "rows": 6}, {"order": 5}, {"order": 3, "rows": 6}, {"dimension": 17}, {"dtype": "bfloat16", "order": 3}, {"dtype": np.float16}, {"masks": "causal", "only": None}])
def test_unusual_shapes_pass(options):
    found = gw.audit(with_options(), quick=True, **options) if options.get("dtype") is None else gw.audit(stored_narrow(options), quick=True, **options)
    assert found.passed, [check for check in found.checks if check["outcome"] != "passed"]


def stored_narrow(options):
    half = options["dtype"] is np.float16
    wide = lambda x: x.astype("f4")
    return lambda q, keys, values, scale, causal=False: (np.float16 if half else pieces.bf16)(right(wide(q), tuple(map(wide, keys)), tuple(map(wide, values)), scale, causal))


@pytest.mark.parametrize("kernel", [k for k in FORWARD if k.correct], ids=lambda k: k.name)
def test_correct_kernels_pass(kernel):
    for order in kernel.orders:
        for seed in SEEDS:
            with np.errstate(all="ignore"):
                found = gw.audit(kernel.function, order=order, dtype=kernel.dtype, seed=seed, quick=MULTIPLIER < 10)
            assert found.passed, (order, seed, [check for check in found.checks if check["outcome"] != "passed"])
            assert all(check["worst_error"] < check["allowed_error"] for check in found.checks)


def outcomes(kernel, **options):
    return gw.audit(kernel, only=["plain"], masks=(), **options).checks[0]


def changing(q, keys, values, scale):
    out = exact(q, keys, values, scale)
    keys[0][0, 0] += 1
    return out


def raising(q, keys, values, scale):
    raise KeyError("tile")


def refusing(q, keys, values, scale):
    raise NotImplementedError("no such size")


@pytest.mark.parametrize("kernel, outcome, words", [
    (lambda q, k, v, s: None, "failed", "returned None"),
    (lambda q, k, v, s: 3.0, "failed", "output"),
    (lambda q, k, v, s: exact(q, k, v, s)[:-1], "failed", "shape (249, 64)"),
    (lambda q, k, v, s: exact(q, k, v, s) * np.nan, "failed", "not finite"),
    (lambda q, k, v, s: np.zeros((len(q), 64), np.float32), "failed", "all 0"),
    (raising, "failed", "KeyError"),
    (changing, "failed", "changed its inputs"),
    (refusing, "refused", "no such size"),
    (lambda q, k, v, s: (exact(q, k, v, s), 1), "passed", ""),
    (lambda q, k, v, s: exact(q, k, v, s).tolist(), "passed", ""),
])  # fmt: skip
def test_what_a_kernel_may_return(kernel, outcome, words):
    check = outcomes(kernel)
    assert check["outcome"] == outcome and words in check["reason"], check


def test_refused_alone_is_not_passed():
    found = gw.audit(refusing, masks=(), quick=True)
    assert not found.passed and {check["outcome"] for check in found.checks} == {"refused"}


def test_result():
    found = gw.audit(exact, quick=True)
    assert found.passed and found["passed"] is True and found.failing == {}
    assert "passed" in str(found) and found._repr_html_().startswith("<table>")
    names = gw.audit_checks(quick=True)
    assert [check["name"] for check in found.checks] == names and len(set(gw.audit_checks())) == len(gw.audit_checks()) > 100
    again = gw.audit(exact, quick=True)
    assert found == again
    failed = gw.audit(lambda q, k, v, s: exact(q, k, v, s) * 1.01, masks=(), only="plain")
    assert isinstance(failed.failing["plain"], gw.Attention) and failed.failing["plain"].q.shape == (250, 64)
    with pytest.raises(AttributeError):
        found.colour


@pytest.mark.parametrize("options, words", [
    ({"dtype": "int8"}, "dtype='int8'"),
    ({"masks": ("window",)}, "'window' is none"),
    ({"only": "shft"}, "did you mean 'shift'"),
    ({"skip": ["no such"]}, "is no check"),
    ({"accumulate": "different"}, "accumulate"),
    ({"order": 7}, "order 2 to 5"),
    ({"dimension": 4}, "16 to 1024"),
    ({"signature": "flash"}, "signature"),
    ({"factor": float("nan")}, "factor"),
    ({"factor": 0}, "factor"),
    ({"rows": -1}, "rows=-1"),
    ({"seed": -1}, "seed=-1"),
    ({"only": "causal", "masks": ()}, "is no check"),
])  # fmt: skip
def test_refusals(options, words):
    with pytest.raises(ValueError, match=words):
        gw.audit(exact, **options)


def test_pytest_line(tmp_path):
    (tmp_path / "test_mine.py").write_text(
        "import sys\n" f"sys.path.insert(0, {str(FAULTS)!r})\n" "import correct, softmax_faults\n" "from gapwright.testing import audit_test\n"
        "test_right = audit_test(correct.all_at_once, quick=True)\n" "test_wrong = audit_test(softmax_faults.running_max_starts_at_zero, quick=True)\n"
    )  # fmt: skip
    run = subprocess.run([sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)], capture_output=True, text=True)
    assert run.returncode == 1
    failed = [line for line in run.stdout.splitlines() if line.startswith("FAILED")]
    assert all("test_wrong[" in line for line in failed) and any("[shift" in line for line in failed)


def test_program(tmp_path):
    program = [os.environ["GAPWRIGHT_PROGRAM"], "audit"]
    example = FAULTS.parent / "exact.py"
    right = subprocess.run([*program, "--exec", f"{sys.executable} {example} {{in}} {{out}}", "--quick", "--only", "shift", "--only", "rows"], capture_output=True, text=True)
    assert right.returncode == 0, right.stdout + right.stderr
    listed = subprocess.run([*program, "--list", "--quick"], capture_output=True, text=True)
    assert [line.split("  (quick)")[0] for line in listed.stdout.splitlines()] == gw.audit_checks(quick=True)
    wrong = tmp_path / "wrong.py"
    wrong.write_text(example.read_text().replace("numpy.exp(", "numpy.exp2("))
    failed = subprocess.run([*program, "--exec", f"{sys.executable} {wrong} {{in}} {{out}}", "--only", "plain", "--keep", tmp_path / "kept"], capture_output=True, text=True)
    assert failed.returncode == 3 and "fails 1 check" in failed.stderr
    assert gw.read(tmp_path / "kept" / "plain.safetensors").q.shape == (250, 64)
    full = subprocess.run([*program, "--exec", "/bin/true {in} {out}", "--keep", tmp_path / "kept"], capture_output=True, text=True, timeout=20)  # before a run
    assert full.returncode == 2 and "is not empty; name a new folder" in full.stderr and not full.stdout
