import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Data that no truth makes.
@Suite struct ObservationTests {
  private static let bins = 40

  private func covariance() -> Matrix {
    var matrix = Matrix(rows: Self.bins, columns: Self.bins)
    for i in 0..<Self.bins {
      for j in 0..<Self.bins { matrix[i, j] = 1e-4 * exp(-abs(Double(i - j)) / 3) + (i == j ? 1e-4 : 0) }
    }
    return matrix
  }

  private func measured(_ values: [Double], roles: Set<Dataset.Role>? = nil, position: String = "") throws -> Dataset {
    let simulated = try AnalysisFixture.dataset(position: position)
    return Dataset(
      simulated.sample, flux: simulated.flux, detector: simulated.detector,
      observation: .measured(values: values, covariance: covariance()), roles: roles)
  }

  private func analysis(_ datasets: [Dataset]) throws -> Analysis {
    var options = AnalysisOptions(near: .init(nil, .asimov), far: .init(nil, .asimov), fitted: [])
    options.marginalizes = false
    return try Analysis(
      datasets, AnalysisFixture.settings, over: AnalysisFixture.energies, truth: nil, oscillation: ThreeFlavorModel(),
      options: options, threads: 2)
  }

  /// A measured cross section is compared by χ² with the rate over the flux integral, which is a Gaussian's here.
  @Test func measuredValuesAreComparedByChiSquare() throws {
    let values = (0..<Self.bins).map { 0.01 + 0.001 * Double($0 % 7) }
    let analysis = try analysis([try measured(values)])
    let data = try analysis.nearData(of: nil)
    #expect(data[0].contents == values && data[0].truth == nil && data[0].events == nil)
    let problem = try analysis.tuningProblem(for: "model", on: data, in: analysis.folded)
    let term = try #require(problem.samples[0].term)
    let rates = try ModelResponses(of: try SmallNearProblem.toy(), in: analysis.folded).nearRates()[0]
    func edge(_ x: Double) -> Double { 0.8 * (Double.pi / 2).squareRoot() * erf((x - 2) / (0.8 * 2.0.squareRoot())) }
    let integral = edge(5) - edge(0.4)
    let residuals = zip(rates, values).map { $0 / integral - $1 }
    let precision = try Cholesky(covariance()).inverse()
    let expected = zip(residuals, try precision.multiplied(by: residuals)).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(abs(try term.minusTwoLogLikelihood(of: rates).value - expected) < 1e-6 * expected)
    #expect(expected > 10)
  }

  /// The error of a learned scale is that of the sum of the measured values: 10⁻⁴ (n + Σ_ij e^{−|i−j|/3}), a geometric series.
  @Test func theScaleHasTheErrorOfTheSum() throws {
    let values = [Double](repeating: 0.01, count: Self.bins)
    let analysis = try analysis([try measured(values)])
    let toy = try SmallNearProblem.toy()
    let learned = try analysis.learnedSamples(of: toy, label: "toy", on: analysis.nearData(of: nil), share: 0.98)
    let (count, ratio) = (Double(Self.bins), exp(-1.0 / 3))
    let pairs = 2 * ratio * (count / (1 - ratio) - (1 - pow(ratio, count)) / ((1 - ratio) * (1 - ratio)))
    let expected = (1e-4 * (2 * count + pairs)).squareRoot() / (0.01 * count)
    #expect(abs(try #require(learned[0].totalError) / expected - 1) < 1e-9, "\(learned[0].totalError ?? 0) \(expected)")
    #expect(learned[0].hasScale && learned[0].events == nil)
  }

  /// The integral of a flux that is narrow between breakpoints far apart.
  @Test func theFluxIntegralIsFine() throws {
    let dataset = try measured([Double](repeating: 0.01, count: Self.bins))
    var narrow = dataset
    narrow.flux = NeedleFlux()
    let analysis = try analysis([narrow])
    let problem = try analysis.tuningProblem(for: "model", on: try analysis.nearData(of: nil), in: analysis.folded)
    let term = try #require(problem.samples[0].term as? GaussianTerm)
    let integral = 0.1 * (2 * Double.pi).squareRoot()
    #expect(abs(term.normalization * integral - 1) < 1e-6)
  }

  /// Every statistic of measured values reaches the learner, whose term compares smeared rates over the flux integral.
  @Test func measuredValuesAreComparedAsTheDatasetSays() throws {
    let rates = (0..<Self.bins).map { 0.1 + 0.01 * Double($0 % 7) }
    var smearing = Matrix.identity(Self.bins)
    for i in 1..<Self.bins { smearing[i, i - 1] = -0.2 }
    func edge(_ x: Double) -> Double { 0.8 * (Double.pi / 2).squareRoot() * erf((x - 2) / (0.8 * 2.0.squareRoot())) }
    let integral = edge(5) - edge(0.4)
    let values = SmearedTerm.smeared(rates, by: smearing).map { $0 / integral }
    var dataset = try measured(values)
    dataset.observation = .measured(
      values: values, covariance: covariance(), multiplicative: Matrix(diagonal: values.map { 1e-3 * $0 * $0 }),
      smearing: smearing)
    var chiSquares: Set<Double> = []
    for statistic in [Statistic.gaussian, .normShape, .predictionScaled, .logNormal] {
      dataset.statistic = statistic
      let analysis = try analysis([dataset])
      let problem = try analysis.tuningProblem(for: "model", on: try analysis.nearData(of: nil), in: analysis.folded)
      let term = try #require(problem.samples[0].term as? SmearedTerm)
      #expect(term.residualCount == Self.bins)
      #expect(try term.minusTwoLogLikelihood(of: rates).value < 1e-6)
      let far = rates.map { 3 * $0 }
      chiSquares.insert(try term.renewed(with: far).minusTwoLogLikelihood(of: far).value)
    }
    #expect(chiSquares.count == 4 && chiSquares.allSatisfy { $0 > 1 })
  }

  /// What is only predicted teaches nothing, and a fit of what is only predicted knows nothing.
  @Test func rolesAreAsked() throws {
    let values = [Double](repeating: 0.01, count: Self.bins)
    let datasets = [try measured(values, position: "a"), try measured(values, roles: [.predict], position: "b")]
    let analysis = try analysis(datasets)
    let problem = try analysis.tuningProblem(
      for: "model", on: try analysis.nearData(of: nil), in: analysis.folded)
    #expect(problem.samples.map(\.sample.position) == ["a"])

    var far = try AnalysisFixture.dataset(at: .far)
    far.roles = [.predict]
    let closure = try AnalysisFixture.analysis([try AnalysisFixture.dataset(), far])
    let fit = try closure.fit(try closure.preparedTruth(), try closure.farData(of: closure.truth))
    #expect(try fit.minusTwoLogLikelihood(at: [0.6, 2.2e-3]) == 0)
  }

  /// Events of a generator or a detector are data as they are; far ones are fitted without a truth.
  @Test func eventsAreFittedWithoutATruth() throws {
    let closure = try AnalysisFixture.analysis()
    let (near, far) = (try closure.nearData(of: closure.truth), try closure.farData(of: closure.truth))
    var datasets = [try AnalysisFixture.dataset(), try AnalysisFixture.dataset(at: .far)]
    datasets[0].observation = .events(contents: near[0].contents.map { 1e6 * $0 })
    datasets[1].observation = .events(contents: far[0].contents)
    var options = closure.options
    options.fitted = ["sin2_theta23", "dm2_32"]
    let analysis = try Analysis(
      datasets, AnalysisFixture.settings, over: AnalysisFixture.energies, truth: nil, oscillation: ThreeFlavorModel(),
      options: options, threads: 2)
    #expect(abs((try analysis.nearData(of: nil)[0].events ?? 0) - 1e6) < 1)
    let model = try analysis.prepared(
      try SmallNearProblem.toy(), nil, on: try analysis.nearData(of: nil), in: analysis.folded)
    let results = try analysis.fit(model, try analysis.farData(of: nil)).record(against: nil).results
    #expect(abs((results.bestFit["sin2_theta23"] ?? 0) - 0.47) < 1e-4)
    #expect(abs((results.bestFit["dm2_32"] ?? 0) - 2.4381e-3) < 1e-7)
    #expect(results.converged)
  }

  /// The terms that learners minimise, bin by bin with a gradient, and those of fits, eight bins at a time, are one sum.
  @Test(arguments: 1...20 as ClosedRange<UInt64>) func learnersAndFitsHaveOneDeviance(seed: UInt64) throws {
    let stream = try RandomStream(seed: seed, purpose: "terms")
    let bins = 3 + Int(30 * stream.uniform())
    let rates = (0..<bins).map { _ in exp(12 * stream.uniform() - 8) }
    let counts = rates.map { max(0, ($0 * 10 * exp(2 * stream.uniform() - 1)).rounded()) }
    let shape = try ShapeTerm(data: counts, events: counts.reduce(0, +)).minusTwoLogLikelihood(of: rates).value
    let number = try PoissonTerm(counts: counts, normalization: 9).minusTwoLogLikelihood(of: rates).value
    let fits = (
      try CountTerm(counts: counts).minusTwoLogLikelihood(of: rates),
      try CountTerm(counts: counts, normalization: 9).minusTwoLogLikelihood(of: rates)
    )
    #expect(abs(shape - fits.0) < 1e-11 * fits.0 && abs(number - fits.1) < 1e-11 * fits.1 && fits.0 > 0)
  }

  /// Weighted events have variances, and are compared by χ².
  @Test func weightedEventsHaveErrors() throws {
    var dataset = try AnalysisFixture.dataset()
    let contents = (0..<Self.bins).map { 100 + Double($0) }
    dataset.observation = .events(contents: contents, variances: contents.map { 2 * $0 })
    dataset.statistic = .gaussian
    dataset.exposure = 3
    let analysis = try analysis([dataset])
    let problem = try analysis.tuningProblem(
      for: "model", on: try analysis.nearData(of: nil), in: analysis.folded)
    let rates = contents.map { $0 / 2 }
    let expected = zip(rates, contents).reduce(0) { $0 + (3 * $1.0 - $1.1) * (3 * $1.0 - $1.1) / (2 * $1.1) }
    let value = try #require(problem.samples[0].term).minusTwoLogLikelihood(of: rates).value
    #expect(abs(value - expected) < 1e-9 * expected)
  }

  @Test func whatCannotBeIsRefused() throws {
    func refuses(_ word: String, _ datasets: @autoclosure () throws -> [Dataset]) rethrows {
      let datasets = try datasets()
      #expect {
        _ = try analysis(datasets)
      } throws: { "\($0)".contains(word) }
    }
    let values = [Double](repeating: 0.01, count: Self.bins)
    try refuses("without a truth", [try AnalysisFixture.dataset()])
    try refuses("39 values", [try measured(Array(values.dropLast()))])
    var dataset = try measured(values)
    dataset.statistic = .shape
    try refuses("“shape”", [dataset])
    dataset = try AnalysisFixture.dataset()
    dataset.observation = .events(contents: values)
    dataset.statistic = .gaussian
    try refuses("“gaussian”", [dataset])
    dataset = try measured(values)
    dataset.roles = [.fit]
    try refuses("in front of the baseline", [dataset])
    dataset = try AnalysisFixture.dataset(at: .far)
    dataset.observation = .events(contents: values)
    dataset.roles = [.learn]
    try refuses("behind a baseline", [dataset])
    #expect(throws: NuTuneError.self) { try analysis([try measured(values)]).closureTruth() }
  }
}

/// A Gaussian of 0.1 GeV at 2 GeV, smooth between 0.4 and 5 GeV.
private struct NeedleFlux: FluxProvider {
  static let descriptor = PluginDescriptor(
    kind: .flux, name: "needle", summary: "A needle.", parameters: [], citations: [])

  var species: [NeutrinoSpecies] { [.numu] }
  var breakpoints: [Double] { [0.4, 5] }

  init(_ configuration: PluginConfiguration) throws {}

  init() {}

  func density(of species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    energies.map { exp(-0.5 * pow(($0 - 2) / 0.1, 2)) }
  }
}
