#pragma once

#include "multiversioned.h"
#include <stdint.h>
#include <string.h>

#include "oscillation_batch.h"

// S = exp(-i x h), x = L/2E, of a real symmetric 3×3 matrix, without eigenvectors: with the two closest eigenvalues at
// m ± g, the third at m + D and K = h - m,
//
//   e^{ixm} S = cos(xg) - i K sin(xg)/g + F (K² - g²),   F = [e^{-ixD} - cos(xg) + i D sin(xg)/g] / (D² - g²),
//
// Newton's form of the interpolating polynomial (Cayley-Hamilton). Because D ≥ 3g by the choice of the pair, nothing in
// it diverges where two eigenvalues meet, which the usual |U|² in matter and Jarlskog ratio do.
//
// The isolated eigenvalue of the traceless part solves 4u³ - 3u = w with w in [0, 1], u in [√3/2, 1], where the slope
// 12u² - 3 lies in [6, 9]: a polynomial and one Newton step reach the last digit for any parameters.
//
// The cubic and its invariants: Zaglauer, Schwarzer, Z. Phys. C 40 (1988) 273; amplitudes by Cayley-Hamilton: Ohlsson,
// Snellman, J. Math. Phys. 41 (2000) 2768; eigenvalues by a guess and Newton steps: Denton, Parke, arXiv:2405.02400.

#pragma clang fp contract(fast)

#define INLINE static inline __attribute__((always_inline))

/// Energies worked on together, in short loops rather than one long one: the chain of divisions and square roots
/// of one energy then overlaps with the next. A shorter rest is padded, so that no point's digits depend on its
/// neighbours.
enum { BLOCK = 64 };

#define FOR_BLOCK _Pragma("clang loop vectorize(enable) interleave(disable)") for (size_t i = 0; i < BLOCK; i++)

typedef nutune_oscillation_coefficients coefficients_t;

INLINE double minimum(double x, double y) { return x < y ? x : y; }
INLINE double maximum(double x, double y) { return x > y ? x : y; }

INLINE double from_bits(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

INLINE uint64_t to_bits(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

/// sin and cos. Cody-Waite reduction by π/2 in 33 + 33 + 53 bits, exact products up to |x| ~ 1e6; minimax polynomials
/// on |r| ≤ π/4, error below 3e-17·r³ and 2e-18·r⁴. |x| ≤ 1e15: beyond, a double knows no phase.
INLINE void sine_cosine(double x, double *sine, double *cosine) {
  const double magic = 0x1.8p52;
  const double shifted = x * 0x1.45f306dc9c883p-1 + magic;
  const uint64_t quadrant = to_bits(shifted);
  const double n = shifted - magic;
  const double r = ((x - n * 0x1.921fb544p+0) - n * 0x1.0b4611a6p-34) - n * 0x1.3198a2e037073p-69;
  const double t = r * r;
  double ps = 1.591811526326574746e-10;
  ps = ps * t - 2.505113165023517761e-8;
  ps = ps * t + 2.755731610161787441e-6;
  ps = ps * t - 0.0001984126983675677253;
  ps = ps * t + 0.008333333333330947294;
  ps = ps * t - 0.1666666666666666462;
  const double s = r + r * t * ps;
  double pc = -1.138262364747446218e-11;
  pc = pc * t + 2.087614614655860917e-9;
  pc = pc * t - 2.755731727114514595e-7;
  pc = pc * t + 0.00002480158729876456077;
  pc = pc * t - 0.001388888888888739649;
  pc = pc * t + 0.04166666666666666539;
  const double c = 1.0 + t * (t * pc - 0.5);
  const uint64_t swap = -(quadrant & 1);
  const uint64_t sbits = to_bits(s), cbits = to_bits(c), difference = (sbits ^ cbits) & swap;
  *sine = from_bits(sbits ^ difference ^ (quadrant << 62 & (uint64_t)1 << 63));
  *cosine = from_bits(cbits ^ difference ^ ((quadrant + 1) << 62 & (uint64_t)1 << 63));
}

/// u in [√3/2, 1] with 4u³ - 3u = w, w in [0, 1]: cos(acos(w)/3). Chebyshev fit of degree 15 about w = ½, error
/// 3.4e-15; even and odd powers apart to halve the chain of multiplications.
INLINE double isolated_root(double w) {
  const double v = w - 0.5, t = v * v;
  double even = -1.3727143999260576e-5, odd = 8.2808364075776922e-6;
  even = even * t - 2.4869898472723726e-5;
  odd = odd * t + 1.4640482909391335e-5;
  even = even * t - 7.9923784540981395e-5;
  odd = odd * t + 4.6080979696232703e-5;
  even = even * t - 0.00025173615892899054;
  odd = odd * t + 0.00014009215927041726;
  even = even * t - 0.0008826449947594189;
  odd = odd * t + 0.00046378301919093185;
  even = even * t - 0.0037383243703936529;
  odd = odd * t + 0.0017572613346500876;
  even = even * t - 0.025725655951854025;
  odd = odd * t + 0.0088532396474342107;
  even = even * t + 0.93969262078591072;
  odd = odd * t + 0.13164361454489806;
  return even + v * odd;
}

/// 1/(12u² - 3) for u in [√3/2, 1], error 2e-5: enough for the last Newton step.
INLINE double inverse_slope(double u) {
  return 3.357880603 - u * (8.602886494 - u * (7.764611598 - u * 2.408506786));
}

/// Eigenvalues and phases of one block. Aligned to cache lines, which the widest vectors fill: loads that straddle two
/// take twice as long.
typedef struct {
  _Alignas(64) double energy[BLOCK];
  /// x = L/2E; q = √(p/3), 1/q² and w of the cubic.
  double length[BLOCK], scale[BLOCK], inverse_scale[BLOCK], w[BLOCK];
  /// m, g², g and D, and 1/(g² (D² - g²)).
  double mean[BLOCK], splitting_squared[BLOCK], splitting[BLOCK], isolated[BLOCK], inverse[BLOCK];
  double pair_phase[BLOCK], isolated_phase[BLOCK];
  double pair_sine[BLOCK], pair_cosine[BLOCK], isolated_sine[BLOCK], isolated_cosine[BLOCK];
  /// Largest deviation so far of a sum over ν_β from one, by position in the block.
  double deviation[BLOCK];
} spectrum_t;

/// The cubic t³ - p t - r = 0 of the traceless part, scaled to 4u³ - 3u = w.
INLINE void invariants(const coefficients_t *k, spectrum_t *restrict s) {
  FOR_BLOCK {
    const double a = k->potential * s->energy[i];
    // Where all three eigenvalues meet, p and r are rounding errors. Nodes that are a little apart instead serve as
    // well: interpolation does not ask for eigenvalues, it errs by x³ times the product of their distances.
    const double apart = k->floor + a * (a * 1e-11);
    const double p = maximum(k->half_square + a * (k->k11 + a * (1.0 / 3.0)), apart);
    const double r = k->determinant + a * (k->determinant_slope + a * (k->k11 * (1.0 / 3.0) + a * (2.0 / 27.0)));
    const double q2 = p * (1.0 / 3.0);
    const double q = __builtin_elementwise_sqrt(q2);
    const double inverse = 1.0 / (s->energy[i] * q2);  // one division for both, and none waiting for the root
    const double inverse_q2 = s->energy[i] * inverse;
    // |D| ≤ 3q.
    s->length[i] = minimum(k->length * (q2 * inverse), 3e14 * (q * inverse_q2));
    s->scale[i] = q;
    s->inverse_scale[i] = inverse_q2;
    s->w[i] = (0.5 * r * inverse_q2) * (q * inverse_q2);
  }
}

/// The isolated eigenvalue, and from it the pair.
INLINE void eigenvalues(const coefficients_t *k, spectrum_t *restrict s) {
  FOR_BLOCK {
    const double a = k->potential * s->energy[i];
    const double u = isolated_root(minimum(__builtin_elementwise_abs(s->w[i]), 1.0));
    const double t3 = __builtin_elementwise_copysign(2.0 * (s->scale[i] * u), s->w[i]);

    // One Newton step where ν₁ is massless: there the determinant is known without cancellation, and sum and product of
    // a close pair are small, so that its splitting keeps its digits.
    const double trace = k->trace + a, minors = k->minors + a * k->lower_trace;
    const double guess = trace * (1.0 / 3.0) + t3, guess_sum = trace * (2.0 / 3.0) - t3;
    const double guess_product = minors - guess * guess_sum;
    const double residual = guess * guess_product - a * k->cofactor;
    const double step = residual * (s->inverse_scale[i] * inverse_slope(u));
    const double sum = guess_sum + step;
    const double product = guess_product - step * (guess - guess_sum);

    const double d = 1.5 * (t3 - step);
    const double g2 = maximum(sum * (0.25 * sum) - product, 1e-100);
    const double g = __builtin_elementwise_sqrt(g2);
    s->mean[i] = 0.5 * sum;
    s->splitting_squared[i] = g2;
    s->splitting[i] = g;
    s->isolated[i] = d;
    s->inverse[i] = 1.0 / (g2 * (d * d - g2));
    s->pair_phase[i] = s->length[i] * g;
    s->isolated_phase[i] = s->length[i] * d;
  }
}

/// The larger deviation; a NaN is worse than any number.
INLINE double worse(double x, double y) { return x <= y || y != y ? y : x; }

INLINE double largest_deviation(const spectrum_t *s) {
  double largest = 0.0;
  for (size_t i = 0; i < BLOCK; i++) largest = worse(largest, s->deviation[i]);
  return largest;
}

/// exp(-i x (h + a diag(1, 0, 0))) of one energy up to a phase: S = cos(xg) + F Q - i K sin(xg)/g, with
/// K = h + a diag(1, 0, 0) - m and Q = K² - g². Off the diagonal, K is h.
typedef struct {
  /// sin(xg)/g, and F.
  double slope, fr, fi;
  double k11, k22, k33;
  double q11, q22, q33, q12, q13, q23;
  double s11r, s11i, s22r, s22i, s33r, s33i, s12r, s12i, s13r, s13i, s23r, s23i;
  /// Amplitude of ν_μ → ν_μ.
  double mmr, mmi;
} amplitudes_t;

INLINE amplitudes_t amplitudes(const coefficients_t *k, const spectrum_t *restrict s, size_t i) {
  const double h12 = k->h12, h13 = k->h13, h23 = k->h23;
  const double m = s->mean[i], g2 = s->splitting_squared[i], d = s->isolated[i];
  const double cosine = s->pair_cosine[i];
  const double inverse_gap = s->inverse[i] * g2;
  amplitudes_t p;
  p.slope = s->pair_sine[i] * (s->splitting[i] * (s->inverse[i] * (d * d - g2)));
  p.fr = (s->isolated_cosine[i] - cosine) * inverse_gap;
  p.fi = (d * p.slope - s->isolated_sine[i]) * inverse_gap;

  p.k11 = (k->h11 - m) + k->potential * s->energy[i];
  p.k22 = k->h22 - m;
  p.k33 = k->h33 - m;
  p.q11 = p.k11 * p.k11 + ((h12 * h12 + h13 * h13) - g2);
  p.q22 = p.k22 * p.k22 + ((h12 * h12 + h23 * h23) - g2);
  p.q33 = p.k33 * p.k33 + ((h13 * h13 + h23 * h23) - g2);
  p.q12 = h12 * (p.k11 + p.k22) + h13 * h23;
  p.q13 = h13 * (p.k11 + p.k33) + h12 * h23;
  p.q23 = h23 * (p.k22 + p.k33) + h12 * h13;
  p.s11r = cosine + p.fr * p.q11, p.s11i = p.fi * p.q11 - p.slope * p.k11;
  p.s22r = cosine + p.fr * p.q22, p.s22i = p.fi * p.q22 - p.slope * p.k22;
  p.s33r = cosine + p.fr * p.q33, p.s33i = p.fi * p.q33 - p.slope * p.k33;
  p.s12r = p.fr * p.q12, p.s12i = p.fi * p.q12 - p.slope * h12;
  p.s13r = p.fr * p.q13, p.s13i = p.fi * p.q13 - p.slope * h13;
  p.s23r = p.fr * p.q23, p.s23i = p.fi * p.q23 - p.slope * h23;
  p.mmr = k->c23_squared * p.s22r + (k->s23_squared * p.s33r + k->mix_cos * p.s23r);
  p.mmi = k->c23_squared * p.s22i + (k->s23_squared * p.s33i + k->mix_cos * p.s23i);
  return p;
}

/// Probabilities of one energy: back through R₂₃ and the phase. Every probability comes from its own amplitude, none
/// from unitarity: the sums are then a check.
INLINE void store_probabilities(
    const coefficients_t *k, const amplitudes_t *p, spectrum_t *restrict s, double *restrict out, size_t stride,
    size_t i) {
  const double square12 = p->s12r * p->s12r + p->s12i * p->s12i;
  const double square13 = p->s13r * p->s13r + p->s13i * p->s13i;
  const double even = k->mix_cos * (p->s12r * p->s13r + p->s12i * p->s13i);
  const double odd = k->mix_sin * (p->s12r * p->s13i - p->s12i * p->s13r);
  const double electron_muon = k->c23_squared * square12 + (k->s23_squared * square13 + even);
  const double electron_tau = (square12 + square13) - electron_muon;
  const double ee = p->s11r * p->s11r + p->s11i * p->s11i;
  out[0 * stride + i] = ee;
  out[1 * stride + i] = maximum(electron_muon - odd, 0.0);
  out[2 * stride + i] = maximum(electron_tau + odd, 0.0);
  out[3 * stride + i] = maximum(electron_muon + odd, 0.0);
  out[6 * stride + i] = maximum(electron_tau - odd, 0.0);

  const double ttr = (p->s22r + p->s33r) - p->mmr, tti = (p->s22i + p->s33i) - p->mmi;
  const double mm = p->mmr * p->mmr + p->mmi * p->mmi;
  out[4 * stride + i] = mm;
  out[8 * stride + i] = ttr * ttr + tti * tti;

  const double zr = k->sine_cosine * (p->s33r - p->s22r) + k->twist_cos * p->s23r;
  const double zi = k->sine_cosine * (p->s33i - p->s22i) + k->twist_cos * p->s23i;
  const double vr = k->twist_sin * p->s23r, vi = k->twist_sin * p->s23i;
  const double minusr = zr + vi, minusi = zi - vr;
  const double plusr = zr - vi, plusi = zi + vr;
  const double mt = plusr * plusr + plusi * plusi;
  out[5 * stride + i] = mt;
  out[7 * stride + i] = minusr * minusr + minusi * minusi;

  const double electron = __builtin_elementwise_abs((square12 + square13) + (ee - 1.0));
  const double muon = __builtin_elementwise_abs((electron_muon + odd) + (mm + (mt - 1.0)));
  s->deviation[i] = worse(s->deviation[i], worse(electron, muon));
}

/// Eigenvalues and phases in matter.
INLINE void matter_phases(const coefficients_t *k, spectrum_t *restrict s) {
  invariants(k, s);
  eigenvalues(k, s);
  FOR_BLOCK sine_cosine(s->pair_phase[i], &s->pair_sine[i], &s->pair_cosine[i]);
  FOR_BLOCK sine_cosine(s->isolated_phase[i], &s->isolated_sine[i], &s->isolated_cosine[i]);
}

/// Phases in vacuum: Δm²₂₁ L/4E in place of the pair's, Δm²₃₁ L/4E in place of the isolated one's.
INLINE void vacuum_phases(const coefficients_t *k, spectrum_t *restrict s) {
  FOR_BLOCK {
    s->length[i] = 0.5 * k->length / s->energy[i];
    s->pair_phase[i] = minimum(maximum(s->length[i] * k->dm2_21, -1e15), 1e15);
    s->isolated_phase[i] = minimum(maximum(s->length[i] * k->dm2_31, -1e15), 1e15);
  }
  FOR_BLOCK sine_cosine(s->pair_phase[i], &s->pair_sine[i], &s->pair_cosine[i]);
  FOR_BLOCK sine_cosine(s->isolated_phase[i], &s->isolated_sine[i], &s->isolated_cosine[i]);
}

/// Probabilities of one block in matter.
INLINE void matter_block(const coefficients_t *k, spectrum_t *restrict s, double *restrict out, size_t stride) {
  matter_phases(k, s);
  FOR_BLOCK {
    const amplitudes_t p = amplitudes(k, s, i);
    store_probabilities(k, &p, s, out, stride, i);
  }
}

/// Probabilities of one block in vacuum, by the closed form.
INLINE void vacuum_block(const coefficients_t *k, spectrum_t *restrict s, double *restrict out, size_t stride) {
  vacuum_phases(k, s);
  FOR_BLOCK {
    const double s21 = s->pair_sine[i], s31 = s->isolated_sine[i];
    const double s32 = s31 * s->pair_cosine[i] - s->isolated_cosine[i] * s21;
    const double a = s21 * s21, b = s31 * s31, c = s32 * s32;
    const double odd = k->vacuum_jarlskog * (s21 * s31 * s32);
    const double ee = k->vacuum[0][0] * a + (k->vacuum[0][1] * b + k->vacuum[0][2] * c);
    const double em = k->vacuum[1][0] * a + (k->vacuum[1][1] * b + k->vacuum[1][2] * c);
    const double mm = k->vacuum[2][0] * a + (k->vacuum[2][1] * b + k->vacuum[2][2] * c);
    const double et = -ee - em, mt = -em - mm, tt = -et - mt;
    out[0 * stride + i] = maximum(1.0 + ee, 0.0);
    out[1 * stride + i] = maximum(em + odd, 0.0);
    out[2 * stride + i] = maximum(et - odd, 0.0);
    out[3 * stride + i] = maximum(em - odd, 0.0);
    out[4 * stride + i] = maximum(1.0 + mm, 0.0);
    out[5 * stride + i] = maximum(mt + odd, 0.0);
    out[6 * stride + i] = maximum(et + odd, 0.0);
    out[7 * stride + i] = maximum(mt - odd, 0.0);
    out[8 * stride + i] = maximum(1.0 + tt, 0.0);
  }
}
