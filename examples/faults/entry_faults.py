# SPDX-License-Identifier: MIT
"""Faults of entries: quantised inputs and weights, columns, rows, heads, what is kept from one call to the next."""
from __future__ import annotations

import numpy

from pieces import Array, Arrays, e4m3, e5m2, head_by_head, online, quantised

# Quantised.


def keys_quantised_to_8_bits(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Keys are multiples of 1/127 of the largest."""
    return online(q, (quantised(keys[0], 8),), values, softmax_scale, causal)


def keys_quantised_to_4_bits(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Keys are multiples of 1/7 of the largest."""
    return online(q, (quantised(keys[0], 4),), values, softmax_scale, causal)


def keys_quantised_to_2_bits(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Keys are the largest one, 0 or its negative."""
    return online(q, (quantised(keys[0], 2),), values, softmax_scale, causal)


def keys_rounded_to_e5m2(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Keys are rounded to fp8 with 2 bits after the first."""
    return online(q, (e5m2(keys[0]),), values, softmax_scale, causal)


def queries_quantised_to_8_bits(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Queries are multiples of 1/127 of the largest."""
    return online(quantised(q, 8), keys, values, softmax_scale, causal)


def queries_and_keys_rounded_to_e4m3(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Queries and keys are rounded to fp8 with 3 bits after the first."""
    return online(e4m3(q), (e4m3(keys[0]),), values, softmax_scale, causal)


def values_quantised_to_8_bits(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Values are multiples of 1/127 of the largest."""
    return online(q, keys, (quantised(values[0], 8),), softmax_scale, causal)


def values_quantised_to_4_bits(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Values are multiples of 1/7 of the largest."""
    return online(q, keys, (quantised(values[0], 4),), softmax_scale, causal)


def values_rounded_to_e4m3(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Values are rounded to fp8 with 3 bits after the first."""
    return online(q, keys, (e4m3(values[0]),), softmax_scale, causal)


def weights_quantised_to_8_bits(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Weights, at most 1, are multiples of 1/255."""
    return online(q, keys, values, softmax_scale, causal, weights=lambda w: numpy.rint(w * 255) / 255)


def weights_rounded_to_e4m3(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Weights are rounded to fp8 with 3 bits after the first."""
    return online(q, keys, values, softmax_scale, causal, weights=e4m3)


# Columns.


def first_and_last_columns_swapped(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The first and the last column of the output have changed places."""
    out = online(q, keys, values, softmax_scale, causal)
    out[:, [0, -1]] = out[:, [-1, 0]]
    return out


def second_half_of_columns_repeats_the_first(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The second half of the output columns holds the first once more."""
    out = online(q, keys, values, softmax_scale, causal)
    half = out.shape[1] // 2
    out[:, out.shape[1] - half :] = out[:, :half]
    return out


def last_column_dropped(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last column of the output is 0."""
    out = online(q, keys, values, softmax_scale, causal)
    out[:, -1] = 0
    return out


def second_half_of_coordinates_unread(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores are made of the first half of the head's coordinates."""
    half = (q.shape[1] + 1) // 2
    return online(q[:, :half], (keys[0][:, :half],), values, softmax_scale, causal)


def last_coordinate_unread(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores are made of all coordinates of the head but the last."""
    return online(q[:, :-1], (keys[0][:, :-1],), values, softmax_scale, causal)


# Rows.


def last_row_stale(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last row holds the one before it."""
    out = online(q, keys, values, softmax_scale, causal)
    out[-1] = out[max(len(out) - 2, 0)]
    return out


def first_and_last_rows_swapped(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The first and the last row have changed places."""
    out = online(q, keys, values, softmax_scale, causal)
    out[[0, -1]] = out[[-1, 0]]
    return out


def rows_moved_by_one(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Row i of the output stands in row i + 1."""
    return numpy.roll(online(q, keys, values, softmax_scale, causal), 1, axis=0)


def middle_row_is_the_mean(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """One row in the middle is the mean of all values."""
    out = online(q, keys, values, softmax_scale, causal)
    out[len(out) // 2] = values[0].mean(axis=0)
    return out


def middle_row_zero(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """One row in the middle is 0."""
    out = online(q, keys, values, softmax_scale, causal)
    out[len(out) // 2] = 0
    return out


# Heads: (batch, head, row, column), or as the name says.


def every_head_reads_the_first_keys(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """All heads of a batch read the keys and values of its first head."""
    return head_by_head(q, keys, values, softmax_scale, causal, of_keys=lambda head, group: 0)


def every_batch_reads_the_first_keys(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """All batches read the keys and values of the first."""
    return head_by_head(q, keys, values, softmax_scale, causal, batch_of_keys=lambda batch: 0)


def heads_of_output_reversed(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last head of the output stands first."""
    return head_by_head(q, keys, values, softmax_scale, causal)[:, ::-1].copy()


def grouped_heads_taken_in_turn(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Query heads that should share a head of the keys take the heads in turn."""
    return head_by_head(q, keys, values, softmax_scale, causal, of_keys=lambda head, group: head % keys[0].shape[1])


def heads_last_read_as_heads_first(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """(batch, row, head, column) is read as if heads came before rows, though the memory says otherwise."""

    def turned(x: Array) -> Array:
        return x.reshape(x.shape[0], x.shape[2], x.shape[1], x.shape[3])

    out = head_by_head(turned(q), (turned(keys[0]),), (turned(values[0]),), softmax_scale, causal)
    return out.reshape(*q.shape[:3], out.shape[3])


# What is kept from one call to the next, for inputs of the same sizes.
KEPT: dict = {}


def keys_of_first_call_kept(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Keys of an earlier input of these sizes are used again."""
    return online(q, (KEPT.setdefault(("keys", q.shape, keys[0].shape), keys[0].copy()),), values, softmax_scale, causal)


def running_max_kept(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The running maximum starts where an earlier input of these sizes left it."""
    place = "maximum", q.shape, keys[0].shape
    top, below, above = online(q, keys, values, softmax_scale, causal, start=KEPT.get(place, -numpy.inf), combined=False)
    KEPT[place] = float(top.max())
    with numpy.errstate(all="ignore"):
        return above / below


def denominator_not_cleared(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Denominators are added to those of an earlier input of these sizes."""
    place = "denominator", q.shape, keys[0].shape
    _, below, above = online(q, keys, values, softmax_scale, causal, combined=False)
    KEPT[place] = KEPT.get(place, 0) + below
    return above / KEPT[place]
