#pragma once

#include <stddef.h>

#include "oscillation_batch.h"

/// Gradients of the three-flavour oscillation probabilities with respect to the six oscillation parameters.
///
/// The parameters, in this order everywhere: sin²θ₁₂, sin²θ₁₃, sin²θ₂₃, δ (radians), Δm²₂₁, Δm²₃₁ (eV²).
enum { NUTUNE_OSCILLATION_PARAMETERS = 6 };

/// Derivative of the real symmetric h (see `nutune_oscillation_coefficients`) with respect to one parameter, in eV² per
/// unit of the parameter.
typedef struct {
  /// Entries of h′, without a third of the trace on the diagonal: a multiple of the unit matrix changes no probability.
  double h11, h22, h33, h12, h13, h23;
  /// tr h h′.
  double trace_product;
  /// Entries 12 and 13 of h h′ + h′ h, without what the diagonal of h contributes through h′12 and h′13.
  double product12, product13;
  /// μμ entry of h h′ + h′ h and of h′, after the 23 rotation.
  double muon_product, muon;
} nutune_oscillation_direction;

/// What does not depend on the energy in the gradients.
typedef struct {
  /// For sin²θ₁₂, sin²θ₁₃, Δm²₂₁, Δm²₃₁.
  nutune_oscillation_direction directions[4];
  /// Derivatives of 2sc·cos δ and 2sc·sin δ of the 23 rotation, for sin²θ₂₃ and δ.
  double mix_cos[2], mix_sin[2];
  /// Derivatives of the vacuum coefficients for sin²θ₁₂, sin²θ₁₃, sin²θ₂₃, δ: rows ee, eμ, μμ; and of 8 J.
  double vacuum[4][3][3];
  double vacuum_jarlskog[4];
  /// 1 where Δm²₃₁ follows Δm²₂₁, because Δm²₃₂ is held fixed; otherwise 0.
  double atmospheric_follows;
} nutune_oscillation_slopes;

/// Gradient coefficients for one set of parameters and one path; the arguments are those of
/// `nutune_oscillation_prepare`.
///
/// @param sin2_theta each strictly between 0 and 1: at the ends amplitudes grow as the square root of sin²θ or cos²θ.
/// @param fixed_dm2_32 non-zero holds Δm²₃₂ fixed in the derivative with respect to Δm²₂₁, zero holds Δm²₃₁ fixed.
nutune_oscillation_slopes nutune_oscillation_prepare_slopes(
    const double sin2_theta[3], double delta_cp, double dm2_21, double dm2_31, int antineutrino, int fixed_dm2_32);

/// Probabilities and gradients in matter.
///
/// A derivative times its parameter is as exact as a probability times the phase: its error is about
/// 1e-16·(100 + phase), times the phase where that is above one. Derivatives of one initial or one final flavour sum
/// to zero.
///
/// @param energies GeV, shape [count]. @param probabilities shape [9][stride], as of `nutune_oscillation_matter`.
/// @param gradients per parameter shape [9][stride], or NULL for a parameter that is not asked for.
/// @return what `nutune_oscillation_matter` returns.
double nutune_oscillation_matter_gradients(
    const nutune_oscillation_coefficients *coefficients, const nutune_oscillation_slopes *slopes,
    const double *energies, size_t count, double *probabilities,
    double *const gradients[NUTUNE_OSCILLATION_PARAMETERS], size_t stride);

/// Probabilities and gradients in vacuum, by the closed form; the potential in the coefficients is ignored.
///
/// @return zero, as `nutune_oscillation_vacuum`.
double nutune_oscillation_vacuum_gradients(
    const nutune_oscillation_coefficients *coefficients, const nutune_oscillation_slopes *slopes,
    const double *energies, size_t count, double *probabilities,
    double *const gradients[NUTUNE_OSCILLATION_PARAMETERS], size_t stride);
