# SPDX-License-Identifier: MIT
"""The kernels of examples/faults, against softmax in wider arithmetic: the correct ones are right, every fault is wrong on an input of its kind."""

import functools
import inspect
import itertools
import pathlib
import sys
from dataclasses import dataclass, field
from typing import Any, Optional

import numpy as np
import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "examples" / "faults"))
import kernels
import pieces
from kernels import TABLE

WIDE = {"float64": np.longdouble, "float32": np.float64, "float16": np.float64, "bfloat16": np.float64}
SUMS = {"float64": np.float64, "float32": np.float32, "float16": np.float32, "bfloat16": np.float32}
UNIT = {"float64": 2.0**-53, "float32": 2.0**-24, "float16": 2.0**-24 + 2.0**-11, "bfloat16": 2.0**-24 + 2.0**-8}

# Inputs that show a fault of the kind.
FITTING = {
    "running maximum": ["shift", "order"],
    "no maximum": ["shift", "spread", "order"],
    "rounding": ["plain", "shift"],
    "placeholder": ["plain", "shift", "order"],
    "accumulator": ["plain", "order"],
    "scale": ["scale", "shift"],
    "mask": ["plain", "order"],
    "tile": ["plain"],
    "quantised": ["plain"],
    "missed keys": ["plain", "spread", "norms"],
    "ties": ["ties"],
    "columns": ["plain"],
    "rows": ["rows"],
    "soft cap": ["shift", "spread"],
    "sink": ["plain", "shift"],
    "denormals": ["tiny", "order"],
    "heads": ["plain"],
    "state": ["again"],
    "gradient": ["plain"],
    "order 3": ["plain"],
}
ALL = ["plain", "shift", "spread", "scale", "order", "ties", "rows", "norms", "tiny", "again"]
RIGHT_KINDS = {"order of sums", "tiles", "running maximum", "placeholder", "scale", "split keys", "storage", "heads", "order 3", "gradient"}


@dataclass
class Input:
    what: str
    q: Any
    keys: tuple
    values: tuple
    scale: float
    upstream: Any
    known: dict = field(default_factory=dict)  # truths and heads


def to_bf16(x):
    """To the nearest, by the bits of float32."""
    bits = np.asarray(x, np.float32).view(np.uint32).astype(np.uint64)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000).astype(np.uint32).view(np.float32)


def stored(x, dtype):
    return to_bf16(x) if dtype == "bfloat16" else np.ascontiguousarray(x, dtype)


def sizes_of(order, heads):
    if heads:
        return [(16, 16), (7, 65), (65, 7)]
    return {2: [(16, 16), (1, 7), (7, 1), (1, 1), (65, 250), (250, 65)], 3: [(16, 16, 16), (1, 7, 1), (7, 1, 5), (65, 7, 20)], 4: [(7, 3, 4, 5), (1, 2, 1, 3)]}[order]


@functools.lru_cache(None)
def inputs(family, order, dtype, heads):
    rng = np.random.default_rng([ALL.index(family), order, len(dtype), bool(heads)])
    axes = [(2, 4), (2, 2)] if heads else [(), ()]
    found = []

    def matrix(of_keys, rows, columns):
        return rng.standard_normal((*axes[of_keys], rows, columns))

    def random(rows, *of_keys, d=8, columns=5):
        return matrix(0, rows, d), [matrix(1, n, d) for n in of_keys], [matrix(1, n, columns) for n in of_keys]

    def add(what, q, keys, values, scale):
        def put(x):
            return np.ascontiguousarray(stored(x, dtype).swapaxes(1, 2)) if heads == "bnhd" else stored(x, dtype)

        upstream = rng.standard_normal((*q.shape[:-1], values[0].shape[-1]))
        found.append(Input(what, put(q), tuple(put(k) for k in keys), tuple(put(v) for v in values), scale, put(upstream)))
        assert all(np.isfinite(x).all() for x in (found[-1].q, *found[-1].keys, *found[-1].values)), (family, what, dtype)

    middle = (9, 20) if heads else (33, 65) if order == 2 else (20, *[9, 6, 4][: order - 1])

    def shifted(q, keys, values, shifts, scale, what):
        """One more coordinate adds these to the scores of a row."""
        wide = 16.0 if dtype == "float16" else 1.0
        q = np.concatenate([q, np.broadcast_to(np.asarray(shifts, float)[..., None] / scale / wide, (*q.shape[:-1], 1))], axis=-1)
        keys = [np.concatenate([k, np.full((*k.shape[:-1], 1), wide if u == 0 else 1.0)], axis=-1) for u, k in enumerate(keys)]
        add(what, q, keys, values, scale)

    if family == "plain":
        for sizes in sizes_of(order, heads):
            add(f"{sizes} rows", *random(*sizes), 8**-0.5)
    elif family == "shift":
        sizes = [1e2, 3e2] if dtype in ("float16", "bfloat16") else [3e2, 2e4, 7e4, 3e5] + [3e9] * (dtype == "float64")
        for shift in [sign * size for size in sizes for sign in (-1, 1)]:
            shifted(*random(*middle), np.full(middle[0], shift), 0.25, f"scores near {shift:g}")
        shifted(*random(*middle), np.linspace(-sizes[0], sizes[0], middle[0]), 0.25, "every row its own shift")
    elif family == "spread":
        for factor in (4, 12):
            q, keys, values = random(*middle)
            add(f"scores {factor} times as far apart", factor * q, keys, values, 8**-0.5)
    elif family == "scale":
        for scale in (1 / 8, 1.0, 0.3, 0.1):
            add(f"scale {scale:g}", *random(*middle), scale)
    elif family == "order":
        n = {2: 250, 3: 12, 4: 5}[order]
        j = np.arange(n)

        def along(what, scores):
            """The scores of all rows are these, but for the other key matrices; one column of the values tells early keys from late ones, one is 1."""
            q, keys, values = random(33 if order == 2 else n, *[n] * (order - 1), d=2)
            q[..., 0], q[..., 1] = 1, 0
            for k in keys:
                k[..., 0] = 1
            keys[0][..., 0] = scores
            values[0] = np.clip(values[0], -1, 1)
            values[0][..., 0], values[0][..., 1] = j >= n / 2, 1
            add(what, q, keys, values, 1.0)

        for total, sign in itertools.product((6, 20, 200) if dtype in ("float16", "bfloat16") else (6, 20, 200, 3e4), (-1, 1)):
            along(f"scores {'rising' if sign > 0 else 'falling'} by {total}", sign * j * total / n)
        for depth in (4.9, 10.5):
            along(f"a few keys, and the others {depth} below", np.where(j < min(16, n // 2), 0, -depth))
    elif family == "ties":
        for n in (7, 65):
            q, keys, values = random(n, *[n] * (order - 1) if order < 4 else (4, 3, 5), d=4)
            keys = [np.sign(k) for k in keys]
            add(f"{n} keys, many equal", 3 * np.sign(q), keys, values, 0.5)
            add(f"{n} keys, all equal", np.sign(q), [np.ones_like(k) for k in keys], values, 0.5)
    elif family == "rows":
        q, keys, values = random(*(33,) * order if order == 2 else middle)
        if order == 2 and not heads:
            q = 3 * keys[0][rng.permutation(33)]
        add("every row its own key", q, keys, values, 1.0)
    elif family == "norms":
        q, keys, values = random(*middle)
        keys[0] *= 10.0 ** rng.uniform(-2, 0, keys[0].shape[:-1])[..., None]
        add("keys of norms far apart", q, keys, values, 1.0)
    elif family == "tiny":
        small = {"float16": 2.0**-18, "float32": 2.0**-130, "bfloat16": 2.0**-120, "float64": 2.0**-1030}[dtype]
        q, keys, values = random(*middle)
        add("tiny values", q, keys, [values[0] * small, *values[1:]], 0.5)
        if dtype != "float16":
            small = 2.0**-1024 if dtype == "float64" else 2.0**-128
            add("tiny keys", q / 64 / small, [keys[0] * small, *keys[1:]], values, 1.0)
    elif family == "again":
        for shift in (300 if dtype in ("float32", "float64") else 100, 0):
            shifted(*random(*middle), np.full(middle[0], shift), 0.25, f"again, scores near {shift}")
    return found


def softmax(q, keys, values, scale, causal, upstream, kind):
    """The definition in that arithmetic: out, or dq, dk and dv of sum(upstream * out)."""
    q, upstream, keys, values = q.astype(kind), upstream.astype(kind), [k.astype(kind) for k in keys], [v.astype(kind) for v in values]
    n = [len(k) for k in keys]
    product = lambda matrices: functools.reduce(lambda a, b: (a[:, None, :] * b[None, :, :]).reshape(-1, a.shape[1]), matrices)
    k, v = product(keys), product(values)
    scores = kind(scale) * (q @ k.T)
    hidden = np.zeros(scores.shape, bool)
    if causal:
        latest = functools.reduce(np.maximum, np.ix_(*map(np.arange, n))).ravel()
        hidden = latest[None, :] > np.arange(len(q))[:, None]
    scores = np.where(hidden, -np.inf, scores).astype(kind)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    weights /= weights.sum(axis=1, keepdims=True)
    out = weights @ v
    if len(keys) > 1:
        return (out,)
    slopes = kind(scale) * weights * (upstream @ v.T - (upstream * out).sum(axis=1, keepdims=True))
    return out, slopes @ k, slopes.T @ q, weights.T @ upstream


def truth(given, causal, dtype, gradient):
    """[(what is right, the error allowed)] for one head: 4 e + (32 + 4 S) u times the size of the terms, e that of plain softmax in four orders of the coordinates."""
    known = given.known.get(causal)
    if known is None:
        parts = given.q, given.keys, given.values, given.scale, causal, given.upstream
        exact = softmax(*parts, WIDE[dtype])
        errors = [0.0] * len(exact)
        rng = np.random.default_rng(1)
        columns = given.q.shape[1]
        for order in (np.arange(columns), np.arange(columns)[::-1], rng.permutation(columns), rng.permutation(columns)):
            plain = softmax(given.q[:, order], [k[:, order] for k in given.keys], *parts[2:], SUMS[dtype])
            back = np.argsort(order)
            plain = [x[:, back] if at in (1, 2) else x for at, x in enumerate(plain)]
            errors = [max(e, float(abs(stored(x, dtype).astype(WIDE[dtype]) - y).max())) for e, x, y in zip(errors, plain, exact)]
        q, upstream, scale = abs(given.q.astype(float)), abs(given.upstream.astype(float)), abs(given.scale)
        keys, values = ([abs(m.astype(float)) for m in matrices] for matrices in (given.keys, given.values))
        products = lambda matrices: functools.reduce(lambda a, b: (a[:, None, :] * b[None, :, :]).reshape(-1, a.shape[1]), matrices)
        spread, largest = scale * float((q @ products(keys).T).max()), float(products(values).max())
        slopes = 2 * largest * upstream.sum(axis=1)
        with np.errstate(over="ignore"):
            sizes = [largest, scale * keys[0].max() * slopes.max(), scale * q.max() * slopes.sum(), upstream.sum(axis=0).max()]
        known = given.known[causal] = [(y, 4 * e + (32 + 4 * spread) * UNIT[dtype] * size) for y, e, size in zip(exact, errors, sizes)]
    return known[1:] if gradient else known[:1]


def heads_of(given, layout):
    """Every head as an input of its own, kept so that its truth is known once."""
    if "heads" not in given.known:
        turn = (lambda x: x.swapaxes(1, 2)) if layout == "bnhd" else (lambda x: x)
        q, k, v, upstream = map(turn, (given.q, given.keys[0], given.values[0], given.upstream))
        group = q.shape[1] // k.shape[1]
        given.known["heads"] = [((b, h), Input(given.what, q[b, h], (k[b, h // group],), (v[b, h // group],), given.scale, upstream[b, h])) for b, h in np.ndindex(*q.shape[:2])]
    return given.known["heads"]


def judged(kernel, given, causal):
    """What is wrong with the answer of a kernel, and its error in parts of the allowed one."""
    copies = [x.copy() for x in (given.q, *given.keys, *given.values, given.upstream)]
    arguments = [given.q, given.keys, given.values, given.scale] + [given.upstream] * kernel.gradient
    answer = kernel.function(*arguments, **({"causal": True} if causal else {}))
    assert all((a == b).all() for a, b in zip(copies, (given.q, *given.keys, *given.values, given.upstream))), "inputs changed"
    if kernel.gradient:
        dq, dk, dv = answer
        assert isinstance(dk, tuple) and isinstance(dv, tuple) and len(dk) == len(dv) == 1
        pairs = list(zip([dq, *dk, *dv], truth(given, causal, kernel.dtype, True)))
    elif kernel.heads:
        assert answer.shape == (*given.q.shape[:3], given.values[0].shape[3])
        turned = answer.swapaxes(1, 2) if kernel.heads == "bnhd" else answer
        pairs = [(turned[at], truth(head, causal, kernel.dtype, False)[0]) for at, head in heads_of(given, kernel.heads)]
    else:
        pairs = [(answer, truth(given, causal, kernel.dtype, False)[0])]
    worst = 0.0
    for found, (exact, allowed) in pairs:
        assert found.dtype == given.q.dtype and found.shape == exact.shape, (found.dtype, found.shape, exact.shape)
        if kernel.dtype == "bfloat16":
            assert (to_bf16(found) == found).all()
        error = abs(found.astype(WIDE[kernel.dtype]) - exact).max()
        worst = max(worst, float(error / allowed)) if np.isfinite(error) else np.inf
    return worst


def ratios(kernel, families):
    """(name of an input, error in parts of the allowed one), over the orders, inputs and masks of the kernel."""
    for family in families:
        for order in kernel.orders:
            for given in inputs(family, order, kernel.dtype, kernel.heads):
                for causal in (True,) if kernel.causal else (False, True):
                    yield f"{family}: {given.what}{', causal' * causal}, order {order}", judged(kernel, given, causal)


def families_of(kernel):
    return [name for name in ALL if not (kernel.heads and name in ("order", "ties", "rows")) and not (kernel.gradient and name in ("tiny", "shift", "again"))]


def named(chosen):
    return pytest.mark.parametrize("kernel", chosen, ids=[kernel.name for kernel in chosen])


RIGHT = [kernel for kernel in TABLE if kernel.correct]
FAULTS = [kernel for kernel in TABLE if not kernel.correct]


def test_the_table_names_every_kernel_once():
    names = [kernel.name for kernel in TABLE]
    assert len(set(names)) == len(names)
    assert len(FAULTS) > 100 and len(RIGHT) >= 25
    assert {kernel.kind for kernel in FAULTS} == set(FITTING) and {kernel.kind for kernel in RIGHT} == RIGHT_KINDS
    modules = kernels.soft, kernels.key, kernels.entry, kernels.more, kernels.correct
    for module in modules:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__ and "causal" in inspect.signature(function).parameters and inspect.signature(function).parameters["causal"].default is False:
                assert name in names, name
    for kernel in TABLE:
        assert kernel.says.endswith(".") and "\n" not in kernel.says and ". " not in kernel.says, kernel.name
        parameters = list(inspect.signature(kernel.function).parameters)
        assert parameters == ["q", "keys", "values", "softmax_scale"] + ["upstream"] * kernel.gradient + ["causal"]
    assert sum(kernel.subtle for kernel in FAULTS) >= 40


def test_roundings():
    rng = np.random.default_rng(1)
    x = (rng.standard_normal(10000) * 2.0 ** rng.integers(-140, 100, 10000)).astype(np.float32)
    assert (pieces.bf16(x) == to_bf16(x)).all() and pieces.bf16(x).dtype == x.dtype
    y = (rng.standard_normal(10000) * 2.0 ** rng.integers(-30, 12, 10000)).astype(np.float32)
    assert (pieces.rounded(y, 11, -14) == y.astype(np.float16)).all() and (pieces.f16(y) == y.astype(np.float16)).all()
    fp8 = [pieces.e4m3(np.float32([1e9, 17.0, 2.0**-9, 2.0**-11])), pieces.e5m2(np.float32([-1e9, 9.0, 2.0**-16, 2.0**-18]))]
    assert fp8[0].tolist() == [448, 16, 2.0**-9, 0] and fp8[1].tolist() == [-57344, 8, 2.0**-16, 0]
    assert pieces.quantised(y, 4).dtype == y.dtype and len(set(pieces.quantised(y, 4))) <= 15 and not pieces.quantised(np.zeros(3), 8).any()


@named(RIGHT)
def test_correct_kernels_agree(kernel):
    wrong = [(what, ratio) for what, ratio in ratios(kernel, families_of(kernel)) if not ratio <= 1]
    assert not wrong


@named(FAULTS)
def test_faults_deviate_on_an_input_of_their_kind(kernel):
    assert any(ratio > 1 for _, ratio in ratios(kernel, FITTING[kernel.kind]))


def benign(kernel) -> Optional[Input]:
    """16 random rows and keys of dimension 8; one batch of as many query heads as heads of the keys."""
    rng = np.random.default_rng(7)
    shape = (2, 3, 16, 8) if kernel.heads == "bhnd" else (2, 16, 3, 8) if kernel.heads else (16, 8)
    draw = lambda: stored(rng.standard_normal(shape), kernel.dtype)
    pairs = [(draw(), draw()) for _ in range(kernel.orders[0] - 1)]
    return Input("benign", draw(), tuple(k for k, _ in pairs), tuple(v for _, v in pairs), 8**-0.5, draw())


@named(FAULTS)
def test_subtle_faults_are_right_on_a_benign_input(kernel):
    assert (judged(kernel, benign(kernel), kernel.causal) <= 1) is kernel.subtle


def test_what_is_kept_shows_in_the_second_call():
    for kernel in FAULTS:
        if kernel.kind == "state":
            kernels.entry.KEPT.clear()
            first, second = inputs("again", 2, kernel.dtype, None)
            assert judged(kernel, first, False) <= 1 < judged(kernel, second, False), kernel.name
