import Foundation
import NuTuneCore
import TestSupport

/// Rates of a far detector in bins of (E_l, cosθ, E_had) by nested Gauss–Legendre rules that know nothing of cells, nodes and
/// tables:
///
///     R_k = ∫ dE_l ∫ dcosθ ∫ dE_ν Φ(E_ν) P(E_ν) σ(E_ν, E_l, cosθ) P_k(E_ν − E_l)
///
/// They converge as powers of the number of points, since every piece in E_ν ends where the integrand bends: at the edges of
/// the flux table, near E_ν = E_l, and at equidistant W² through quasi-elastic peak and Δ, where
///
///     W² = M² + 2M(E_ν − E_l) − Q²,   Q² = 2E_ν(E_l − p cosθ) − m²
///
/// is linear in E_ν. Pieces of the angle are equal in it, and so about equal in the transverse momentum.
struct HadronicReference {
  let model: any CrossSectionModel
  let reaction: Reaction
  let flux: any FluxProvider
  let oscillation: any OscillationModel
  let baseline: Baseline
  /// Neutrino energies in GeV.
  let energies: ClosedRange<Double>
  /// Points of the rule in a piece.
  let points: Int

  /// Longest pieces in E_ν, in E_l and in E_l times the angle, all in GeV, and in W² in GeV².
  private static let (ofNeutrino, ofLepton, ofTransverse, ofMass) = (0.125, 0.15, 0.2, 0.06)
  /// W² − M² in GeV² between which pieces are short.
  private static let masses = stride(from: -0.6, through: 1.3, by: ofMass)
  /// E_ν − E_l in GeV at which pieces end.
  private static let transfers = [0.01, 0.03, 0.06, 0.1, 0.16, 0.25]

  /// Rates in the bins of E_had between some edges, the first and last of which hold all beyond; shape [edges − 1].
  func rates(lepton: ClosedRange<Double>, cosTheta: ClosedRange<Double>, edges: [Double]) throws -> [Double] {
    let rule = Self.rule(points)
    let hadrons = GaussianHadrons(edges: edges)
    var sums = [Double](repeating: 0, count: edges.count - 1)
    for outer in Self.composite(rule, Self.divided([lepton.lowerBound, lepton.upperBound], Self.ofLepton)) {
      let angles = Self.divided(
        [acos(cosTheta.upperBound), acos(cosTheta.lowerBound)], Self.ofTransverse / lepton.upperBound)
      for inner in Self.composite(rule, angles.reversed().map(cos)) {
        let line = Self.composite(rule, pieces(lepton: outer.x, cosTheta: inner.x))
        let weights = try fluxes(line.map(\.x))
        let values = try model.crossSection(
          of: reaction,
          at: KinematicPoints(
            neutrinoEnergy: line.map(\.x), leptonEnergy: line.map { _ in outer.x }, cosTheta: line.map { _ in inner.x })
        )
        for (part, row) in hadrons.probabilities(at: line.map { $0.x - outer.x }).enumerated() {
          for index in row.indices {
            sums[part] += outer.weight * inner.weight * line[index].weight * weights[index] * values[index] * row[index]
          }
        }
      }
    }
    return sums
  }

  /// Ends of the pieces in E_ν.
  private func pieces(lepton energy: Double, cosTheta: Double) -> [Double] {
    let (nucleon, mass) = (PhysicalConstants.nucleonMass, reaction.species.leptonMass)
    let momentum = (energy * energy - mass * mass).squareRoot()
    let slope = 2 * (nucleon - energy + momentum * cosTheta)
    var cuts = flux.breakpoints + Self.transfers.map { energy + $0 }
    if slope > 0.05 { cuts += Self.masses.map { ($0 + 2 * nucleon * energy - mass * mass) / slope } }
    let low = max(energy, energies.lowerBound)
    let inside = cuts.filter { $0 > low && $0 < energies.upperBound }.sorted()
    return Self.divided([low] + inside + [energies.upperBound], Self.ofNeutrino)
  }

  /// Flux × oscillation, all flavours of the beam together.
  private func fluxes(_ energies: [Double]) throws -> [Double] {
    let final = reaction.species
    let probabilities = try oscillation.probabilities(at: energies, over: baseline, helicity: final.helicity)
    var sums = energies.map { _ in 0.0 }
    for species in flux.species where species.helicity == final.helicity {
      let transition = Array(probabilities[species.flavor, final.flavor])
      for (index, density) in try flux.density(of: species, at: energies).enumerated() {
        sums[index] += density * transition[index]
      }
    }
    return sums
  }

  /// The same ends with further ones, so that no piece is longer than `longest`.
  private static func divided(_ ends: [Double], _ longest: Double) -> [Double] {
    var result = [ends[0]]
    for (low, high) in zip(ends, ends.dropFirst()) where high > low {
      let count = Int(((high - low) / longest).rounded(.up))
      for part in 1...max(count, 1) { result.append(low + (high - low) * Double(part) / Double(max(count, 1))) }
    }
    return result
  }

  /// Points and weights of a rule in every piece.
  private static func composite(_ rule: [(x: Double, weight: Double)], _ ends: [Double]) -> [(
    x: Double, weight: Double
  )] {
    zip(ends, ends.dropFirst()).flatMap { low, high in
      rule.map { (x: low + (high - low) * $0.x, weight: (high - low) * $0.weight) }
    }
  }

  /// The Gauss–Legendre rule on 0…1, by Newton steps on the Legendre polynomial.
  private static func rule(_ count: Int) -> [(x: Double, weight: Double)] {
    (0..<count).map { index in
      var x = cos(.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      var slope = 1.0
      for _ in 0..<12 {
        var (last, value) = (0.0, 1.0)
        for order in 1...count {
          (last, value) = (value, (Double(2 * order - 1) * x * value - Double(order - 1) * last) / Double(order))
        }
        slope = Double(count) * (x * value - last) / (x * x - 1)
        x -= value / slope
      }
      return (x: 0.5 * (1 + x), weight: 1 / ((1 - x * x) * slope * slope))
    }
  }
}
