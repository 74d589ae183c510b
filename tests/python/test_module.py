# SPDX-License-Identifier: MIT
"""Arrays, attention, gradients and codes of the Python module, against numpy and the program. Run by ctest as command.python_module."""

import doctest
import itertools
import json

import numpy as np
import pytest

import gapwright as gw
from support import numpy_attention, program, same_bits, tensors

# Arrays


def test_round_trip_is_bit_exact(tmp_path):
    random = np.random.default_rng(3)
    special = np.array([0.0, -0.0, 5e-324, -2.2250738585072014e-308, 1 + 2**-52, np.pi, -1 / 3, 1e-300])
    q = np.concatenate([special.reshape(2, 4), random.standard_normal((5, 4))])
    keys, values = random.standard_normal((6, 4)), random.standard_normal((6, 3))
    attention = gw.Attention(q, keys, values, softmax_scale=0.1)
    for given, back in [(q, attention.q), (keys, attention.keys[0]), (values, attention.values[0])]:
        assert same_bits(given, back)
    path = str(tmp_path / "a.safetensors")
    attention.write(path)
    again = gw.Attention.read(path)
    assert same_bits(q, again.q) and same_bits(keys, again.keys[0]) and same_bits(values, again.values[0])
    assert again.softmax_scale == 0.1 and again.entry_bound == max(abs(q).max(), abs(keys).max())


@pytest.mark.parametrize("dtype", ["float16", "float32", "int8", "uint16", "int64", "bool"])
def test_other_dtypes_are_widened_exactly(dtype):
    array = np.arange(12).reshape(3, 4).astype(dtype) if dtype != "float16" else (np.arange(12).reshape(3, 4) / 7).astype("float16")
    assert same_bits(gw.Attention(array, array, array).q, array.astype("float64"))


def test_strided_and_column_ordered_arrays():
    big = np.arange(240.0).reshape(12, 20)
    for view in [big[::2, 1::3], np.asfortranarray(big), big.T, big[::-1]]:
        assert same_bits(gw.Attention(view, view, view).keys[0], np.ascontiguousarray(view))


def test_views_are_read_only_without_copies_and_keep_the_instance_alive():
    attention = gw.generate("attention", rows=50, dimension=4, seed=1)
    first, second = attention.q, attention.q
    assert first.ctypes.data == second.ctypes.data and first.base is attention
    with pytest.raises(ValueError):
        first[0, 0] = 1
    bytes_before = first.tobytes()
    del attention, second
    assert first.tobytes() == bytes_before
    result = gw.attend(gw.generate("attention", rows=20, dimension=4, seed=1))
    assert result.out.ctypes.data == result.out.ctypes.data and result.out.base is result


@pytest.mark.parametrize(
    "bad, error, words",
    [
        (lambda m: gw.Attention(m[0], m, m), ValueError, "q has 1 axes, a matrix has 2"),
        (lambda m: gw.Attention(m.astype(complex), m, m), ValueError, "dtype complex128"),
        (lambda m: gw.Attention(m.astype(object), m, m), ValueError, "dtype object"),
        (lambda m: gw.Attention(m.astype(np.longdouble), m, m), ValueError, "convert it first"),
        (lambda m: gw.Attention(m * np.nan, m, m), gw.BadInstance, ""),
        (lambda m: gw.Attention(m, m[:, :2], m), gw.BadInstance, ""),
        (lambda m: gw.Attention(m, m, m[:2]), gw.BadInstance, ""),
        (lambda m: gw.Attention(m, [], []), gw.BadInstance, ""),
        (lambda m: gw.OrthogonalVectors([m, m]), ValueError, "vectors hold 0 and 1"),
        (lambda m: gw.Formula(2, [[1, 3]]), gw.BadInstance, "3"),
        (lambda m: gw.Formula(2, [[1]]).accepts([1]), ValueError, "2 variables"),
        (lambda m: gw.Formula(2, [[1]]).accepts([1, -1]), ValueError, "one literal"),
        (lambda m: gw.Formula.read("missing.cnf"), gw.BadInstance, "missing.cnf"),
        (lambda m: gw.generate("sudoku"), ValueError, "unknown family 'sudoku'"),
        (lambda m: gw.generate("parity", pigeons=3), TypeError, ""),
        (lambda m: gw.generate("random-ksat", variables=10**12, clauses=10**15), gw.LimitReached, "memory"),
        (lambda m: gw.decide(gw.Attention(m, m, m)), gw.BadInstance, ""),
        (lambda m: gw.decide(gw.Attention(m, m, m), method="guess"), ValueError, "'verdict', 'histogram', 'balls' or 'gradient'"),
        (lambda m: gw.gradients(gw.Attention(m, m, m), m[:2]), ValueError, ""),
        (lambda m: gw.solve(gw.generate("random-ksat", variables=200, clauses=10)), gw.LimitReached, "larger order"),
        (lambda m: gw.solve(gw.generate("random-ksat", variables=30, clauses=10), max_tuples=100), gw.LimitReached, "limit on tuples"),
        (lambda m: gw.Code("hermitian", q=6, degree=3), ValueError, "prime powers"),
        (lambda m: gw.reduce(gw.Formula(2, [[1]]), to="gap-max-ip", level=2, route="hermitian"), ValueError, "level goes with route='tower'"),
        (lambda m: gw.reduce(gw.Formula(2, [[1]]), to="tsp"), ValueError, "'orthogonal-vectors', 'gap-max-ip', 'attention' or 'subset-query'"),
        (lambda m: gw.attend(gw.generate("attention", rows=9, dimension=30, entry_bound=9.0), method="polynomial"), gw.LimitReached, ""),
    ],
)
def test_what_is_wrong_is_said(bad, error, words):
    with pytest.raises(error) as failure:
        bad(np.arange(9.0).reshape(3, 3) + 2)
    assert words in str(failure.value)


# Attention and gradients


@pytest.mark.parametrize("order", [2, 3, 4])
def test_attend_agrees_with_numpy_within_its_bound(order):
    attention = gw.generate("attention", rows=13, dimension=5, entry_bound=2.0, order=order, seed=order)
    expected = numpy_attention(attention)
    exact = gw.attend(attention)
    assert np.abs(exact.out - expected).max() <= exact.error + 1e-13 and exact.error < 1e-10
    assert exact.row_error.shape == (13,) and exact.row_error.max() == exact.error
    single = gw.attend(attention, dtype="f32")
    assert 0 < np.abs(single.out - expected).max() <= single.error
    polynomial = gw.attend(gw.generate("attention", rows=13, dimension=3, entry_bound=1.0, order=order), method="polynomial", error=1e-6)
    small = gw.generate("attention", rows=13, dimension=3, entry_bound=1.0, order=order)
    assert 0 < np.abs(polynomial.out - numpy_attention(small)).max() <= polynomial.error <= 1e-6
    assert polynomial.degree >= 1 and polynomial.features > 1 and polynomial.row_error is None


@pytest.mark.parametrize("order", [2, 3])
def test_certified_outputs_are_enclosed_and_tight(order, tmp_path):
    attention = gw.generate("attention", rows=9, dimension=4, entry_bound=2.0, order=order, seed=order)
    certified = gw.attend(attention, method="certified")
    assert certified.out.shape == certified.lo.shape == certified.hi.shape == (9, attention.values[0].shape[1])
    assert (certified.lo <= certified.out).all() and (certified.out <= certified.hi).all()
    assert np.abs(certified.out - numpy_attention(attention)).max() < 1e-13
    assert 0 < certified.error <= 2**-52 and (certified.hi - certified.lo).max() <= 2**-50
    exact = gw.attend(attention)
    assert exact.lo is None and (np.abs(exact.out - certified.out) <= exact.row_error[:, None] + certified.error).all()
    path = tmp_path / "a.safetensors"
    attention.write(path)
    program("attend", path, "--method", "certified", "-o", tmp_path / "out.safetensors")
    assert same_bits(tensors(tmp_path / "out.safetensors")["out"], certified.out)
    with pytest.raises(gw.LimitReached, match="error bound"):
        gw.attend(attention, dtype="f32", error=1e-12)


@pytest.mark.parametrize("order", [2, 3])
def test_gradients_agree_with_finite_differences(order):
    random = np.random.default_rng(order)
    q, upstream = random.standard_normal((3, 4)), random.standard_normal((3, 2))
    keys = [random.standard_normal((4 + u, 4)) for u in range(order - 1)]
    values = [random.standard_normal((4 + u, 2)) for u in range(order - 1)]

    def loss():
        return (gw.attend(gw.Attention(q, keys, values)).out * upstream).sum()

    exact = gw.gradients(gw.Attention(q, keys, values), upstream)
    close = gw.gradients(gw.Attention(q, keys, values), upstream, method="polynomial", error=1e-5)
    assert 0 < max(exact.error.values()) < 1e-10 and 0 < max(close.error.values()) <= 1e-5
    step = 1e-5
    for matrix, gradient, near in [(q, exact.q, close.q), *zip(keys, exact.keys, close.keys), *zip(values, exact.values, close.values)]:
        assert gradient.shape == matrix.shape and np.abs(gradient - near).max() <= 1.01e-5
        for index in [(0, 0), (2, 1)]:
            kept = matrix[index]
            matrix[index] = kept + step
            above = loss()
            matrix[index] = kept - step
            below = loss()
            matrix[index] = kept
            assert gradient[index] == pytest.approx((above - below) / (2 * step), abs=1e-8)


# Codes


@pytest.mark.parametrize("family, parameters", [("reed-solomon", dict(q=7, degree=2)), ("hermitian", dict(q=3, degree=8)), ("tower", dict(q=3, level=3, degree=22))])
def test_codes(family, parameters):
    code = gw.Code(family, **parameters)
    level = ["--level", parameters["level"]] if "level" in parameters else []
    its = json.loads(program("code", "matrix", family, "-q", parameters["q"], "--degree", parameters["degree"], *level, "--json"))
    assert code.generator.tolist() == its["generator"] and code.points.tolist() == its["points"]
    assert code.information_set.tolist() == its["information_set"] and code.pole_orders.tolist() == its["pole_orders"]
    assert (code.length, code.dimension, code.designed_distance) == (its["length"], its["dimension"], its["designed_distance"])
    messages = np.random.default_rng(1).integers(0, code.field_size, (5, code.dimension))
    words = code.encode(messages)
    assert words.shape == (5, code.length) and (words[:, code.information_set] == messages).all()
    assert (code.unencode(words) == messages).all() and all(code.contains(words)) and not code.syndromes(words).any()
    words[0, 0] = (words[0, 0] + 1) % code.field_size
    assert code.contains(words) == [False, True, True, True, True]
    small = gw.Code(family, **{**parameters, "degree": 3})
    weights = [np.count_nonzero(w) for w in small.encode(np.array(list(itertools.product(range(small.field_size), repeat=small.dimension)))) if w.any()]
    assert small.minimum_distance() == min(weights) >= small.designed_distance
    with pytest.raises(ValueError):
        code.encode(np.full((1, code.dimension), code.field_size))
    assert gw.check_code(family, parameters["q"], level=parameters.get("level", 1))["passed"]


@pytest.mark.parametrize("dtype", ["bool", "i1", "u1", "<i2", ">i2", "<u2", ">u2", "<i4", ">u4", "<i8", ">i8", "<u8", ">u8"])
def test_symbols_of_every_integer_type_and_stride(dtype):
    code = gw.Code("reed-solomon", 127, 3)
    symbols = np.random.default_rng(1).integers(0, 2 if dtype == "bool" else 127, (5, 4))
    words = code.encode(symbols.astype("uint16"))
    wide = np.zeros((10, 12), dtype)
    wide[::2, ::3] = symbols
    for given in (symbols.astype(dtype), np.asfortranarray(symbols.astype(dtype)), wide[::2, ::3]):
        assert (code.encode(given) == words).all()
    assert (code.encode(symbols.astype(dtype)[::-1, :]) == words[::-1]).all()
    assert (code.encode(np.broadcast_to(symbols.astype(dtype)[:1], (3, 4))) == words[0]).all()


def test_what_is_no_symbol_is_named():
    code = gw.Code("reed-solomon", 127, 2)
    for wrong in (70_000, -1, 2**63 - 1, -(2**63)):
        with pytest.raises(ValueError, match=rf"messages\[1, 2\] is {wrong}; field elements"):
            code.encode(np.array([[1, 2, 3], [4, 5, wrong]]))
    with pytest.raises(ValueError, match=r"dtype float64; symbols need an integer type.*'int64'"):
        code.encode([[1.0, 2, 3]])
    with pytest.raises(ValueError, match="degree -1: degrees are 0 to the length minus 1"):
        gw.check_code("tower", 5, degree=-1)


# Documentation


def test_the_session_of_the_docs():
    assert doctest.testmod(gw) == doctest.TestResults(failed=0, attempted=6)
