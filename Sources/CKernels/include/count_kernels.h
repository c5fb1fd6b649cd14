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

// Derivatives of the deviance of one sample with rates g = f T(x), x - 1 = sum of pulls times changes / max(f, least): by_rate[b]
// with respect to f, where `least` stays, and scale[b], which times a pull is that with respect to its change and holds g before.
// Returns whether any f is below `least`.
int nutune_count_rate_slopes(
    const double *counts, const double *rates, const double *moved, double factor, double least, double linear,
    size_t bins, double *by_rate, double *scale);

// relative[k * stride + b] = changes[k * bins + b] / max(rates[b], least), or zero times the change where a sample says nothing.
void nutune_count_relative(
    const double *rates, const double *changes, size_t directions, size_t bins, double least, int informative,
    size_t stride, double *relative);

// dots[k] = sum over i of weight[i] row_k[i] in an order that depends on the count alone; row k begins at rows + k * stride.
void nutune_count_dots(
    const double *weight, const double *rows, size_t stride, size_t several, size_t count, double *dots);

// dots[k * several + l] = sum over i of (weight[i] row_k[i]) row_l[i] for l up to k, in the same order.
void nutune_count_weighted_dots(
    const double *weight, const double *rows, size_t stride, size_t several, size_t count, double *dots);

// products[k * count + i] = factors[k] values[i].
void nutune_count_outer(const double *factors, const double *values, size_t several, size_t count, double *products);

#ifdef __cplusplus
}
#endif
