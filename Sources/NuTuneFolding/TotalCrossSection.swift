import Foundation
import NuTuneCore
import NuTuneNumerics

/// σ(E_ν): the cross section integrated over the outgoing lepton.
///
///     σ = ∫dp_l (p_l/E_l) ∫du (s + s₀)/(2 E_ν p_l) d²σ/(dE_l dcosθ),   s = Q² − Q²_min = 2E_ν p_l (1 − cosθ),
///
/// with u = ln(s + s₀) and s₀ = Q²_min: p_l keeps the threshold smooth, and u resolves the terms in m²/Q² of a forward
/// lepton as well as the tail. Gauss–Legendre panels are doubled until the integral converges.
public struct TotalCrossSection: Sendable {
  /// Smallest s₀ in GeV²; the part of the cross section below it is negligible.
  private static let smallestScale = 1e-5
  /// Largest initial number of panels in p_l; doubling tests whether they suffice.
  private static let mostPanels = 10_000.0
  /// The relative change under doubling below which an integral counts as converged.
  public static let relativeTolerance = 2e-5

  /// The cross section.
  public let model: any CrossSectionModel
  /// The reaction.
  public let reaction: Reaction
  private let rule: GaussLegendre

  /// Prepares the total cross section of a model.
  public init(model: any CrossSectionModel, reaction: Reaction) throws {
    self.model = model
    self.reaction = reaction
    rule = try GaussLegendre(points: 4)
  }

  /// Computes σ in 10⁻³⁸ cm² per nucleon at a neutrino energy in GeV; zero below threshold.
  public func value(at energy: Double) throws -> Double {
    let mass = reaction.species.leptonMass
    guard energy > mass else { return 0 }
    let largest = Kinematics.leptonMomentum(energy: energy, mass: mass)
    var refinement = 1
    var last = try integral(energy, largest, refinement)
    for _ in 0..<6 {
      refinement *= 2
      let next = try integral(energy, largest, refinement)
      guard next.isFinite else { break }
      if abs(next - last) <= Self.relativeTolerance * abs(next) { return next }
      last = next
    }
    throw NuTuneError(
      .runtime, key: "total cross section at \(energy) GeV", found: "an integral that does not settle (\(last))",
      expected: "a change below \(Self.relativeTolerance) when the points are doubled")
  }

  /// Computes the integral with `refinement` times as many panels as 0.1 GeV in p_l and 0.8 in u give.
  private func integral(_ energy: Double, _ largest: Double, _ refinement: Int) throws -> Double {
    let mass = reaction.species.leptonMass
    let panels = refinement * max(4, Int(min(largest / 0.1, Self.mostPanels).rounded(.up)))
    var sum = 0.0
    for (momentum, momentumWeight) in composite(panels, over: 0...largest) {
      let leptonEnergy = (momentum * momentum + mass * mass).squareRoot()
      guard momentum > 0, leptonEnergy < energy else { continue }
      let slope = 2 * energy * momentum
      let forward = Kinematics.invariants(
        neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: 1, leptonMass: mass)
      let scale = max(forward.q2, Self.smallestScale)
      let range = log(scale)...log(2 * slope + scale)
      let anglePanels = refinement * Int(((range.upperBound - range.lowerBound) / 0.8).rounded(.up))
      var points = KinematicPoints()
      var weights: [Double] = []
      for (u, weight) in composite(anglePanels, over: range) {
        let shifted = exp(u)
        let cosTheta = min(max(1 - (shifted - scale) / slope, -1), 1)
        points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cosTheta)
        weights.append(momentumWeight * weight * momentum / leptonEnergy * shifted / slope)
      }
      let values = try model.crossSection(of: reaction, at: points)
      for (weight, value) in zip(weights, values) { sum += weight * value }
    }
    return sum
  }

  /// Returns nodes and weights of equal panels over a range.
  private func composite(_ panels: Int, over range: ClosedRange<Double>) -> [(Double, Double)] {
    let width = (range.upperBound - range.lowerBound) / Double(panels)
    return (0..<panels).flatMap { panel in
      zip(rule.nodes, rule.weights).map { node, weight in
        (range.lowerBound + width * (Double(panel) + 0.5 * (node + 1)), 0.5 * width * weight)
      }
    }
  }
}
