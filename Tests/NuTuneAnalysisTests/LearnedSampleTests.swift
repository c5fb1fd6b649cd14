import Foundation
import NuTuneAnalysis
import NuTuneCore
import TestSupport
import Testing

/// What the card of a trained model says of its near data.
@Suite struct LearnedSampleTests {
  /// Twice the truth needs a factor of one half, for any number of events.
  @Test(arguments: [nil, 4e5])
  func theFactorIsThatOfTheTruth(events: Double?) throws {
    let analysis = try AnalysisFixture.analysis { $0.near = .init(events, .asimov) }
    let data = try analysis.nearData(of: analysis.truth)
    let twice = try SmallNearProblem.toy(["quasi_elastic.scale": .number(2), "dis.scale": .number(2)])
    let learned = try analysis.learnedSamples(of: twice, label: "twice", on: data, share: 0.98)
    #expect(learned.map(\.name) == analysis.folded.near.map(\.sample.name))
    let rates = try #require(learned.first?.rates)
    #expect(abs(rates.data / rates.model - 0.5) < 1e-9)
    #expect(!learned[0].hasScale && (learned[0].events == nil) == (events == nil))
    #expect(abs((learned[0].events ?? 0) - (events ?? 0)) < 1e-3)
    #expect(abs((learned[0].totalError ?? 0) - (events.map { 1 / $0.squareRoot() } ?? 0)) < 1e-9)
  }

  /// Ranges of W² and Q² against a sum over a lattice of neutrino energies, lepton energies and cosines in the bins.
  /// They end at nodes, which are 0.13 to 0.15 apart in asinh((W²−M²)/0.25 GeV²) and ln(Q²/GeV² + 0.03).
  @Test func thePlaceIsThatOfTheRate() throws {
    let analysis = try AnalysisFixture.analysis()
    let toy = try SmallNearProblem.toy()
    let data = try analysis.nearData(of: analysis.truth)
    let place = try #require(
      try analysis.learnedSamples(of: toy, label: "toy", on: data, share: 0.9).first?.place)
    var points = KinematicPoints()
    // Angles are finer where most leptons go: cosθ = 1 − 2v² with a density 4v.
    var measures: [Double] = []
    for energy in stride(from: 0.45, to: 5, by: 0.1) {
      for lepton in stride(from: 0.3 + 0.02, to: min(energy, 4), by: 0.04) {
        for step in 0..<80 {
          let v = (Double(step) + 0.5) / 80
          points.append(neutrinoEnergy: energy, leptonEnergy: lepton, cosTheta: 1 - 2 * v * v)
          measures.append(4 * v)
        }
      }
    }
    let reaction = Reaction(species: .numu, target: try Target(named: "Ar40"))
    let flux = BellFlux(peak: 2).density(of: .numu, at: points.neutrinoEnergy)
    let weights = zip(zip(try toy.crossSection(of: reaction, at: points), flux), measures).map { $0.0 * $0.1 * $1 }
    let invariants = points.invariants(leptonMass: reaction.species.leptonMass)
    let mass = PhysicalConstants.nucleonMass
    func quantile(_ part: Double, _ value: (Int) -> Double) -> Double {
      let sorted = weights.indices.map { (value($0), weights[$0]) }.sorted { $0.0 < $1.0 }
      var left = part * weights.reduce(0, +)
      return sorted.first {
        left -= $0.1; return left <= 0
      }?.0 ?? .nan
    }
    func t(_ i: Int) -> Double { asinh((2 * mass * invariants.omega[i] - invariants.q2[i]) / 0.25) }
    func u(_ i: Int) -> Double { log(invariants.q2[i] + 0.03) }
    let w2 = [place.w2.lowerBound, place.w2.upperBound].map { asinh(($0 - mass * mass) / 0.25) }
    let q2 = [place.q2.lowerBound, place.q2.upperBound].map { log($0 + 0.03) }
    for (index, part) in [0.05, 0.95].enumerated() {
      #expect(abs(w2[index] - quantile(part, t)) < 0.3, "\(w2[index]), \(quantile(part, t))")
      #expect(abs(q2[index] - quantile(part, u)) < 0.3, "\(q2[index]), \(quantile(part, u))")
    }
  }
}
