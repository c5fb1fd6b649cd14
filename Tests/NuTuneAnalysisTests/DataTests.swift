import NuTuneAnalysis
import NuTuneCore
import Testing
import TestSupport
import ThreeFlavorOscillations

/// Simulated data and tuning problems.
@Suite struct DataTests {
  /// Events are shared as rate × exposure, and expected contents follow the truth.
  @Test func eventsAreSharedByRateAndExposure() throws {
    let datasets = [
      try AnalysisFixture.dataset(position: "a", exposure: 3), try AnalysisFixture.dataset(peak: 3, position: "b"),
      try AnalysisFixture.dataset(at: .far),
    ]
    let analysis = try AnalysisFixture.analysis(datasets) { $0.near = .init(1000, .asimov) }
    let data = try analysis.nearData(of: analysis.truth)
    let rates = try analysis.closureTruth().nearRates().map { $0.reduce(0, +) }
    let expected = 1000 * 3 * rates[0] / (3 * rates[0] + rates[1])
    #expect(abs((data[0].events ?? 0) - expected) < 1e-9 * expected)
    #expect(abs((data[0].events ?? 0) + (data[1].events ?? 0) - 1000) < 1e-9)
    let shape = try analysis.closureTruth().nearRates()[0].map { $0 / rates[0] }
    for (content, share) in zip(data[0].contents, shape) { #expect(abs(content - expected * share) < 1e-9 * expected) }
  }

  /// Pseudo-experiments differ from each other and from the study's data, and do not depend on who asks.
  @Test func membersAreDrawnByNumber() throws {
    let analysis = try AnalysisFixture.analysis { $0.near = .init(500, .asimov) }
    let contents = try (0...2).map { try analysis.nearData(of: analysis.truth, member: $0)[0].contents }
    #expect(contents[1] != contents[2] && contents[1] != contents[0])
    #expect(try analysis.nearData(of: analysis.truth, member: 2)[0].contents == contents[2])
    #expect(contents[1].allSatisfy { $0 == $0.rounded() })
  }

  /// A model that learns from muons gets no electrons.
  @Test func aModelLearnsFromItsChannels() throws {
    let datasets = try [NeutrinoSpecies.numu, .nue].map { try AnalysisFixture.dataset($0) }
    let analysis = try AnalysisFixture.analysis(datasets, fitted: []) { $0.channels = ["muons": [.numu]] }
    let data = try analysis.nearData(of: analysis.truth)
    func names(_ label: String) throws -> [String] {
      try analysis.tuningProblem(for: label, on: data, in: analysis.folded).samples.map(\.sample.name)
    }
    #expect(try names("muons") == ["near-numu-fhc"] && names("other") == ["near-numu-fhc", "near-nue-fhc"])
  }

  /// A model learns from its positions, and an empty sample teaches nothing.
  @Test func aTuningProblemHoldsWhatTheModelLearnsFrom() throws {
    let datasets = [
      try AnalysisFixture.dataset(position: "a"), try AnalysisFixture.dataset(peak: 3, position: "b"),
      try AnalysisFixture.dataset(at: .far),
    ]
    let analysis = try AnalysisFixture.analysis(datasets) {
      $0.positions = ["one": ["b"]]
      $0.networkSeeds = ["one": 7]
    }
    var data = try analysis.nearData(of: analysis.truth)
    let one = try analysis.tuningProblem(for: "one", on: data, in: analysis.folded)
    #expect(one.samples.map(\.sample.position) == ["b"] && one.seed == 7)
    #expect(one.samples[0].probabilities == data[1].probabilities)
    data[0].contents = data[0].contents.map { _ in 0 }
    data[0].events = 0
    #expect(try analysis.tuningProblem(for: "all", on: data, in: analysis.folded).samples.count == 1)
  }
}
