import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneResults
import TestSupport
import Testing
import ThreeFlavorOscillations
import ToyStructureFunctions

/// What a run says about a model beside measured values.
@Suite struct MeasuredComparisonTests {
  private static let bins = 40

  /// Two measurements; models learn from the first. Values are `factor` times those of toy-sf.
  private func comparison(factor: Double) throws -> (ModelComparison, ModelResponses, [Double]) {
    func datasets(_ values: [Double]) throws -> [Dataset] {
      try [("learned", Dataset.Role.learn, 2.0), ("held", .predict, 2.6)].map { position, role, peak in
        let dataset = try AnalysisFixture.dataset(peak: peak, position: position)
        return Dataset(
          dataset.sample, flux: dataset.flux, detector: dataset.detector,
          observation: .measured(values: values, covariance: Self.covariance(values)), statistic: .normShape,
          roles: [role])
      }
    }
    var options = AnalysisOptions(near: .init(nil, .asimov), far: .init(nil, .asimov), fitted: [])
    options.pseudoExperiments = 5
    func analysis(_ values: [Double]) throws -> Analysis {
      try Analysis(
        try datasets(values), AnalysisFixture.settings, over: AnalysisFixture.energies, truth: nil,
        oscillation: ThreeFlavorModel(), options: options, threads: 2)
    }
    // The values of the first measurement follow from the sum that results report.
    let first = try analysis([Double](repeating: 1, count: Self.bins))
    let responses = try ModelResponses(of: try SmallNearProblem.toy(), in: first.folded)
    let rates = responses.nearRates()[0]
    let ratio = try measured(first, responses)[0].ratio
    let scale = ratio * Double(Self.bins) / rates.reduce(0, +)
    let values = rates.map { factor * scale * $0 }
    let whole = try analysis(values)
    return (
      ModelComparison(whole, nearData: try whole.nearData(of: nil), farData: []), responses.under(whole.folded), values
    )
  }

  private static func covariance(_ values: [Double]) -> Matrix {
    var matrix = Matrix(rows: bins, columns: bins)
    let mean = values.reduce(0, +) / Double(bins)
    for i in 0..<bins { for j in 0..<bins { matrix[i, j] = mean * mean * (0.01 + (i == j ? 0.01 : 0)) } }
    return matrix
  }

  private func measured(_ analysis: Analysis, _ responses: ModelResponses) throws -> [MeasuredComparison] {
    let comparison = ModelComparison(analysis, nearData: try analysis.nearData(of: nil), farData: [])
    var predictions = try comparison.predictions()
    return try #require(
      try comparison.results(
        of: try SmallNearProblem.toy(), responses, record: nil, seconds: 0, fit: nil, label: "toy", into: &predictions
      ).near.measured)
  }

  /// One weight scales toy-sf with a standard deviation of a tenth: P = 0.01 f fᵀ in every measurement, by basis functions or
  /// by slopes of the bins.
  @Test(arguments: [false, true]) func thePosteriorOfAModelIsItsError(_ givesSlopes: Bool) throws {
    let (comparison, responses, values) = try comparison(factor: 1.05)
    var predictions = try comparison.predictions()
    let record = TuningRecord(converged: true, verdict: "none", steps: 0, loss: 0, history: [])
    let results = try comparison.results(
      of: try ScaledToy(givesSlopes: givesSlopes), responses, record: record, seconds: 0, fit: nil, label: "toy",
      into: &predictions)
    let one = try #require(results.near.measured?.first)
    #expect(one.measurement == "learned" && one.hasCorrelations == true && one.mayBeRanked)
    #expect(abs(one.ratio - 1 / 1.05) < 1e-6)
    let predictive = try #require(one.predictive)
    #expect(abs(try #require(predictive.totalError) - 0.1) < 1e-6)
    #expect(predictive.experiments == 5 && predictive.pValue != nil)
    // The whole misfit is one of the norm, so χ² by Sherman and Morrison: d = f/20, P = ff^T/100.
    let f = values.map { $0 / 1.05 }
    let solved = try Cholesky(Self.covariance(values)).solve(f)
    let q = zip(f, solved).reduce(0) { $0 + $1.0 * $1.1 }
    let expected = 0.05 * 0.05 * q / (1 + 0.01 * q)
    #expect(abs(predictive.chiSquare - expected) < 1e-4 * expected)
    let sample = try #require(predictions.samples.first)
    let absolute = try #require(sample.absolute?["toy"])
    let errors = try #require(absolute.uncertainty)
    #expect(abs(absolute.bins.reduce(0, +) - 1 / 1.05) < 1e-6)
    #expect(zip(errors.bins, absolute.bins).allSatisfy { abs($0 - 0.1 * $1) < 1e-8 })
    for (marginal, found) in zip(sample.binning.marginals, errors.marginals) {
      #expect(zip(found, marginal.sums(absolute.bins)).allSatisfy { abs($0 - 0.1 * $1) < 1e-8 })
    }
    // What was learned from is covered by itself; the beam of the other one reaches a little further.
    #expect(one.uncovered == nil)
    let other = try #require(results.elsewhere?.measured?.first)
    #expect(other.measurement == "held")
    let uncovered = try #require(other.uncovered)
    #expect(uncovered >= 0 && uncovered < 0.2)
  }

  /// Better and worse need the sum of the data to ten per cent, and norm and shape with correlations.
  @Test func onlyWhatHasTheSumOfTheDataIsRanked() {
    var one = MeasuredComparison(
      sample: "near", statistic: "gaussian", chiSquare: 1, plain: 1, plainOfZero: 9, residuals: 3, rank: 3,
      threshold: 1e-6, ratio: 0.91)
    #expect(!one.mayBeRanked)
    one.normShape = 2
    one.hasCorrelations = true
    #expect(one.mayBeRanked)
    one.ratio = 0.89
    #expect(!one.mayBeRanked)
    one.ratio = 1.11
    #expect(!one.mayBeRanked)
    one.ratio = 1.09
    one.hasCorrelations = false
    #expect(!one.mayBeRanked)
  }
}

/// toy-sf times 1 + η, with a posterior of η of 0 ± 0.1.
private struct ScaledToy: GaussianModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "scaled-toy", summary: "A scaled toy.", parameters: [], citations: [])

  let toy: ToyStructureFunctions
  /// Whether it sums its basis function over points itself.
  let givesSlopes: Bool

  init(givesSlopes: Bool) throws { (toy, self.givesSlopes) = (try SmallNearProblem.toy(), givesSlopes) }

  init(_ configuration: PluginConfiguration) throws { try self.init(givesSlopes: false) }

  func check(_ reactions: [Reaction]) throws { try toy.check(reactions) }

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    try toy.structureFunctions(of: reaction, at: points)
  }

  var weightGroups: [WeightGroup] { [WeightGroup(name: "scale", factor: Matrix(diagonal: [0.1]))] }

  func basis(
    ofGroup group: Int, weights range: Range<Int>, reaction: Reaction, at points: InvariantPoints
  ) throws -> [StructureFunctions]? {
    try range.map { _ in try toy.structureFunctions(of: reaction, at: points) }
  }

  func slopes(
    ofGroup group: Int, of functionals: [StructureFunctions], reaction: Reaction, at points: InvariantPoints
  ) throws -> Matrix? {
    guard givesSlopes else { return nil }
    let functions = toy.structureFunctions(of: reaction, at: points).w.joined()
    return try Matrix(functionals.map { [zip($0.w.joined(), functions).reduce(0) { $0 + $1.0 * $1.1 }] })
  }

  func displaced(by weights: [[Double]]) throws -> any StructureFunctionModel { self }
}
