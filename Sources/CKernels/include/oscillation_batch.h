#pragma once

#include <stddef.h>

/// Three-flavour oscillation probabilities in constant density, for a batch of energies.
///
/// The nine probabilities of one energy are P(ν_α → ν_β) in the order ee, eμ, eτ, μe, μμ, μτ, τe, τμ, ττ; a batch is
/// nine arrays (structure of arrays), `stride` doubles apart.
///
/// What does not depend on the energy. The Hamiltonian is 2E·H = U diag(0, Δm²₂₁, Δm²₃₁) U† + a diag(1, 0, 0) with
/// U = R₂₃ R₁₃(δ) R₁₂ (PDG). R₂₃ and the phase commute with the potential, so what is left to exponentiate is the real
/// symmetric h + a diag(1, 0, 0) in eV².
typedef struct {
  double h11, h12, h13, h22, h23, h33;
  /// Invariants of h: the trace, the sum of principal minors, the sum of the lower two diagonal entries.
  double trace, minors, lower_trace;
  /// det(h + a diag(1, 0, 0))/a.
  double cofactor;
  /// Traceless part of h: its ee entry, ½tr k², det k, and the slope of the determinant in a.
  double k11, half_square, determinant, determinant_slope;
  /// Least ½tr k² at a = 0.
  double floor;
  /// The 23 rotation: c², s², 2sc·cos δ, 2sc·sin δ, sc, cos 2θ₂₃·cos δ, sin δ.
  double c23_squared, s23_squared, mix_cos, mix_sin, sine_cosine, twist_cos, twist_sin;
  /// Potential per energy, a/E in eV²/GeV, negative for antineutrinos.
  double potential;
  /// 2 k L: phase of a mass-squared difference over its size and over 1/E, in GeV/eV².
  double length;
  double dm2_21, dm2_31;
  /// Vacuum: -4 Re U*αi Uβi Uαj U*βj for (ij) = 21, 31, 32, rows ee, eμ, μμ; and 8 J.
  double vacuum[3][3];
  double vacuum_jarlskog;
} nutune_oscillation_coefficients;

/// Coefficients for one set of parameters and one path.
///
/// @param sin2_theta sin²θ₁₂, sin²θ₁₃, sin²θ₂₃, each in [0, 1].
/// @param delta_cp δ in radians.
/// @param dm2_21 Δm²₂₁ in eV². @param dm2_31 Δm²₃₁ in eV², signed.
/// @param phase k·L where Δ = k·L·Δm²/E, in GeV/eV² (k = 1.266932679… for L in km).
/// @param potential a/E in eV²/GeV for neutrinos (1.526493e-4·Yₑρ with ρ in g/cm³).
/// @param antineutrino non-zero flips δ and the potential.
nutune_oscillation_coefficients nutune_oscillation_prepare(
    const double sin2_theta[3], double delta_cp, double dm2_21, double dm2_31, double phase, double potential,
    int antineutrino);

/// Probabilities in matter. |ΔP| is about 1e-16·(100 + phase in radians); where two eigenvalues coincide nothing
/// diverges, but the error can grow as 1e-16·phase².
///
/// @param energies GeV in [1e-9, 1e12], shape [count]. @param probabilities shape [9][stride], stride ≥ count.
/// @return the largest |1 - Σ_β P(ν_α → ν_β)| over the batch, α = e, μ; every probability has an amplitude of its own,
/// so it says what the phases left of the digits. NaN if anything was NaN.
double nutune_oscillation_matter(
    const nutune_oscillation_coefficients *coefficients, const double *energies, size_t count, double *probabilities,
    size_t stride);

/// Probabilities in vacuum, by the closed form; the potential in the coefficients is ignored.
///
/// @return zero: the sums are exact by construction.
double nutune_oscillation_vacuum(
    const nutune_oscillation_coefficients *coefficients, const double *energies, size_t count, double *probabilities,
    size_t stride);
