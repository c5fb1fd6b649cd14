import Foundation
import NuTuneCore
import NuTuneNumerics

/// σ(E_ν): the cross section integrated over the outgoing lepton.
///
///     σ = ∫dp_l (p_l/E_l) ∫du (s + s₀)/(2 E_ν p_l) d²σ/(dE_l dcosθ),   s = Q² − Q²_min = 2E_ν p_l (1 − cosθ),
///
/// with u = ln(s + s₀) and s₀ = Q²_min: p_l keeps the threshold smooth, and u resolves the terms in m²/Q² of a forward
/// lepton as well as the tail. Gauss–Legendre panels of p_l whose part of the integral still changes, and those beside them,
/// have their points doubled, in both variables, until the integral converges.
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
  /// Largest width of a panel in u: the quasi-elastic peak of a nucleus is wide, the line of a free proton is not.
  private let angleStep: Double

  /// Prepares the total cross section of a model.
  public init(model: any CrossSectionModel, reaction: Reaction) throws {
    self.model = model
    self.reaction = reaction
    rule = try GaussLegendre(points: 4)
    angleStep = 0.8 * min(1, QuadraturePlan.peakWidth(of: reaction.target) / QuadraturePlan.nuclearPeakWidth)
  }

  /// Computes σ in 10⁻³⁸ cm² per nucleon at a neutrino energy in GeV; zero below threshold.
  public func value(at energy: Double) throws -> Double {
    let mass = reaction.species.leptonMass
    guard energy > mass else { return 0 }
    let largest = Kinematics.leptonMomentum(energy: energy, mass: mass)
    let count = max(4, Int(min(largest / 0.1, Self.mostPanels).rounded(.up)))
    let width = largest / Double(count)
    var panels = try (0..<count).map { panel in
      try Panel(of: self, energy, Double(panel) * width...Double(panel + 1) * width)
    }
    var sum = 0.0
    for _ in 0..<6 {
      // Panels that stay as they are may change the integral by half of the tolerance, all together.
      let limit = 0.5 * Self.relativeTolerance * abs(sum) / Double(count)
      // A change can be zero by chance: next to a panel that still changes it proves nothing.
      let changes = panels.map { !(abs($0.change) <= limit) }
      for panel in panels.indices where changes[max(panel - 1, 0)...min(panel + 1, count - 1)].contains(true) {
        try panels[panel].refine(self, energy)
      }
      sum = panels.reduce(0) { $0 + $1.value }
      guard sum.isFinite else { break }
      if panels.reduce(0, { $0 + abs($1.change) }) <= Self.relativeTolerance * abs(sum) { return sum }
    }
    throw NuTuneError(
      .runtime, key: "total cross section at \(energy) GeV", found: "an integral that does not settle (\(sum))",
      expected: "a change below \(Self.relativeTolerance) when the points are doubled")
  }

  /// A range of lepton momentum with its part of the integral, and by how much that changed when its points were doubled last.
  private struct Panel {
    let range: ClosedRange<Double>
    var refinement = 1
    var value: Double
    var change = Double.infinity

    init(of total: TotalCrossSection, _ energy: Double, _ range: ClosedRange<Double>) throws {
      self.range = range
      value = try total.integral(energy, range, 1)
    }

    mutating func refine(_ total: TotalCrossSection, _ energy: Double) throws {
      refinement *= 2
      let next = try total.integral(energy, range, refinement)
      (value, change) = (next, next - value)
    }
  }

  /// Computes the integral over a range of lepton momentum with `refinement` panels in p_l, and `refinement` times as many
  /// in u as ``angleStep`` asks for.
  private func integral(_ energy: Double, _ momenta: ClosedRange<Double>, _ refinement: Int) throws -> Double {
    let mass = reaction.species.leptonMass
    var sum = 0.0
    for (momentum, momentumWeight) in composite(refinement, over: momenta) {
      let leptonEnergy = (momentum * momentum + mass * mass).squareRoot()
      guard momentum > 0, leptonEnergy < energy else { continue }
      let slope = 2 * energy * momentum
      let forward = Kinematics.invariants(
        neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: 1, leptonMass: mass)
      let scale = max(forward.q2, Self.smallestScale)
      let range = log(scale)...log(2 * slope + scale)
      let anglePanels = refinement * Int(((range.upperBound - range.lowerBound) / angleStep).rounded(.up))
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
