# SPDX-License-Identifier: MIT
"""Correct kernels that differ in the order of their sums, in tiles, storage and loops: no test of kernels may fail one."""
from __future__ import annotations

import numpy

from pieces import NOTHING, Array, Arrays, backward, bf16, chosen, dot_products, head_by_head, materialised, not_later, online, padded, quietly

LOG2_E = 1.4426950408889634


def all_at_once(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The definition; any order."""
    return materialised(q, keys, values, softmax_scale, causal)


def summed_in_reverse(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last key first."""
    return chosen(numpy.arange(len(keys[0]))[::-1], q, keys, values, softmax_scale, causal, tile=1)


def summed_in_random_order(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Keys in an order drawn at random."""
    return chosen(numpy.random.default_rng(1).permutation(len(keys[0])), q, keys, values, softmax_scale, causal, tile=16)


def terms(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool) -> Array:
    """(row, key, column): the weights, largest 1, times the values, and in the last column the weights."""
    scores = dot_products(q, keys[0], q.dtype.type(softmax_scale))
    if causal:
        scores = numpy.where(not_later(numpy.arange(len(q))[:, None], numpy.arange(len(keys[0]))), scores, q.dtype.type(NOTHING))
    weights = numpy.exp(scores - scores.max(axis=1, keepdims=True))
    return weights[:, :, None] * numpy.concatenate([values[0], numpy.ones_like(values[0][:, :1])], axis=1)


def summed_in_pairs(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Neighbours are added, then their sums, and so on."""
    x = terms(q, keys, values, softmax_scale, causal)
    while x.shape[1] > 1:
        odd = x[:, -1:] if x.shape[1] % 2 else x[:, :0]
        x = numpy.concatenate([x[:, :-1:2] + x[:, 1::2], odd], axis=1)
    return x[:, 0, :-1] / x[:, 0, -1:]


def summed_with_compensation(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """What a sum loses to rounding is added to the next term."""
    x = terms(q, keys, values, softmax_scale, causal)
    total, lost = numpy.zeros_like(x[:, 0]), numpy.zeros_like(x[:, 0])
    for j in range(x.shape[1]):
        term = x[:, j] - lost
        after = total + term
        lost, total = (after - total) - term, after
    return total[:, :-1] / total[:, -1:]


def summed_in_float64(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Wider sums than asked for."""
    return online(q.astype("f8"), (keys[0].astype("f8"),), (values[0].astype("f8"),), softmax_scale, causal).astype(q.dtype)


def tiles_of_1(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """One pass, key by key."""
    return online(q, keys, values, softmax_scale, causal, tile=1)


def tiles_of_7(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """One pass, 7 keys at a time."""
    return online(q, keys, values, softmax_scale, causal, tile=7)


def tiles_of_33(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """One pass, 33 keys at a time."""
    return online(q, keys, values, softmax_scale, causal, tile=33)


def tiles_of_128(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """One pass, 128 keys at a time."""
    return online(q, keys, values, softmax_scale, causal, tile=128)


def last_tile_padded_and_masked(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last tile is filled up with zeros, whose weights are 0."""

    def score(q: Array, k: Array, scale: float) -> Array:
        return numpy.where(numpy.arange(len(k)) < len(keys[0]), dot_products(q, k, scale), q.dtype.type(NOTHING))

    return materialised(q, (padded(keys[0], 16),), (padded(values[0], 16),), softmax_scale, causal, score=score)


def running_max_starts_at_lowest_float(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The running maximum starts at the lowest finite number of the type, below every score that can be told from it."""
    return online(q, keys, values, softmax_scale, causal, start=numpy.finfo(q.dtype).min)


def mask_placeholder_lowest_float(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Hidden keys have the lowest finite score of the type."""
    return online(q, keys, values, softmax_scale, causal, hidden=numpy.finfo(q.dtype).min)


def exp2_with_folded_scale(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Powers of 2, with log2(e) in the scale."""
    return online(q, keys, values, softmax_scale * LOG2_E, causal, exp=numpy.exp2)


def queries_scaled_beforehand(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The scale goes to the queries."""
    return online(q, keys, values, softmax_scale, causal, score=lambda q, k, scale: (scale * q) @ k.T)


@quietly
def joined(parts: list) -> tuple[Array, Array, Array]:
    """Maximum, denominator and numerator of all keys, from those of some each."""
    top = numpy.max([part[0] for part in parts], axis=0)
    factors = [numpy.exp(numpy.where(part[0] == NOTHING, NOTHING, part[0] - top)) for part in parts]
    return top, sum(f * part[1] for f, part in zip(factors, parts)), sum(f * part[2] for f, part in zip(factors, parts))


def split_keys_joined(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Three parts of the keys apart, joined by their maxima and sums."""
    parts = [part for part in numpy.array_split(numpy.arange(len(keys[0])), 3) if len(part)]
    _, below, above = joined([chosen(part, q, keys, values, softmax_scale, causal, combined=False) for part in parts])
    return above / below


@quietly
def rescaled_when_it_pays(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """What is subtracted grows when the maximum is more than 8 above it, so weights reach exp(8)."""
    (k,), (v,), i = keys, values, numpy.arange(len(q))[:, None]
    base, below, above = numpy.full((len(q), 1), NOTHING, q.dtype), 0, 0
    for first in range(0, len(k), 16):
        part = slice(first, first + 16)
        scores = dot_products(q, k[part], q.dtype.type(softmax_scale))
        if causal:
            scores = numpy.where(not_later(i, numpy.arange(len(k))[part]), scores, q.dtype.type(NOTHING))
        top = scores.max(axis=1, keepdims=True)
        new = numpy.where(top > base + 8, top, base)
        factor, weights = numpy.exp(base - new), numpy.exp(scores - new)
        base, below, above = new, below * factor + weights.sum(axis=1, keepdims=True), above * factor + weights @ v[part]
    return above / below


def causal_tiles_skipped(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Tiles of rows read the keys up to their last row alone."""
    if not causal:
        return online(q, keys, values, softmax_scale)
    rows = [(first, slice(first, first + 32)) for first in range(0, len(q), 32)]
    cut = [((keys[0][: first + 32],), (values[0][: first + 32],)) for first, _ in rows]
    return numpy.concatenate([online(q[part], *kv, softmax_scale, True, sees=lambda i, j: j <= i + first) for (first, part), kv in zip(rows, cut)])


# Storage. bf16 stands in arrays of f32 whose lower halves are 0.


def f16_storage_sums_in_f32(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """f16 in, f32 within, f16 out."""
    return online(q.astype("f4"), (keys[0].astype("f4"),), (values[0].astype("f4"),), softmax_scale, causal, tile=33).astype("f2")


def bf16_storage_sums_in_f32(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """bf16 in, f32 within, bf16 out."""
    return bf16(online(bf16(q), (bf16(keys[0]),), (bf16(values[0]),), softmax_scale, causal))


def bf16_weights_sums_in_f32(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """As above, and weights are rounded to bf16 before they meet the values."""
    return bf16(online(bf16(q), (bf16(keys[0]),), (bf16(values[0]),), softmax_scale, causal, weights=bf16))


# Heads.


def heads_one_by_one(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """(batch, head, row, column), neighbouring query heads share a head of the keys."""
    return head_by_head(q, keys, values, softmax_scale, causal)


def heads_all_at_once(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """(batch, head, row, column) as one product, heads of the keys repeated."""
    k, v = (numpy.repeat(x, q.shape[1] // x.shape[1], axis=1) for x in (keys[0], values[0]))
    scores = q.dtype.type(softmax_scale) * numpy.einsum("bhil,bhjl->bhij", q, k)
    if causal:
        scores = numpy.where(numpy.tri(q.shape[2], k.shape[2], dtype=bool), scores, q.dtype.type(NOTHING))
    weights = numpy.exp(scores - scores.max(axis=3, keepdims=True))
    return numpy.einsum("bhij,bhjc->bhic", weights, v) / weights.sum(axis=3, keepdims=True)


def heads_after_rows(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """(batch, row, head, column)."""
    q, k, v = (x.swapaxes(1, 2) for x in (q, keys[0], values[0]))
    return numpy.ascontiguousarray(head_by_head(q, (k,), (v,), softmax_scale, causal).swapaxes(1, 2))


# Order 3 and more.


def loops_over_first_keys(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """A first key turns attention of order k into one of order k - 1; what they leave is joined by maxima and sums."""
    _, below, above = parts_of_first_keys(q, keys, values, softmax_scale, causal)
    return above / below


def parts_of_first_keys(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool) -> tuple[Array, Array, Array]:
    if len(keys) == 1:
        return online(q, keys, values, softmax_scale, causal, combined=False)
    parts = []
    for j, (key, value) in enumerate(zip(keys[0], values[0])):
        top, below, above = parts_of_first_keys(q * key, keys[1:], values[1:], softmax_scale, causal)
        hidden = causal & (numpy.arange(len(q)) < j)[:, None]
        parts.append((numpy.where(hidden, q.dtype.type(NOTHING), top), below, above * value))
    return joined(parts)


# Gradients: dq, dk, dv of sum(upstream * out).


def backward_all_at_once(
    q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False
) -> tuple[Array, Arrays, Arrays]:
    """The formulas of the gradients."""
    return backward(q, keys, values, softmax_scale, upstream, causal)


def backward_in_tiles(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, upstream: Array, causal: bool = False) -> tuple[Array, Arrays, Arrays]:
    """Weights are made again from the logarithm of the sum, tile by tile of rows and keys."""
    (k,), (v,), scale, tile = keys, values, q.dtype.type(softmax_scale), 33
    top, below, above = online(q, keys, values, softmax_scale, causal, combined=False)
    log_sum, row_terms = top + numpy.log(below), (upstream * (above / below)).sum(axis=1, keepdims=True)
    dq, dk, dv = numpy.zeros_like(q), numpy.zeros_like(k), numpy.zeros_like(v)
    for j in range(0, len(k), tile):
        for i in range(0, len(q), tile):
            rows, part = slice(i, i + tile), slice(j, j + tile)
            scores = dot_products(q[rows], k[part], scale)
            if causal:
                scores = numpy.where(numpy.tri(*scores.shape, i - j, dtype=bool), scores, q.dtype.type(NOTHING))
            weights = numpy.exp(scores - log_sum[rows])
            slopes = scale * weights * (upstream[rows] @ v[part].T - row_terms[rows])
            dq[rows] += slopes @ k[part]
            dk[part] += slopes.T @ q[rows]
            dv[part] += weights.T @ upstream[rows]
    return dq, (dk,), (dv,)
