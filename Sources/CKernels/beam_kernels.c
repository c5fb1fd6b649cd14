#include "beam_kernels.h"

#include "multiversioned.h"

#include <math.h>
#include <string.h>

#pragma clang fp contract(off)

MULTIVERSIONED
void nutune_beam_means(const nutune_averaging *averaging, const double *values, double *restrict means) {
  const double *weights = averaging->weights;
  const ptrdiff_t *offsets = averaging->offsets;
  for (size_t cell = 0; cell < averaging->cells; cell++) {
    double sum = 0;
    for (ptrdiff_t i = offsets[cell]; i < offsets[cell + 1]; i++) sum += weights[i] * values[i];
    means[cell] = sum;
  }
}

// Whether a cell shares a covariance of the values and the cross section with its neighbours.
INLINED
static int is_shared(const nutune_averaging *averaging, const double *means, size_t cell) {
  if (cell == 0 || cell + 1 >= averaging->cells) return 0;
  const double below = fabs(means[cell - 1]), above = fabs(means[cell + 1]);
  return (below < above ? below : above) > averaging->smallest_neighbor * fabs(means[cell]);
}

MULTIVERSIONED
void nutune_beam_weights(
    const nutune_averaging *averaging, const double *values, const double *means, double *restrict result) {
  const double *weights = averaging->weights, *energies = averaging->energies, *edges = averaging->edges;
  memcpy(result, means, averaging->cells * sizeof(double));
  for (size_t cell = 0; cell < averaging->cells; cell++) {
    if (!is_shared(averaging, means, cell)) continue;
    const double middle = (edges[cell] + edges[cell + 1]) / 2;
    double moment = 0;
    for (ptrdiff_t i = averaging->offsets[cell]; i < averaging->offsets[cell + 1]; i++) {
      moment += weights[i] * (energies[i] - middle) * values[i];
    }
    const double distance = (edges[cell + 2] + edges[cell + 1] - edges[cell] - edges[cell - 1]) / 2;
    const double slope = moment * (edges[cell + 1] - edges[cell]) / distance;
    result[cell + 1] += slope / (edges[cell + 2] - edges[cell + 1]);
    result[cell - 1] -= slope / (edges[cell] - edges[cell - 1]);
  }
}

MULTIVERSIONED
void nutune_beam_add_value_slopes(
    const nutune_averaging *averaging, const double *means, const double *weight_slopes, const double *scales,
    double factor, double *restrict sum) {
  const double *weights = averaging->weights, *energies = averaging->energies, *edges = averaging->edges;
  for (size_t cell = 0; cell < averaging->cells; cell++) {
    double moment = 0;
    if (is_shared(averaging, means, cell)) {
      const double distance = (edges[cell + 2] + edges[cell + 1] - edges[cell] - edges[cell - 1]) / 2;
      moment = (edges[cell + 1] - edges[cell]) / distance *
               (weight_slopes[cell + 1] / (edges[cell + 2] - edges[cell + 1]) -
                weight_slopes[cell - 1] / (edges[cell] - edges[cell - 1]));
    }
    const double middle = (edges[cell] + edges[cell + 1]) / 2, slope = weight_slopes[cell];
    for (ptrdiff_t i = averaging->offsets[cell]; i < averaging->offsets[cell + 1]; i++) {
      sum[i] += factor * scales[i] * (weights[i] * (slope + moment * (energies[i] - middle)));
    }
  }
}

MULTIVERSIONED
void nutune_beam_add_product(const double *a, const double *b, size_t count, double *restrict sum) {
  for (size_t i = 0; i < count; i++) sum[i] += a[i] * b[i];
}

MULTIVERSIONED
void nutune_beam_add_scaled(double factor, const double *a, size_t count, double *restrict sum) {
  for (size_t i = 0; i < count; i++) sum[i] += factor * a[i];
}

MULTIVERSIONED
void nutune_beam_add_scaled_twice(
    double factor, double outer, const double *a, size_t count, double *restrict sum) {
  for (size_t i = 0; i < count; i++) sum[i] += outer * (factor * a[i]);
}

MULTIVERSIONED
void nutune_beam_add_floored(
    double factor, double inner, double least, const double *a, size_t count, double *restrict sum) {
  for (size_t i = 0; i < count; i++) {
    // A value that is no number stays one.
    const double value = least >= a[i] ? least : a[i];
    sum[i] += factor * (inner * value);
  }
}

enum { LANES = 8 };

MULTIVERSIONED
double nutune_beam_sum(const double *a, size_t count) {
  double lanes[LANES] = {0};
  const size_t whole = count & ~(size_t)(LANES - 1);
  for (size_t i = 0; i < whole; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) lanes[lane] += a[i + lane];
  }
  double sum = 0;
  for (size_t lane = 0; lane < LANES; lane++) sum += lanes[lane];
  for (size_t i = whole; i < count; i++) sum += a[i];
  return sum;
}

MULTIVERSIONED
double nutune_beam_dot(const double *a, const double *b, size_t count) {
  double lanes[LANES] = {0};
  const size_t whole = count & ~(size_t)(LANES - 1);
  for (size_t i = 0; i < whole; i += LANES) {
    for (size_t lane = 0; lane < LANES; lane++) lanes[lane] += a[i + lane] * b[i + lane];
  }
  double sum = 0;
  for (size_t lane = 0; lane < LANES; lane++) sum += lanes[lane];
  for (size_t i = whole; i < count; i++) sum += a[i] * b[i];
  return sum;
}
