#include "count_kernels.h"

#include "multiversioned.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#pragma clang fp contract(off)

enum { LANES = 8 };
typedef double lanes_t __attribute__((vector_size(8 * LANES), aligned(8)));
typedef int64_t mask_t __attribute__((vector_size(8 * LANES), aligned(8)));

#define AT(pointer) (*(const lanes_t *)(pointer))
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
    const double *counts, const double *rates, const double *moved, double factor, double least, double linear,
    size_t bins, double *restrict by_rate, double *restrict scale) {
  int few = 0, low = 0;
  for (size_t b = 0; b < bins; b++) {
    const double count = counts[b], rate = rates[b], x = moved[b];
    const double slope = 2 * (factor - (count > 0 ? count / scale[b] : 0));
    by_rate[b] = slope * (rate >= least ? x - (x - 1) : x);
    scale[b] = slope * rate / (rate >= least ? rate : least);
    few |= !(rate >= least);
    low |= !(x >= linear);
  }
  if (!low) return few;
  for (size_t b = 0; b < bins; b++) {
    const double rate = rates[b], x = moved[b];
    if (x >= linear) continue;
    const double value = linear * exp(x / linear - 1), derivative = value / linear;
    const double slope = 2 * (factor - (counts[b] > 0 ? counts[b] / (rate * value) : 0));
    by_rate[b] = slope * (rate >= least ? value - derivative * (x - 1) : value);
    scale[b] = slope * rate * derivative / (rate >= least ? rate : least);
  }
  return few;
}

// Changes of so many bins at a time that their inverse rates stay in the nearest cache.
enum { BLOCK = 256 };

MULTIVERSIONED
void nutune_count_relative(
    const double *rates, const double *changes, size_t directions, size_t bins, double least, int informative,
    size_t stride, double *restrict relative) {
  double inverse[BLOCK];
  for (size_t begin = 0; begin < bins; begin += BLOCK) {
    const size_t count = bins - begin < BLOCK ? bins - begin : BLOCK;
    for (size_t b = 0; b < count; b++) {
      const double rate = rates[begin + b];
      inverse[b] = informative ? 1 / (rate >= least ? rate : least) : 0;
    }
    for (size_t k = 0; k < directions; k++) {
      const double *change = changes + k * bins + begin;
      double *result = relative + k * stride + begin;
      for (size_t b = 0; b < count; b++) result[b] = change[b] * inverse[b];
    }
  }
}

// The last steps of a sum: four pairs of lanes, then one after the other.
#define SUM_OF(v) (((((v)[0] + (v)[4]) + ((v)[1] + (v)[5])) + ((v)[2] + (v)[6])) + ((v)[3] + (v)[7]))

// So many sums at a time that none waits for the one before.
enum { TOGETHER = 4 };

// Adds weight * first * row, or weight * row where there is no first, from `begin` to `end` to the sums of so many rows.
INLINED
static void add_products(
    const double *weight, const double *first, const double *rows, const size_t stride, const size_t several,
    const size_t begin, const size_t end, lanes_t *sums) {
  lanes_t own[TOGETHER];
  for (size_t l = 0; l < several; l++) own[l] = sums[l];
  for (size_t i = begin; i < end; i += LANES) {
    const lanes_t left = first ? AT(weight + i) * AT(first + i) : AT(weight + i);
    for (size_t l = 0; l < several; l++) own[l] += left * AT(rows + l * stride + i);
  }
  for (size_t l = 0; l < several; l++) sums[l] = own[l];
}

INLINED
static void add_all_products(
    const double *weight, const double *first, const double *rows, const size_t stride, const size_t several,
    const size_t begin, const size_t end, lanes_t *sums) {
  size_t l = 0;
  for (; l + TOGETHER <= several; l += TOGETHER) {
    add_products(weight, first, rows + l * stride, stride, TOGETHER, begin, end, sums + l);
  }
  switch (several - l) {
    case 3: add_products(weight, first, rows + l * stride, stride, 3, begin, end, sums + l); break;
    case 2: add_products(weight, first, rows + l * stride, stride, 2, begin, end, sums + l); break;
    case 1: add_products(weight, first, rows + l * stride, stride, 1, begin, end, sums + l); break;
  }
}

// So many numbers of all rows at a time stay in the nearest cache.
enum { NEAREST = 3072 };

MULTIVERSIONED
void nutune_count_dots(
    const double *weight, const double *rows, size_t stride, size_t several, size_t count, double *restrict dots) {
  const size_t whole = count & ~(size_t)(LANES - 1);
  for (size_t k = 0; k < several; k += TOGETHER) {
    const size_t together = several - k < TOGETHER ? several - k : TOGETHER;
    lanes_t sums[TOGETHER] = {0};
    add_all_products(weight, NULL, rows + k * stride, stride, together, 0, whole, sums);
    for (size_t l = 0; l < together; l++) {
      double sum = SUM_OF(sums[l]);
      for (size_t i = whole; i < count; i++) sum += weight[i] * rows[(k + l) * stride + i];
      dots[k + l] = sum;
    }
  }
}

MULTIVERSIONED
void nutune_count_weighted_dots(
    const double *weight, const double *rows, size_t stride, size_t several, size_t count, double *restrict dots) {
  const size_t whole = count & ~(size_t)(LANES - 1);
  const size_t fitting = NEAREST / (several + 1) & ~(size_t)(LANES - 1);
  const size_t block = fitting < 64 ? 64 : fitting;
  lanes_t *sums = calloc(several * several + 1, sizeof(lanes_t));
  if (!sums) abort();
  for (size_t begin = 0; begin < whole; begin += block) {
    const size_t end = begin + block < whole ? begin + block : whole;
    for (size_t k = 0; k < several; k++) {
      add_all_products(weight, rows + k * stride, rows, stride, k + 1, begin, end, sums + k * several);
    }
  }
  for (size_t k = 0; k < several; k++) {
    for (size_t l = 0; l <= k; l++) {
      const lanes_t lanes = sums[k * several + l];
      double sum = SUM_OF(lanes);
      for (size_t i = whole; i < count; i++) sum += (weight[i] * rows[k * stride + i]) * rows[l * stride + i];
      dots[k * several + l] = sum;
    }
  }
  free(sums);
}

MULTIVERSIONED
void nutune_count_outer(
    const double *factors, const double *values, size_t several, size_t count, double *restrict products) {
  for (size_t k = 0; k < several; k++) {
    for (size_t i = 0; i < count; i++) products[k * count + i] = factors[k] * values[i];
  }
}
