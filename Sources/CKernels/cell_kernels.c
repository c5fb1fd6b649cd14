#include "cell_kernels.h"

#include <string.h>

#pragma clang fp contract(fast)

#if defined(__x86_64__) && defined(__linux__)
#define MULTIVERSIONED __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define MULTIVERSIONED
#endif

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
