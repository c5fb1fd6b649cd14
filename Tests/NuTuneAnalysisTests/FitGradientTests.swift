import Foundation
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Derivatives of −2lnL with respect to oscillation parameters, against differences of −2lnL.
@Suite struct FitGradientTests {
  private static let names = ["sin2_theta23", "dm2_32", "delta_cp", "sin2_theta13"]

  /// Sums of components and samples as they are, with everything that a fit may profile; with the truth, or with a process
  /// whose posterior modes are integrated out.
  private func fit(
    _ statistic: Statistic, ofProcess: Bool = false, behind baseline: Baseline = AnalysisFixture.baseline,
    settings: FoldSettings = AnalysisFixture.settings, _ change: (inout AnalysisOptions) -> Void
  ) throws -> OscillationFit {
    let far: [(LeptonFlavor, NeutrinoSpecies, String)] = [
      (.muon, .nue, "electrons"), (.electron, .nue, "electrons"), (.muon, .nuebar, "electrons"),
      (.muon, .numu, "muons"), (.muon, .numubar, "antimuons"),
    ]
    let datasets =
      try [NeutrinoSpecies.numu, .numubar].map { species in
        var near = try AnalysisFixture.dataset(species)
        near.flux = FourSpeciesFlux()
        return near
      }
      + far.map { initial, species, sample in
        var dataset = try AnalysisFixture.dataset(species, at: .far, baseline: baseline)
        dataset.sample.component = "\(sample)-\(initial)-\(species.rawValue)"
        dataset.flux = FourSpeciesFlux()
        dataset.statistic = statistic
        dataset.initial = initial
        dataset.measuredAs = sample
        return dataset
      }
    let prior = try GaussianPrior(parameter: "sin2_theta13", mean: 0.02215, sigma: 0.0006)
    let analysis = try AnalysisFixture.analysis(datasets, fitted: Self.names, settings: settings) {
      $0.priors = [prior]
      change(&$0)
    }
    let truth = try analysis.closureTruth()
    let model =
      try ofProcess
      ? analysis.tuned(
        try AnalysisFixture.smoothProcess(), label: "process", on: try analysis.nearData(of: truth),
        in: analysis.folded) : analysis.preparedTruth()
    return try analysis.fit(model, try analysis.farData(of: truth))
  }

  /// The covariance of a flux whose bins are mostly independent.
  private func covariance() throws -> FluxCovariance {
    let bins = DetectorSite.allCases.flatMap { site in
      [NeutrinoSpecies.numu, .nue, .numubar, .nuebar].flatMap { species in
        [(0.0, 1.5), (1.5, 2.5), (2.5, 10.0)].map {
          FluxBin(site: site, mode: "fhc", species: species, low: $0.0, high: $0.1)
        }
      }
    }
    var matrix = Matrix(rows: bins.count, columns: bins.count)
    for i in bins.indices { for j in bins.indices { matrix[i, j] = i == j ? 0.01 : 0.002 } }
    return try FluxCovariance(bins: bins, covariance: matrix)
  }

  @Test(arguments: [Statistic.poisson, .shape]) func expectedEventsMakeTheLikelihood(statistic: Statistic) throws {
    let fit = try fit(statistic) { $0.priors = [] }
    let values = [0.52, 2.45e-3, -1.1, 0.0225]
    let (rates, events) = (try fit.expectedEvents(at: values), fit.events)
    #expect(fit.samples.map(\.name) == ["electrons", "muons", "antimuons"])
    #expect(fit.samples.allSatisfy { $0.isFitted && $0.comparesNumbers == (statistic == .poisson) })
    var sum = 0.0
    for (rates, events) in zip(rates, events) {
      for (rate, n) in zip(rates, events) where rate > 0 { sum += 2 * (rate - n + (n > 0 ? n * log(n / rate) : 0)) }
    }
    #expect(sum > 1)
    #expect(abs(try fit.minusTwoLogLikelihood(at: values) - sum) < 1e-9 * sum)
    // Events as they are expected leave nothing, and their number counts where it should.
    let asimov = try fit.observing(rates)
    #expect(abs(try asimov.minusTwoLogLikelihood(at: values)) < 1e-8)
    let twice = try fit.observing(rates.map { $0.map { 2 * $0 } }).minusTwoLogLikelihood(at: values)
    #expect(statistic == .poisson ? twice > 10 : abs(twice) < 1e-8)
    #expect(throws: NuTuneError.self) { try fit.observing([[1]]) }
  }

  @Test(arguments: [Statistic.poisson, .shape]) func gradientsAreDifferences(statistic: Statistic) throws {
    let covariance = try covariance()
    let fit = try fit(statistic) {
      $0.nuisance = NuisanceOptions(fluxComponents: 2, retunes: false, fluxCovariance: covariance)
      $0.nuisance.density = 0.1
      if statistic == .poisson {
        $0.nuisance.norms = [NormUncertainty(.common, sigma: 0.03), NormUncertainty(.electron, sigma: 0.1)]
      }
    }
    try expectDifferences(try fit.likelihood())
  }

  /// With posterior modes integrated out: their best values and ln det(1 + F) move with the parameters, beside pulls and a
  /// scale without a prior.
  @Test(arguments: [Statistic.poisson, .shape]) func marginalGradientsAreDifferences(statistic: Statistic) throws {
    // A coarse fold: derivatives and differences are of the same.
    let settings = FoldSettings(accuracy: 1e-2, nodesW2: 30, nodesQ2: 20, cellScale: 8)
    let fit = try fit(statistic, ofProcess: true, settings: settings) {
      $0.near = .init(2e4, .asimov)
      $0.nuisance.density = 0.1
      guard statistic == .poisson else { return }
      $0.nuisance.norms = [NormUncertainty(.electron, sigma: 0.1), NormUncertainty(.antineutrino, sigma: nil)]
    }
    let likelihood = try fit.likelihood()
    let base = try #require((likelihood as? ConstrainedLikelihood)?.base as? MarginalizedCountLikelihood)
    let place = [0.52, 2.42e-3, 1.0, 0.0225]
    #expect(base.directionCount >= 2 && base.pullCount > 0 && base.scaleCount == (statistic == .poisson ? 1 : 0))
    #expect(try base.best(at: place).logDeterminant > 0.1)
    try expectDifferences(likelihood, at: [place])
  }

  /// Derivatives of a likelihood against differences of its values.
  private func expectDifferences(
    _ likelihood: any Likelihood,
    at places: [[Double]] = [[0.52, 2.42e-3, 1.0, 0.0225], [0.41, 2.50e-3, -2.0, 0.021]]
  ) throws {
    let scales = [0.02, 2e-5, 0.3, 1e-3]
    for place in places {
      let slope = try #require(try likelihood.slope(at: place))
      let value = try likelihood.minusTwoLogLikelihood(at: place)
      #expect(abs(slope.value - value) < 1e-9 * value)
      let differences = try Self.names.indices.map { index in
        func moved(_ steps: Double) throws -> Double {
          var place = place
          place[index] += steps * 0.02 * scales[index]
          return try likelihood.minusTwoLogLikelihood(at: place)
        }
        return try (8 * (moved(1) - moved(-1)) - (moved(2) - moved(-2))) / (12 * 0.02)
      }
      let size = differences.map { abs($0) }.max() ?? 0
      for (index, difference) in differences.enumerated() {
        let found = slope.gradient[index] * scales[index]
        #expect(abs(found - difference) < 2e-4 * size, "\(Self.names[index]): \(found) and \(difference)")
      }
    }
  }

  /// Probabilities at a few energies give the rates, changes and derivatives that those at all energies give, far from the truth
  /// as well; where they do not, they say so, and derivatives come from all energies. So behind 1285 km in these cells: at one of
  /// the points that are compared a zero of a probability comes to where cells become wider, and others share a covariance.
  @Test(arguments: [
    (AnalysisFixture.baseline, false), (Baseline(length: 810, density: 2.84), true),
    (Baseline(length: 295, density: 2.6), true),
  ])
  func pivotsGiveWhatAllEnergiesGive(baseline: Baseline, arePivots: Bool) throws {
    let covariance = try covariance()
    var settings = arePivots ? AnalysisFixture.settings : AnalysisFixture.fineSettings
    settings.cellScale = 1
    let fit = try fit(.poisson, behind: baseline, settings: settings) {
      $0.nuisance = NuisanceOptions(fluxComponents: 2, retunes: false, fluxCovariance: covariance)
      $0.nuisance.density = 0.1
      $0.nuisance.norms = [NormUncertainty(.common, sigma: 0.03), NormUncertainty(.electron, sigma: 0.1)]
    }
    let far = fit.farPrediction
    for place in [[0.52, 2.42e-3, 1.0, 0.0225], [0.3, 2.0e-3, -2.0, 0.1]] {
      let pivots = try far.differentiableFromPivots(at: place)
      #expect((pivots != nil) == arePivots)
      let few = try pivots ?? far.differentiable(at: place)
      let all = try far.differentiableFromAllEnergies(at: place)
      for (sample, rates) in all.value.rates.enumerated() {
        let total = rates.reduce(0, +)
        let found = few.value.rates[sample] + few.value.directions[sample]
        #expect(found.count == rates.count * (1 + fit.nuisanceNames.count))
        for (one, other) in zip(found, rates + all.value.directions[sample]) {
          #expect(abs(one - other) < 1e-11 * total)
        }
      }
      let slopes = LinearPrediction(
        rates: all.value.rates.map { $0.indices.map { sin(Double($0)) } },
        directions: all.value.directions.map { $0.indices.map { cos(Double($0)) } })
      let scales = [0.02, 2e-5, 0.3, 1e-3]
      let expected = zip(try all.gradient(slopes), scales).map { $0 * $1 }
      let largest = expected.map { abs($0) }.max() ?? 0
      for (index, slope) in try few.gradient(slopes).enumerated() {
        #expect(abs(slope * scales[index] - expected[index]) < 1e-9 * largest, "\(Self.names[index]) at \(place)")
      }
    }
    #expect(try far.differentiableFromPivots(at: [0.5, 6e-3, 0, 0.02]) == nil)
  }

  /// Where a pull takes rates out of the range of linearity the derivatives are still those of −2lnL.
  @Test func gradientsOfRatesThatPullsBend() throws {
    let terms = [
      try CountTerm(counts: [3, 0, 40, 7], normalization: 2), try CountTerm(counts: [0.0005, 12, 30]),
      try CountTerm(counts: [100, 0], normalization: 1),
    ]
    @Sendable func rates(_ x: Double, _ y: Double) -> LinearPrediction {
      LinearPrediction(
        rates: [
          [2 + x, 3e-5 * (1 + y), 15 - x, 1 + x * y], [2e-5 + 1e-5 * x, 3 + y, 7 - x * y], [50 + x, 4 + 0.3 * y],
        ],
        directions: [
          [-1.9 * x, 4e-3 * y, 3 * x * x, -0.8 * y, 0.1, 0.2 * x, -9 * y, 1], [0.1 * x, -2.8, y, 1e-3 * x, x, -4],
          [40 + y, -3.75 - 0.62 * y, 0.1, 0.2 * y],
        ])
    }
    @Sendable func partial(_ slopes: LinearPrediction, _ x: Double, _ y: Double, _ dx: Double, _ dy: Double) -> Double {
      let step = 1e-6
      let (up, down) = (rates(x + step * dx, y + step * dy), rates(x - step * dx, y - step * dy))
      func sum(_ part: (LinearPrediction) -> [[Double]]) -> Double {
        zip(part(slopes).joined(), zip(part(up).joined(), part(down).joined())).reduce(0) {
          $0 + $1.0 * ($1.1.0 - $1.1.1) / (2 * step)
        }
      }
      return sum(\.rates) + sum(\.directions)
    }
    let likelihood = ProfiledCountLikelihood(
      terms: terms, directionCount: 2,
      differentiable: { place in
        DifferentiablePrediction(rates(place[0], place[1])) { slopes in
          [partial(slopes, place[0], place[1], 1, 0), partial(slopes, place[0], place[1], 0, 1)]
        }
      }, prediction: { rates($0[0], $0[1]) })
    for place in [[0.7, 0.4], [1.2, 1.4]] {
      let slope = try #require(try likelihood.slope(at: place))
      // The last bin, without an event, is below its range of linearity, and not yet empty.
      let (pulls, last) = (try likelihood.pulls(at: place).values, rates(place[0], place[1]))
      let change = pulls[0] * last.directions[2][1] + pulls[1] * last.directions[2][3]
      #expect(abs(1 + change / last.rates[2][1]) < 0.05)
      for index in 0..<2 {
        func moved(_ step: Double) throws -> Double {
          var place = place
          place[index] += step
          return try likelihood.minusTwoLogLikelihood(at: place)
        }
        let difference = try (8 * (moved(1e-3) - moved(-1e-3)) - (moved(2e-3) - moved(-2e-3))) / 12e-3
        #expect(abs(slope.gradient[index] - difference) < 1e-4 * (1 + abs(difference)), "\(slope) and \(difference)")
      }
    }
  }

  /// A fit with derivatives ends where one without does, with the same errors, in fewer evaluations.
  @Test func aFitWithDerivativesIsTheSameFit() throws {
    struct Plain: Likelihood {
      let base: any Likelihood
      func minusTwoLogLikelihood(at parameters: [Double]) throws -> Double {
        try base.minusTwoLogLikelihood(at: parameters)
      }
    }
    let fit = try fit(.poisson) { $0.nuisance.norms = [NormUncertainty(.electron, sigma: 0.05)] }
    let (likelihood, parameters) = (try fit.likelihood(), try fit.parameters())
    let with = try Fit.minimize(likelihood, parameters)
    let without = try Fit.minimize(Plain(base: likelihood), parameters)
    #expect(with.minima.count == without.minima.count)
    for (one, other) in zip(with.minima, without.minima) {
      #expect(abs(one.value - other.value) < 1e-6)
      for index in parameters.indices {
        let (a, b): (Double, Double) = (try #require(one.errors[index]), try #require(other.errors[index]))
        #expect(abs(parameters[index].difference(one.position[index], other.position[index])) < 1e-3 * b)
        // Beyond that a parabola describes nothing, and its curvature is that of the steps.
        guard b < 10 * parameters[index].scale else { continue }
        #expect(abs(a / b - 1) < 1e-3, "\(parameters[index].name): \(a) and \(b) at \(one.position), \(one.value)")
      }
    }
    func evaluations(_ result: FitResult) -> Int { result.runs.reduce(0) { $0 + $1.evaluations } }
    #expect(evaluations(with) * 3 < evaluations(without) * 2)
  }
}
