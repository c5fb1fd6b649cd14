#include "cell_kernels.h"

#include "multiversioned.h"

#include <stdlib.h>
#include <string.h>

#pragma clang fp contract(fast)

// Rows added in one pass over the rates, so that these are loaded and stored once for all of them.
enum { ROWS = 8 };

MULTIVERSIONED
void nutune_cell_rates(
    const double *weights, const int32_t *reach, size_t cells, const double *values, size_t bins,
    double *restrict rates) {
  memset(rates, 0, bins * sizeof(double));
  for (size_t cell = 0; cell < cells;) {
    const double *rows[ROWS];
    double w[ROWS];
    size_t count = 0, longest = 0;
    for (; cell < cells && count < ROWS; cell++) {
      if (weights[cell] == 0 || reach[cell] == 0) continue;
      rows[count] = values + cell * bins;
      w[count++] = weights[cell];
      if ((size_t)reach[cell] > longest) longest = (size_t)reach[cell];
    }
    if (count == 0) break;
    // The last pass is filled up with rows of weight zero.
    for (size_t i = count; i < ROWS; i++) {
      rows[i] = rows[0];
      w[i] = 0;
    }
    const double *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3];
    const double *r4 = rows[4], *r5 = rows[5], *r6 = rows[6], *r7 = rows[7];
    for (size_t b = 0; b < longest; b++) {
      double sum = rates[b];
      sum += w[0] * r0[b];
      sum += w[1] * r1[b];
      sum += w[2] * r2[b];
      sum += w[3] * r3[b];
      sum += w[4] * r4[b];
      sum += w[5] * r5[b];
      sum += w[6] * r6[b];
      sum += w[7] * r7[b];
      rates[b] = sum;
    }
  }
}

// Part of every version of the function that calls it.
#define INLINED __attribute__((always_inline)) inline

// Rows and weight vectors of one pass of the kernels of several weight vectors: each row is loaded once for all of them.
enum { ROWS_OF_SEVERAL = 4, SEVERAL = 4 };

INLINED
static void rates_of_four(
    const double *const *weights, const int32_t *reach, size_t cells, const double *values, size_t bins,
    double *restrict a, double *restrict b, double *restrict c, double *restrict d) {
  for (size_t cell = 0; cell < cells;) {
    const double *rows[ROWS_OF_SEVERAL];
    double w[ROWS_OF_SEVERAL][SEVERAL];
    size_t count = 0, longest = 0;
    for (; cell < cells && count < ROWS_OF_SEVERAL; cell++) {
      int used = 0;
      for (size_t k = 0; k < SEVERAL; k++) used |= weights[k][cell] != 0;
      if (!used || reach[cell] == 0) continue;
      rows[count] = values + cell * bins;
      for (size_t k = 0; k < SEVERAL; k++) w[count][k] = weights[k][cell];
      count++;
      if ((size_t)reach[cell] > longest) longest = (size_t)reach[cell];
    }
    if (count == 0) break;
    for (size_t i = count; i < ROWS_OF_SEVERAL; i++) {
      rows[i] = rows[0];
      for (size_t k = 0; k < SEVERAL; k++) w[i][k] = 0;
    }
    const double *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3];
    for (size_t i = 0; i < longest; i++) {
      const double v0 = r0[i], v1 = r1[i], v2 = r2[i], v3 = r3[i];
      double s0 = a[i], s1 = b[i], s2 = c[i], s3 = d[i];
      s0 += w[0][0] * v0;
      s1 += w[0][1] * v0;
      s2 += w[0][2] * v0;
      s3 += w[0][3] * v0;
      s0 += w[1][0] * v1;
      s1 += w[1][1] * v1;
      s2 += w[1][2] * v1;
      s3 += w[1][3] * v1;
      s0 += w[2][0] * v2;
      s1 += w[2][1] * v2;
      s2 += w[2][2] * v2;
      s3 += w[2][3] * v2;
      s0 += w[3][0] * v3;
      s1 += w[3][1] * v3;
      s2 += w[3][2] * v3;
      s3 += w[3][3] * v3;
      a[i] = s0;
      b[i] = s1;
      c[i] = s2;
      d[i] = s3;
    }
  }
}

MULTIVERSIONED
void nutune_cell_rates_of_several(
    const double *weights, size_t several, const int32_t *reach, size_t cells, const double *values, size_t bins,
    double *rates) {
  memset(rates, 0, several * bins * sizeof(double));
  size_t first = 0;
  for (; first + SEVERAL <= several; first += SEVERAL) {
    const double *w[SEVERAL];
    for (size_t k = 0; k < SEVERAL; k++) w[k] = weights + (first + k) * cells;
    double *r = rates + first * bins;
    rates_of_four(w, reach, cells, values, bins, r, r + bins, r + 2 * bins, r + 3 * bins);
  }
  if (several - first == 1) {
    nutune_cell_rates(weights + first * cells, reach, cells, values, bins, rates + first * bins);
  } else if (first < several) {
    // The last two or three are filled up to four with weights of zero.
    double *padded = calloc(SEVERAL * cells + SEVERAL * bins, sizeof(double));
    if (!padded) abort();
    const size_t left = several - first;
    memcpy(padded, weights + first * cells, left * cells * sizeof(double));
    const double *w[SEVERAL];
    for (size_t k = 0; k < SEVERAL; k++) w[k] = padded + k * cells;
    double *r = padded + SEVERAL * cells;
    rates_of_four(w, reach, cells, values, bins, r, r + bins, r + 2 * bins, r + 3 * bins);
    memcpy(rates + first * bins, r, left * bins * sizeof(double));
    free(padded);
  }
}

// Eight partial sums whatever the machine has, so that the order of a sum does not depend on it.
enum { LANES = 8 };

#define SUM_OF(v) (((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7])))

typedef double lanes_t __attribute__((vector_size(8 * LANES), aligned(8)));

// Two cells at a time as far as both reach, so that slopes are loaded once for both; then the rest of each. What is summed in
// lanes and what after them depends on the reach of the cell alone.
#define DEFINE_TOTALS(NAME, COUNT)                                                                                   \
  INLINED                                                                                                            \
  static void NAME(                                                                                                  \
      const double *slopes, const int32_t *reach, size_t cells, const double *values, size_t bins, double *totals) { \
    for (size_t cell = 0; cell < cells; cell += 2) {                                                                 \
      const size_t other = cell + 1 < cells ? cell + 1 : cell;                                                       \
      const double *first = values + cell * bins, *second = values + other * bins;                                   \
      const size_t first_whole = (size_t)reach[cell] & ~(size_t)(LANES - 1);                                         \
      const size_t second_whole = (size_t)reach[other] & ~(size_t)(LANES - 1);                                       \
      const size_t both = first_whole < second_whole ? first_whole : second_whole;                                   \
      lanes_t a[COUNT] = {{0}}, b[COUNT] = {{0}};                                                                    \
      for (size_t i = 0; i < both; i += LANES) {                                                                     \
        const lanes_t u = *(const lanes_t *)(first + i), v = *(const lanes_t *)(second + i);                         \
        _Pragma("unroll") for (size_t k = 0; k < COUNT; k++) {                                                       \
          const lanes_t y = *(const lanes_t *)(slopes + k * bins + i);                                               \
          a[k] += u * y;                                                                                             \
          b[k] += v * y;                                                                                             \
        }                                                                                                            \
      }                                                                                                              \
      for (size_t i = both; i < first_whole; i += LANES) {                                                           \
        const lanes_t u = *(const lanes_t *)(first + i);                                                             \
        _Pragma("unroll") for (size_t k = 0; k < COUNT; k++) a[k] += u * *(const lanes_t *)(slopes + k * bins + i);  \
      }                                                                                                              \
      for (size_t i = both; i < second_whole; i += LANES) {                                                          \
        const lanes_t v = *(const lanes_t *)(second + i);                                                            \
        _Pragma("unroll") for (size_t k = 0; k < COUNT; k++) b[k] += v * *(const lanes_t *)(slopes + k * bins + i);  \
      }                                                                                                              \
      _Pragma("unroll") for (size_t k = 0; k < COUNT; k++) {                                                         \
        const double *y = slopes + k * bins;                                                                         \
        double s = SUM_OF(a[k]), t = SUM_OF(b[k]);                                                                   \
        for (size_t i = first_whole; i < (size_t)reach[cell]; i++) s += first[i] * y[i];                             \
        for (size_t i = second_whole; i < (size_t)reach[other]; i++) t += second[i] * y[i];                          \
        totals[k * cells + cell] = s;                                                                                \
        totals[k * cells + other] = t;                                                                               \
      }                                                                                                              \
    }                                                                                                                \
  }

DEFINE_TOTALS(totals_of_four, 4)
DEFINE_TOTALS(totals_of_two, 2)
DEFINE_TOTALS(totals_of_one, 1)

MULTIVERSIONED
void nutune_cell_totals_of_several(
    const double *slopes, size_t several, const int32_t *reach, size_t cells, const double *values, size_t bins,
    double *totals) {
  size_t first = 0;
  for (; first + 4 <= several; first += 4) {
    totals_of_four(slopes + first * bins, reach, cells, values, bins, totals + first * cells);
  }
  if (first + 2 <= several) {
    totals_of_two(slopes + first * bins, reach, cells, values, bins, totals + first * cells);
    first += 2;
  }
  if (first < several) totals_of_one(slopes + first * bins, reach, cells, values, bins, totals + first * cells);
}
