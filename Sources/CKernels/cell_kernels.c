#include "cell_kernels.h"

#include "multiversioned.h"

#include <stdlib.h>
#include <string.h>

#pragma clang fp contract(fast)

// Eight partial sums whatever the machine has, so that the order of a sum does not depend on it.
enum { LANES = 8, SEVERAL = 4, MOST_ROWS = 8 };

typedef double lanes_t __attribute__((vector_size(8 * LANES), aligned(8)));

#define AT(pointer) (*(lanes_t *)(pointer))
#define VALUES_AT(pointer) (*(const lanes_t *)(pointer))
#define SUM_OF(v) (((v[0] + v[4]) + (v[1] + v[5])) + ((v[2] + v[6]) + (v[3] + v[7])))
#define UNROLLED _Pragma("unroll") for

typedef nutune_cell_response response_t;

// Rows of bins in the order of the response, each of this length.
INLINED
static size_t width_of(const response_t *response) {
  return (response->reached + LANES - 1) & ~(size_t)(LANES - 1);
}

// The next cells with any weight and a row, at most `most` of them; returns how many there are.
INLINED
static size_t next_rows(
    const response_t *response, const double *weights, const size_t several, const size_t most, size_t *cell,
    const double **rows, size_t *lengths, double w[MOST_ROWS][SEVERAL]) {
  size_t count = 0;
  for (; *cell < response->cells && count < most; (*cell)++) {
    const size_t length = (size_t)(response->offsets[*cell + 1] - response->offsets[*cell]);
    int used = 0;
    for (size_t k = 0; k < several; k++) {
      w[count][k] = weights[k * response->cells + *cell];
      used |= w[count][k] != 0;
    }
    if (!used || length == 0) continue;
    rows[count] = response->values + response->offsets[*cell];
    lengths[count++] = length;
  }
  return count;
}

// Adds several weights times the rows of the response to sums, shape [several][width]; so many rows in one pass that sums are
// loaded and stored once for all of them.
INLINED
static void add_rows(
    const response_t *response, const double *weights, const size_t several, const size_t most, double *sums) {
  const size_t width = width_of(response);
  const double *rows[MOST_ROWS];
  size_t lengths[MOST_ROWS];
  double w[MOST_ROWS][SEVERAL];
  size_t cell = 0, count;
  while ((count = next_rows(response, weights, several, most, &cell, rows, lengths, w)) > 0) {
    // Rows grow with the cell: all reach what the first one does.
    const size_t shared = count == most ? lengths[0] : 0;
    for (size_t i = 0; i < shared; i += LANES) {
      lanes_t sum[SEVERAL];
      UNROLLED (size_t k = 0; k < several; k++) sum[k] = VALUES_AT(sums + k * width + i);
      UNROLLED (size_t row = 0; row < most; row++) {
        const lanes_t values = VALUES_AT(rows[row] + i);
        UNROLLED (size_t k = 0; k < several; k++) sum[k] += w[row][k] * values;
      }
      UNROLLED (size_t k = 0; k < several; k++) AT(sums + k * width + i) = sum[k];
    }
    for (size_t row = 0; row < count; row++) {
      for (size_t i = shared; i < lengths[row]; i += LANES) {
        UNROLLED (size_t k = 0; k < several; k++) AT(sums + k * width + i) += w[row][k] * VALUES_AT(rows[row] + i);
      }
    }
  }
}

MULTIVERSIONED
void nutune_cell_rates(const response_t *response, const double *weights, size_t several, double *rates) {
  const size_t width = width_of(response), cells = response->cells, bins = response->bins;
  double *sums = calloc(several * width + 1, sizeof(double));
  if (!sums) abort();
  size_t k = 0;
  for (; k + 4 <= several; k += 4) add_rows(response, weights + k * cells, 4, 4, sums + k * width);
  switch (several - k) {
    case 3: add_rows(response, weights + k * cells, 3, 4, sums + k * width); break;
    case 2: add_rows(response, weights + k * cells, 2, 8, sums + k * width); break;
    case 1: add_rows(response, weights + k * cells, 1, 8, sums + k * width); break;
  }
  memset(rates, 0, several * bins * sizeof(double));
  for (size_t k = 0; k < several; k++) {
    for (size_t i = 0; i < response->reached; i++) rates[k * bins + (size_t)response->order[i]] = sums[k * width + i];
  }
  free(sums);
}

// Several cells at a time, so that slopes are loaded once for all of them as far as the first one reaches; shape
// [several][width] -> [several][cells].
INLINED
static void add_columns(
    const response_t *response, const double *slopes, const size_t several, const size_t most, double *totals) {
  const size_t width = width_of(response), cells = response->cells;
  const ptrdiff_t *offsets = response->offsets;
  for (size_t cell = 0; cell < cells; cell += most) {
    const size_t shared = (size_t)(offsets[cell + 1] - offsets[cell]);
    const double *rows[MOST_ROWS];
    lanes_t sums[MOST_ROWS][SEVERAL];
    UNROLLED (size_t row = 0; row < most; row++) {
      // The last cell stands for those after the end.
      rows[row] = response->values + offsets[cell + row < cells ? cell + row : cells - 1];
      UNROLLED (size_t k = 0; k < several; k++) sums[row][k] = (lanes_t){0};
    }
    for (size_t i = 0; i < shared; i += LANES) {
      lanes_t slope[SEVERAL];
      UNROLLED (size_t k = 0; k < several; k++) slope[k] = VALUES_AT(slopes + k * width + i);
      UNROLLED (size_t row = 0; row < most; row++) {
        const lanes_t values = VALUES_AT(rows[row] + i);
        UNROLLED (size_t k = 0; k < several; k++) sums[row][k] += values * slope[k];
      }
    }
    UNROLLED (size_t row = 0; row < most; row++) {
      if (cell + row >= cells) break;
      const size_t length = (size_t)(offsets[cell + row + 1] - offsets[cell + row]);
      for (size_t i = shared; i < length; i += LANES) {
        UNROLLED (size_t k = 0; k < several; k++) {
          sums[row][k] += VALUES_AT(rows[row] + i) * VALUES_AT(slopes + k * width + i);
        }
      }
      UNROLLED (size_t k = 0; k < several; k++) totals[k * cells + cell + row] = SUM_OF(sums[row][k]);
    }
  }
}

MULTIVERSIONED
void nutune_cell_totals(const response_t *response, const double *slopes, size_t several, double *totals) {
  const size_t width = width_of(response), cells = response->cells, bins = response->bins;
  double *ordered = calloc(several * width + 1, sizeof(double));
  if (!ordered) abort();
  for (size_t k = 0; k < several; k++) {
    for (size_t i = 0; i < response->reached; i++) ordered[k * width + i] = slopes[k * bins + (size_t)response->order[i]];
  }
  size_t k = 0;
  for (; k + 4 <= several; k += 4) add_columns(response, ordered + k * width, 4, 2, totals + k * cells);
  switch (several - k) {
    case 3: add_columns(response, ordered + k * width, 3, 2, totals + k * cells); break;
    case 2: add_columns(response, ordered + k * width, 2, 4, totals + k * cells); break;
    case 1: add_columns(response, ordered + k * width, 1, 4, totals + k * cells); break;
  }
  free(ordered);
}
