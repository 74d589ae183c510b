# SPDX-License-Identifier: MIT
"""What crosses between Python and the library: tensors, integers beyond 2^53, indices, long digits, exceptions."""

import pathlib
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

import gapwright as gw

DATA = pathlib.Path(__file__).resolve().parent.parent / "data"


class Tensor:
    """Behaves as a torch tensor does: numpy reads it only detached, on the CPU, and of a type that numpy has."""

    def __init__(self, data, dtype="torch.float32", grad=False, device="cpu", conversions=None):
        self.data, self._dtype, self.grad, self.device = np.asarray(data), dtype, grad, device
        self.conversions = conversions if conversions is not None else []

    @property
    def dtype(self):
        outer = self

        class Named:
            def __str__(self):
                return outer._dtype

        return Named()

    ndim = property(lambda self: self.data.ndim)
    shape = property(lambda self: self.data.shape)

    def detach(self):
        return Tensor(self.data, self._dtype, False, self.device, self.conversions)

    def cpu(self):
        return Tensor(self.data, self._dtype, self.grad, "cpu", self.conversions)

    def float(self):
        self.conversions.append("float")
        return Tensor(self.data.astype("float32"), "torch.float32", self.grad, self.device, self.conversions)

    def __array__(self, dtype=None):
        if self.device != "cpu":
            raise TypeError("can't convert cuda:0 device type tensor to numpy")
        if self.grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad")
        if self._dtype == "torch.bfloat16":
            raise TypeError("Got unsupported ScalarType BFloat16")
        return self.data if dtype is None else self.data.astype(dtype)

    def __len__(self):
        return len(self.data)

    def __getitem__(self, i):
        return Tensor(self.data[i], self._dtype, self.grad, self.device, self.conversions)


def exact(q, keys, values, softmax_scale):
    scores = softmax_scale * q @ keys[0].T
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights @ values[0] / weights.sum(axis=1, keepdims=True)


def coarse(x):
    """The numbers of bfloat16 next below, as float32."""
    return (x.astype("float32").view("uint32") & 0xFFFF0000).view("float32")


OPTIONS = dict(rows=16, pairs=1, ladder=[1], seed=3, timing_rows=[8, 16])

RESULTS = {
    "array": lambda out: out,
    "tensor": lambda out: Tensor(out),
    "requires_grad": lambda out: Tensor(out, grad=True),
    "cuda": lambda out: Tensor(out, device="cuda:0"),
    "bfloat16": lambda out: Tensor(coarse(out), "torch.bfloat16", grad=True, device="cuda:0"),
    "first of a tuple": lambda out: (Tensor(out, grad=True), Tensor(out[:, 0])),
    "array first of a tuple": lambda out: (out, None),
    "four axes": lambda out: Tensor(out[None, None], grad=True),
    "rows as tensors": lambda out: [Tensor(row, grad=True) for row in out],
    "nested lists": lambda out: out.tolist(),
    "nested tuples": lambda out: tuple(map(tuple, out.tolist())),
}


@pytest.mark.parametrize("name", RESULTS)
def test_outputs_of_every_kind_are_taken(name):
    score = gw.challenge(lambda *a: RESULTS[name](exact(*a)), **OPTIONS)
    assert score["decision_accuracy"] == 1 and "trouble" not in score["points"][0]
    if name == "bfloat16":  # compared with softmax in bfloat16
        assert score["errors"]["naive"]["maximum_absolute"] > 1e-4


class Unreadable:
    def __array__(self, dtype=None):
        raise RuntimeError("no array of this")


class Speechless(Exception):
    def __str__(self):
        raise ValueError("no words")


def raises(error):
    raise error


WRONG = {
    "None": (lambda out: None, "None"),
    "nothing": (lambda out: (), "axes"),
    "one axis": (lambda out: out[:, 0], "1 axes"),
    "unreadable": (lambda out: Unreadable(), "RuntimeError: no array of this"),
    "ragged": (lambda out: [[1.0], [1.0, 2.0]], "ValueError: "),
    "objects": (lambda out: out.astype(object), "dtype object"),
    "complex": (lambda out: out + 1j, "dtype complex128"),
    "text": (lambda out: "out", "dtype"),
    "too large integers": (lambda out: np.full(out.shape, 2**53 + 1), "9007199254740993"),
    "raises": (lambda out: raises(KeyError("k")), "KeyError: 'k'"),
    "speechless": (lambda out: raises(Speechless()), "Speechless: "),
    "detach raises": (lambda out: type("T", (), {"detach": lambda self: raises(OSError("gone"))})(), "OSError: gone"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_output_is_a_wrong_answer_that_says_why(name):
    make, words = WRONG[name]
    point = gw.challenge(lambda *a: make(exact(*a)), **OPTIONS)["points"][0]
    assert point["failed"] > 0 and words in point["trouble"] and "error_already_set" not in point["trouble"]


def test_tensors_are_read_everywhere():
    m = np.arange(9.0).reshape(3, 3) / 8
    for tensor in (Tensor(m, grad=True), Tensor(coarse(m), "torch.bfloat16"), Tensor(m, device="cuda:0")):
        attention = gw.Attention(tensor, (tensor, tensor), [tensor, tensor])
        assert attention.order == 3 and (attention.q == tensor.data).all() and (attention.keys[1] == tensor.data).all()
        assert gw.Attention(tensor, tensor, tensor).order == 2
        assert gw.gradients(gw.Attention(m, m, m), tensor).q.shape == (3, 3)
    bits = Tensor(np.eye(3, dtype="uint8"), "torch.uint8")
    assert gw.decide(gw.OrthogonalVectors([bits, bits])).verdict == "yes"
    assert gw.GapMaxIp((bits, bits), yes_at_least=1, no_at_most=0).dimension == 3
    assert gw.RealGapMaxIp([bits, bits], yes_at_least=1, no_at_most=0).dimension == 3
    code = gw.Code("reed-solomon", q=5, length=5, degree=2)
    assert code.contains(Tensor(np.zeros((1, 5), dtype="int64"), "torch.int64")) == [True]


def test_exceptions_cross_as_themselves():
    m = np.eye(2)
    for bad, error in [(Unreadable(), RuntimeError), ([[1.0], [1.0, 2.0]], ValueError), (type("T", (), {"detach": lambda s: raises(OSError())})(), OSError)]:
        for call in (
            lambda: gw.Attention(bad, m, m),
            lambda: gw.Attention(m, [bad], [m]),
            lambda: gw.gradients(gw.Attention(m, m, m), bad),
            lambda: gw.OrthogonalVectors([bad, m]),
            lambda: gw.GapMaxIp([m, bad], yes_at_least=1, no_at_most=0),
            lambda: gw.Code("reed-solomon", q=5, length=5, degree=2).encode(bad),
        ):
            with pytest.raises(error) as failure:
                call()
            assert "error_already_set" not in str(failure.value)
    with pytest.raises(TypeError):
        gw.Attention(m, 3, m)


# Numbers

EXACT = [2**53, -(2**53), 2**53 + 2, 2**62, -(2**63), 3 * 2**60, 0]
INEXACT = [2**53 + 1, -(2**53) - 1, 2**63 - 1, 2**62 + 1]


@pytest.mark.parametrize("dtype", ["int64", "uint64", ">i8"])
def test_integers_are_taken_exactly_or_refused(dtype):
    one = np.ones((1, 1))
    for value in EXACT:
        if value >= 0 or dtype != "uint64":
            array = np.array([[value]], dtype=dtype)
            assert int(gw.Attention(one, array, array).keys[0][0, 0]) == value
    for value in INEXACT + ([2**64 - 1] if dtype == "uint64" else []):
        if value < 0 and dtype == "uint64":
            continue
        array = np.array([[1, value]], dtype=dtype)
        for call in (
            lambda: gw.Attention(array, array, array),
            lambda: gw.Attention(np.ones((1, 2)), np.ones((1, 2)), array),
            lambda: gw.RealGapMaxIp([array, array], yes_at_least=1, no_at_most=0),
            lambda: gw.gradients(gw.Attention(one, np.ones((2, 1)), np.ones((2, 2))), array),
        ):
            with pytest.raises(ValueError, match=r"\[0, 1\] is " + str(value)):
                call()
        with pytest.raises(ValueError):
            gw.OrthogonalVectors([array, array])
        with pytest.raises(ValueError):
            gw.Code("reed-solomon", q=5, length=5, degree=2).encode(np.array([[0, 0, value]], dtype=dtype))


def test_numbers_are_taken_exactly_or_refused():
    m = np.eye(2)
    for scale in (1, 0.1, Fraction(1, 4), np.float32(0.1), Decimal("0.125"), np.int64(3), 2**60, np.longdouble(0.5)):
        assert Fraction(gw.Attention(m, m, m, softmax_scale=scale).softmax_scale) == Fraction(*scale.as_integer_ratio()) if hasattr(scale, "as_integer_ratio") else scale
    for scale in (2**53 + 1, Fraction(1, 3), Decimal("0.1"), np.longdouble(1) / 3, 10**400):
        with pytest.raises((ValueError, OverflowError), match="softmax_scale|double"):
            gw.Attention(m, m, m, softmax_scale=scale)
    with pytest.raises(ValueError, match=r"weights\[1\] is 9007199254740993"):
        gw.RealGapMaxIp([m, m], yes_at_least=1, no_at_most=0, weights=[1, 2**53 + 1])
    with pytest.raises(ValueError, match="rounding"):
        gw.RealGapMaxIp([m, m], yes_at_least=1, no_at_most=0, rounding=Fraction(1, 3))
    with pytest.raises(ValueError, match="entry_bound"):
        gw.generate("attention", rows=2, dimension=2, entry_bound=2**53 + 1)
    for bad in (1.5, np.float32(1.5), Fraction(3, 2), Decimal("1.5"), "1"):
        with pytest.raises(TypeError):
            gw.Formula(2, [[bad]])
        with pytest.raises(TypeError):
            gw.generate("parity", points=bad)
        if bad != "1":  # a word, as the program's
            with pytest.raises(ValueError, match="message"):
                gw.reduce(gw.Formula(2, [[1]]), to="gap-max-ip", route="reed-solomon", order=2, message=bad)


def test_numbers_of_any_length_cross():
    limit = sys.get_int_max_str_digits()
    long = Fraction(10**5000 + 1, 10**5000)
    m = np.eye(2)
    attention = gw.Attention(m, m, m, yes_at_least=long, no_at_most=-long)
    assert attention.yes_at_least == long and attention.no_at_most == -long
    # Scores of 20,000: the output of row 0 is e^-20000, whose enclosure takes thousands of digits.
    one, keys, values = np.array([[1.0]]), np.array([[20000.0], [0.0]]), np.array([[0.0], [1.0]])
    far = gw.Attention(one, keys, values, softmax_scale=1, yes_at_least=0.5, no_at_most=0.25)
    verdict = gw.decide(far, method="balls")
    low, high = verdict.enclosure
    assert verdict.verdict == "no" and 0 <= low <= high < Fraction(1, 10**1000) and high.denominator.bit_length() > 4 * 4300
    with pytest.raises(ValueError, match="message"):
        gw.reduce(gw.Formula(2, [[1]]), to="gap-max-ip", route="reed-solomon", order=2, message=-(10**5000))
    assert gw.plan(variables=60000, clauses=200000, order=3, largest_field=8, longest=100)["least_entries"]
    assert sys.get_int_max_str_digits() == limit


def test_what_means_nothing_is_refused():
    formula, m = gw.Formula(2, [[1, 2]]), np.eye(2)
    attention = gw.Attention(m, m, m, yes_at_least=0.5, no_at_most=0.25)
    for call, words in [
        (lambda: gw.generate("random-ksat", variables=4, clauses=3, order=2), "order goes with"),
        (lambda: gw.gradients(attention, m, error=1e-3), "error goes with"),
        (lambda: gw.decide(attention, formula=formula), "formula goes with certificate"),
        (lambda: gw.decide(gw.OrthogonalVectors([m, m]), formula=formula), "formula goes with certificate"),
        (lambda: gw.reduce(formula, to="orthogonal-vectors", square=True), "comes before"),
        (lambda: gw.reduce(formula, to="orthogonal-vectors", route="hermitian"), "comes before"),
    ]:
        with pytest.raises(ValueError, match=words):
            call()


def test_models_are_counted_over_the_variables_to_be_shown(recwarn):
    formula = gw.Formula.read(DATA / "found" / "show.cnf")
    assert formula.shown == [1, 2] and gw.count_models(formula, order=2, project=True) == 4 and not recwarn
    with pytest.warns(UserWarning, match="project counts over those"):
        assert gw.count_models(formula, order=2) == 14
    with pytest.raises(ValueError, match="names no variables to project to .* leave out project"):
        gw.count_models(gw.Formula(2, [[1]]), project=True)
    with pytest.raises(gw.BadInstance, match="variable 3"):
        gw.count_models(gw.Formula.parse("p cnf 2 0\nc ind 3 0\n"), project=True)


# Witnesses


def reductions():
    formula = gw.Formula(5, [[1, 2], [-1, 3], [4, 5], [-4, -2]])
    vectors = gw.reduce(formula, to="orthogonal-vectors", order=2).target
    code = dict(route="reed-solomon", field=5, blocks=2)
    gap = gw.reduce(formula, to="gap-max-ip", order=2, **code).target
    for source in (formula, vectors):
        order = {"order": 2} if source is formula else {}
        yield gw.reduce(source, **order)
        yield gw.reduce(source, square=True, **order)
        yield gw.reduce(source, causal=True, **order)
        yield gw.reduce(source, centred=True, **order)
        for options in (dict(to="gap-max-ip"), dict(to="gap-max-ip", form="factored"), dict(to="gap-max-ip", gadget="characters"), dict(), dict(gadget="characters")):
            yield gw.reduce(source, **order, **options, **code)
    yield gw.reduce(formula, to="orthogonal-vectors", order=2)
    yield gw.reduce(gap)
    factored = gw.reduce(formula, to="gap-max-ip", form="factored", order=2, **code).target
    yield gw.reduce(factored)
    yield gw.reduce(factored, to="gap-max-ip")
    yield gw.reduce(gw.reduce(factored, to="gap-max-ip", gadget="characters").target)


def target_sizes(target):
    return [len(target.q), *map(len, target.keys)] if isinstance(target, gw.Attention) else list(map(len, target.sets))


def test_pull_refuses_what_is_no_index_of_a_vector():
    for r in reductions():
        sizes = target_sizes(r.target)
        good = gw.decide(r.target).witness
        assert r.pull(good) == r.pull(np.array(good)) == r.pull(tuple(good))
        for u in range(2):
            wrong = [-1, -(2**63), 2**63, 2**64, 2**64 + good[u], 10**30, sizes[u]]
            if isinstance(r.target, gw.Attention) and u > 0:  # pads are no vectors
                values = r.target.values[u - 1][:, 0]
                wrong += [j for j in range(sizes[u]) if values[j] == 0]
                assert any(values == 0)
            for index in wrong:
                with pytest.raises(ValueError):
                    r.pull([index if w == u else good[w] for w in range(2)])
            for index in (0.0, np.float32(0.5), Fraction(1, 2), Decimal(1), "0", None):
                with pytest.raises(ValueError):
                    r.pull([index if w == u else good[w] for w in range(2)])
        for wrong in ([], good[:1], good + [0]):
            with pytest.raises(ValueError):
                r.pull(wrong)
        with pytest.raises(TypeError):
            r.pull(3)


def test_push_refuses_what_is_no_witness():
    for r in reductions():
        source = r.pull(gw.decide(r.target).witness)
        r.push(source)
        for wrong in ([10**6, *source[1:]], [-1 if source[0] != -1 else 2**63, *source[1:]], [2**63, *source[1:]], source[:-1], [0.5, *source[1:]]):
            if wrong == [-1, *source[1:]] and len(source) == 5:
                continue  # a literal
            with pytest.raises((ValueError, TypeError)):
                r.push(wrong)


def test_accepts_is_total_over_integers():
    bits = np.eye(2, dtype="uint8")
    gap = gw.reduce(gw.Formula(2, [[1], [2]]), to="gap-max-ip", order=2, route="reed-solomon", form="factored").target
    for instance in (gw.OrthogonalVectors([bits, bits]), gw.GapMaxIp([bits, bits], yes_at_least=1, no_at_most=0), gap):
        for wrong in ([-1, 0], [0, 2**63], [2**64, 1], [0], [0, 1, 0], [10**40, -(10**40)]):
            assert instance.accepts(wrong) is False
        with pytest.raises(ValueError, match="integer"):
            instance.accepts([0.5, 1])
    real = gw.RealGapMaxIp([bits, bits], yes_at_least=1, no_at_most=0)
    for instance in (real, gap):
        for wrong in ([-1, 0], [0, 2**64], [0]):
            with pytest.raises(ValueError, match="in range"):
                instance.inner_product(wrong)
    with pytest.raises(ValueError, match="one literal"):
        gw.Formula(1, [[1]]).accepts([-(2**63)])


def test_real_gap_max_ip_refuses_what_has_no_meaning():
    m = np.array([[0.25], [0.75]])
    for wrong in ({"rounding": -0.1}, {"rounding": -1e-300}, {"rounding": float("inf")}, {"rounding": float("nan")}, {"weights": [float("nan")]},
                  {"weights": [float("inf")]}, {"weights": [-1.0]}, {"weights": [0.0]}):
        with pytest.raises((ValueError, OverflowError)):
            gw.RealGapMaxIp([m, m], yes_at_least=1, no_at_most=0, **wrong)
    g = gw.RealGapMaxIp([m, m], yes_at_least=1, no_at_most=0)
    for mu in (float("inf"), float("nan"), -1.0, 1e-300):
        with pytest.raises((ValueError, gw.LimitReached)):
            gw.reduce(g, to="attention", mu=mu)


def test_thresholds_leave_a_gap_and_can_be_written(tmp_path):
    one = np.ones((1, 1))
    for yes, no in ((0, 1), (Fraction(1, 2), Fraction(1, 2))):
        with pytest.raises(ValueError, match="not above"):
            gw.Attention(one, one, one, yes_at_least=yes, no_at_most=no)
    close = gw.Attention(one, one, one, yes_at_least=1 + Fraction(1, 10**40), no_at_most=1)
    with pytest.raises(ValueError, match="digits"):
        close.write(tmp_path / "close.safetensors")


def test_options_without_a_meaning_are_refused():
    formula = gw.Formula(variables=6, clauses=[[1, 2], [-1, 3], [4, 5, 6]])
    attention = gw.reduce(formula, order=2).target
    for call in (
        lambda: gw.reduce(formula, to="gap-max-ip", route="reed-solomon", level=2, order=2),
        lambda: gw.reduce(formula, to="attention", route="hermitian", level=2, order=2),
        lambda: gw.reduce(formula, to="gap-max-ip", route="reed-solomon", embedding="paper", order=2),
        lambda: gw.decide(attention, precision=-1),
        lambda: gw.decide(attention, precision=0),
        lambda: gw.decide(attention, precision=15),
        lambda: gw.decide(attention, precision=(1 << 20) + 1),
        lambda: gw.attend(attention, most_features=9),
        lambda: gw.attend(attention, method="certified", most_features=9),
        lambda: gw.gradients(attention, np.ones((8, 1)), most_features=9),
    ):
        with pytest.raises(ValueError):
            call()


def test_a_wrong_expected_answer_is_reported(tmp_path):
    formula = gw.Formula(variables=3, clauses=[[1, 2], [-1, 3]])
    right = gw.reduce(formula, order=2).target
    wrong = gw.Attention(right.q, right.keys, right.values, right.softmax_scale, yes_at_least=right.yes_at_least, no_at_most=right.no_at_most, expected=False)
    with pytest.raises(gw.Refuted, match="the verdict is yes, the instance expects no"):
        gw.decide(wrong)
    wrong.write(tmp_path / "wrong.safetensors")
    with pytest.raises(gw.Refuted):
        gw.decide(gw.read(tmp_path / "wrong.safetensors"))
    assert issubclass(gw.Refuted, RuntimeError) and gw.decide(right).verdict == "yes"


def test_masked_arrays_are_refused():
    masked = np.ma.masked_array(np.ones((3, 2)), mask=[[0, 1]] * 3)
    for call in (
        lambda: gw.Attention(masked, np.ones((3, 2)), np.ones((3, 1))),
        lambda: gw.Attention(np.ones((3, 2)), [masked], [np.ones((3, 1))]),
        lambda: gw.OrthogonalVectors([masked, masked]),
        lambda: gw.Code("reed-solomon", 5, 1).encode(np.ma.masked_array(np.ones((3, 2), "uint16"))),
    ):
        with pytest.raises(ValueError, match="masked array"):
            call()
    gw.Attention(masked.filled(0), np.ones((3, 2)), np.ones((3, 1)))
