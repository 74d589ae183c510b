# SPDX-License-Identifier: MIT
"""Callables that challenge calls, and calls that take long: threads, Ctrl-C, forks, memory."""

import json
import os
import pathlib
import signal
import threading
import time

import numpy as np
import pytest

import gapwright as gw
from support import DATA, program

# Challenge


def exact_attention(q, keys, values, softmax_scale):
    scores = softmax_scale * q @ keys[0].T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights @ values[0] / weights.sum(axis=1, keepdims=True)


def average(q, keys, values, softmax_scale):
    return np.repeat(values[0].mean(axis=0, keepdims=True), len(q), axis=0)


def refuses(q, keys, values, softmax_scale):
    raise gw.LimitReached("entries too large")


def breaks(q, keys, values, softmax_scale):
    raise ZeroDivisionError("by hand")


def test_challenge_ranks_callables_and_agrees_with_the_program():
    options = dict(rows=24, pairs=1, ladder=[0.25, 1], seed=3, timing_rows=[12, 24])
    scores = gw.challenge({"average": average, "breaks": breaks, "exact": exact_attention, "refuses": refuses}, **options)
    by_name = {s["algorithm"]: s for s in scores}
    assert scores[0]["algorithm"] == "exact" and by_name["exact"]["decision_accuracy"] == 1
    assert by_name["exact"]["errors"]["hard"]["maximum_absolute"] < 1e-9
    assert by_name["average"]["decision_accuracy"] == 0.5 and by_name["average"]["largest_entry_bound_survived"] is None
    assert all(p["refused"] > 0 and "too large" in p["trouble"] for p in by_name["refuses"]["points"])
    assert all(p["failed"] > 0 and "ZeroDivisionError: by hand" in p["trouble"] for p in by_name["breaks"]["points"])
    alone = gw.challenge(exact_attention, **options)
    assert alone["algorithm"] == "exact_attention" and alone["largest_entry_bound_survived"] == by_name["exact"]["largest_entry_bound_survived"]
    command = "/usr/bin/python3 " + str(DATA.parent.parent / "examples" / "exact.py") + " {in} {out}"
    its = json.loads(program("challenge", "--rows", 24, "--pairs", 1, "--ladder", "0.25,1", "--seed", 3, "--exec", command, "--json"))
    for key in ("decision_accuracy", "largest_entry_bound_survived", "smallest_deciding_entry_bound", "dimension", "softmax_scale", "decisions"):
        assert alone[key] == its[key], key


def test_challenge_hands_out_what_production_kernels_take():
    seen = set()

    def causal_attention(q, keys, values, softmax_scale, causal=False):
        (k,), (v,) = keys, values
        assert causal and q.shape == k.shape == (1, 1, 16, 64) and v.shape == (1, 1, 16, 64)
        seen.add(q.dtype.name)
        q, k, v = (m.astype("float64") for m in (q, k, v))
        scores = softmax_scale * q @ k.transpose(0, 1, 3, 2)
        weights = np.tril(np.exp(scores - scores.max(axis=-1, keepdims=True)))
        return (weights @ v / weights.sum(axis=-1, keepdims=True)).astype("float32")

    options = dict(rows=16, pairs=1, ladder=[1, 2], pad_dimension=64, causal=True, softmax_scale="1/sqrt(d)", four_axes=True, timing_rows=[16], seed=5)
    command = "/usr/bin/python3 " + str(DATA.parent.parent / "examples" / "exact.py") + " {in} {out}"
    for entry_dtype, name in (("bf16", "float32"), ("f16", "float16")):
        score = gw.challenge(causal_attention, entry_dtype=entry_dtype, **options)
        assert score["decision_accuracy"] == 1 and score["entry_dtype"] == entry_dtype.upper() and score["padded_dimension"] == 64
        assert seen == {name} and 0 < score["errors"]["hard"]["maximum_absolute"] < 1e-6 < 1
        assert score["errors"]["naive"]["maximum_absolute"] > 1e-9  # float32 outputs are compared with float32 softmax
        seen.clear()
    its = json.loads(
        program("challenge", "--rows", 16, "--pairs", 1, "--ladder", "1,2", "--pad-dimension", 64, "--causal", "--softmax-scale", "1/sqrt(d)",
                "--entry-dtype", "f16", "--four-axes", "--timing-rows", 16, "--seed", 5, "--exec", command, "--json")
    )
    for key in ("decision_accuracy", "largest_entry_bound_survived", "smallest_deciding_entry_bound", "dimension", "softmax_scale", "decisions"):
        assert score[key] == its[key], key
    with pytest.raises(ValueError, match="1/sqrt"):
        gw.challenge(causal_attention, softmax_scale="d")
    with pytest.raises(ValueError, match="bf16"):
        gw.challenge(causal_attention, entry_dtype="f8")


def test_ctrl_c_reaches_a_callable():
    def sleeps(q, keys, values, softmax_scale):
        while True:
            time.sleep(0.01)

    timer = threading.Timer(1.0, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        gw.challenge(sleeps, rows=16, pairs=1, ladder=[1])
    timer.join()


# Long work


def long_work(**options):
    return gw.attend(gw.generate("attention", rows=1500, dimension=32, order=3), threads=1, **options)


def test_other_threads_run_during_long_work():
    ticks, done = [], threading.Event()

    def tick():
        while not done.is_set():
            ticks.append(time.monotonic())
            time.sleep(0.01)

    ticker = threading.Thread(target=tick)
    ticker.start()
    with pytest.raises(gw.LimitReached, match="time limit"):
        start = time.monotonic()
        long_work(timeout=0.5)
    done.set()
    ticker.join()
    inside = [t for t in ticks if start + 0.1 < t < start + 0.5]
    assert len(inside) >= 5


def test_ctrl_c_is_keyboard_interrupt():
    timer = threading.Timer(0.3, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    start = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        long_work(timeout=60)
    assert time.monotonic() - start < 30
    timer.join()
    assert gw.solve(gw.Formula(1, [[1]]), order=2).satisfiable  # and work goes on


def forked(work):
    """Runs work in a forked child, which leaves as a program does; its exit status, None when it hangs."""
    child = os.fork()
    if child == 0:
        try:
            work()
        except BaseException:
            os._exit(1)
        os._exit(0)
    for _ in range(3000):
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def test_a_forked_child_can_call_what_its_parent_called():
    attention = gw.generate("attention", rows=120, dimension=8)
    expected = gw.attend(attention).out.tobytes()

    def work():
        assert gw.solve(gw.Formula(3, [[1, 2], [-1, 3]]), order=2).satisfiable
        assert gw.attend(attention).out.tobytes() == expected

    work()
    assert [forked(work) for _ in range(5)] == [0] * 5
    work()


def test_a_child_forked_in_the_middle_of_a_call_is_refused():
    message = []

    def refused():
        with pytest.raises(RuntimeError, match="spawn"):
            gw.solve(gw.Formula(1, [[1]]), order=2)

    def forks(q, keys, values, softmax_scale):
        if not message:
            message.append(forked(refused))
        return exact_attention(q, keys, values, softmax_scale)

    gw.challenge(forks, rows=16, pairs=1, ladder=[1])  # its callable runs inside the library
    assert message == [0]
    assert gw.solve(gw.Formula(1, [[1]]), order=2).satisfiable


def test_many_calls_keep_no_memory():
    formula = gw.generate("random-ksat", variables=9, clauses=38, seed=1)
    attention = gw.reduce(formula, order=2).target

    def megabytes_after(calls):
        for _ in range(calls):
            gw.solve(formula, order=2, oracle=False)
            gw.decide(attention, method="balls")
            attention.q, gw.attend(attention).out, gw.gradients(attention, np.ones((len(attention.q), 1)))
        return int(pathlib.Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6

    assert megabytes_after(60) + 5 > megabytes_after(120)  # without a leak 0.2; with the workers' lost caches 17
