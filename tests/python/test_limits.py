# SPDX-License-Identifier: MIT
"""Limits of the module: numbers that are none are refused, sizes and time are kept."""
import time

import gapwright as gw
import numpy as np
import pytest


def vectors(rows=50):
    return gw.OrthogonalVectors([np.ones((rows, 40), dtype=np.uint8) for _ in range(3)])


@pytest.mark.parametrize("wrong", [float("nan"), -1.0])
def test_limits_that_are_no_numbers(wrong):
    formula = gw.generate("random-ksat", variables=6, clauses=20)
    for call in (
        lambda: gw.decide(vectors(), timeout=wrong),
        lambda: gw.decide(vectors(), max_tuples=wrong),
        lambda: gw.solve(formula, order=2, max_tuples=wrong),
        lambda: gw.count_models(formula, order=2, timeout=wrong),
    ):
        with pytest.raises(ValueError):
            call()
    assert gw.decide(vectors(), max_tuples=float("inf"), timeout=float("inf")).verdict == "no"


def test_tuples_are_counted_before_the_work():
    assert gw.decide(vectors(), max_tuples=125_000).verdict == "no"
    with pytest.raises(gw.LimitReached, match="125000 tuples, the limit is 124999"):
        gw.decide(vectors(), max_tuples=124_999)


@pytest.mark.parametrize(
    "call",
    [
        lambda t: gw.decide(gw.generate("orthogonal-vectors", vectors=20_000, dimension=300), timeout=t),
        lambda t: gw.plan(variables=60, clauses=260, longest=10_000_000, timeout=t),
        lambda t: gw.attend(gw.generate("attention", rows=3000, dimension=32), timeout=t),
        lambda t: gw.gradients(gw.generate("attention", rows=1000, dimension=32), np.ones((1000, 32)), timeout=t),
        lambda t: gw.reduce(gw.generate("random-ksat", variables=30, clauses=400), to="gap-max-ip", order=2, route="tower", timeout=t),
    ],
    ids=["decide", "plan", "attend", "gradients", "reduce"],
)
def test_time_is_kept(call):
    start = time.monotonic()
    with pytest.raises(gw.LimitReached, match="time limit"):
        call(0.5)
    assert time.monotonic() - start < 4


def test_sizes_are_refused_at_once():
    for call in (
        lambda: gw.plan(variables=60, clauses=260, up_to=10**9),
        lambda: gw.plan(variables=60, clauses=260, longest=10**12),
        lambda: gw.challenge({"none": lambda *a: None}, rows=10**7, order=3),
        lambda: gw.generate("random-ksat", variables=2**31 - 1, clauses=10**12),
        lambda: gw.generate("attention", rows=10**9, dimension=10**6),
    ):
        with pytest.raises(gw.LimitReached):
            call()
