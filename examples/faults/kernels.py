# SPDX-License-Identifier: MIT
"""Small attention kernels with one named fault each, and correct ones: what a test of kernels must fail, and what it must pass.

A kernel is called as f(q, keys, values, softmax_scale), with causal=True where the input has that mask, and returns out; with a
gradient as f(q, keys, values, softmax_scale, upstream), and returns (dq, dk, dv), the last two tuples. keys and values are tuples
of order - 1 matrices. TABLE has a row for every kernel.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Optional

import correct
import entry_faults as entry
import gradient_and_order_faults as more
import key_faults as key
import softmax_faults as soft


@dataclass(frozen=True)
class Kernel:
    function: Callable[..., Any]
    kind: str
    correct: bool
    subtle: bool = False  # right on 16 random rows and keys of dimension 8, scale 1/sqrt(8)
    orders: tuple[int, ...] = (2,)
    causal: bool = False  # the mask is what it is about; every kernel takes causal=True
    heads: Optional[str] = None  # four axes: "bhnd" (batch, head, row, column) or "bnhd"
    gradient: bool = False
    dtype: str = "float32"  # of the inputs; bfloat16 stands in arrays of float32

    @property
    def name(self) -> str:
        return self.function.__name__

    @property
    def says(self) -> str:
        return self.function.__doc__ or ""


def right(kind: str, function: Callable[..., Any], **columns: Any) -> Kernel:
    return Kernel(function, kind, True, **columns)


def fault(kind: str, function: Callable[..., Any], **columns: Any) -> Kernel:
    """A fault that any input shows."""
    return Kernel(function, kind, False, **columns)


def subtle(kind: str, function: Callable[..., Any], **columns: Any) -> Kernel:
    """A fault that random inputs do not show."""
    return Kernel(function, kind, False, subtle=True, **columns)


TABLE = [
    subtle("running maximum", soft.running_max_starts_at_zero),
    subtle("running maximum", soft.running_max_starts_at_minus_1e4),
    subtle("running maximum", soft.running_max_starts_at_minus_1e9, dtype="float64"),
    subtle("running maximum", soft.running_max_starts_at_lowest_f16),
    subtle("running maximum", soft.running_max_starts_at_smallest_normal_float),
    subtle("running maximum", soft.numerator_not_rescaled),
    subtle("running maximum", soft.denominator_not_rescaled),
    subtle("no maximum", soft.no_maximum_subtracted),
    subtle("no maximum", soft.constant_20_subtracted),
    subtle("no maximum", soft.mean_score_subtracted),
    subtle("no maximum", soft.maximum_of_first_tile_subtracted),
    subtle("no maximum", soft.maximum_of_all_rows_subtracted),
    subtle("no maximum", soft.product_of_norms_subtracted),
    subtle("rounding", soft.scale_times_max_rounded_to_bf16),
    subtle("rounding", soft.scale_times_max_rounded_to_f16),
    subtle("rounding", soft.max_rounded_in_weights_alone),
    fault("rounding", soft.scores_rounded_to_bf16),
    fault("rounding", soft.scores_rounded_to_f16),
    fault("rounding", soft.scaled_queries_rounded_to_bf16),
    subtle("placeholder", key.mask_placeholder_minus_1e4, causal=True),
    subtle("placeholder", key.mask_placeholder_minus_1e9, causal=True, dtype="float64"),
    subtle("placeholder", key.mask_placeholder_lowest_f16, causal=True),
    fault("placeholder", key.mask_placeholder_zero, causal=True),
    subtle("placeholder", key.mask_placeholder_before_scaling, causal=True),
    subtle("placeholder", key.mask_adds_minus_1e4, causal=True),
    subtle("placeholder", key.padding_placeholder_minus_1e4),
    fault("accumulator", soft.denominator_summed_in_f16),
    fault("accumulator", soft.denominator_summed_in_bf16),
    fault("accumulator", soft.numerator_summed_in_f16),
    fault("accumulator", soft.numerator_summed_in_bf16),
    fault("accumulator", soft.scores_summed_in_f16),
    fault("accumulator", soft.scores_summed_in_bf16),
    subtle("accumulator", soft.f16_inputs_summed_key_by_key_in_f16, dtype="float16"),
    fault("scale", soft.scale_applied_twice),
    fault("scale", soft.scale_missing),
    fault("scale", soft.square_root_of_scale),
    fault("scale", soft.one_over_d_built_in),
    subtle("scale", soft.one_over_root_of_d_built_in),
    fault("scale", soft.one_over_root_of_d_besides_scale),
    fault("scale", soft.exp2_for_exp),
    subtle("scale", soft.maximum_not_scaled),
    fault("mask", key.causal_mask_one_too_late, causal=True),
    fault("mask", key.causal_mask_one_too_early, causal=True),
    fault("mask", key.causal_mask_ignored, causal=True),
    fault("mask", key.causal_mask_transposed, causal=True),
    subtle("mask", key.causal_mask_is_window_of_64, causal=True),
    subtle("mask", key.causal_mask_of_the_other_corner, causal=True),
    fault("mask", key.causal_mask_of_whole_tiles, causal=True),
    subtle("mask", key.diagonal_tiles_skipped, causal=True),
    fault("mask", key.hidden_weights_not_made_up_for, causal=True),
    subtle("mask", key.maximum_over_hidden_keys_too, causal=True),
    subtle("tile", key.last_partial_tile_dropped),
    subtle("tile", key.last_tile_padded_and_not_masked),
    subtle("tile", key.last_tile_moved_back),
    subtle("tile", key.last_row_tile_stale),
    subtle("tile", key.keys_beyond_128_unread),
    subtle("tile", key.splits_combined_without_maxima),
    subtle("tile", key.splits_averaged),
    fault("quantised", entry.keys_quantised_to_8_bits),
    fault("quantised", entry.keys_quantised_to_4_bits),
    fault("quantised", entry.keys_quantised_to_2_bits),
    fault("quantised", entry.keys_rounded_to_e5m2),
    fault("quantised", entry.queries_quantised_to_8_bits),
    fault("quantised", entry.queries_and_keys_rounded_to_e4m3),
    fault("quantised", entry.values_quantised_to_8_bits),
    fault("quantised", entry.values_quantised_to_4_bits),
    fault("quantised", entry.values_rounded_to_e4m3),
    fault("quantised", entry.weights_quantised_to_8_bits),
    fault("quantised", entry.weights_rounded_to_e4m3),
    subtle("missed keys", key.best_32_keys_alone),
    fault("missed keys", key.keys_of_other_hash_buckets_missed),
    fault("missed keys", key.every_second_key_read),
    fault("missed keys", key.random_half_of_keys_read),
    subtle("missed keys", key.short_keys_pruned),
    subtle("missed keys", key.tiles_8_below_the_first_skipped),
    subtle("ties", key.first_of_tied_keys_alone),
    subtle("ties", key.last_of_tied_keys_alone),
    subtle("ties", key.third_of_tied_keys_and_later_lost),
    fault("ties", key.best_key_alone),
    subtle("ties", key.equal_keys_counted_once),
    fault("columns", entry.first_and_last_columns_swapped),
    fault("columns", entry.second_half_of_columns_repeats_the_first),
    fault("columns", entry.last_column_dropped),
    fault("columns", entry.second_half_of_coordinates_unread),
    fault("columns", entry.last_coordinate_unread),
    fault("rows", entry.last_row_stale),
    fault("rows", entry.first_and_last_rows_swapped),
    fault("rows", entry.rows_moved_by_one),
    fault("rows", entry.middle_row_is_the_mean),
    fault("rows", entry.middle_row_zero),
    fault("soft cap", soft.scores_capped_at_50),
    subtle("soft cap", soft.scores_clipped_at_30),
    fault("sink", soft.sink_of_logit_0),
    subtle("sink", soft.sink_of_logit_minus_20),
    subtle("denormals", soft.denormal_values_flushed),
    subtle("denormals", soft.denormal_keys_flushed),
    subtle("denormals", soft.f16_denormal_values_flushed, dtype="float16"),
    subtle("denormals", soft.weights_below_2_to_minus_14_flushed),
    fault("heads", entry.every_head_reads_the_first_keys, heads="bhnd"),
    fault("heads", entry.every_batch_reads_the_first_keys, heads="bhnd"),
    fault("heads", entry.heads_of_output_reversed, heads="bhnd"),
    subtle("heads", entry.grouped_heads_taken_in_turn, heads="bhnd"),
    fault("heads", entry.heads_last_read_as_heads_first, heads="bnhd"),
    subtle("state", entry.keys_of_first_call_kept),
    subtle("state", entry.running_max_kept),
    subtle("state", entry.denominator_not_cleared),
    fault("gradient", more.gradient_without_row_term, gradient=True),
    fault("gradient", more.gradient_with_row_term_of_the_row_before, gradient=True),
    fault("gradient", more.gradient_with_row_term_of_rounded_output, gradient=True),
    fault("gradient", more.gradient_dq_not_scaled, gradient=True),
    fault("gradient", more.gradient_dk_not_scaled, gradient=True),
    fault("gradient", more.gradient_dv_of_weights_not_divided, gradient=True),
    fault("gradient", more.gradient_without_mask, gradient=True, causal=True),
    subtle("gradient", more.gradient_dk_of_the_last_rows, gradient=True),
    subtle("gradient", more.gradient_dq_without_the_last_keys, gradient=True),
    fault("order 3", more.second_keys_ignored_in_scores, orders=(3,)),
    fault("order 3", more.first_keys_used_twice, orders=(3,)),
    fault("order 3", more.scores_of_key_matrices_added, orders=(3,)),
    fault("order 3", more.values_of_first_matrix_alone, orders=(3,)),
    fault("order 3", more.values_of_tuple_added, orders=(3,)),
    fault("order 3", more.tuples_of_equal_indices_alone, orders=(3,)),
    fault("order 3", more.causal_mask_on_first_keys_alone, orders=(3,), causal=True),
    fault("order 3", more.causal_mask_on_earliest_key, orders=(3,), causal=True),
    fault("order 3", more.maxima_of_first_keys_forgotten, orders=(3,)),
    right("order of sums", correct.all_at_once, orders=(2, 3, 4)),
    right("order of sums", correct.summed_in_reverse),
    right("order of sums", correct.summed_in_random_order),
    right("order of sums", correct.summed_in_pairs),
    right("order of sums", correct.summed_with_compensation),
    right("order of sums", correct.summed_in_float64),
    right("tiles", correct.tiles_of_1),
    right("tiles", correct.tiles_of_7),
    right("tiles", correct.tiles_of_33),
    right("tiles", correct.tiles_of_128),
    right("tiles", correct.last_tile_padded_and_masked),
    right("tiles", correct.causal_tiles_skipped, causal=True),
    right("running maximum", correct.running_max_starts_at_lowest_float),
    right("running maximum", correct.rescaled_when_it_pays),
    right("placeholder", correct.mask_placeholder_lowest_float, causal=True),
    right("scale", correct.exp2_with_folded_scale),
    right("scale", correct.queries_scaled_beforehand),
    right("split keys", correct.split_keys_joined),
    right("storage", correct.f16_storage_sums_in_f32, dtype="float16"),
    right("storage", correct.bf16_storage_sums_in_f32, dtype="bfloat16"),
    right("storage", correct.bf16_weights_sums_in_f32, dtype="bfloat16"),
    right("heads", correct.heads_one_by_one, heads="bhnd"),
    right("heads", correct.heads_all_at_once, heads="bhnd"),
    right("heads", correct.heads_after_rows, heads="bnhd"),
    right("order 3", correct.loops_over_first_keys, orders=(2, 3, 4)),
    right("gradient", correct.backward_all_at_once, gradient=True),
    right("gradient", correct.backward_in_tiles, gradient=True),
]
