// Rates in bins from mean weights (flux times oscillation) in cells of neutrino energy and the response of each cell.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// A response R[cell][bin] without most of its zeros. Bins are in the order of the lowest cell that reaches them, so that what
// a cell reaches is the start of its row, no shorter than that of the cell before; only these starts are in memory, each
// filled up with zeros to a multiple of eight.
typedef struct {
  size_t cells, bins;
  // Number of bins that any cell reaches.
  size_t reached;
  // Index of each of them, shape [reached].
  const int32_t *order;
  // Where the row of each cell starts in the values, and the end of the last, multiples of eight apart; shape [cells + 1].
  const ptrdiff_t *offsets;
  const double *values;
} nutune_cell_response;

// rates[k][b] = Σ_c weights[k][c] R[c][b], the cells in ascending order, [several][cells] -> [several][bins]; every row of R is
// read once for four weights. Cells of weight zero are not read at all. A bin's sum depends neither on the other weights nor
// on the width of the vectors: the same bits for every instruction set with FMA.
void nutune_cell_rates(const nutune_cell_response *response, const double *weights, size_t several, double *rates);

// totals[k][c] = Σ_b R[c][b] slopes[k][b], [several][bins] -> [several][cells]: the transposed product, which turns derivatives
// with respect to rates into those with respect to the weights of the cells.
void nutune_cell_totals(const nutune_cell_response *response, const double *slopes, size_t several, double *totals);

#ifdef __cplusplus
}
#endif
