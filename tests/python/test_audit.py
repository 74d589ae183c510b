# SPDX-License-Identifier: MIT
"""audit: every fault kernel is caught by a check that fits its fault, no correct kernel fails, and what is no kernel gets one sentence."""
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest

import gapwright as gw

FAULTS = pathlib.Path(__file__).resolve().parents[2] / "examples" / "faults"
sys.path.insert(0, str(FAULTS))
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
    ({"order": 7}, "order 2 to 6"),
    ({"dimension": 4}, "16 to 1024"),
    ({"signature": "flash"}, "signature"),
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
    assert failed and all("test_wrong[" in line and "shift" in line for line in failed)


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
