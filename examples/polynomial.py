# SPDX-License-Identifier: MIT
"""The polynomial method [AS24, AA22], any order: a polynomial in place of exp, near-linear time; refuses where it would need too many monomials."""
import itertools
import math

import numpy
from numpy.polynomial import Polynomial, chebyshev

from attention_files import refuse, run

ERROR = 0.04  # wanted, of every output
FEATURES = 50_000  # most monomials
LONGEST = 50  # half-length of the scores; degrees beyond it are out of reach


def score_interval(given):
    """Every score lies in it: products of column hulls, summed over the coordinates, row by row."""
    low, high = given.q * given.scale, given.q * given.scale
    for keys in given.keys:
        corners = [side * hull for side in (low, high) for hull in (keys.min(axis=0), keys.max(axis=0))]
        low, high = numpy.min(corners, axis=0), numpy.max(corners, axis=0)
    return low.sum(axis=1).min(), high.sum(axis=1).max()


def fit(degree, radius):
    """Coefficients (Chebyshev, on [-radius, radius]) that make exp(-x) P(x) nearly 1, and the ratio of its extremes."""
    nodes = numpy.cos(numpy.pi * (numpy.arange(400) + 0.5) / 400)
    basis = chebyshev.chebvander(nodes, degree) * numpy.exp(-radius * nodes)[:, None]
    coefficients = numpy.linalg.lstsq(basis, numpy.ones(len(nodes)), rcond=None)[0]
    grid = numpy.linspace(-1, 1, 4001)
    ratio = chebyshev.chebval(grid, coefficients) * numpy.exp(-radius * grid)
    return coefficients, ratio.max() / ratio.min() if ratio.min() > 0 else math.inf


def monomials(matrix, exponents):
    product = numpy.ones((len(matrix), len(exponents)))
    for column in range(exponents.shape[1]):
        product *= numpy.where(exponents[:, column] < matrix.shape[1], matrix[:, numpy.minimum(exponents[:, column], matrix.shape[1] - 1)], 1.0)
    return product


def attention(given):
    used = (given.q != 0).any(axis=0)
    for keys in given.keys:
        used &= (keys != 0).any(axis=0)
    given.q, given.keys = given.q[:, used], [keys[:, used] for keys in given.keys]
    low, high = score_interval(given)
    radius, d = (high - low) / 2, given.q.shape[1]
    size = math.prod(numpy.abs(values).max() for values in given.values)  # |v_J| at most; the range is at most twice that
    if radius > LONGEST:
        refuse(f"half-length {radius:.3g} of the scores is beyond {LONGEST}")
    for degree in itertools.count(0):
        count = math.comb(d + degree, degree)
        if count > FEATURES:
            refuse(f"half-length {radius:.3g} of the scores needs degree {degree} or more, {count} monomials; the limit is {FEATURES}")
        coefficients, ratio = fit(degree, radius)
        if 2 * size * math.tanh(math.log(ratio) / 4) <= ERROR:
            break
    powers = Polynomial(chebyshev.cheb2poly(coefficients))(Polynomial([-(high + low) / 2, 1]) / max(radius, 1e-300)).coef
    # A monomial is the list of its variables; d stands for "none", so shorter ones fit.
    exponents = numpy.array([[*e, *[d] * (degree - len(e))] for m in range(degree + 1) for e in itertools.combinations_with_replacement(range(d), m)]).reshape(count, degree)
    lengths = (exponents < d).sum(axis=1)
    orders, run = numpy.ones(count), numpy.ones(count)  # products of the factorials of the multiplicities, in how many orders a monomial stays the same
    for c in range(1, degree):
        run = numpy.where((exponents[:, c] == exponents[:, c - 1]) & (exponents[:, c] < d), run + 1, 1)
        orders *= run
    by_length = [powers[m] * given.scale**m * math.factorial(m) if m < len(powers) else 0.0 for m in range(degree + 1)]
    queries = monomials(given.q, exponents) * (numpy.array(by_length)[lengths] / orders)
    columns = [values.T for values in given.values]
    out = numpy.empty((len(given.q), given.values[0].shape[1]))
    features = [monomials(keys, exponents) for keys in given.keys]

    def total(weights_of_keys):
        sums = queries
        for feature, weight in zip(features, weights_of_keys):
            weighted = feature * weight[:, None]
            sums = sums * (numpy.cumsum(weighted, axis=0) if given.causal else weighted.sum(axis=0))
        return sums.sum(axis=1)

    below = total([numpy.ones(len(keys)) for keys in given.keys])
    for c in range(out.shape[1]):
        out[:, c] = total([column[c] for column in columns]) / below
    return out


if __name__ == "__main__":
    run(attention)
