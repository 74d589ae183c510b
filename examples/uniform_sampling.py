# SPDX-License-Identifier: MIT
"""Softmax over 32 tuples of keys drawn uniformly, the same for every query; any order."""
import numpy

from attention_files import run
from exact import softmax_means, tuple_products

SAMPLES = 32


def attention(given):
    random = numpy.random.default_rng(1)
    tuples = numpy.stack([random.integers(len(keys), size=SAMPLES) for keys in given.keys], axis=1)
    tuples[0] = 0  # what every row may see
    scores = given.scale * given.q @ tuple_products(given.keys, tuples).T
    seen = tuples.max(axis=1)[None, :] <= numpy.arange(len(given.q))[:, None] if given.causal else None
    return softmax_means(scores, tuple_products(given.values, tuples), seen)


if __name__ == "__main__":
    run(attention)
