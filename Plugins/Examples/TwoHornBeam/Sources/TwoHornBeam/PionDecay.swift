import Foundation
import NuTuneCore

/// Kinematics of π → μ ν in flight at small angles, with γ = E_π/m_π and θ the angle between pion and neutrino.
///
///     E_ν = η E_π / (1 + γ²θ²),   η = 1 − m_μ²/m_π² = 0.427
///     dP/dΩ = (1/4π) [2γ/(1 + γ²θ²)]²
///
/// S. E. Kopp, Phys. Rept. 439 (2007) 101, section 2.
public enum PionDecay {
  /// η, the largest share of its energy that a pion gives to the neutrino.
  public static let energyShare =
    1 - PhysicalConstants.muonMass * PhysicalConstants.muonMass
    / (PhysicalConstants.chargedPionMass * PhysicalConstants.chargedPionMass)
  /// Proper decay length cτ in m (PDG 2024).
  public static let decayLength = 7.8045
  /// Branching ratio of π → μ ν (PDG 2024).
  public static let branchingRatio = 0.999877

  /// Computes E_ν in GeV of a pion with `energy` in GeV at θ in rad.
  public static func neutrinoEnergy(pionEnergy energy: Double, angle: Double) -> Double {
    let product = energy / PhysicalConstants.chargedPionMass * angle
    return energyShare * energy / (1 + product * product)
  }

  /// Computes dP/dΩ per steradian of a pion with `energy` in GeV at θ in rad.
  public static func angularDensity(pionEnergy energy: Double, angle: Double) -> Double {
    let gamma = energy / PhysicalConstants.chargedPionMass
    let boost = 2 * gamma / (1 + gamma * gamma * angle * angle)
    return boost * boost / (4 * Double.pi)
  }

  /// Computes the highest E_ν in GeV of any pion at θ in rad, η m_π/(2θ), from pions with γθ = 1; infinite on the axis.
  public static func highestEnergy(angle: Double) -> Double {
    energyShare * PhysicalConstants.chargedPionMass / (2 * angle)
  }

  /// Computes the probability that a pion of momentum in GeV decays within a length in m.
  public static func probability(momentum: Double, length: Double) -> Double {
    -expm1(-length * PhysicalConstants.chargedPionMass / (momentum * decayLength))
  }

  /// Computes the pion energies in GeV that give neutrinos of `energy` in GeV at θ in rad, increasing: none, one (on
  /// the axis) or two.
  public static func pionEnergies(neutrinoEnergy energy: Double, angle: Double) -> [Double] {
    let mass = PhysicalConstants.chargedPionMass
    let lowest = energy / energyShare
    guard angle > 0 else { return [lowest] }
    // (E/E₀ − 1) m² = θ²E²; the second root from the product of both, which keeps its digits at small θ.
    let half = mass * mass / (2 * lowest)
    let discriminant = half * half - angle * angle * mass * mass
    guard discriminant > 0 else { return [] }
    let first = mass * mass / (half + discriminant.squareRoot())
    return [first, mass * mass / (angle * angle * first)]
  }
}
