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

#ifdef __cplusplus
}
#endif
