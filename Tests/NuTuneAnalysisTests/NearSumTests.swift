import BuiltInPlugins
import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneResults
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// A bell of muon neutrinos and one of antineutrinos.
private struct TwoSigns: FluxProvider {
  static let descriptor = PluginDescriptor(
    kind: .flux, name: "two-signs", summary: "Two bells.", parameters: [], citations: [])

  var neutrinos = 1.0
  var antineutrinos = 1.0
  var species: [NeutrinoSpecies] { [.numu, .numubar] }
  var breakpoints: [Double] { [0.4, 1, 2, 3, 5] }

  init(_ configuration: PluginConfiguration) throws {}

  init(neutrinos: Double, antineutrinos: Double) {
    (self.neutrinos, self.antineutrinos) = (neutrinos, antineutrinos)
  }

  func density(of species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    let share = species == .numu ? neutrinos : antineutrinos
    return energies.map { share * exp(-0.5 * pow(($0 - 2) / 0.8, 2)) }
  }
}

/// Near samples whose muons are not told apart by sign: sums of neutrinos and antineutrinos in both horn modes.
@Suite struct NearSumTests {
  private static let modes = [("fhc", 1.0, 0.1), ("rhc", 0.4, 1.0)]

  /// Near muons of both signs in both modes.
  private func near(isSum: Bool = true) throws -> [Dataset] {
    try Self.modes.flatMap { mode, neutrinos, antineutrinos in
      try [NeutrinoSpecies.numu, .numubar].map { species in
        var dataset = try AnalysisFixture.dataset(species)
        dataset.sample.mode = mode
        dataset.flux = TwoSigns(neutrinos: neutrinos, antineutrinos: antineutrinos)
        dataset.measuredAs = isSum ? "near-muons-\(mode)" : dataset.sample.name
        return dataset
      }
    }
  }

  private func far() throws -> [Dataset] {
    try [NeutrinoSpecies.numu, .numubar].map { species in
      var dataset = try AnalysisFixture.dataset(species, at: .far)
      dataset.flux = TwoSigns(neutrinos: 1, antineutrinos: 0.1)
      dataset.statistic = .poisson
      return dataset
    }
  }

  private func analysis(
    _ datasets: [Dataset], _ change: (inout AnalysisOptions) -> Void = { _ in }
  ) throws -> Analysis {
    let settings = FoldSettings(accuracy: 1e-2, nodesW2: 50, nodesQ2: 30, cellScale: 4)
    return try AnalysisFixture.analysis(datasets, settings: settings, change)
  }

  /// Rates of the components of a sample with a model, shape [components][bins].
  private func rates(_ sample: TuningSample, _ problem: TuningProblem, _ model: any StructureFunctionModel) throws
    -> [[Double]]
  {
    try sample.components.map { component in
      let values = LeptonTensor(component.reaction.species).nodeValues(
        of: try model.structureFunctions(of: component.reaction, at: problem.nodes), at: problem.nodes
      ).flatMap { $0 }
      var rates = [Double](repeating: 0, count: component.nodeOperator.binCount)
      rates.withUnsafeMutableBufferPointer { rates in
        values.withUnsafeBufferPointer { component.nodeOperator.apply($0, rates: rates, threads: 1) }
      }
      return rates
    }
  }

  private func sum(_ parts: [[Double]]) -> [Double] {
    parts.dropFirst().reduce(parts[0]) { zip($0, $1).map { $0 + $1 } }
  }

  /// −2lnL of the shape of counts, in the unit of the counts, written down again.
  private func deviance(_ counts: [Double], _ rates: [Double]) -> Double {
    let (events, total) = (counts.reduce(0, +), rates.reduce(0, +))
    return zip(counts, rates).reduce(0) { $1.0 > 0 ? $0 + 2 * $1.0 * log($1.0 * total / (events * $1.1)) : $0 }
  }

  /// The tuning of a sum has one sample with the bins of both modes. Data and operators are those of pure samples, each folded
  /// in an analysis of its own, added in the proportion of their rates.
  @Test(arguments: [nil, 1e6]) func aSumIsThatOfPureSamples(events: Double?) throws {
    let whole = try analysis(try near()) { $0.near = .init(events, .asimov) }
    let problem = try whole.tuningProblem(for: "any", on: try whole.nearData(of: whole.truth), in: whole.folded)
    #expect(problem.samples.map(\.sample.name) == ["near-muons-fhc+muons-rhc"])
    let sample = problem.samples[0]
    #expect(
      sample.components.map(\.reaction.species) == [.numu, .numubar] && sample.events.map { $0.rounded() } == events)

    let pure = try near(isSum: false).map { dataset in
      try #require(try analysis([dataset]).closureTruth().nearRates().first)
    }
    let expected = [sum([pure[0], pure[1]]), sum([pure[2], pure[3]])].flatMap { $0 }
    let found = sum(try rates(sample, problem, try SmallNearProblem.toy()))
    let total = expected.reduce(0, +)
    #expect(sample.probabilities.count == expected.count && found.count == expected.count)
    for (bin, rate) in expected.enumerated() {
      // Bins with 1e-4 of the rate are folded to 1e-2; neighbours of the others make their nodes.
      let tolerance = 1e-2 * rate + 1e-4 * total
      #expect(abs(found[bin] - rate) < tolerance, "\(bin): \(found[bin]) and \(rate)")
      #expect(abs(sample.probabilities[bin] * total - rate) < tolerance, "\(bin)")
    }
    // Modes and signs differ by much more than that.
    let swapped = [sum([pure[2], pure[3]]), sum([pure[0], pure[1]])].flatMap { $0 }
    #expect(zip(swapped, expected).contains { abs($0 - $1) > 0.05 * $1 + 1e-3 * total })
  }

  /// Without the antineutrinos of one mode, its sample lacks exactly these.
  @Test func withoutAComponentItsPartIsMissing() throws {
    let toy = try SmallNearProblem.toy()
    func samples(_ datasets: [Dataset]) throws -> [[[Double]]] {
      // Numbers of events, so that each mode is a sample of its own.
      var datasets = datasets
      for index in datasets.indices { datasets[index].statistic = .poisson }
      let analysis = try analysis(datasets) { $0.near = .init(1e6, .asimov) }
      let problem = try analysis.tuningProblem(
        for: "any", on: try analysis.nearData(of: analysis.truth), in: analysis.folded)
      #expect(problem.samples.map(\.sample.name) == ["near-muons-fhc", "near-muons-rhc"])
      return try problem.samples.map { try rates($0, problem, toy) }
    }
    let (whole, rest) = (try samples(near()), try samples(Array(near().dropLast())))
    #expect(whole.map(\.count) == [2, 2] && rest.map(\.count) == [2, 1])
    let total = whole.joined().joined().reduce(0, +)
    #expect(whole[1][1].reduce(0, +) > 0.1 * total)
    for (one, other) in zip([whole[0][0], whole[1][0]], [rest[0][0], rest[1][0]]) {
      for (bin, rate) in one.enumerated() { #expect(abs(other[bin] - rate) < 1e-10 * total) }
    }
  }

  /// Fluctuations of a sum are those of its components; both signs have the scale of all near events.
  @Test func bothSignsHaveOneScale() throws {
    let options: (inout AnalysisOptions) -> Void = { $0.near = .init(1e5, .poisson) }
    let (sums, pure) = (try analysis(near() + far(), options), try analysis(near(isSum: false) + far(), options))
    let (data, told) = (try sums.nearData(of: sums.truth), try pure.nearData(of: pure.truth))
    #expect(data.map(\.contents) == told.map(\.contents))
    let problem = try sums.tuningProblem(for: "any", on: data, in: sums.folded)
    let counts = [0, 2].flatMap { first in sum([told[first].contents, told[first + 1].contents]) }
    #expect(problem.samples[0].events == counts.reduce(0, +))
    #expect(zip(problem.samples[0].probabilities, counts).allSatisfy { abs($0 * counts.reduce(0, +) - $1) < 1e-6 })

    let detuned = try SmallNearProblem.detunedToy()
    let groups = Helicity.allCases.map { NearGroup($0) }
    func scales(_ analysis: Analysis, _ data: [SampleData]) throws -> [Double] {
      let scales = try analysis.prepared(detuned, nil, on: data, in: analysis.folded).scales
      return try groups.map { try #require(scales[$0]) }
    }
    let (one, two) = (try scales(sums, data), try scales(pure, told))
    let truth = try sums.closureTruth().nearRates().joined().reduce(0, +)
    let rates = try ModelResponses(of: detuned, in: sums.folded).nearRates()
    let unit = 1e5 / truth
    #expect(one[0] == one[1])
    #expect(abs(one[0] * unit * rates.joined().reduce(0, +) / counts.reduce(0, +) - 1) < 1e-12)
    for sign in 0...1 {
      let events = told[sign].contents.reduce(0, +) + told[sign + 2].contents.reduce(0, +)
      let own = rates[sign].reduce(0, +) + rates[sign + 2].reduce(0, +)
      #expect(abs(two[sign] * unit * own / events - 1) < 1e-12)
    }
    #expect(abs(two[0] / two[1] - 1) > 1e-3)
  }

  /// Agreement, goodness of fit and distributions are those of the sums.
  @Test(arguments: [SamplingMethod.poisson, .asimov]) func resultsAreOfTheSums(sampling: SamplingMethod) throws {
    let analysis = try analysis(try near() + far()) { $0.near = .init(1e5, sampling) }
    let data = try analysis.nearData(of: analysis.truth)
    let comparison = ModelComparison(analysis, nearData: data, farData: try analysis.farData(of: analysis.truth))
    var predictions = try comparison.predictions()
    let detuned = try SmallNearProblem.detunedToy()
    let responses = try ModelResponses(of: detuned, in: analysis.folded)
    let record = TuningRecord(converged: true, verdict: "", steps: 1, loss: 0, history: [])
    let results = try comparison.results(
      of: detuned, responses, record: record, seconds: 0, fit: nil, label: "detuned", into: &predictions)

    let (truth, rates) = (try analysis.closureTruth().nearRates(), responses.nearRates())
    let measured = [0, 2].map { first in
      (
        counts: sum([data[first].contents, data[first + 1].contents]), truth: sum([truth[first], truth[first + 1]]),
        rates: sum([rates[first], rates[first + 1]])
      )
    }
    let expected = deviance(measured.flatMap(\.counts), measured.flatMap(\.rates))
    #expect(results.near.samples == ["near-muons-fhc", "near-muons-rhc"] && results.near.bins == 80)
    #expect(abs(results.near.deviance / expected - 1) < 1e-6)
    let tv = measured.reduce(0.0) { sum, one in
      let (whole, model) = (one.truth.reduce(0, +), one.rates.reduce(0, +))
      return sum + 0.25 * zip(one.truth, one.rates).reduce(0) { $0 + abs($1.0 / whole - $1.1 / model) }
    }
    #expect(abs(results.near.tv - tv) < 1e-6)
    let fit = try #require(results.near.goodnessOfFit)
    #expect(fit.samples.map(\.name) == ["near-muons-fhc+muons-rhc"] && fit.samples.map(\.bins) == [80])
    #expect(abs(fit.samples[0].deviance / expected - 1) < 1e-6)
    if sampling == .poisson {
      // One normalisation for 80 bins, of which some have few events.
      let expectation = try #require(fit.samples[0].expectedDeviance)
      #expect(expectation > 40 && expectation < 90 && fit.verdict == .poor)
    }
    let sums = try #require(predictions.sums)
    #expect(sums.map(\.sample.name) == ["near-muons-fhc", "near-muons-rhc"])
    for (sum, one) in zip(sums, measured) {
      let (events, whole) = (one.counts.reduce(0, +), one.truth.reduce(0, +))
      #expect(sum.components.map(\.title) == ["ν_μ", "ν̄_μ"] && abs((sum.sample.events ?? 0) - events) < 1e-6)
      for bin in one.counts.indices {
        #expect(abs(events * sum.sample.data[bin] - one.counts[bin]) < 1e-6)
        #expect(abs((sum.sample.truth?[bin] ?? 0) - one.truth[bin] / whole) < 1e-12)
        let parts = sum.components.reduce(0) { $0 + $1.truth[bin] }
        #expect(abs(parts - one.truth[bin] / whole) < 1e-12)
        #expect(
          abs((sum.sample.models["detuned"]?[bin] ?? 0) - one.rates[bin] / one.rates.reduce(0, +)) < 1e-6)
      }
    }
  }

  /// Posterior modes of a process that learned from sums move the far rates of both signs, and near data fix the scale of both by all
  /// near events: by finite differences of the model that is folded again and scaled.
  @Test func thePosteriorOfBothSignsReachesTheFarSamples() throws {
    let analysis = try analysis(near() + far()) { $0.near = .init(1e5, .asimov) }
    let tuned = try analysis.tuned(
      try AnalysisFixture.smoothProcess(), label: "process", on: try analysis.nearData(of: analysis.truth),
      in: analysis.folded)
    let modes = try #require(tuned.modes)
    let gaussian = try #require(tuned.model as? any GaussianModel)
    #expect(gaussian.weightGroups.map(\.name) == ["neutrino+antineutrino"] && modes.count >= 2)
    let weights = try analysis.folded.farWeights(ThreeFlavorModel())
    let nearTotal = tuned.responses.nearRates().joined().reduce(0, +)
    var moved: [Double] = [0, 0]
    for mode in 0..<min(modes.count, 3) {
      func direction(_ size: Double) -> [Double] { (0..<modes.count).map { $0 == mode ? size : 0 } }
      func refolded(_ size: Double) throws -> [[Double]] {
        let responses = try ModelResponses(
          of: try gaussian.displaced(by: try modes.weights(along: direction(size))), in: analysis.folded)
        let scale = nearTotal / responses.nearRates().joined().reduce(0, +)
        return responses.farRates(weights: weights).map { $0.map { scale * $0 } }
      }
      func taken(_ size: Double) -> [[Double]] {
        weights.indices.map { sample in
          modes.slopes[sample].moved(
            modes.rates(sample: sample, weights: weights[sample], tuned.responses.far[sample]), along: direction(size))
        }
      }
      func slopes(_ sides: [[[Double]]]) -> [[Double]] {
        zip(sides[0], sides[1]).map { zip($0, $1).map { ($0 - $1) / 0.1 } }
      }
      let (model, fit) = (slopes([try refolded(0.05), try refolded(-0.05)]), slopes([taken(0.05), taken(-0.05)]))
      let change = model.joined().reduce(0) { $0 + $1 * $1 }
      let missed = zip(model.joined(), fit.joined()).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(missed < 0.02 * change, "mode \(mode): \((missed / change).squareRoot())")
      for sample in 0...1 { moved[sample] += model[sample].reduce(0) { $0 + abs($1) } }
    }
    #expect(moved.allSatisfy { $0 > 0 })
  }

  /// A flow, which has a density of one species, refuses sums; nobody learns a part of one.
  @Test func refusedTunings() throws {
    let analysis = try analysis(try near()) { $0.channels = ["half": [.numu]] }
    let data = try analysis.nearData(of: analysis.truth)
    let refused = #expect(throws: NuTuneError.self) {
      let registry = try BuiltInPlugins.registry()
      let flow: any CrossSectionModel = try registry.make(
        .crossSection, named: "normalizing-flow",
        PluginConfiguration(
          parameters: try registry.descriptor(.crossSection, named: "normalizing-flow").parameters.defaults()))
      return try analysis.tuned(flow, label: "flow", on: data, in: analysis.folded)
    }
    #expect(refused?.key == "near-muons-fhc+muons-rhc" && refused?.found == "a sum of numu, numubar")
    #expect(refused?.expected == "samples of one neutrino species, which is what normalizing-flow learns from")
    let half = #expect(throws: NuTuneError.self) {
      try analysis.tuningProblem(for: "half", on: data, in: analysis.folded)
    }
    #expect(half?.key == "near-muons-fhc" && half?.found == "“half” learns from near-numu-fhc alone")
  }

  /// Components of a near sample are what one detector measures in one beam.
  @Test func componentsBelongTogether() throws {
    func refuses(_ change: (inout [Dataset]) throws -> Void) throws {
      var datasets = try near()
      try change(&datasets)
      #expect(throws: NuTuneError.self) { try analysis(datasets) }
    }
    try refuses { $0[1].exposure = 2 }
    try refuses { $0[1].sample.position = "6m" }
    try refuses { $0[1].measuredAs = "near-muons-rhc" }
    try refuses { $0[1].statistic = .poisson }
    try refuses { $0[1].initial = .muon }
    try refuses { $0[1].events = 100 }
    try refuses {
      $0.append(try AnalysisFixture.dataset(.numu, at: .far))
      $0[4].flux = TwoSigns(neutrinos: 1, antineutrinos: 1)
      $0[4].measuredAs = "near-muons-fhc"
    }
  }
}
