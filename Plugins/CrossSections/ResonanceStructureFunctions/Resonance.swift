import Foundation
import NuTuneCore

/// One resonance: mass, width, form factors and isospin weights.
///
/// Its form factors fall as dipoles times 1/(1 + b Q²/M_V²), each with its own b; D_V = (1+Q²/M_V²)², D_A =
/// (1+Q²/M_A²)².
package struct Resonance: Sendable {
  /// Name and first key of its parameters, `delta`.
  package let name: ResonanceName
  /// Its line shape.
  package let shape: LineShape
  /// Factor on its contribution.
  package let scale: Double
  private let vectorMassSquared: Double
  private let axialMassSquared: Double
  private let vector: [FormFactor]
  private let axial: FormFactor
  private let axialRatio: Double

  /// A vector form factor: value at Q² = 0, b, and the coefficient of ln(1+Q²/GeV²).
  private struct FormFactor: Sendable {
    var value, falloff, logarithm: Double

    @inline(__always)
    func at(_ scaled: Double, dipole: Double, logarithm log: Double) -> Double {
      value * (1 + logarithm * log) / (dipole * (1 + falloff * scaled))
    }
  }

  init(_ name: ResonanceName, _ parameters: ParameterValues, smearing: ClosedRange<Double>?, upTo highest: Double) {
    func number(_ key: String) -> Double { parameters.number("\(name.rawValue).\(key)") }
    self.name = name
    shape = LineShape(
      mass: number("mass"), width: number("width"), orbital: name.orbital, smearing: smearing, upTo: highest)
    scale = number("scale")
    vectorMassSquared = pow(parameters.number("resonance.vector_mass"), 2)
    axialMassSquared = pow(parameters.number("resonance.axial_mass"), 2)
    if name.isSpinThreeHalf {
      vector = ["c3", "c4", "c5"].map {
        FormFactor(value: number("\($0)_vector"), falloff: number("\($0)_falloff"), logarithm: 0)
      }
      axial = FormFactor(value: number("c5_axial"), falloff: number("axial_falloff"), logarithm: 0)
      axialRatio = number("axial_ratio")
    } else {
      vector = ["g1", "g2"].map {
        FormFactor(
          value: number("\($0)_vector"), falloff: number("\($0)_falloff"), logarithm: number("\($0)_logarithm"))
      }
      axial = FormFactor(value: number("g1_axial"), falloff: number("axial_falloff"), logarithm: 0)
      axialRatio = 0
    }
  }

  /// Computes w₁…w₅ of a charged-current transition of isospin weight one, for a state of mass W in GeV at Q² in GeV².
  package func functions(mass: Double, q2: Double) -> TransitionFunctions {
    let scaled = q2 / vectorMassSquared
    let dipole = (1 + scaled) * (1 + scaled)
    let scaledAxial = q2 / axialMassSquared
    let coupling = axial.at(scaledAxial, dipole: (1 + scaledAxial) * (1 + scaledAxial), logarithm: 0)
    if name.isSpinThreeHalf {
      let c = (
        vector[0].at(scaled, dipole: dipole, logarithm: 0), vector[1].at(scaled, dipole: dipole, logarithm: 0),
        vector[2].at(scaled, dipole: dipole, logarithm: 0)
      )
      return SpinThreeHalfVertex(
        vector: c, axial: (0, axialRatio * coupling, coupling), hasPositiveParity: name.hasPositiveParity
      ).functions(mass: mass, q2: q2)
    }
    let log = log1p(q2)
    return SpinHalfVertex(
      g1Vector: vector[0].at(scaled, dipole: dipole, logarithm: log),
      g2Vector: vector[1].at(scaled, dipole: dipole, logarithm: log), axial: coupling,
      scale: PhysicalConstants.nucleonMass + shape.mass, hasPositiveParity: name.hasPositiveParity
    ).functions(mass: mass, q2: q2)
  }

  /// Computes the average number of transitions of weight one per nucleon of the target: |⟨R|V₊|N⟩|² by isospin.
  ///
  /// I = 3/2: ν p → Δ⁺⁺ is 3, ν n → Δ⁺ is 1; I = 1/2: ν n alone. For ν̄ protons and neutrons are exchanged.
  package func weight(of reaction: Reaction) -> Double {
    let target = reaction.target
    let isNeutrino = reaction.species.helicity == .neutrino
    let made = isNeutrino ? target.neutronFraction : target.protonFraction
    return name.isIsospinThreeHalf ? made + 3 * (1 - made) : made
  }
}
