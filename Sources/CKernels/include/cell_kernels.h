// Rates in bins from mean weights (flux times oscillation) in cells of neutrino energy and the response of each cell.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// rates[b] = sum over cells of weights[c] values[c * bins + b], the cells in ascending order; rates [bins] is
// overwritten. A cell's row is read up to reach[c] only: what follows are zeros. Cells of weight zero are not read at all.
// A bin's sum does not depend on the width of the vectors: the same bits for every instruction set with FMA.
void nutune_cell_rates(
    const double *weights, const int32_t *reach, size_t cells, const double *values, size_t bins, double *rates);

// The same for several weights of the cells at once, shape [several][cells] -> [several][bins]: every row of R is read once
// for four of them.
void nutune_cell_rates_of_several(
    const double *weights, size_t several, const int32_t *reach, size_t cells, const double *values, size_t bins,
    double *rates);

// Sums over the bins of each cell, totals[k][cell] = Σ_b R[cell][b] slopes[k][b]: the transposed product, which turns
// derivatives with respect to rates into those with respect to the weights of the cells. Shape [several][bins] ->
// [several][cells].
void nutune_cell_totals_of_several(
    const double *slopes, size_t several, const int32_t *reach, size_t cells, const double *values, size_t bins,
    double *totals);

#ifdef __cplusplus
}
#endif
