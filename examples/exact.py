# SPDX-License-Identifier: MIT
"""Exact attention of any order: all tuples of keys."""
import itertools

import numpy

from attention_files import run


def softmax_means(scores, values, seen=None):
    if seen is not None:
        scores = numpy.where(seen, scores, -numpy.inf)
    weights = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    return weights @ values / weights.sum(axis=1, keepdims=True)


def tuple_products(matrices, tuples):
    """Coordinatewise products of the rows that each tuple names."""
    product = 1.0
    for matrix, rows in zip(matrices, tuples.T):
        product = product * matrix[rows]
    return product


def attention(given):
    tuples = numpy.array(list(itertools.product(*(range(len(keys)) for keys in given.keys))))
    scores = given.scale * given.q @ tuple_products(given.keys, tuples).T
    seen = tuples.max(axis=1)[None, :] <= numpy.arange(len(given.q))[:, None] if given.causal else None
    return softmax_means(scores, tuple_products(given.values, tuples), seen)


if __name__ == "__main__":
    run(attention)
