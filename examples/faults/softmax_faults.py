# SPDX-License-Identifier: MIT
"""Faults of the softmax itself: the maximum, roundings, narrow sums, the scale, soft caps, sinks, denormals."""
from __future__ import annotations

import numpy

from pieces import Array, Arrays, bf16, f16, materialised, online, softmax

# The maximum that is subtracted.


def running_max_starts_at_zero(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The running maximum starts at 0: rows whose scores are all far below have no weight at all."""
    return online(q, keys, values, softmax_scale, causal, start=0.0)


def running_max_starts_at_minus_1e4(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The running maximum starts at -1e4."""
    return online(q, keys, values, softmax_scale, causal, start=-1e4)


def running_max_starts_at_minus_1e9(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The running maximum starts at -1e9, which float64 tells from the scores of rows that lie below it."""
    return online(q, keys, values, softmax_scale, causal, start=-1e9)


def running_max_starts_at_lowest_f16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The running maximum starts at -65504, the lowest finite number of f16."""
    return online(q, keys, values, softmax_scale, causal, start=-65504.0)


def running_max_starts_at_smallest_normal_float(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The running maximum starts at the smallest positive normal number, taken for the lowest one."""
    return online(q, keys, values, softmax_scale, causal, start=numpy.finfo(q.dtype).tiny)


def numerator_not_rescaled(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """When the maximum grows, the denominator is rescaled and the numerator is not."""
    return online(q, keys, values, softmax_scale, causal, rescale=lambda top, new, factor: (1, factor))


def denominator_not_rescaled(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """When the maximum grows, the numerator is rescaled and the denominator is not."""
    return online(q, keys, values, softmax_scale, causal, rescale=lambda top, new, factor: (factor, 1))


def no_maximum_subtracted(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Exponentials of the scores as they are."""
    return online(q, keys, values, softmax_scale, causal, subtracted=numpy.zeros_like)


def constant_20_subtracted(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The constant 20 is subtracted in the place of the maximum."""
    return online(q, keys, values, softmax_scale, causal, subtracted=lambda top: numpy.full_like(top, 20))


def mean_score_subtracted(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The mean of the scores of a row is subtracted in the place of the maximum."""
    return materialised(q, keys, values, softmax_scale, causal, scores=lambda s: s - s.mean(axis=1, keepdims=True), weights=without_maximum)


def maximum_of_first_tile_subtracted(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The maximum of the first 32 keys is subtracted from all scores."""
    return materialised(q, keys, values, softmax_scale, causal, scores=lambda s: s - s[:, :32].max(axis=1, keepdims=True), weights=without_maximum)


def maximum_of_all_rows_subtracted(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """One maximum for all rows."""
    return materialised(q, keys, values, softmax_scale, causal, scores=lambda s: s - s.max(), weights=without_maximum)


def product_of_norms_subtracted(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The bound |q| max |k| is subtracted in the place of the maximum, however far above it lies."""
    bound = softmax_scale * numpy.linalg.norm(q, axis=1, keepdims=True) * numpy.linalg.norm(keys[0], axis=1).max()
    return materialised(q, keys, values, softmax_scale, causal, scores=lambda s: s - bound.astype(s.dtype), weights=without_maximum)


def without_maximum(scores: Array) -> Array:
    weights = numpy.exp(scores)
    return weights / weights.sum(axis=1, keepdims=True)


# Roundings.


def scale_times_max_rounded_to_bf16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The scaled maximum is rounded to bf16 before it is subtracted: far below 0 the exponentials overflow."""
    return online(q, keys, values, softmax_scale, causal, subtracted=bf16)


def scale_times_max_rounded_to_f16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The scaled maximum is rounded to f16 before it is subtracted: beyond 65504 it is infinite."""
    return online(q, keys, values, softmax_scale, causal, subtracted=f16)


def max_rounded_in_weights_alone(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Weights subtract the maximum rounded to bf16, and sums are rescaled by the maximum as it is."""
    return online(q, keys, values, softmax_scale, causal, subtracted=bf16, rescale=lambda top, new, factor: (numpy.exp(top - new),) * 2)


def scores_rounded_to_bf16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores are rounded to bf16."""
    return online(q, keys, values, softmax_scale, causal, score=lambda q, k, scale: bf16(scale * (q @ k.T)))


def scores_rounded_to_f16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores are rounded to f16."""
    return online(q, keys, values, softmax_scale, causal, score=lambda q, k, scale: f16(scale * (q @ k.T)))


def scaled_queries_rounded_to_bf16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Queries are scaled beforehand and rounded to bf16."""
    return online(q, keys, values, softmax_scale, causal, score=lambda q, k, scale: bf16(scale * q) @ k.T)


# Narrow sums.


def denominator_summed_in_f16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The denominator is kept in f16."""
    return online(q, keys, values, softmax_scale, causal, tile=8, denominator=f16)


def denominator_summed_in_bf16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The denominator is kept in bf16."""
    return online(q, keys, values, softmax_scale, causal, tile=8, denominator=bf16)


def numerator_summed_in_f16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The numerator is kept in f16."""
    return online(q, keys, values, softmax_scale, causal, tile=8, numerator=f16)


def numerator_summed_in_bf16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The numerator is kept in bf16."""
    return online(q, keys, values, softmax_scale, causal, tile=8, numerator=bf16)


def scores_summed_in_f16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The products of the coordinates are added up in f16."""
    return online(q, keys, values, softmax_scale, causal, score=lambda q, k, scale: scale * summed_in(f16, q, k))


def scores_summed_in_bf16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The products of the coordinates are added up in bf16."""
    return online(q, keys, values, softmax_scale, causal, score=lambda q, k, scale: scale * summed_in(bf16, q, k))


def summed_in(narrow, q, k):
    total = numpy.zeros((len(q), len(k)), q.dtype)
    for column in range(q.shape[1]):
        total = narrow(total + q[:, column, None] * k[None, :, column])
    return total


def f16_inputs_summed_key_by_key_in_f16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Inputs of f16, whose denominators grow in f16 key by key and stop growing."""
    q, keys, values = q.astype("f4"), (keys[0].astype("f4"),), (values[0].astype("f4"),)
    return online(q, keys, values, softmax_scale, causal, tile=1, denominator=f16).astype("f2")


# The scale.


def scale_applied_twice(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores are multiplied by the scale twice."""
    return online(q, keys, values, softmax_scale**2, causal)


def scale_missing(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores are not scaled."""
    return online(q, keys, values, 1.0, causal)


def square_root_of_scale(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores are multiplied by the square root of the scale, as where one of two factors is forgotten."""
    return online(q, keys, values, softmax_scale**0.5, causal)


def one_over_d_built_in(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The scale is 1/d, whatever is asked for."""
    return online(q, keys, values, 1 / q.shape[1], causal)


def one_over_root_of_d_built_in(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The scale is 1/sqrt(d), whatever is asked for."""
    return online(q, keys, values, q.shape[1] ** -0.5, causal)


def one_over_root_of_d_besides_scale(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The scale is multiplied by 1/sqrt(d)."""
    return online(q, keys, values, softmax_scale * q.shape[1] ** -0.5, causal)


def exp2_for_exp(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Weights are powers of 2, and the scale is not folded with log2(e)."""
    return online(q, keys, values, softmax_scale, causal, exp=numpy.exp2)


def maximum_not_scaled(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The maximum of the products is subtracted from the scaled ones."""
    return online(q, keys, values, softmax_scale, causal, subtracted=lambda top: top / top.dtype.type(softmax_scale))


# Soft caps and sinks.


def scores_capped_at_50(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores become 50 tanh(score / 50)."""
    return online(q, keys, values, softmax_scale, causal, score=lambda q, k, scale: 50 * numpy.tanh(scale * (q @ k.T) / 50))


def scores_clipped_at_30(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Scores are cut off at -30 and 30."""
    return online(q, keys, values, softmax_scale, causal, score=lambda q, k, scale: numpy.clip(scale * (q @ k.T), -30, 30))


def sink_of_logit_0(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """One more key of score 0 and value 0."""
    return materialised(q, keys, values, softmax_scale, causal, weights=lambda s: with_sink(s, 0))


def sink_of_logit_minus_20(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """One more key of score -20 and value 0: nothing where scores are near 0, everything where they lie far below."""
    return materialised(q, keys, values, softmax_scale, causal, weights=lambda s: with_sink(s, -20))


def with_sink(scores: Array, logit: float) -> Array:
    return softmax(numpy.concatenate([scores, numpy.full_like(scores[:, :1], logit)], axis=1))[:, :-1]


# Denormals.


def denormal_values_flushed(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Denormal values are read as 0."""
    return online(q, keys, (flushed(values[0]),), softmax_scale, causal)


def denormal_keys_flushed(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Denormal keys are read as 0."""
    return online(q, (flushed(keys[0]),), values, softmax_scale, causal)


def f16_denormal_values_flushed(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Values of f16 below 2^-14 are read as 0; sums are in f32."""
    return online(q.astype("f4"), (keys[0].astype("f4"),), (flushed(values[0]).astype("f4"),), softmax_scale, causal).astype("f2")


def weights_below_2_to_minus_14_flushed(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Weights below the smallest normal number of f16 are read as 0."""
    return online(q, keys, values, softmax_scale, causal, weights=lambda w: numpy.where(w < 2.0**-14, w.dtype.type(0), w))


def flushed(x: Array) -> Array:
    return numpy.where(abs(x) < numpy.finfo(x.dtype).tiny, x.dtype.type(0), x)
