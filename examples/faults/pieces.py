# SPDX-License-Identifier: MIT
"""What the kernels of this folder are built from: roundings, masks, attention in one pass over tiles of keys, over all tuples at once, head by head, and backwards.

Called with a query matrix, tuples of key and value matrices, the softmax scale and, where the input has that mask, `causal=True`:
row i sees key j iff j <= i, also where there are more keys than rows. The keywords after `causal` are the places where kernels differ.
"""
from __future__ import annotations

import functools
from typing import Any, Callable

import numpy

Array = numpy.ndarray
Arrays = tuple[Array, ...]
NOTHING = -numpy.inf  # the score of a hidden key

# Roundings. All leave the type of the array as it is.


def rounded(x: Array, bits: int, lowest: int, largest: float = numpy.inf) -> Array:
    """The nearest number of so many significant bits; `lowest` is the exponent of the smallest normal number."""
    step = numpy.ldexp(numpy.ones_like(x), numpy.maximum(numpy.frexp(x)[1], lowest + 1) - bits)
    return numpy.clip(numpy.rint(x / step) * step, -largest, largest)


def bf16(x: Array) -> Array:
    return rounded(x, 8, -126)


def f16(x: Array) -> Array:
    return x.astype(numpy.float16).astype(x.dtype)


def e4m3(x: Array) -> Array:
    return rounded(x, 4, -6, 448.0)


def e5m2(x: Array) -> Array:
    return rounded(x, 3, -14, 57344.0)


def quantised(x: Array, bits: int) -> Array:
    """Whole multiples of one step, the largest of them the largest entry."""
    step = abs(x).max() / (2 ** (bits - 1) - 1) or x.dtype.type(1)
    return numpy.rint(x / step) * step


# Parts of a kernel that can be exchanged.


def as_it_is(x: Any) -> Any:
    return x


def dot_products(q: Array, k: Array, scale: float) -> Array:
    return scale * (q @ k.T)


def not_later(i: Array, j: Array) -> Array:
    return j <= i


def by_the_maximum(top: Array, new: Array, factor: Array) -> tuple[Array, Array]:
    """Factors of the numerators and the denominators so far, when the maximum has grown from `top` to `new`."""
    return factor, factor


def quietly(function: Callable[..., Any]) -> Callable[..., Any]:
    """Without warnings of numpy: that an exponential overflows is the fault of some kernels."""

    @functools.wraps(function)
    def call(*arguments: Any, **keywords: Any) -> Any:
        with numpy.errstate(all="ignore"):
            return function(*arguments, **keywords)

    return call


@quietly
def online(
    q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False, *,
    tile: int = 32, start: float = NOTHING, hidden: float = NOTHING, score: Callable[..., Array] = dot_products, sees: Callable[..., Array] = not_later,
    subtracted: Callable[[Array], Array] = as_it_is, exp: Callable[[Array], Array] = numpy.exp, weights: Callable[[Array], Array] = as_it_is,
    rescale: Callable[..., Any] = by_the_maximum, numerator: Callable[[Array], Array] = as_it_is, denominator: Callable[[Array], Array] = as_it_is,
    combined: bool = True,
) -> Any:
    """One pass over tiles of keys, with a running maximum; not `combined`: the maximum, the denominator and the numerator of every row."""
    (k,), (v,), scale = keys, values, q.dtype.type(softmax_scale)
    i, j = numpy.arange(len(q))[:, None], numpy.arange(len(k))[None, :]
    top, below, above = numpy.full((len(q), 1), start, q.dtype), numpy.zeros((len(q), 1), q.dtype), numpy.zeros((len(q), v.shape[1]), q.dtype)
    for first in range(0, len(k), tile):
        part = slice(first, first + tile)
        scores = score(q, k[part], scale)
        if causal:
            scores = numpy.where(sees(i, j[:, part]), scores, q.dtype.type(hidden))
        new = numpy.maximum(top, scores.max(axis=1, keepdims=True))
        base = numpy.where(new == NOTHING, 0, subtracted(new))
        weight = weights(exp(scores - base))
        factor = exp(numpy.where(top == NOTHING, NOTHING, subtracted(top) - base))
        of_above, of_below = rescale(top, new, factor)
        above = numerator(above * of_above + weight @ v[part])
        below = denominator(below * of_below + weight.sum(axis=1, keepdims=True))
        top = new
    return above / below if combined else (top, below, above)


def chosen(order: Array, q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False, **more: Any) -> Any:
    """Attention to the keys of these indices, in this order."""
    (k,), (v,) = keys, values
    return online(q, (k[order],), (v[order],), softmax_scale, causal, sees=lambda i, j: not_later(i, order[j]), **more)


def padded(matrix: Array, tile: int) -> Array:
    """With rows of zeros, up to a multiple of the tile."""
    return numpy.concatenate([matrix, numpy.zeros((-len(matrix) % tile, matrix.shape[1]), matrix.dtype)])


def all_tuples(matrices: Arrays) -> tuple[Array, Array]:
    """The indices of all tuples of rows, and the coordinatewise products of the rows that they name."""
    indices = numpy.indices([len(matrix) for matrix in matrices]).reshape(len(matrices), -1)
    return indices, functools.reduce(numpy.multiply, (matrix[rows] for matrix, rows in zip(matrices, indices)))


def softmax(scores: Array) -> Array:
    weights = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


@quietly
def materialised(
    q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False, *,
    score: Callable[..., Array] = dot_products, sees: Callable[..., Array] = not_later, latest: Callable[..., Array] = numpy.max,
    scores: Callable[[Array], Array] = as_it_is, hidden: float = NOTHING, weights: Callable[[Array], Array] = softmax,
) -> Array:
    """All scores of all tuples at once, any order; a tuple is as late as its `latest` index."""
    indices, products = all_tuples(keys)
    found = scores(score(q, products, q.dtype.type(softmax_scale)))
    if causal:
        found = numpy.where(sees(numpy.arange(len(q))[:, None], latest(indices, axis=0)[None, :]), found, q.dtype.type(hidden))
    return weights(found) @ all_tuples(values)[1]


def head_by_head(
    q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False, *,
    of_keys: Callable[[int, int], int] = lambda head, group: head // group, batch_of_keys: Callable[[int], int] = as_it_is,
) -> Array:
    """(batch, head, row, column); `group` query heads share a head of the keys."""
    (k,), (v,) = keys, values
    out = numpy.empty((*q.shape[:3], v.shape[3]), q.dtype)
    for b, h in numpy.ndindex(*q.shape[:2]):
        at = batch_of_keys(b), of_keys(h, q.shape[1] // k.shape[1])
        out[b, h] = online(q[b, h], (k[at],), (v[at],), softmax_scale, causal)
    return out


@quietly
def backward(
    q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False, *,
    row_terms: Callable[..., Array] = lambda upstream, out: (upstream * out).sum(axis=1, keepdims=True), weights: Callable[[Array], Array] = softmax,
    of_scores: Callable[[Array], Array] = as_it_is, sees: Callable[..., Array] = not_later, scale_of_q: bool = True, scale_of_k: bool = True,
) -> tuple[Array, Arrays, Arrays]:
    """dq, dk and dv of sum(upstream * out), order 2; the last two are tuples, as keys and values are."""
    (k,), (v,), scale = keys, values, q.dtype.type(softmax_scale)
    scores = dot_products(q, k, scale)
    if causal:
        scores = numpy.where(sees(numpy.arange(len(q))[:, None], numpy.arange(len(k))[None, :]), scores, q.dtype.type(NOTHING))
    probabilities = softmax(scores)
    slopes = probabilities * (upstream @ v.T - row_terms(upstream, probabilities @ v))
    slopes = of_scores(slopes)
    one = q.dtype.type(1)
    return (scale if scale_of_q else one) * (slopes @ k), ((scale if scale_of_k else one) * (slopes.T @ q),), (weights(scores).T @ upstream,)
