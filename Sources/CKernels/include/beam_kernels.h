// Inner loops of flux times oscillation: averages over cells of neutrino energy, sums of components, and the way back from
// derivatives of a likelihood. Every kernel gives the same bits for every instruction set: nothing is contracted.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Points at which a function is averaged over cells: those of cell c are offsets[c]..<offsets[c + 1].
typedef struct {
  size_t cells;
  const ptrdiff_t *offsets;
  // GeV, shape [points].
  const double *energies;
  // Those of one cell sum to one, shape [points].
  const double *weights;
  // GeV, shape [cells + 1].
  const double *edges;
  // Smallest mean of a neighbouring cell, relative to the mean of a cell, with which it shares a covariance.
  double smallest_neighbor;
} nutune_averaging;

// means[c] = sum of weights[i] values[i] over the points of each cell.
void nutune_beam_means(const nutune_averaging *averaging, const double *values, double *means);

// Weights of the cells for rates, from values at the points and their means: see CellAveraging.weights(of:). Which cells share
// a covariance with their neighbours is decided by other means, where they are not the same.
void nutune_beam_weights(
    const nutune_averaging *averaging, const double *values, const double *means, const double *deciding_means,
    double *result);

// Derivatives with respect to the values, from those with respect to the weights of the cells: sum[i] += scales[i] * slope[i]
// with another factor.
void nutune_beam_add_value_slopes(
    const nutune_averaging *averaging, const double *means, const double *weight_slopes, const double *scales,
    double factor, double *sum);

// sum[i] += a[i] b[i].
void nutune_beam_add_product(const double *a, const double *b, size_t count, double *sum);

// sum[i] += factor a[i].
void nutune_beam_add_scaled(double factor, const double *a, size_t count, double *sum);

// sum[i] += outer (factor a[i]).
void nutune_beam_add_scaled_twice(double factor, double outer, const double *a, size_t count, double *sum);

// sum[i] += factor (inner max(a[i], least)); with inner = 1 the rates of a component, with others their changes.
void nutune_beam_add_floored(
    double factor, double inner, double least, const double *a, size_t count, double *sum);

// Sum of a[i] in eight lanes.
double nutune_beam_sum(const double *a, size_t count);

// Sum of a[i] b[i] in eight lanes, which are added one after the other.
double nutune_beam_dot(const double *a, const double *b, size_t count);

#ifdef __cplusplus
}
#endif
