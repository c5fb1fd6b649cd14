#include <complex.h>
#include <math.h>

#include "oscillation_gradients.h"

#pragma STDC CX_LIMITED_RANGE ON

typedef double matrix_t[3][3];

/// R₁₃ R₁₂ with δ = 0 and its derivatives with respect to θ₁₂ and θ₁₃.
typedef struct {
  matrix_t rotation, slopes[2];
} rotation_t;

static rotation_t rotation(const double sin2_theta[3]) {
  const double s12 = sqrt(sin2_theta[0]), c12 = sqrt(1.0 - sin2_theta[0]);
  const double s13 = sqrt(sin2_theta[1]), c13 = sqrt(1.0 - sin2_theta[1]);
  return (rotation_t){
      {{c13 * c12, c13 * s12, s13}, {-s12, c12, 0.0}, {-s13 * c12, -s13 * s12, c13}},
      {{{-c13 * s12, c13 * c12, 0.0}, {-c12, -s12, 0.0}, {s13 * s12, -s13 * c12, 0.0}},
       {{-s13 * c12, -s13 * s12, c13}, {0.0, 0.0, 0.0}, {-c13 * c12, -c13 * s12, -s13}}}};
}

/// dθ/d(sin²θ) = 1/(2 sin θ cos θ).
static double angle_per_square(double sin2_theta) { return 0.5 / sqrt(sin2_theta * (1.0 - sin2_theta)); }

/// Everything about one derivative h′ that the kernel needs.
static nutune_oscillation_direction direction(const matrix_t h, const matrix_t slope, const double weights[3]) {
  matrix_t d, product;
  const double third = (slope[0][0] + slope[1][1] + slope[2][2]) / 3.0;
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++) d[i][j] = slope[i][j] - (i == j ? third : 0.0);
  double trace_product = 0.0;
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) {
      trace_product += h[i][j] * d[i][j];
      product[i][j] = 0.0;
      for (int k = 0; k < 3; k++) product[i][j] += h[i][k] * d[k][j] + d[i][k] * h[k][j];
    }
  }
  return (nutune_oscillation_direction){
      .h11 = d[0][0], .h22 = d[1][1], .h33 = d[2][2], .h12 = d[0][1], .h13 = d[0][2], .h23 = d[1][2],
      .trace_product = trace_product,
      .product12 = h[0][1] * (d[0][0] + d[1][1]) + h[0][2] * d[1][2] + h[1][2] * d[0][2],
      .product13 = h[0][2] * (d[0][0] + d[2][2]) + h[0][1] * d[1][2] + h[1][2] * d[0][1],
      .muon_product = weights[0] * product[1][1] + weights[1] * product[2][2] + weights[2] * product[1][2],
      .muon = weights[0] * d[1][1] + weights[1] * d[2][2] + weights[2] * d[1][2]};
}

/// h = Δm²₂₁ u uᵀ + Δm²₃₁ v vᵀ with the second and third column of the rotation; its derivatives with respect to
/// sin²θ₁₂, sin²θ₁₃, Δm²₂₁, Δm²₃₁.
static void differentiate_hamiltonian(
    const rotation_t *r, const double sin2_theta[3], double dm2_21, double dm2_31, const double weights[3],
    nutune_oscillation_slopes *slopes) {
  matrix_t h, parts[4];
  for (int i = 0; i < 3; i++) {
    for (int j = 0; j < 3; j++) {
      const double solar = r->rotation[i][1] * r->rotation[j][1];
      const double atmospheric = r->rotation[i][2] * r->rotation[j][2];
      h[i][j] = dm2_21 * solar + dm2_31 * atmospheric;
      for (int angle = 0; angle < 2; angle++) {
        const matrix_t *s = &r->slopes[angle];
        const double slope21 = (*s)[i][1] * r->rotation[j][1] + r->rotation[i][1] * (*s)[j][1];
        const double slope31 = (*s)[i][2] * r->rotation[j][2] + r->rotation[i][2] * (*s)[j][2];
        parts[angle][i][j] = angle_per_square(sin2_theta[angle]) * (dm2_21 * slope21 + dm2_31 * slope31);
      }
      parts[2][i][j] = solar + slopes->atmospheric_follows * atmospheric;
      parts[3][i][j] = atmospheric;
    }
  }
  for (int part = 0; part < 4; part++) slopes->directions[part] = direction(h, parts[part], weights);
}

/// The electron and muon rows of U without the phase of the third column, and their derivatives with respect to
/// θ₁₂, θ₁₃, θ₂₃, δ.
typedef struct {
  double complex rows[2][3], slopes[4][2][3];
} mixing_t;

static mixing_t mixing(const rotation_t *r, double sin2_theta23, double complex phase) {
  const double s23 = sqrt(sin2_theta23), c23 = sqrt(1.0 - sin2_theta23);
  mixing_t u;
  for (int i = 0; i < 3; i++) {
    u.rows[0][i] = r->rotation[0][i];
    u.rows[1][i] = c23 * r->rotation[1][i] + s23 * phase * r->rotation[2][i];
    for (int angle = 0; angle < 2; angle++) {
      u.slopes[angle][0][i] = r->slopes[angle][0][i];
      u.slopes[angle][1][i] = c23 * r->slopes[angle][1][i] + s23 * phase * r->slopes[angle][2][i];
    }
    u.slopes[2][0][i] = u.slopes[3][0][i] = 0.0;
    u.slopes[2][1][i] = c23 * phase * r->rotation[2][i] - s23 * r->rotation[1][i];
    u.slopes[3][1][i] = I * s23 * phase * r->rotation[2][i];
  }
  return u;
}

/// Derivatives of -4 Re U*αi Uβi Uαj U*βj and of 8 Im of the same for eμ.
static void differentiate_vacuum(const mixing_t *u, const double scales[4], nutune_oscillation_slopes *slopes) {
  const int alphas[3] = {0, 0, 1}, betas[3] = {0, 1, 1};
  const int is[3] = {1, 2, 2}, js[3] = {0, 0, 1};
  for (int parameter = 0; parameter < 4; parameter++) {
    for (int row = 0; row < 3; row++) {
      const double complex *a = u->rows[alphas[row]], *b = u->rows[betas[row]];
      const double complex *da = u->slopes[parameter][alphas[row]], *db = u->slopes[parameter][betas[row]];
      double complex products[3], derivatives[3];
      for (int i = 0; i < 3; i++) {
        products[i] = conj(a[i]) * b[i];
        derivatives[i] = conj(da[i]) * b[i] + conj(a[i]) * db[i];
      }
      for (int pair = 0; pair < 3; pair++) {
        const int i = is[pair], j = js[pair];
        const double complex slope = derivatives[i] * conj(products[j]) + products[i] * conj(derivatives[j]);
        slopes->vacuum[parameter][row][pair] = -4.0 * scales[parameter] * creal(slope);
        if (row == 1 && pair == 0) slopes->vacuum_jarlskog[parameter] = 8.0 * scales[parameter] * cimag(slope);
      }
    }
  }
}

nutune_oscillation_slopes nutune_oscillation_prepare_slopes(
    const double sin2_theta[3], double delta_cp, double dm2_21, double dm2_31, int antineutrino, int fixed_dm2_32) {
  const double sign = antineutrino ? -1.0 : 1.0;
  const double c23_2 = 1.0 - sin2_theta[2], s23c23 = sqrt(sin2_theta[2] * c23_2);
  const double cos_delta = cos(delta_cp), sin_delta = sign * sin(delta_cp);
  const double weights[3] = {c23_2, sin2_theta[2], 2.0 * s23c23 * cos_delta};
  const rotation_t r = rotation(sin2_theta);

  nutune_oscillation_slopes slopes;
  slopes.atmospheric_follows = fixed_dm2_32 ? 1.0 : 0.0;
  differentiate_hamiltonian(&r, sin2_theta, dm2_21, dm2_31, weights, &slopes);
  // d(2sc)/d(sin²θ) = cos 2θ/(sin θ cos θ).
  const double mix_slope = (c23_2 - sin2_theta[2]) / s23c23;
  slopes.mix_cos[0] = mix_slope * cos_delta;
  slopes.mix_sin[0] = mix_slope * sin_delta;
  slopes.mix_cos[1] = -2.0 * s23c23 * sign * sin_delta;
  slopes.mix_sin[1] = 2.0 * s23c23 * sign * cos_delta;
  const mixing_t u = mixing(&r, sin2_theta[2], cos_delta + I * sin_delta);
  const double scales[4] = {
      angle_per_square(sin2_theta[0]), angle_per_square(sin2_theta[1]), angle_per_square(sin2_theta[2]), sign};
  differentiate_vacuum(&u, scales, &slopes);
  return slopes;
}
