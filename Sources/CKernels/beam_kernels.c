#include "beam_kernels.h"

#include "multiversioned.h"

#include <math.h>
#include <stdlib.h>
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

// Whether a cell that is neither the first nor the last shares a covariance of the values and the cross section with its
// neighbours.
INLINED
static int is_shared(const nutune_averaging *averaging, const double *means, size_t cell) {
  const double below = fabs(means[cell - 1]), above = fabs(means[cell + 1]);
  return (below < above ? below : above) > averaging->smallest_neighbor * fabs(means[cell]);
}

// Distance of the middles of the two neighbours of a cell.
INLINED
static double distance_of_neighbors(const double *edges, size_t cell) {
  return (edges[cell + 2] + edges[cell + 1] - edges[cell] - edges[cell - 1]) / 2;
}

MULTIVERSIONED
void nutune_beam_weights(
    const nutune_averaging *averaging, const double *values, const double *means, const double *deciding_means,
    double *restrict result) {
  const double *weights = averaging->weights, *energies = averaging->energies, *edges = averaging->edges;
  const size_t cells = averaging->cells;
  double *const above = calloc(3 * cells, sizeof(double));
  if (!above) abort();
  double *const below = above + cells, *const moments = below + cells;
  for (size_t cell = 0; cell < cells; cell++) {
    const double middle = (edges[cell] + edges[cell + 1]) / 2;
    double moment = 0;
    for (ptrdiff_t i = averaging->offsets[cell]; i < averaging->offsets[cell + 1]; i++) {
      moment += weights[i] * (energies[i] - middle) * values[i];
    }
    moments[cell] = moment;
  }
  // What a cell gives to the one above and takes from the one below.
  for (size_t cell = 1; cell + 1 < cells; cell++) {
    const double slope = moments[cell] * (edges[cell + 1] - edges[cell]) / distance_of_neighbors(edges, cell);
    const int shared = is_shared(averaging, deciding_means, cell);
    above[cell] = shared ? slope / (edges[cell + 2] - edges[cell + 1]) : 0;
    below[cell] = shared ? slope / (edges[cell] - edges[cell - 1]) : 0;
  }
  for (size_t cell = 0; cell < cells; cell++) {
    result[cell] = means[cell] + (cell > 0 ? above[cell - 1] : 0) - (cell + 1 < cells ? below[cell + 1] : 0);
  }
  free(above);
}

// Points of a cell that holds no breakpoint. A loop over them is written out where no cell has others.
enum { USUAL_POINTS = 6 };

INLINED
static int is_usual(const nutune_averaging *averaging) {
  ptrdiff_t others = 0;
  for (size_t cell = 0; cell <= averaging->cells; cell++) {
    others |= averaging->offsets[cell] - (ptrdiff_t)(USUAL_POINTS * cell);
  }
  return others == 0;
}

INLINED
static ptrdiff_t points_of(const nutune_averaging *averaging, size_t cell, const int usual) {
  return usual ? USUAL_POINTS : averaging->offsets[cell + 1] - averaging->offsets[cell];
}

// Adds what the points of each cell have of the slope of its weight and of its tilt.
INLINED
static void add_point_slopes(
    const nutune_averaging *averaging, const double *weight_slopes, const double *tilts, const double *scales,
    double factor, const int usual, double *restrict sum) {
  const double *weights = averaging->weights, *energies = averaging->energies, *edges = averaging->edges;
  for (size_t cell = 0; cell < averaging->cells; cell++) {
    const ptrdiff_t first = averaging->offsets[cell], end = first + points_of(averaging, cell, usual);
    const double middle = (edges[cell] + edges[cell + 1]) / 2, slope = weight_slopes[cell], tilt = tilts[cell];
    for (ptrdiff_t i = first; i < end; i++) {
      sum[i] += factor * scales[i] * (weights[i] * (slope + tilt * (energies[i] - middle)));
    }
  }
}

MULTIVERSIONED
void nutune_beam_add_value_slopes(
    const nutune_averaging *averaging, const double *means, const double *weight_slopes, const double *scales,
    double factor, double *restrict sum) {
  const double *edges = averaging->edges;
  const size_t cells = averaging->cells;
  double *const tilts = calloc(cells, sizeof(double));
  if (!tilts) abort();
  for (size_t cell = 1; cell + 1 < cells; cell++) {
    const double tilt = (edges[cell + 1] - edges[cell]) / distance_of_neighbors(edges, cell) *
                        (weight_slopes[cell + 1] / (edges[cell + 2] - edges[cell + 1]) -
                         weight_slopes[cell - 1] / (edges[cell] - edges[cell - 1]));
    tilts[cell] = is_shared(averaging, means, cell) ? tilt : 0;
  }
  if (is_usual(averaging)) {
    add_point_slopes(averaging, weight_slopes, tilts, scales, factor, 1, sum);
  } else {
    add_point_slopes(averaging, weight_slopes, tilts, scales, factor, 0, sum);
  }
  free(tilts);
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
