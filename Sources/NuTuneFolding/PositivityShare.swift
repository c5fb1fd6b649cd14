import Foundation
import NuTuneCore
import NuTuneNumerics

/// The shares of an event rate in which a model violates, or just reaches, the positivity bounds of the hadron tensor.
///
/// It uses no binning but Gauss–Legendre points in ln E_ν, √ω and √θ that are denser where cross sections vary:
/// accurate to a few per cent of a share, in a fraction of a second.
public struct PositivityShare: Sendable {
  /// Share of the rate where W₃ is at its bound, |W₃| |q|/(2M) = W₁ to rounding: clipped there, with a kink where the
  /// clipping begins.
  public private(set) var atBound = 0.0
  /// Share of the rate where W_T, W_L or the bound of W₃ is violated by more than 10⁻⁹.
  public private(set) var violated = 0.0
  /// Rate added by clipping a negative d²σ at zero, as a share of the rate.
  public private(set) var held = 0.0
  /// The rate, flux × cross section; 0 when there is none.
  public private(set) var rate = 0.0

  private static let tolerance = 1e-9
  /// Relative distance from the bound that counts as clipped: a clamp gives the bound itself; a smooth W₃ that touches
  /// it is this close almost nowhere.
  private static let boundRounding = 1e-13
  private static let points = 56

  /// Computes the shares of a model.
  ///
  /// - Parameters:
  ///   - model: the model with its structure functions.
  ///   - reaction: neutrino species and target.
  ///   - energies: neutrino energies in GeV.
  ///   - density: flux density at some energies in any unit.
  public init(
    of model: any StructureFunctionModel, reaction: Reaction, energies: ClosedRange<Double>,
    density: ([Double]) throws -> [Double]
  ) throws {
    let tensor = LeptonTensor(reaction.species)
    let mass = tensor.leptonMass
    let lowest = max(energies.lowerBound, mass)
    guard lowest < energies.upperBound else { return }
    let unit = try GaussLegendre(points: Self.points).rule(on: 0...1)
    // E_ν in its logarithm.
    let span = log(energies.upperBound / lowest)
    let neutrinos = unit.nodes.map { lowest * exp(span * $0) }
    let fluxes = try density(neutrinos)
    for (index, energy) in neutrinos.enumerated() where fluxes[index] > 0 && energy > mass {
      var points = KinematicPoints()
      var weights: [Double] = []
      for (s, sWeight) in zip(unit.nodes, unit.weights) {
        let omega = (energy - mass) * s * s
        for (t, tWeight) in zip(unit.nodes, unit.weights) {
          let angle = Double.pi * t * t
          points.append(neutrinoEnergy: energy, leptonEnergy: energy - omega, cosTheta: cos(angle))
          weights.append(
            unit.weights[index] * span * energy * fluxes[index]
              * sWeight * 2 * s * (energy - mass) * tWeight * 2 * t * Double.pi * sin(angle))
        }
      }
      let invariants = points.invariants(leptonMass: mass)
      let functions = try model.structureFunctions(of: reaction, at: invariants)
      let values = tensor.crossSection(of: functions, at: points, invariants: invariants)
      let positivity = functions.positivity(at: invariants)
      for i in 0..<points.count where invariants.q2[i] > 0 {
        let share = weights[i] * max(values[i], 0)
        rate += share
        held += weights[i] * max(-values[i], 0)
        if positivity[i].violation > Self.tolerance { violated += share }
        if positivity[i].isAtBound(within: Self.boundRounding) { atBound += share }
      }
    }
    guard rate > 0 else { return }
    atBound /= rate
    violated /= rate
    held /= rate
  }
}
