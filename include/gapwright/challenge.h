// SPDX-License-Identifier: MIT
/* The C interface of `gapwright challenge --library lib.so`: a shared library that exports one function. C99, no dependencies. */
#ifndef GAPWRIGHT_CHALLENGE_H
#define GAPWRIGHT_CHALLENGE_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define GAPWRIGHT_CHALLENGE_VERSION 1u

/* Types of the entries. F16 and BF16 are passed as uint16_t bit patterns. */
enum gapwright_dtype { GAPWRIGHT_F64 = 0, GAPWRIGHT_F32 = 1, GAPWRIGHT_F16 = 2, GAPWRIGHT_BF16 = 3 };

/* What the function returns. Any other value is a failure. */
enum { GAPWRIGHT_DONE = 0, GAPWRIGHT_REFUSED = 5 };

/* Attention of order k:
 *   S[i; J] = softmax_scale * sum_l q[i,l] * prod_u keys[u][j_u, l],
 *   out[i] = sum_J exp(S[i;J]) v_J / sum_J exp(S[i;J]),    J = (j_1, ..., j_{k-1}),
 * v_J the coordinatewise product of the rows values[u][j_u]. k = 2 is ordinary attention. All matrices are row-major without gaps,
 * aligned to their type only.
 * If causal is not 0, row i uses only the tuples J with all j_u <= i. */
struct gapwright_attention {
  uint32_t version;          /* GAPWRIGHT_CHALLENGE_VERSION */
  uint32_t order;            /* k >= 2 */
  uint32_t dtype;            /* enum gapwright_dtype, of all entries and of out */
  uint32_t causal;           /* 0 or 1 */
  uint64_t rows;             /* n: rows of q and of out */
  uint64_t dimension;        /* d: columns of q and of every key matrix */
  uint64_t value_columns;    /* d_v: columns of every value matrix and of out */
  const uint64_t* key_rows;  /* [k - 1]: rows of keys[u] and values[u] */
  const void* q;             /* [rows][dimension] */
  const void* const* keys;   /* [k - 1] matrices [key_rows[u]][dimension] */
  const void* const* values; /* [k - 1] matrices [key_rows[u]][value_columns] */
  double softmax_scale;
};

/* Writes out, [rows][value_columns] in the type of the entries. The time of this call is what is measured. It runs in a process of its own, once
 * per input: a crash, a hang or a write beyond out is a result, not an end. */
int gapwright_challenge_attention(const struct gapwright_attention* input, void* out);

#ifdef __cplusplus
}
#endif

#endif
