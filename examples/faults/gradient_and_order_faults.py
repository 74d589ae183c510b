# SPDX-License-Identifier: MIT
"""Faults of gradients, in one term each, and of attention of order 3."""
from __future__ import annotations

import numpy

from pieces import Array, Arrays, backward, bf16, materialised, online

TILE = 16
Gradients = tuple[Array, Arrays, Arrays]

# Gradients: dq, dk, dv of sum(upstream * out).


def gradient_without_row_term(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> Gradients:
    """dq and dk without the term <upstream, out> of the row, as if the denominator were constant."""
    return backward(q, keys, values, softmax_scale, upstream, causal, row_terms=lambda upstream, out: q.dtype.type(0))


def gradient_with_row_term_of_the_row_before(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> Gradients:
    """dq and dk with the term <upstream, out> of another row."""
    return backward(q, keys, values, softmax_scale, upstream, causal, row_terms=lambda upstream, out: numpy.roll((upstream * out).sum(axis=1, keepdims=True), 1))


def gradient_with_row_term_of_rounded_output(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> Gradients:
    """dq and dk with the term <upstream, out> of outputs rounded to bf16."""
    return backward(q, keys, values, softmax_scale, upstream, causal, row_terms=lambda upstream, out: (upstream * bf16(out)).sum(axis=1, keepdims=True))


def gradient_dq_not_scaled(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> Gradients:
    """dq without the scale."""
    return backward(q, keys, values, softmax_scale, upstream, causal, scale_of_q=False)


def gradient_dk_not_scaled(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> Gradients:
    """dk without the scale."""
    return backward(q, keys, values, softmax_scale, upstream, causal, scale_of_k=False)


def gradient_dv_of_weights_not_divided(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> Gradients:
    """dv of weights that are not divided by their sum."""
    return backward(q, keys, values, softmax_scale, upstream, causal, weights=lambda s: numpy.exp(s - s.max(axis=1, keepdims=True)))


def gradient_without_mask(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> Gradients:
    """Backwards, every row sees every key."""
    return backward(q, keys, values, softmax_scale, upstream)


def gradient_dk_of_the_last_rows(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> Gradients:
    """dk is overwritten by every tile of rows, and not added to."""
    first = (len(q) - 1) // TILE * TILE
    dq, _, dv = backward(q, keys, values, softmax_scale, upstream, causal)
    return dq, backward(q[first:], keys, values, softmax_scale, upstream[first:], causal, sees=lambda i, j: j <= i + first)[1], dv


def gradient_dq_without_the_last_keys(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> Gradients:
    """dq of whole tiles of keys alone."""
    whole = numpy.arange(len(keys[0])) < len(keys[0]) // TILE * TILE
    cut = backward(q, keys, values, softmax_scale, upstream, causal, of_scores=lambda slopes: slopes * whole.astype(q.dtype))
    return (cut[0], *backward(q, keys, values, softmax_scale, upstream, causal)[1:])


# Order 3.


def second_keys_ignored_in_scores(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores are made of the first key matrix alone."""
    return materialised(q, (keys[0], numpy.ones_like(keys[1])), values, softmax_scale, causal)


def first_keys_used_twice(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The first key matrix stands in the place of the second too."""
    return materialised(q, (keys[0], numpy.resize(keys[0], keys[1].shape)), values, softmax_scale, causal)


def scores_of_key_matrices_added(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The score of a tuple is the sum of the scores of its keys."""
    one, two = (q.dtype.type(softmax_scale) * (q @ k.T) for k in keys)
    return materialised(q, keys, values, softmax_scale, causal, scores=lambda s: (one[:, :, None] + two[:, None, :]).reshape(s.shape))


def values_of_first_matrix_alone(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The value of a tuple is that of its first key."""
    return materialised(q, keys, (values[0], numpy.ones_like(values[1])), softmax_scale, causal)


def values_of_tuple_added(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The value of a tuple is the sum of the values of its keys."""
    one, two = (numpy.ones_like(v) for v in values)
    return materialised(q, keys, (values[0], two), softmax_scale, causal) + materialised(q, keys, (one, values[1]), softmax_scale, causal)


def tuples_of_equal_indices_alone(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """A tuple counts if its keys have the same index."""
    m = min(len(k) for k in keys)
    return online(q, (keys[0][:m] * keys[1][:m],), (values[0][:m] * values[1][:m],), softmax_scale, causal)


def causal_mask_on_first_keys_alone(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The mask hides keys of the first matrix and none of the second."""
    return materialised(q, keys, values, softmax_scale, causal, latest=lambda indices, axis: indices[0])


def causal_mask_on_earliest_key(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """A tuple is seen as soon as one of its keys is."""
    return materialised(q, keys, values, softmax_scale, causal, latest=numpy.min)


def maxima_of_first_keys_forgotten(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """A loop over the first keys adds up sums that each have their own maximum."""
    above, below = 0, 0
    for j, (key, value) in enumerate(zip(keys[0], values[0])):
        _, part_below, part_above = online(q * key, keys[1:], values[1:], softmax_scale, causal, combined=False)
        sees = (numpy.arange(len(q)) >= j)[:, None] if causal else 1
        above, below = above + sees * part_above * value, below + sees * part_below
    return above / below
