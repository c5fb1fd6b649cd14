import Foundation
import NuTuneCore
import NuTuneNumerics

/// σ(E_ν): the cross section integrated over the outgoing lepton.
///
///     σ = ∫dp_l (p_l/E_l) ∫du (s + s₀)/(2 E_ν p_l) d²σ/(dE_l dcosθ),   s = Q² − Q²_min = 2E_ν p_l (1 − cosθ),
///
/// with u = ln(s + s₀): p_l keeps the threshold smooth, and u gives the forward peak as many points as the tail.
/// Gauss–Legendre panels, doubled until the integral stays.
public struct TotalCrossSection: Sendable {
  /// Scale s₀ in GeV² where u turns from linear to logarithmic; the width of a quasi-elastic peak in Q².
  private static let scale = 0.05
  /// The relative change under doubling below which an integral counts as converged.
  public static let relativeTolerance = 2e-5

  /// The cross section.
  public let model: any CrossSectionModel
  /// The reaction.
  public let reaction: Reaction
  private let rule: GaussLegendre

  /// The total cross section of a model.
  public init(model: any CrossSectionModel, reaction: Reaction) throws {
    self.model = model
    self.reaction = reaction
    rule = try GaussLegendre(points: 4)
  }

  /// σ in 10⁻³⁸ cm² per nucleon at a neutrino energy in GeV; zero below threshold.
  public func value(at energy: Double) throws -> Double {
    let mass = reaction.species.leptonMass
    guard energy > mass else { return 0 }
    let largest = Kinematics.leptonMomentum(energy: energy, mass: mass)
    var panels = max(4, Int((largest / 0.1).rounded(.up)))
    var anglePanels = 12
    var last = try integral(energy, largest, panels, anglePanels)
    for _ in 0..<6 {
      panels *= 2
      anglePanels *= 2
      let next = try integral(energy, largest, panels, anglePanels)
      guard next.isFinite else { break }
      if abs(next - last) <= Self.relativeTolerance * abs(next) { return next }
      last = next
    }
    throw NuTuneError(
      .runtime, key: "total cross section at \(energy) GeV", found: "an integral that does not settle (\(last))",
      expected: "a change below \(Self.relativeTolerance) when the points are doubled")
  }

  private func integral(_ energy: Double, _ largest: Double, _ panels: Int, _ anglePanels: Int) throws -> Double {
    let mass = reaction.species.leptonMass
    var sum = 0.0
    for (momentum, momentumWeight) in composite(panels, over: 0...largest) {
      let leptonEnergy = (momentum * momentum + mass * mass).squareRoot()
      guard momentum > 0, leptonEnergy < energy else { continue }
      let slope = 2 * energy * momentum
      let range = log(Self.scale)...log(2 * slope + Self.scale)
      var points = KinematicPoints()
      var weights: [Double] = []
      for (u, weight) in composite(anglePanels, over: range) {
        let shifted = exp(u)
        let cosTheta = min(max(1 - (shifted - Self.scale) / slope, -1), 1)
        points.append(neutrinoEnergy: energy, leptonEnergy: leptonEnergy, cosTheta: cosTheta)
        weights.append(momentumWeight * weight * momentum / leptonEnergy * shifted / slope)
      }
      let values = try model.crossSection(of: reaction, at: points)
      for (weight, value) in zip(weights, values) { sum += weight * value }
    }
    return sum
  }

  /// Nodes and weights of equal panels over a range.
  private func composite(_ panels: Int, over range: ClosedRange<Double>) -> [(Double, Double)] {
    let width = (range.upperBound - range.lowerBound) / Double(panels)
    return (0..<panels).flatMap { panel in
      zip(rule.nodes, rule.weights).map { node, weight in
        (range.lowerBound + width * (Double(panel) + 0.5 * (node + 1)), 0.5 * width * weight)
      }
    }
  }
}
