// Time of the oscillation kernels for one level of the processor, ns per energy: full 3x3 in matter, and with all six gradients.
// Built by run_instruction_levels.sh with -march of that level.

#include "oscillation_batch.h"
#include "oscillation_gradients.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ENERGIES = 10000, REPETITIONS = 500 };

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

static int compare(const void *left, const void *right) {
  const double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

int main(void) {
  const double sin2_theta[3] = {0.308, 0.02215, 0.470};
  const double splittings[2] = {7.49e-5, 2.513e-3};
  const nutune_oscillation_coefficients coefficients = nutune_oscillation_prepare(
      sin2_theta, 3.7, splittings[0], splittings[1], 1.266932679 * 1284.9, 1.526493e-4 * 0.5 * 2.848, 0);
  const nutune_oscillation_slopes slopes =
      nutune_oscillation_prepare_slopes(sin2_theta, 3.7, splittings[0], splittings[1], 0, 1);
  double *energies = malloc(ENERGIES * sizeof(double)), *probabilities = malloc(9 * ENERGIES * sizeof(double));
  double *gradients[NUTUNE_OSCILLATION_PARAMETERS];
  for (size_t i = 0; i < ENERGIES; i++) energies[i] = 0.1 + 9.9 * (i + 0.5) / ENERGIES;
  for (size_t k = 0; k < NUTUNE_OSCILLATION_PARAMETERS; k++) gradients[k] = malloc(9 * ENERGIES * sizeof(double));
  static double plain[REPETITIONS], derived[REPETITIONS];
  double unitarity = 0;
  for (size_t i = 0; i < REPETITIONS; i++) {
    double start = seconds();
    unitarity += nutune_oscillation_matter(&coefficients, energies, ENERGIES, probabilities, ENERGIES);
    plain[i] = seconds() - start;
    start = seconds();
    unitarity += nutune_oscillation_matter_gradients(
        &coefficients, &slopes, energies, ENERGIES, probabilities, gradients, ENERGIES);
    derived[i] = seconds() - start;
  }
  qsort(plain, REPETITIONS, sizeof *plain, compare);
  qsort(derived, REPETITIONS, sizeof *derived, compare);
  const double unit = 1e9 / ENERGIES;
  printf(
      "%6.2f %6.2f  with 6 gradients %6.2f %6.2f  ratio %.2f%s\n", unit * plain[REPETITIONS / 2], unit * plain[0],
      unit * derived[REPETITIONS / 2], unit * derived[0], derived[0] / plain[0], unitarity < 1e-9 ? "" : "  not unitary");
  return 0;
}
