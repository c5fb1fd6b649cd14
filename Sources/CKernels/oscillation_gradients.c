#include "oscillation_gradients.h"

#include "oscillation_blocks.h"

// With e^{ixm} S = C + F Q - i s K, C = cos(xg), s = sin(xg)/g, Q = K² - G, G = g² (oscillation_blocks.h), a change h′
// of the Hamiltonian moves the isolated eigenvalue by λ′ = tr Q h′/(D² - G), the projector on it being Q/(D² - G), and
//
//   G′ = tr K h′ - D λ′,  m′ = -λ′/2,  D′ = 3λ′/2   (h′ traceless),
//   C′ = -½ x s G′,  s′ = (x C - s)/(2G) G′,
//   ∂F/∂D = [i s - i x e^{-ixD} - 2 D F]/(D² - G),  ∂F/∂G = [½ x s + i D ds/dG + F]/(D² - G).
//
// No eigenvector appears and, because D ≥ 3g, the only quotient that becomes 0/0 is ds/dG, which has a power series.
// The global phase of S drops out of every probability.
//
// Each of the probabilities is quadratic in a few real and imaginary parts of S, so its change is linear in λ′, G′ and
// entries of h′. These weights are computed once per energy and used for all parameters. Four changes, of P(ee), of
// the parts of P(eμ) even and odd in T, and of P(μμ), give all nine: sums over initial and over final flavours stay 1.

typedef nutune_oscillation_slopes slopes_t;
typedef nutune_oscillation_direction direction_t;

/// Weights of the change of one quantity that is made of S₁₂ and S₁₃: λ′ and G′; h′12 and h′13; and what h′ adds to the
/// 12 and 13 entries of K² beyond that.
typedef struct {
  double isolated[BLOCK], splitting[BLOCK], h12[BLOCK], h13[BLOCK], square12[BLOCK], square13[BLOCK];
} electron_weights_t;

/// Weights of the change of P(μμ): λ′ and G′, and the μμ entries of h h′ + h′ h and of h′.
typedef struct {
  double isolated[BLOCK], splitting[BLOCK], square[BLOCK], h[BLOCK];
} muon_weights_t;

/// Change of the probabilities with the 23 rotation: |S₁₃|² - |S₁₂|², Re and -Im of S₁₂ S*₁₃ for P(eμ); and
/// 2 Re S*_μμ (S₃₃ - S₂₂) and 2 Re S*_μμ S₂₃ for P(μμ).
typedef struct {
  double electron_square[BLOCK], even[BLOCK], odd[BLOCK], muon_square[BLOCK], muon_mix[BLOCK];
} rotation_weights_t;

/// One block of weights, with what gives λ′ = tr(projector·h′).
typedef struct {
  _Alignas(64) double p11[BLOCK], p22[BLOCK], p33[BLOCK], p12[BLOCK], p13[BLOCK], p23[BLOCK];
  electron_weights_t ee, even, odd;
  muon_weights_t mm;
  rotation_weights_t rotation;
} weights_t;

/// The change of S that does not depend on h′, at one energy.
typedef struct {
  /// ds/dG, ∂F/∂D, ∂F/∂G, ½ x s.
  double slope_splitting, fr_isolated, fi_isolated, fr_splitting, fi_splitting, cosine_splitting;
} amplitude_slopes_t;

/// [cos y - sin(y)/y]/(2y²) for y² ≤ ¼: Σ (-1)ᵏ k y^{2k-2}/(2k+1)!, k ≥ 1.
INLINE double slope_series(double y2) {
  double q = -7.0 / 1307674368000.0;
  q = q * y2 + 6.0 / 6227020800.0;
  q = q * y2 - 5.0 / 39916800.0;
  q = q * y2 + 4.0 / 362880.0;
  q = q * y2 - 3.0 / 5040.0;
  q = q * y2 + 2.0 / 120.0;
  return q * y2 - 1.0 / 6.0;
}

INLINE amplitude_slopes_t amplitude_slopes(const spectrum_t *restrict s, const amplitudes_t *p, size_t i) {
  const double x = s->length[i], d = s->isolated[i], g2 = s->splitting_squared[i];
  const double inverse_gap = s->inverse[i] * g2, y2 = x * x * g2;
  const double quotient = (x * s->pair_cosine[i] - p->slope) * (0.5 * s->inverse[i] * (d * d - g2));
  const double series = x * x * x * slope_series(minimum(y2, 0.25));
  amplitude_slopes_t a;
  a.slope_splitting = y2 < 0.25 ? series : quotient;
  a.cosine_splitting = 0.5 * x * p->slope;
  a.fr_isolated = inverse_gap * (-x * s->isolated_sine[i] - 2.0 * d * p->fr);
  a.fi_isolated = inverse_gap * ((p->slope - x * s->isolated_cosine[i]) - 2.0 * d * p->fi);
  a.fr_splitting = inverse_gap * (a.cosine_splitting + p->fr);
  a.fi_splitting = inverse_gap * (d * a.slope_splitting + p->fi);
  return a;
}

/// Weights of r12·Re S′₁₂ + i12·Im S′₁₂ + r13·Re S′₁₃ + i13·Im S′₁₃.
INLINE void electron_weights(
    const coefficients_t *k, const amplitudes_t *p, const amplitude_slopes_t *a, double r12, double i12, double r13,
    double i13, electron_weights_t *restrict w, size_t i) {
  const double rq = r12 * p->q12 + r13 * p->q13, iq = i12 * p->q12 + i13 * p->q13;
  const double ik = i12 * k->h12 + i13 * k->h13;
  const double square12 = r12 * p->fr + i12 * p->fi, square13 = r13 * p->fr + i13 * p->fi;
  w->isolated[i] = 1.5 * (a->fr_isolated * rq + a->fi_isolated * iq) + (square12 * k->h12 + square13 * k->h13);
  w->splitting[i] = (a->fr_splitting * rq + a->fi_splitting * iq) - a->slope_splitting * ik;
  w->h12[i] = square12 * (p->k11 + p->k22) - p->slope * i12;
  w->h13[i] = square13 * (p->k11 + p->k33) - p->slope * i13;
  w->square12[i] = square12;
  w->square13[i] = square13;
}

/// Weights of 2 Re S*_μμ S′_μμ.
INLINE void muon_weights(
    const coefficients_t *k, const amplitudes_t *p, const amplitude_slopes_t *a, double m, muon_weights_t *restrict w,
    size_t i) {
  const double r = 2.0 * p->mmr, im = 2.0 * p->mmi;
  const double q = k->c23_squared * p->q22 + (k->s23_squared * p->q33 + k->mix_cos * p->q23);
  const double km = k->c23_squared * p->k22 + (k->s23_squared * p->k33 + k->mix_cos * k->h23);
  const double square = r * p->fr + im * p->fi;
  w->isolated[i] = q * (1.5 * (a->fr_isolated * r + a->fi_isolated * im)) + (square * km - 0.5 * (p->slope * im));
  w->splitting[i] = q * (a->fr_splitting * r + a->fi_splitting * im)
      - (a->slope_splitting * im * km + (a->cosine_splitting * r + square));
  w->square[i] = square;
  w->h[i] = -p->slope * im - 2.0 * m * square;
}

INLINE void rotation_weights(const amplitudes_t *p, rotation_weights_t *restrict w, size_t i) {
  w->electron_square[i] = (p->s13r * p->s13r + p->s13i * p->s13i) - (p->s12r * p->s12r + p->s12i * p->s12i);
  w->even[i] = p->s12r * p->s13r + p->s12i * p->s13i;
  w->odd[i] = p->s12r * p->s13i - p->s12i * p->s13r;
  w->muon_square[i] = 2.0 * (p->mmr * (p->s33r - p->s22r) + p->mmi * (p->s33i - p->s22i));
  w->muon_mix[i] = 2.0 * (p->mmr * p->s23r + p->mmi * p->s23i);
}

/// The nine changes from four.
INLINE void store_changes(
    double ee, double even, double odd, double mm, double *restrict out, size_t stride, size_t i) {
  const double em = even - odd, me = even + odd, et = -ee - em, te = -ee - me, mt = -me - mm, tm = -em - mm;
  out[0 * stride + i] = ee;
  out[1 * stride + i] = em;
  out[2 * stride + i] = et;
  out[3 * stride + i] = me;
  out[4 * stride + i] = mm;
  out[5 * stride + i] = mt;
  out[6 * stride + i] = te;
  out[7 * stride + i] = tm;
  out[8 * stride + i] = -et - mt;
}

/// Probabilities and weights of one block.
INLINE void weigh(
    const coefficients_t *k, spectrum_t *restrict s, weights_t *restrict w, double *restrict out, size_t stride) {
  const double c2 = 2.0 * k->c23_squared, s2 = 2.0 * k->s23_squared, mc = k->mix_cos, ms = k->mix_sin;
  FOR_BLOCK {
    const amplitudes_t p = amplitudes(k, s, i);
    store_probabilities(k, &p, s, out, stride, i);
    const amplitude_slopes_t a = amplitude_slopes(s, &p, i);
    const double inverse_gap = s->inverse[i] * s->splitting_squared[i];
    w->p11[i] = p.q11 * inverse_gap;
    w->p22[i] = p.q22 * inverse_gap;
    w->p33[i] = p.q33 * inverse_gap;
    w->p12[i] = 2.0 * p.q12 * inverse_gap;
    w->p13[i] = 2.0 * p.q13 * inverse_gap;
    w->p23[i] = 2.0 * p.q23 * inverse_gap;
    electron_weights(k, &p, &a, -2.0 * p.s12r, -2.0 * p.s12i, -2.0 * p.s13r, -2.0 * p.s13i, &w->ee, i);
    electron_weights(
        k, &p, &a, c2 * p.s12r + mc * p.s13r, c2 * p.s12i + mc * p.s13i, s2 * p.s13r + mc * p.s12r,
        s2 * p.s13i + mc * p.s12i, &w->even, i);
    electron_weights(k, &p, &a, ms * p.s13i, -ms * p.s13r, -ms * p.s12i, ms * p.s12r, &w->odd, i);
    muon_weights(k, &p, &a, s->mean[i], &w->mm, i);
    rotation_weights(&p, &w->rotation, i);
  }
}

INLINE double electron_change(
    const electron_weights_t *w, const direction_t *h, double isolated, double splitting, size_t i) {
  return (w->isolated[i] * isolated + w->splitting[i] * splitting)
      + (w->h12[i] * h->h12 + w->h13[i] * h->h13)
      + (w->square12[i] * h->product12 + w->square13[i] * h->product13);
}

/// Gradient with respect to a parameter of h.
INLINE void hamiltonian_gradient(
    const coefficients_t *k, const spectrum_t *restrict s, const weights_t *restrict w, const direction_t *direction,
    double *restrict out, size_t stride) {
  const direction_t h = *direction;
  FOR_BLOCK {
    const double a = k->potential * s->energy[i];
    const double isolated = (w->p11[i] * h.h11 + w->p22[i] * h.h22) + (w->p33[i] * h.h33 + w->p12[i] * h.h12)
        + (w->p13[i] * h.h13 + w->p23[i] * h.h23);
    const double splitting = (h.trace_product + a * h.h11) - s->isolated[i] * isolated;
    const double ee = electron_change(&w->ee, &h, isolated, splitting, i);
    const double even = electron_change(&w->even, &h, isolated, splitting, i);
    const double odd = electron_change(&w->odd, &h, isolated, splitting, i);
    const double mm = (w->mm.isolated[i] * isolated + w->mm.splitting[i] * splitting)
        + (w->mm.square[i] * h.muon_product + w->mm.h[i] * h.muon);
    store_changes(ee, even, odd, mm, out, stride, i);
  }
}

/// Gradient with respect to a parameter of the 23 rotation: cos²θ₂₃ changes by -square, sin²θ₂₃ by +square.
INLINE void rotation_gradient(
    const rotation_weights_t *restrict w, double square, double mix_cos, double mix_sin, double *restrict out,
    size_t stride) {
  FOR_BLOCK {
    const double even = square * w->electron_square[i] + mix_cos * w->even[i];
    const double mm = square * w->muon_square[i] + mix_cos * w->muon_mix[i];
    store_changes(0.0, even, mix_sin * w->odd[i], mm, out, stride, i);
  }
}

INLINE void matter_gradients_block(
    const coefficients_t *k, const slopes_t *slopes, spectrum_t *restrict s, double *restrict out,
    double *const *gradients, size_t stride) {
  weights_t w;
  matter_phases(k, s);
  weigh(k, s, &w, out, stride);
  const int parameters[4] = {0, 1, 4, 5};
  for (int i = 0; i < 4; i++) {
    double *const gradient = gradients[parameters[i]];
    if (gradient) hamiltonian_gradient(k, s, &w, &slopes->directions[i], gradient, stride);
  }
  for (int i = 0; i < 2; i++) {
    double *const gradient = gradients[2 + i];
    if (gradient)
      rotation_gradient(&w.rotation, i == 0 ? 1.0 : 0.0, slopes->mix_cos[i], slopes->mix_sin[i], gradient, stride);
  }
}

/// Gradient in vacuum with respect to a parameter of U: that of the coefficients of sin² and of the product of sines.
INLINE void vacuum_mixing_gradient(
    const double coefficients[3][3], double jarlskog, const spectrum_t *restrict s, double *restrict out,
    size_t stride) {
  FOR_BLOCK {
    const double s21 = s->pair_sine[i], s31 = s->isolated_sine[i];
    const double s32 = s31 * s->pair_cosine[i] - s->isolated_cosine[i] * s21;
    const double a = s21 * s21, b = s31 * s31, c = s32 * s32;
    const double ee = coefficients[0][0] * a + (coefficients[0][1] * b + coefficients[0][2] * c);
    const double em = coefficients[1][0] * a + (coefficients[1][1] * b + coefficients[1][2] * c);
    const double mm = coefficients[2][0] * a + (coefficients[2][1] * b + coefficients[2][2] * c);
    store_changes(ee, em, -jarlskog * (s21 * s31 * s32), mm, out, stride, i);
  }
}

/// Gradient in vacuum for unit changes of Δm²₂₁ and Δm²₃₁ with the weights `solar` and `atmospheric`.
INLINE void vacuum_splitting_gradient(
    const coefficients_t *k, const spectrum_t *restrict s, double solar, double atmospheric, double *restrict out,
    size_t stride) {
  FOR_BLOCK {
    const double x = s->length[i], x21 = x * solar, x31 = x * atmospheric, x32 = x * (atmospheric - solar);
    const double s21 = s->pair_sine[i], s31 = s->isolated_sine[i];
    const double c21 = s->pair_cosine[i], c31 = s->isolated_cosine[i];
    const double s32 = s31 * c21 - c31 * s21, c32 = c31 * c21 + s31 * s21;
    const double a = 2.0 * x21 * (s21 * c21), b = 2.0 * x31 * (s31 * c31), c = 2.0 * x32 * (s32 * c32);
    const double ee = k->vacuum[0][0] * a + (k->vacuum[0][1] * b + k->vacuum[0][2] * c);
    const double em = k->vacuum[1][0] * a + (k->vacuum[1][1] * b + k->vacuum[1][2] * c);
    const double mm = k->vacuum[2][0] * a + (k->vacuum[2][1] * b + k->vacuum[2][2] * c);
    const double odd = x21 * (c21 * s31 * s32) + (x31 * (s21 * c31 * s32) + x32 * (s21 * s31 * c32));
    store_changes(ee, em, -k->vacuum_jarlskog * odd, mm, out, stride, i);
  }
}

INLINE void vacuum_gradients_block(
    const coefficients_t *k, const slopes_t *slopes, spectrum_t *restrict s, double *restrict out,
    double *const *gradients, size_t stride) {
  vacuum_block(k, s, out, stride);
  for (int i = 0; i < 4; i++) {
    if (gradients[i])
      vacuum_mixing_gradient(slopes->vacuum[i], slopes->vacuum_jarlskog[i], s, gradients[i], stride);
  }
  if (gradients[4]) vacuum_splitting_gradient(k, s, 1.0, slopes->atmospheric_follows, gradients[4], stride);
  if (gradients[5]) vacuum_splitting_gradient(k, s, 0.0, 1.0, gradients[5], stride);
}

#define GRADIENTS(NAME, BLOCK_OF)                                                                                 \
  MULTIVERSIONED double NAME(                                                                                     \
      const coefficients_t *coefficients, const slopes_t *slopes, const double *energies, size_t count,           \
      double *probabilities, double *const gradients[NUTUNE_OSCILLATION_PARAMETERS], size_t stride) {             \
    const coefficients_t k = *coefficients;                                                                       \
    spectrum_t spectrum;                                                                                          \
    double *targets[NUTUNE_OSCILLATION_PARAMETERS];                                                               \
    memset(spectrum.deviation, 0, sizeof spectrum.deviation);                                                     \
    const size_t whole = count - count % BLOCK, rest = count % BLOCK;                                             \
    for (size_t start = 0; start < whole; start += BLOCK) {                                                       \
      memcpy(spectrum.energy, energies + start, sizeof spectrum.energy);                                          \
      for (int i = 0; i < NUTUNE_OSCILLATION_PARAMETERS; i++)                                                     \
        targets[i] = gradients[i] ? gradients[i] + start : NULL;                                                  \
      BLOCK_OF(&k, slopes, &spectrum, probabilities + start, targets, stride);                                    \
    }                                                                                                             \
    if (rest != 0) {                                                                                              \
      double padded[1 + NUTUNE_OSCILLATION_PARAMETERS][9 * BLOCK];                                                \
      for (size_t i = 0; i < BLOCK; i++) spectrum.energy[i] = energies[count - 1];                                \
      memcpy(spectrum.energy, energies + whole, rest * sizeof(double));                                           \
      for (int i = 0; i < NUTUNE_OSCILLATION_PARAMETERS; i++) targets[i] = gradients[i] ? padded[1 + i] : NULL;   \
      BLOCK_OF(&k, slopes, &spectrum, padded[0], targets, BLOCK);                                                 \
      for (int i = 0; i <= NUTUNE_OSCILLATION_PARAMETERS; i++) {                                                  \
        double *const out = i == 0 ? probabilities : gradients[i - 1];                                            \
        for (size_t row = 0; out && row < 9; row++)                                                               \
          memcpy(out + row * stride + whole, padded[i] + row * BLOCK, rest * sizeof(double));                     \
      }                                                                                                           \
    }                                                                                                             \
    return largest_deviation(&spectrum);                                                                          \
  }

GRADIENTS(nutune_oscillation_matter_gradients, matter_gradients_block)
GRADIENTS(nutune_oscillation_vacuum_gradients, vacuum_gradients_block)
