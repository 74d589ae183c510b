# SPDX-License-Identifier: MIT
"""Faults of which keys are seen: masks and their placeholders, tiles, keys that are missed, ties."""
from __future__ import annotations

import numpy

from pieces import NOTHING, Array, Arrays, chosen, dot_products, materialised, not_later, online, padded, softmax

TILE = 16
SPLIT = 128

# The causal mask.


def causal_mask_one_too_late(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Row i sees key i + 1."""
    return online(q, keys, values, softmax_scale, causal, sees=lambda i, j: j <= i + 1)


def causal_mask_one_too_early(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Row i does not see key i, unless it is the first."""
    return online(q, keys, values, softmax_scale, causal, sees=lambda i, j: (j < i) | (j == 0))


def causal_mask_ignored(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Every row sees every key."""
    return online(q, keys, values, softmax_scale)


def causal_mask_transposed(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Row i sees the keys from i on."""
    return online(q, keys, values, softmax_scale, causal, sees=lambda i, j: j >= i)


def causal_mask_is_window_of_64(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Row i sees the last 64 keys alone."""
    return online(q, keys, values, softmax_scale, causal, sees=lambda i, j: (j <= i) & (j > i - 64))


def causal_mask_of_the_other_corner(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last row sees the last key, also where there are more keys than rows."""
    return online(q, keys, values, softmax_scale, causal, sees=lambda i, j: j <= i + len(keys[0]) - len(q))


def causal_mask_of_whole_tiles(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Tiles on the diagonal are not masked."""
    return online(q, keys, values, softmax_scale, causal, sees=lambda i, j: j // TILE <= i // TILE)


def diagonal_tiles_skipped(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Tiles on the diagonal are taken for hidden ones, but the first."""
    return online(q, keys, values, softmax_scale, causal, sees=lambda i, j: (j <= i) & ((i < TILE) | (j // TILE < i // TILE)))


def hidden_weights_not_made_up_for(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Weights are divided by their sum over all keys, and those of hidden keys removed after that."""
    return materialised(q, keys, values, softmax_scale, weights=lambda s: softmax(s) * seen(s) if causal else softmax(s))


def maximum_over_hidden_keys_too(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The maximum is taken over all keys: a hidden one far above leaves a row nothing."""

    def weights(scores: Array) -> Array:
        weights = numpy.exp(scores - scores.max(axis=1, keepdims=True)) * (seen(scores) if causal else 1)
        return weights / weights.sum(axis=1, keepdims=True)

    return materialised(q, keys, values, softmax_scale, weights=weights)


def seen(scores: Array) -> Array:
    return numpy.tri(*scores.shape, dtype=scores.dtype)


# What stands for the score of a hidden key.


def mask_placeholder_minus_1e4(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Hidden keys have the score -1e4."""
    return online(q, keys, values, softmax_scale, causal, hidden=-1e4)


def mask_placeholder_minus_1e9(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Hidden keys have the score -1e9, which float64 tells from the scores of rows that lie below it."""
    return online(q, keys, values, softmax_scale, causal, hidden=-1e9)


def mask_placeholder_lowest_f16(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Hidden keys have the score -65504."""
    return online(q, keys, values, softmax_scale, causal, hidden=-65504.0)


def mask_placeholder_zero(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Hidden keys have the score 0, as where scores are multiplied by the mask."""
    return online(q, keys, values, softmax_scale, causal, hidden=0.0)


def mask_placeholder_before_scaling(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Hidden keys have -100 in the place of the product, and it is scaled with the others."""
    return online(q, keys, values, softmax_scale, causal, hidden=-100 * softmax_scale)


def mask_adds_minus_1e4(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The mask adds -1e4, which a score further above makes up for."""
    return materialised(q, keys, values, softmax_scale, scores=lambda s: s - 10000 * (1 - seen(s)) if causal else s)


def padding_placeholder_minus_1e4(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last tile is filled up with keys of score -1e4 and value 0."""

    def score(q: Array, k: Array, scale: float) -> Array:
        return numpy.where(numpy.arange(len(k)) < len(keys[0]), dot_products(q, k, scale), q.dtype.type(-1e4))

    return materialised(q, (padded(keys[0], TILE),), (padded(values[0], TILE),), softmax_scale, causal, score=score)


# Tiles.


def last_partial_tile_dropped(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Whole tiles of keys alone are read."""
    whole = len(keys[0]) // TILE * TILE
    return online(q, (keys[0][:whole],), (values[0][:whole],), softmax_scale, causal)


def last_tile_padded_and_not_masked(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last tile is filled up with keys and values 0, which count."""
    return online(q, (padded(keys[0], TILE),), (padded(values[0], TILE),), softmax_scale, causal)


def last_tile_moved_back(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last tile begins earlier, so that it is whole, and the keys where it meets the one before count twice."""
    n = len(keys[0])
    whole = n // TILE * TILE
    twice = numpy.arange(n - TILE, whole) if n > TILE and n > whole else numpy.arange(0)
    return chosen(numpy.concatenate([numpy.arange(n), twice]), q, keys, values, softmax_scale, causal)


def last_row_tile_stale(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The last rows, too few for a tile, hold what the tile before them left."""
    out = online(q, keys, values, softmax_scale, causal)
    rest = len(q) % TILE
    if rest:
        out[-rest:] = out[-rest - TILE : -TILE] if len(q) > TILE else 0
    return out


def keys_beyond_128_unread(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The loop ends at key 128."""
    return online(q, (keys[0][:128],), (values[0][:128],), softmax_scale, causal)


def splits(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool) -> list:
    """The maxima, denominators and numerators of 128 keys each."""
    parts = [numpy.arange(first, min(first + SPLIT, len(keys[0]))) for first in range(0, len(keys[0]), SPLIT)]
    return [chosen(part, q, keys, values, softmax_scale, causal, combined=False) for part in parts]


def splits_combined_without_maxima(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Numerators and denominators of the splits are added, though each has its own maximum."""
    found = splits(q, keys, values, softmax_scale, causal)
    return sum(above for _, _, above in found) / sum(below for _, below, _ in found)


def splits_averaged(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The outputs of the splits are averaged with equal weights."""
    found = splits(q, keys, values, softmax_scale, causal)
    count = sum((below > 0).astype(q.dtype) for _, below, _ in found)
    return sum(above / numpy.where(below > 0, below, 1) for _, below, above in found) / count


# Keys that are missed.


def best_32_keys_alone(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The 32 largest scores of a row count."""
    return materialised(q, keys, values, softmax_scale, causal, weights=lambda s: softmax(numpy.where(s >= numpy.sort(s, axis=1)[:, -32:][:, :1], s, NOTHING)))


def keys_of_other_hash_buckets_missed(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """A key counts if two random hyperplanes have it on the side of the query; where there is none, all count."""
    planes = numpy.random.default_rng(1).standard_normal((q.shape[1], 2))
    same = ((q @ planes > 0)[:, None, :] == (keys[0] @ planes > 0)[None, :, :]).all(axis=2)

    def weights(scores: Array) -> Array:
        near = same & (scores > NOTHING)
        return softmax(numpy.where(near | ~near.any(axis=1, keepdims=True), scores, NOTHING))

    return materialised(q, keys, values, softmax_scale, causal, weights=weights)


def every_second_key_read(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Keys of odd index are skipped."""
    return chosen(numpy.arange(0, len(keys[0]), 2), q, keys, values, softmax_scale, causal)


def random_half_of_keys_read(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Half of the keys, drawn at random, stand for all; the first is among them."""
    taken = numpy.random.default_rng(1).random(len(keys[0])) < 0.5
    taken[0] = True
    return chosen(numpy.flatnonzero(taken), q, keys, values, softmax_scale, causal)


def short_keys_pruned(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Keys of less than a tenth of the largest norm are skipped, but the first."""
    norms = numpy.linalg.norm(keys[0], axis=1)
    return chosen(numpy.flatnonzero((norms >= norms.max() / 10) | (numpy.arange(len(norms)) == 0)), q, keys, values, softmax_scale, causal)


def tiles_8_below_the_first_skipped(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Tiles whose maximum is more than 8 below that of the first are skipped."""

    def weights(scores: Array) -> Array:
        maxima = numpy.repeat(numpy.maximum.reduceat(scores, numpy.arange(0, scores.shape[1], TILE), axis=1), TILE, axis=1)[:, : scores.shape[1]]
        return softmax(numpy.where(maxima >= maxima[:, :1] - 8, scores, NOTHING))

    return materialised(q, keys, values, softmax_scale, causal, weights=weights)


# Ties.


def first_of_tied_keys_alone(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Of the keys that share the maximum the first counts."""
    return materialised(q, keys, values, softmax_scale, causal, weights=lambda s: softmax(numpy.where(is_top(s) & (is_top(s).cumsum(axis=1) > 1), NOTHING, s)))


def last_of_tied_keys_alone(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Of the keys that share the maximum the last counts."""
    return materialised(
        q, keys, values, softmax_scale, causal, weights=lambda s: softmax(numpy.where(is_top(s) & (is_top(s)[:, ::-1].cumsum(axis=1)[:, ::-1] > 1), NOTHING, s))
    )


def third_of_tied_keys_and_later_lost(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Of the keys that share the maximum two count."""
    return materialised(q, keys, values, softmax_scale, causal, weights=lambda s: softmax(numpy.where(is_top(s) & (is_top(s).cumsum(axis=1) > 2), NOTHING, s)))


def best_key_alone(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """The output is the value of the best key."""
    return materialised(q, keys, values, softmax_scale, causal, weights=lambda s: numpy.eye(s.shape[1], dtype=s.dtype)[s.argmax(axis=1)])


def equal_keys_counted_once(q: Array, keys: Arrays, values: Arrays, softmax_scale: float, causal: bool = False) -> Array:
    """Of keys with the same entries the first counts."""
    return chosen(numpy.sort(numpy.unique(keys[0], axis=0, return_index=True)[1]), q, keys, values, softmax_scale, causal)


def is_top(scores: Array) -> Array:
    return scores == scores.max(axis=1, keepdims=True)
