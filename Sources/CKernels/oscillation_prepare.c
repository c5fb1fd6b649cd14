#include "oscillation_batch.h"

#include <math.h>

static double square(double x) { return x * x; }

nutune_oscillation_coefficients nutune_oscillation_prepare(
    const double sin2_theta[3], double delta_cp, double dm2_21, double dm2_31, double phase, double potential,
    int antineutrino) {
  const double sign = antineutrino ? -1.0 : 1.0;
  const double s12_2 = sin2_theta[0], s13_2 = sin2_theta[1], s23_2 = sin2_theta[2];
  const double c12_2 = 1.0 - s12_2, c13_2 = 1.0 - s13_2, c23_2 = 1.0 - s23_2;
  const double s13 = sqrt(s13_2), c13 = sqrt(c13_2);
  const double s12c12 = sqrt(s12_2 * c12_2), s23c23 = sqrt(s23_2 * c23_2);
  const double cos_delta = cos(delta_cp), sin_delta = sign * sin(delta_cp);

  nutune_oscillation_coefficients c;
  c.dm2_21 = dm2_21;
  c.dm2_31 = dm2_31;
  c.h11 = c13_2 * s12_2 * dm2_21 + s13_2 * dm2_31;
  c.h12 = c13 * s12c12 * dm2_21;
  c.h13 = s13 * c13 * (dm2_31 - s12_2 * dm2_21);
  c.h22 = c12_2 * dm2_21;
  c.h23 = -s13 * s12c12 * dm2_21;
  c.h33 = s13_2 * s12_2 * dm2_21 + c13_2 * dm2_31;

  c.trace = dm2_21 + dm2_31;
  c.minors = dm2_21 * dm2_31;
  c.cofactor = c12_2 * c13_2 * c.minors;
  c.lower_trace = c.h22 + c.h33;

  const double third = c.trace / 3.0;
  const double k11 = c.h11 - third, k22 = c.h22 - third, k33 = c.h33 - third;
  const double minor11 = k22 * k33 - square(c.h23);
  c.k11 = k11;
  // From the eigenvalues, as a sum of squares: no cancellation.
  c.half_square = (square(dm2_21) + square(dm2_31) + square(dm2_31 - dm2_21)) / 6.0;
  c.floor = 6e-11 * c.half_square + 1e-100;
  c.determinant = -third * (dm2_21 - third) * (dm2_31 - third);
  c.determinant_slope = minor11 + c.half_square / 3.0;

  c.c23_squared = c23_2;
  c.s23_squared = s23_2;
  c.sine_cosine = s23c23;
  c.mix_cos = 2.0 * s23c23 * cos_delta;
  c.mix_sin = 2.0 * s23c23 * sin_delta;
  c.twist_cos = (c23_2 - s23_2) * cos_delta;
  c.twist_sin = sin_delta;
  c.potential = sign * potential;
  c.length = 2.0 * phase;

  // Rows e, μ, τ of U without the phase that R₁₃ carries: U_αi = real + phased·e^{iδ}.
  const double s12 = sqrt(s12_2), c12 = sqrt(c12_2), s23 = sqrt(s23_2), c23 = sqrt(c23_2);
  const double real[3][3] = {
      {c12 * c13, s12 * c13, 0.0}, {-s12 * c23, c12 * c23, s23 * c13}, {s12 * s23, -c12 * s23, c23 * c13}};
  const double phased[3][3] = {
      {0.0, 0.0, s13}, {-c12 * s23 * s13, -s12 * s23 * s13, 0.0}, {-c12 * c23 * s13, -s12 * c23 * s13, 0.0}};
  const int alphas[3] = {0, 0, 1}, betas[3] = {0, 1, 1};
  const int is[3] = {1, 2, 2}, js[3] = {0, 0, 1};
  for (int row = 0; row < 3; row++) {
    for (int pair = 0; pair < 3; pair++) {
      double re[2], im[2];
      for (int side = 0; side < 2; side++) {
        // U*αk Uβk; the electron row carries e^{-iδ}, the others e^{+iδ}.
        const int a = alphas[row], b = betas[row], k = side == 0 ? is[pair] : js[pair];
        const double are = real[a][k] + phased[a][k] * cos_delta;
        const double aim = (a == 0 ? -1.0 : 1.0) * phased[a][k] * sin_delta;
        const double bre = real[b][k] + phased[b][k] * cos_delta;
        const double bim = (b == 0 ? -1.0 : 1.0) * phased[b][k] * sin_delta;
        re[side] = are * bre + aim * bim;
        im[side] = are * bim - aim * bre;
      }
      c.vacuum[row][pair] = -4.0 * (re[0] * re[1] + im[0] * im[1]);
    }
  }
  c.vacuum_jarlskog = 8.0 * s12c12 * s23c23 * c13_2 * s13 * sin_delta;
  return c;
}
