#include "count_kernels.h"

#include "multiversioned.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#pragma clang fp contract(off)

enum { LANES = 8 };
typedef double lanes_t __attribute__((vector_size(8 * LANES), aligned(8)));
typedef int64_t mask_t __attribute__((vector_size(8 * LANES), aligned(8)));

#define SPREAD(x) ((lanes_t){x, x, x, x, x, x, x, x})
#define WHERE(mask, a, b) ((lanes_t)(((mask) & (mask_t)(a)) | (~(mask) & (mask_t)(b))))

// t - ln w for w = 1 + t, both given, because near t = -1 the sum has lost the digits of w. With w = 2^k m, m in
// [sqrt 1/2, sqrt 2), and d = m - 1 (d = t itself where k = 0, so nothing cancels near t = 0),
//
//   t - ln w = (t - d) - k ln 2 + d s - 2 s^3 (1/3 + s^2/5 + s^4/7 + ...),   s = d/(2 + d),
//
// because ln(1+d) = 2 artanh s and d = 2s/(1-s). |s| < 0.172, so ten terms leave 2e-17 of the sum.
INLINED
static void excess_minus_logarithm(const lanes_t *excess, const lanes_t *ratio, lanes_t *result) {
  const lanes_t t = *excess, w = *ratio;
  const mask_t bits = (mask_t)w;
  const double half_root = 0.70710678118654752440;
  int64_t root_bits;
  memcpy(&root_bits, &half_root, sizeof root_bits);
  const mask_t exponent = (bits - root_bits) >> 52;
  const lanes_t mantissa = (lanes_t)(bits - (exponent << 52));
  // 1.5 * 2^52 holds a small integer in its low bits.
  const double rounder = 6755399441055744.0;
  int64_t rounder_bits;
  memcpy(&rounder_bits, &rounder, sizeof rounder_bits);
  const lanes_t power = (lanes_t)(exponent + rounder_bits) - rounder;
  const lanes_t d = WHERE(power == 0.0, t, mantissa - 1.0);
  const lanes_t s = d / (d + 2.0);
  const lanes_t square = s * s;
  lanes_t series = SPREAD(1.0 / 21);
  series = series * square + 1.0 / 19;
  series = series * square + 1.0 / 17;
  series = series * square + 1.0 / 15;
  series = series * square + 1.0 / 13;
  series = series * square + 1.0 / 11;
  series = series * square + 1.0 / 9;
  series = series * square + 1.0 / 7;
  series = series * square + 1.0 / 5;
  series = series * square + 1.0 / 3;
  *result = ((t - d) - power * 0.6931471805599453094) + (d * s - 2.0 * s * square * series);
}

// The last values, zeros after the end: a bin without events or prediction adds nothing.
INLINED
static void load_last(const double *values, size_t left, lanes_t *result) {
  *result = SPREAD(0.0);
  memcpy(result, values, left * sizeof(double));
}

MULTIVERSIONED
size_t nutune_count_deviance(
    const double *counts, const double *prediction, double factor, size_t first, size_t bins, double *lanes) {
  lanes_t sums;
  memcpy(&sums, lanes, sizeof sums);
  size_t start = first;
  for (; start < bins; start += LANES) {
    lanes_t n, predicted;
    if (start + LANES <= bins) {
      memcpy(&n, counts + start, sizeof n);
      memcpy(&predicted, prediction + start, sizeof predicted);
    } else {
      load_last(counts + start, bins - start, &n);
      load_last(prediction + start, bins - start, &predicted);
    }
    const lanes_t expected = predicted * factor;
    const mask_t has_events = n > 0.0;
    const lanes_t ratio = WHERE(has_events, expected / n, SPREAD(1.0));
    const mask_t usable = (ratio >= 1e-300) & (ratio <= 1e300);
    int64_t all = -1;
    for (int lane = 0; lane < LANES; lane++) all &= usable[lane];
    if (!all) break;
    const lanes_t excess = WHERE(has_events, (expected - n) / n, SPREAD(0.0));
    lanes_t term;
    excess_minus_logarithm(&excess, &ratio, &term);
    sums += WHERE(has_events, n * term, expected);
  }
  memcpy(lanes, &sums, sizeof sums);
  return start < bins ? start : bins;
}

MULTIVERSIONED
void nutune_count_moved(
    const double *relative, size_t stride, const double *pulls, size_t directions, size_t bins, double *restrict moved) {
  size_t k = 0;
  for (size_t b = 0; b < bins; b++) moved[b] = 1;
  for (; k + 4 <= directions; k += 4) {
    const double *r0 = relative + k * stride, *r1 = r0 + stride, *r2 = r1 + stride, *r3 = r2 + stride;
    const double p0 = pulls[k], p1 = pulls[k + 1], p2 = pulls[k + 2], p3 = pulls[k + 3];
    for (size_t b = 0; b < bins; b++) {
      double x = moved[b];
      x += p0 * r0[b];
      x += p1 * r1[b];
      x += p2 * r2[b];
      x += p3 * r3[b];
      moved[b] = x;
    }
  }
  for (; k < directions; k++) {
    const double *row = relative + k * stride;
    const double pull = pulls[k];
    for (size_t b = 0; b < bins; b++) moved[b] += pull * row[b];
  }
}

MULTIVERSIONED
void nutune_count_rates(
    const double *rates, const double *moved, double linear, size_t bins, double *restrict result) {
  int low = 0;
  for (size_t b = 0; b < bins; b++) {
    result[b] = rates[b] * moved[b];
    low |= !(moved[b] >= linear);
  }
  if (!low) return;
  for (size_t b = 0; b < bins; b++) {
    if (!(moved[b] >= linear)) result[b] = rates[b] * (linear * exp(moved[b] / linear - 1));
  }
}

MULTIVERSIONED
void nutune_count_slopes(
    const double *counts, const double *moved, double factor, double linear, int expected, size_t bins,
    double *restrict first, double *restrict slope, double *restrict curvature) {
  for (size_t b = 0; b < bins; b++) {
    const double x = moved[b], count = counts[b], rate = first[b];
    const int is_linear = x >= linear;
    // T'/T; T'' = T'/linear where T is not linear, and n (T'^2/T^2 - T''/T) = 0.
    const double ratio = 1 / (is_linear ? x : linear);
    const double derivative = rate * ratio;
    slope[b] = factor * derivative - count * ratio;
    first[b] = derivative;
    curvature[b] = ((is_linear & !expected) ? count : factor * rate) * ratio * ratio;
  }
}

MULTIVERSIONED
int nutune_count_rate_slopes(
    const double *counts, const double *rates, const double *moved, const double *moving, double factor, double least,
    double linear, size_t bins, double *restrict by_rate, double *restrict scale) {
  int others = 0;
  for (size_t b = 0; b < bins; b++) {
    const double count = counts[b], rate = rates[b], x = moved[b];
    const double slope = 2 * (factor - (count > 0 ? count / moving[b] : 0));
    by_rate[b] = slope * (x - (x - 1));
    scale[b] = slope * rate / rate;
    others |= !((x >= linear) & (rate >= least));
  }
  return others;
}

// The last steps of a sum: four pairs of lanes, then one after the other.
#define SUM_OF(v) (((((v)[0] + (v)[4]) + ((v)[1] + (v)[5])) + ((v)[2] + (v)[6])) + ((v)[3] + (v)[7]))

MULTIVERSIONED
double nutune_count_dot(const double *a, const double *b, size_t count) {
  lanes_t sums = SPREAD(0.0);
  const size_t whole = count & ~(size_t)(LANES - 1);
  for (size_t i = 0; i < whole; i += LANES) {
    lanes_t x, y;
    memcpy(&x, a + i, sizeof x);
    memcpy(&y, b + i, sizeof y);
    sums += x * y;
  }
  double sum = SUM_OF(sums);
  for (size_t i = whole; i < count; i++) sum += a[i] * b[i];
  return sum;
}

MULTIVERSIONED
double nutune_count_weighted_dot(const double *a, const double *b, const double *c, size_t count) {
  lanes_t sums = SPREAD(0.0);
  const size_t whole = count & ~(size_t)(LANES - 1);
  for (size_t i = 0; i < whole; i += LANES) {
    lanes_t x, y, z;
    memcpy(&x, a + i, sizeof x);
    memcpy(&y, b + i, sizeof y);
    memcpy(&z, c + i, sizeof z);
    sums += (x * y) * z;
  }
  double sum = SUM_OF(sums);
  for (size_t i = whole; i < count; i++) sum += (a[i] * b[i]) * c[i];
  return sum;
}
