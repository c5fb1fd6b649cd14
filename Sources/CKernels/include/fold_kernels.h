// Sparse linear map from node values (a, b, c) to bins, with the nonzeros of a bin in runs of neighbouring nodes.
//
// A run is `length` triples for nodes start ... start + length - 1 in a row (bin); its coefficients lie at
// coefficients + 3 * offset as three pieces, ca[length], cb[length], cc[length]:
//   y[row] += sum_i ca[i] a[start + i] + cb[i] b[start + i] + cc[i] c[start + i].
//
// Sums run over eight fixed lanes in double precision: the same bits for every instruction set with FMA. In float a
// triple's three products are summed in float, everything beyond in double.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int32_t row;
  int32_t start;
  int32_t length;
  int32_t offset;      // of the first coefficient, in triples of the whole table
  int32_t pieceOffset;  // first triple of this piece inside its run
  int32_t runLength;    // of the run the piece is cut from: distance between ca, cb and cc
} fold_piece;

#define FOLD_DECLARE(REAL, S)                                                                                     \
  /* y[row] += ...; pieces sorted by row. */                                                                      \
  void fold_apply_##S(                                                                                            \
      const fold_piece *pieces, size_t count, const REAL *coefficients, const REAL *a, const REAL *b, const REAL *c, \
      double *y);                                                                                                 \
  /* ga[start + i] += g[row] ca[i], likewise gb, gc, in the order of the pieces. */                               \
  void fold_transpose_##S(                                                                                        \
      const fold_piece *pieces, size_t count, const REAL *coefficients, const double *g, REAL *ga, REAL *gb, REAL *gc); \
  /* y[row * parts + k] += sum_i p[k * stride + start + i] (ca[i] a[start + i] + ...) for k < parts: every row is      \
     divided in parts by probabilities that belong to the nodes. The coefficients are read once for all parts. */     \
  void fold_apply_parts_##S(                                                                                      \
      const fold_piece *pieces, size_t count, const REAL *coefficients, const REAL *a, const REAL *b, const REAL *c, \
      const REAL *p, size_t parts, size_t stride, double *y);                                                     \
  /* ga[start + i] += ca[i] sum_k g[row * parts + k] p[k * stride + start + i], likewise gb, gc. */               \
  void fold_transpose_parts_##S(                                                                                  \
      const fold_piece *pieces, size_t count, const REAL *coefficients, const REAL *p, size_t parts, size_t stride, \
      const double *g, REAL *ga, REAL *gb, REAL *gc);

FOLD_DECLARE(float, f32)
FOLD_DECLARE(double, f64)
#undef FOLD_DECLARE

#ifdef __cplusplus
}
#endif
