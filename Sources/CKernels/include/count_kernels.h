// Inner loops of likelihoods of counts: the deviance, and rates that pulls move with their derivatives.
//
// Every kernel gives the same bits for every instruction set: sums run in eight lanes, nothing is contracted.
#pragma once
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

// Adds n[t - ln(1+t)], t = (v - n)/n, v = factor * prediction, of every eighth bin to one of eight lanes; v itself of bins
// without events. Starts at bin `first`, a multiple of eight, and returns the first bin of eight in which a ratio v/n of a bin
// with events is too small or too large for the series, or `bins` at the end.
size_t nutune_count_deviance(
    const double *counts, const double *prediction, double factor, size_t first, size_t bins, double *lanes);

// moved[b] = 1 + sum over k of pulls[k] relative[k * stride + b].
void nutune_count_moved(
    const double *relative, size_t stride, const double *pulls, size_t directions, size_t bins, double *moved);

// result[b] = rates[b] T(moved[b]) with T(x) = x for x >= linear, linear * exp(x / linear - 1) below.
void nutune_count_rates(const double *rates, const double *moved, double linear, size_t bins, double *result);

// Derivatives of half the deviance of one sample with rates g = f T(x), from g in `first`, which becomes f T':
//   slope[b] = factor f T' - n T'/T      curvature[b] = n (T'^2/T^2 - T''/T) + factor f T''
// the expected curvature where `expected` is not zero, n = factor g.
void nutune_count_slopes(
    const double *counts, const double *moved, double factor, double linear, int expected, size_t bins, double *first,
    double *slope, double *curvature);

// Derivatives of the deviance of one sample with rates g = f T(x), x - 1 = sum of pulls times changes / max(f, least), where T is
// linear and f at least `least`: by_rate[b] with respect to f, and scale[b], which times a pull is that with respect to its
// change. `moving` holds g. Returns whether there are other bins, of which the results are none.
int nutune_count_rate_slopes(
    const double *counts, const double *rates, const double *moved, const double *moving, double factor, double least,
    double linear, size_t bins, double *by_rate, double *scale);

// Sum of a[i] b[i] in an order that depends on the count alone.
double nutune_count_dot(const double *a, const double *b, size_t count);

// Sum of a[i] b[i] c[i], the product of the first two first, in the same order.
double nutune_count_weighted_dot(const double *a, const double *b, const double *c, size_t count);

#ifdef __cplusplus
}
#endif
