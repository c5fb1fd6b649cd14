#include "oscillation_blocks.h"

#define BATCH(NAME, BLOCK_OF)                                                                                     \
  MULTIVERSIONED double NAME(                                                                                     \
      const coefficients_t *coefficients, const double *energies, size_t count, double *probabilities,            \
      size_t stride) {                                                                                            \
    const coefficients_t k = *coefficients;                                                                       \
    spectrum_t spectrum;                                                                                          \
    memset(spectrum.deviation, 0, sizeof spectrum.deviation);                                                     \
    const size_t whole = count - count % BLOCK, rest = count % BLOCK;                                             \
    for (size_t start = 0; start < whole; start += BLOCK) {                                                       \
      memcpy(spectrum.energy, energies + start, sizeof spectrum.energy);                                          \
      BLOCK_OF(&k, &spectrum, probabilities + start, stride);                                                     \
    }                                                                                                             \
    if (rest != 0) {                                                                                              \
      double padded[9 * BLOCK];                                                                                   \
      for (size_t i = 0; i < BLOCK; i++) spectrum.energy[i] = energies[count - 1];                                \
      memcpy(spectrum.energy, energies + whole, rest * sizeof(double));                                           \
      BLOCK_OF(&k, &spectrum, padded, BLOCK);                                                                     \
      for (size_t row = 0; row < 9; row++)                                                                        \
        memcpy(probabilities + row * stride + whole, padded + row * BLOCK, rest * sizeof(double));                \
    }                                                                                                             \
    return largest_deviation(&spectrum);                                                                          \
  }

BATCH(nutune_oscillation_matter, matter_block)
BATCH(nutune_oscillation_vacuum, vacuum_block)
