import Foundation
import GaussianProcessStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Fits of numbers of far events, whose scale near data fix.
@Suite struct NumberOfEventsTests {
  private func datasets(statistic: Statistic = .poisson) throws -> [Dataset] {
    var datasets = [
      try AnalysisFixture.dataset(), try AnalysisFixture.dataset(at: .far), try AnalysisFixture.dataset(.nue, at: .far),
    ]
    for index in 1...2 { datasets[index].statistic = statistic }
    return datasets
  }

  private func analysis(_ change: (inout AnalysisOptions) -> Void = { _ in }) throws -> Analysis {
    try AnalysisFixture.analysis(try datasets(), change)
  }

  /// −2lnL is 2 Σ [μ − n + n ln(n/μ)] over all bins with one factor from rates to events.
  @Test func theLikelihoodIsThatOfPoissonNumbers() throws {
    let analysis = try analysis()
    let data = try analysis.farData(of: analysis.truth)
    let fit = try analysis.fit(try analysis.preparedTruth(), data)
    let truth = try analysis.closureTruth().farRates(ThreeFlavorModel())
    let factor = 5000 / truth.joined().reduce(0, +)
    let place = [0.53, 2.35e-3]
    let rates = try analysis.closureTruth().farRates(
      try ThreeFlavorModel().setting(["sin2_theta23": place[0], "dm2_32": place[1]]))
    let expected = zip(data.flatMap(\.contents), rates.joined()).reduce(0) { sum, bin in
      sum + 2 * (factor * bin.1 - bin.0) + (bin.0 > 0 ? 2 * bin.0 * log(bin.0 / (factor * bin.1)) : 0)
    }
    #expect(abs(try fit.minusTwoLogLikelihood(at: place) - expected) < 1e-6 * expected)
    #expect(abs(try fit.minusTwoLogLikelihood(at: [0.47, 2.4381e-3])) < 1e-6)
    // Shapes know less.
    let shapes = try AnalysisFixture.analysis(try datasets(statistic: .shape))
    #expect(
      try shapes.fit(try shapes.preparedTruth(), data).minusTwoLogLikelihood(at: place) < 0.9 * expected)
  }

  /// A model whose cross section is 1.7 times the truth has the truth's −2lnL everywhere: near data take the factor back.
  @Test(arguments: [nil, 1e6] as [Double?]) func nearDataFixTheScale(events: Double?) throws {
    let analysis = try analysis { $0.near = .init(events, .asimov) }
    let near = try analysis.nearData(of: analysis.truth)
    let data = try analysis.farData(of: analysis.truth)
    let truth = try analysis.fit(try analysis.preparedTruth(), data)
    let scaled = try analysis.prepared(
      ScaledModel(base: try SmallNearProblem.toy(), factor: 1.7), nil, on: near, in: analysis.folded)
    #expect(abs((scaled.scales[NearGroup(.neutrino)] ?? 0) - 1 / 1.7) < 1e-10)
    let fit = try analysis.fit(scaled, data)
    for place in [[0.47, 2.4381e-3], [0.55, 2.4e-3], [0.42, 2.5e-3]] {
      let (ours, theirs) = (try fit.minusTwoLogLikelihood(at: place), try truth.minusTwoLogLikelihood(at: place))
      #expect(abs(ours - theirs) < 1e-7 * max(theirs, 1))
    }
  }

  /// Infinitely many near events fix the scale as very many do, also where a thrown flux made them: 10 % more neutrinos and
  /// 20 % fewer antineutrinos.
  @Test func infinitelyManyEventsAreVeryMany() throws {
    func scales(_ events: Double?) throws -> [NearGroup: Double] {
      var datasets = [
        try AnalysisFixture.dataset(), try AnalysisFixture.dataset(.numubar), try AnalysisFixture.dataset(at: .far),
      ]
      for index in datasets.indices { datasets[index].flux = TwoSignFlux(factors: [1, 1]) }
      datasets[2].statistic = .poisson
      let analysis = try AnalysisFixture.analysis(datasets) { $0.near = .init(events, .asimov) }
      for index in datasets.indices { datasets[index].flux = TwoSignFlux(factors: [1.1, 0.8]) }
      let thrown = try AnalysisFixture.analysis(datasets).closureTruth()
      let near = try analysis.nearData(of: thrown)
      return try analysis.scaled(try analysis.preparedTruth(), on: near).scales
    }
    let (infinite, many) = (try scales(nil), try scales(1e12))
    for sign in Helicity.allCases.map({ NearGroup($0) }) {
      // The number of all events is the study's; what is left is one sign relative to the other.
      let ratio = try #require(infinite[sign]) / #require(infinite[NearGroup(.neutrino)])
      #expect(abs(ratio - (try #require(many[sign]) / #require(many[NearGroup(.neutrino)]))) < 1e-9)
    }
    #expect(
      abs(try #require(infinite[NearGroup(.antineutrino)]) / #require(infinite[NearGroup(.neutrino)]) - 0.8 / 1.1)
        < 1e-6)
  }

  /// Far events of a sign that has no near events have no scale, and infinitely many have no number.
  @Test func numbersNeedAScale() throws {
    var datasets = [try AnalysisFixture.dataset(.numubar), try AnalysisFixture.dataset(at: .far)]
    for index in datasets.indices { datasets[index].flux = TwoSignFlux(factors: [1, 1]) }
    datasets[1].statistic = .poisson
    let analysis = try AnalysisFixture.analysis(datasets)
    let data = try analysis.farData(of: analysis.truth)
    #expect(throws: NuTuneError.self) {
      try analysis.fit(try analysis.preparedTruth(on: try analysis.nearData(of: analysis.truth)), data)
    }
    let infinite = try self.analysis { $0.far = .init(nil, .asimov) }
    #expect(throws: NuTuneError.self) {
      try infinite.fit(try infinite.preparedTruth(), try infinite.farData(of: infinite.truth))
    }
  }

  /// Far events of a thrown flux: as many times more as there are far events per near one.
  @Test func throwsChangeFarOverNear() throws {
    let analysis = try analysis()
    func numbers(near: Double, far: Double) throws -> Double {
      var datasets = try datasets()
      datasets[0].flux = BellFlux(peak: near)
      for index in 1...2 { datasets[index].flux = BellFlux(peak: far) }
      let thrown = try AnalysisFixture.analysis(datasets).closureTruth()
      let rates = (thrown.nearRates()[0].reduce(0, +), try thrown.farRates(ThreeFlavorModel()).joined().reduce(0, +))
      let nominal = try analysis.closureTruth()
      let expected =
        5000 * rates.1 / (try nominal.farRates(ThreeFlavorModel()).joined().reduce(0, +))
        * nominal.nearRates()[0].reduce(0, +) / rates.0
      let found = try analysis.farData(of: thrown).reduce(0) { $0 + ($1.events ?? 0) }
      #expect(abs(found / expected - 1) < 1e-9)
      return found
    }
    #expect(abs(try numbers(near: 2, far: 2) - 5000) < 1e-6)
    let (far, near) = (try numbers(near: 2, far: 2.4), try numbers(near: 2.4, far: 2))
    #expect(abs(far - 5000) > 20 && abs(near - 5000) > 20)
  }

  /// ν_e up and ν̄_e down, muons not at all; each norm acts on what its name says.
  @Test func normsActOnWhatTheyName() throws {
    let species: [NeutrinoSpecies] = [.numu, .numubar, .nue, .nuebar]
    let expected: [NormUncertainty.Kind: [Double]] = [
      .common: [1, 1, 1, 1], .neutrino: [1, 0, 1, 0], .antineutrino: [0, 1, 0, 1], .electron: [0, 0, 1, 1],
      .electronAntisymmetric: [0, 0, 1, -1], .beamElectron: [0, 0, 1, 1], .wrongSign: [0, 1, 0, 1],
    ]
    var datasets = [try AnalysisFixture.dataset(), try AnalysisFixture.dataset(.numubar)]
    datasets += try species.map { try AnalysisFixture.dataset($0, at: .far) }
    for index in datasets.indices { datasets[index].flux = FourSpeciesFlux() }
    for index in 2..<datasets.count { datasets[index].statistic = .poisson }
    for index in 4..<datasets.count { datasets[index].initial = .electron }
    let kinds = NormUncertainty.Kind.allCases
    let sigmas = kinds.indices.map { 0.04 + 0.01 * Double($0) }
    let analysis = try AnalysisFixture.analysis(datasets) {
      $0.nuisance.norms = zip(kinds, sigmas).map { NormUncertainty($0, sigma: $1) }
    }
    let rates = try analysis.closureTruth().farRates(ThreeFlavorModel())
    let changes = try AnalysisFixture.changes(try analysis.preparedTruth())
    for sample in species.indices {
      let bins = rates[sample].count
      #expect(changes[sample].count == kinds.count * bins)
      for (norm, kind) in kinds.enumerated() {
        let ratio = changes[sample][norm * bins..<(norm + 1) * bins].reduce(0, +) / rates[sample].reduce(0, +)
        let sign = try #require(expected[kind]?[sample])
        #expect(abs(ratio - sigmas[norm] * sign) < 1e-6, "\(kind) of \(species[sample])")
      }
    }
  }

  /// A norm of 3 % is a pull on the rates it names: −2lnL is the minimum over it, written down again.
  @Test func normsAreProfiled() throws {
    let analysis = try analysis {
      $0.nuisance.norms = [NormUncertainty(.common, sigma: 0.03), NormUncertainty(.electron, sigma: 0.05)]
    }
    let data = try analysis.farData(of: analysis.truth)
    let model = try analysis.preparedTruth()
    #expect(model.nuisances?.names == ["norm_common", "norm_electron"])
    let fit = try analysis.fit(model, data)
    let place = [0.5, 2.42e-3]
    let rates = try analysis.closureTruth().farRates(
      try ThreeFlavorModel().setting(["sin2_theta23": place[0], "dm2_32": place[1]]))
    let factor = 5000 / (try analysis.closureTruth().farRates(ThreeFlavorModel()).joined().reduce(0, +))
    let brute = try Minimizer.bfgs(from: [0, 0], gradientTolerance: 1e-6) { pulls in
      var sum = pulls[0] * pulls[0] + pulls[1] * pulls[1]
      for (sample, rates) in rates.enumerated() {
        let norm = 1 + 0.03 * pulls[0] + (sample == 1 ? 0.05 * pulls[1] : 0)
        for (n, rate) in zip(data[sample].contents, rates) {
          let mu = factor * norm * rate
          sum += 2 * (mu - n) + (n > 0 ? 2 * n * log(n / mu) : 0)
        }
      }
      return sum
    }
    #expect(abs(try fit.minusTwoLogLikelihood(at: place) - brute.value) < 1e-5 * brute.value)
    #expect(abs(brute.position[1]) > 0.1)
  }

  /// A flux with a larger normalisation changes near and far data alike, so a fit of numbers does not see it.
  @Test func aCommonFluxNormIsTakenBackByNearData() throws {
    let bins = DetectorSite.allCases.flatMap { site in
      [NeutrinoSpecies.numu, .nue].map { FluxBin(site: site, mode: "fhc", species: $0, low: 0, high: 10) }
    }
    let covariance = try FluxCovariance(
      bins: bins, covariance: try Matrix(rows: 4, columns: 4, elements: [Double](repeating: 0.01, count: 16)))
    let analysis = try analysis {
      $0.nuisance = NuisanceOptions(fluxComponents: 1, retunes: false, fluxCovariance: covariance)
    }
    let model = try analysis.preparedTruth()
    let rates = try analysis.closureTruth().farRates(ThreeFlavorModel())
    for (sample, found) in try AnalysisFixture.changes(model).enumerated() {
      // To first order; the change itself is 10 %, its square 1 %.
      for (change, rate) in zip(found, rates[sample]) { #expect(abs(change) < 0.012 * rate + 1e-9) }
    }
  }

  /// Slopes of posterior modes are those of the model folded again and scaled to the near rate, by finite differences.
  @Test func modesKeepTheNearRate() throws {
    let analysis = try analysis { $0.near = .init(1e5, .asimov) }
    let tuned = try analysis.tuned(
      try AnalysisFixture.detunedProcess(), label: "process",
      on: try analysis.nearData(of: analysis.truth), in: analysis.folded)
    let modes = try #require(tuned.modes)
    let gaussian = try #require(tuned.model as? any GaussianModel)
    let weights = try analysis.folded.farWeights(ThreeFlavorModel())
    for mode in 0..<min(modes.count, 3) {
      func direction(_ size: Double) -> [Double] { (0..<modes.count).map { $0 == mode ? size : 0 } }
      func refolded(_ size: Double) throws -> [Double] {
        let moved = try ModelResponses(
          of: try gaussian.displaced(by: try modes.weights(along: direction(size))), in: analysis.folded)
        let near = [tuned.responses, moved].map { $0.nearRates()[0].reduce(0, +) }
        return moved.farRates(weights: weights)[0].map { $0 * near[0] / near[1] }
      }
      func taken(_ size: Double) -> [Double] {
        modes.slopes[0].moved(
          modes.rates(sample: 0, weights: weights[0], tuned.responses.far[0]), along: direction(size))
      }
      let step = 0.05
      let model = zip(try refolded(step), try refolded(-step)).map { ($0 - $1) / (2 * step) }
      let fit = zip(taken(step), taken(-step)).map { ($0 - $1) / (2 * step) }
      let change = model.reduce(0) { $0 + $1 * $1 }
      let missed = zip(model, fit).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(missed < 0.01 * change, "mode \(mode): \((missed / change).squareRoot())")
    }
  }
}

/// A structure-function model times a factor.
private struct ScaledModel: StructureFunctionModel {
  static let descriptor = PluginDescriptor(
    kind: .crossSection, name: "scaled", summary: "Scaled.", parameters: [], citations: [])

  let base: any StructureFunctionModel
  let factor: Double

  init(_ configuration: PluginConfiguration) throws {
    (base, factor) = (try SmallNearProblem.toy(), 1)
  }

  init(base: any StructureFunctionModel, factor: Double) { (self.base, self.factor) = (base, factor) }

  func check(_ reactions: [Reaction]) throws { try base.check(reactions) }

  func structureFunctions(of reaction: Reaction, at points: InvariantPoints) throws -> StructureFunctions {
    var functions = try base.structureFunctions(of: reaction, at: points)
    functions.w = functions.w.map { $0.map { $0 * factor } }
    return functions
  }
}

/// A bell of neutrinos and one of antineutrinos, each with a factor.
private struct TwoSignFlux: FluxProvider {
  static let descriptor = PluginDescriptor(
    kind: .flux, name: "two-sign", summary: "Two bells.", parameters: [], citations: [])

  var factors = [1.0, 1.0]
  var species: [NeutrinoSpecies] { [.numu, .numubar] }
  var breakpoints: [Double] { [0.4, 1, 2, 3, 5] }

  init(_ configuration: PluginConfiguration) throws {}

  init(factors: [Double]) { self.factors = factors }

  func density(of species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    energies.map { factors[species.helicity == .neutrino ? 0 : 1] * exp(-0.5 * pow(($0 - 2) / 0.8, 2)) }
  }
}
