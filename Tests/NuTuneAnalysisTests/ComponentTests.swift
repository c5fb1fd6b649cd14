import Foundation
import GaussianProcessStructureFunctions
import NuTuneAnalysis
import NuTuneCore
import NuTuneNumerics
import NuTuneResults
import NuTuneStatistics
import TestSupport
import Testing
import ThreeFlavorOscillations

/// Far samples that are sums of components: signal, wrong sign and electron neutrinos of the beam.
@Suite struct ComponentTests {
  /// One component of a far sample.
  private func component(
    _ initial: LeptonFlavor?, _ species: NeutrinoSpecies, of sample: String = "far-electrons", events: Double? = nil,
    exposure: Double = 1
  ) throws -> Dataset {
    var dataset = try AnalysisFixture.dataset(species, at: .far, exposure: exposure)
    dataset.sample.component = "\(sample)-\(initial.map { "\($0)" } ?? "all")-\(species.rawValue)-\(exposure)"
    dataset.flux = FourSpeciesFlux()
    dataset.statistic = .poisson
    dataset.initial = initial
    dataset.measuredAs = sample
    dataset.events = events
    return dataset
  }

  private func near() throws -> [Dataset] {
    var near = [try AnalysisFixture.dataset(), try AnalysisFixture.dataset(.numubar)]
    for index in near.indices { near[index].flux = FourSpeciesFlux() }
    return near
  }

  /// What comes from ν_μ and from ν_e of the beam adds up to what comes from all of it.
  @Test func originsAddUpToTheWhole() throws {
    for species in [NeutrinoSpecies.nue, .numubar] {
      let parts = try [LeptonFlavor.muon, .electron].map { try component($0, species) }
      let forward = try AnalysisFixture.forward([component(nil, species)] + parts)
      let rates = try ModelResponses(of: try SmallNearProblem.toy(), in: forward).farRates(ThreeFlavorModel())
      for (bin, whole) in rates[0].enumerated() {
        #expect(abs(rates[1][bin] + rates[2][bin] - whole) <= 1e-11 * rates[0].reduce(0, +))
      }
      #expect(rates.allSatisfy { $0.reduce(0, +) > 0 })
    }
  }

  /// ∫ flux × oscillation × cross section of every component, summed over midpoints of a lattice in neutrino energy, lepton
  /// energy and angle that knows nothing of cells, nodes and tables, in both orderings.
  @Test func ratesAreTheIntegral() throws {
    let components: [(LeptonFlavor, NeutrinoSpecies)] = [
      (.muon, .numu), (.muon, .nue), (.electron, .nue), (.muon, .numubar), (.muon, .nuebar), (.electron, .nuebar),
    ]
    let forward = try ForwardModel(
      try components.map { try component($0.0, $0.1) },
      FoldSettings(accuracy: 1e-3, nodesW2: 100, nodesQ2: 60, cellScale: 2),
      over: AnalysisFixture.energies, oscillation: ThreeFlavorModel(), threads: 2)
    let responses = try ModelResponses(of: try SmallNearProblem.toy(), in: forward)
    let n = 115
    let range = AnalysisFixture.energies
    let width = (range.upperBound - range.lowerBound) / Double(n)
    let energies = (0..<n).map { range.lowerBound + width * (Double($0) + 0.5) }
    let totals = try Dictionary(
      uniqueKeysWithValues: [NeutrinoSpecies.numu, .nue, .numubar, .nuebar].map {
        ($0, try Self.total(of: $0, at: energies))
      })
    for dm2 in [2.4381e-3, -2.484e-3] {
      let oscillation = try ThreeFlavorModel().setting(["dm2_32": dm2])
      let rates = try responses.farRates(oscillation).map { $0.reduce(0, +) }
      for (index, (initial, species)) in components.enumerated() {
        let probability = Array(
          try oscillation.probabilities(
            at: energies, over: AnalysisFixture.baseline, helicity: species.helicity)[initial, species.flavor])
        let source = try #require(
          NeutrinoSpecies.allCases.first { $0.flavor == initial && $0.helicity == species.helicity })
        let flux = FourSpeciesFlux().density(of: source, at: energies)
        let total = try #require(totals[species])
        let sum = energies.indices.reduce(0) { $0 + width * flux[$1] * probability[$1] * total[$1] }
        #expect(abs(rates[index] / sum - 1) < 3e-3, "\(initial) → \(species): \(rates[index]) and \(sum)")
      }
    }
  }

  /// The cross section of leptons from 0.3 to 4 GeV by the midpoint rule, with angles finer where most of them go.
  private static func total(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double] {
    let (toy, m) = (try SmallNearProblem.toy(), 80)
    let reaction = Reaction(species: species, target: try Target(named: "Ar40"))
    let angles = (0..<m).map { 1 - 2 * pow((Double($0) + 0.5) / Double(m), 2) }
    return try energies.map { energy in
      guard energy > 0.3 else { return 0 }
      var points = KinematicPoints(neutrinoEnergy: [], leptonEnergy: [], cosTheta: [])
      let step = (min(energy, 4) - 0.3) / Double(m)
      var weights: [Double] = []
      for a in 0..<m {
        for (b, angle) in angles.enumerated() {
          points.neutrinoEnergy.append(energy)
          points.leptonEnergy.append(0.3 + step * (Double(a) + 0.5))
          points.cosTheta.append(angle)
          weights.append(step * 4 * (Double(b) + 0.5) / Double(m * m))
        }
      }
      return zip(try toy.crossSection(of: reaction, at: points), weights).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  /// Numbers of events fix the exposures at the oscillation they are given for; −2lnL of the sum is that of Poisson numbers
  /// with all components in every bin.
  @Test func theLikelihoodAddsComponents() throws {
    let reference = try ThreeFlavorModel().setting(["delta_cp": 0, "sin2_theta23": 0.58])
    let given: [(LeptonFlavor, NeutrinoSpecies, Double)] = [
      (.muon, .nue, 1092), (.muon, .nuebar, 18), (.electron, .nue, 190),
    ]
    let datasets = try near() + given.map { try component($0.0, $0.1, events: $0.2) }
    let analysis = try AnalysisFixture.analysis(datasets, fitted: ["sin2_theta23", "delta_cp"]) {
      $0.eventsAt = reference
    }
    let there = try analysis.closureTruth().farRates(reference).map { $0.reduce(0, +) }
    func expected(_ oscillation: any OscillationModel) throws -> [Double] {
      let rates = try analysis.closureTruth().farRates(oscillation)
      return rates[0].indices.map { bin in
        (0..<3).reduce(0) { $0 + given[$1].2 / there[$1] * rates[$1][bin] }
      }
    }
    let data = try analysis.farData(of: analysis.truth)
    let counts = try expected(ThreeFlavorModel())
    for bin in counts.indices {
      #expect(abs(data.reduce(0) { $0 + $1.contents[bin] } - counts[bin]) < 1e-9 * counts.reduce(0, +))
    }
    let fit = try analysis.fit(try analysis.preparedTruth(), data)
    let place = [0.55, 1.0]
    let moved = try expected(ThreeFlavorModel().setting(["sin2_theta23": place[0], "delta_cp": place[1]]))
    let deviance = zip(counts, moved).reduce(0) { sum, bin in
      sum + 2 * (bin.1 - bin.0) + (bin.0 > 0 ? 2 * bin.0 * log(bin.0 / bin.1) : 0)
    }
    #expect(abs(try fit.minusTwoLogLikelihood(at: place) - deviance) < 1e-6 * deviance)
    // Without its wrong sign or the ν_e of the beam the sum lacks exactly these.
    for off in 0..<3 {
      let some = try near() + given.enumerated().map { try component($1.0, $1.1, events: $0 == off ? 1e-6 : $1.2) }
      let other = try AnalysisFixture.analysis(some, fitted: ["sin2_theta23", "delta_cp"]) { $0.eventsAt = reference }
      let rest = try other.farData(of: other.truth)
      for bin in counts.indices {
        let missing = data.reduce(0) { $0 + $1.contents[bin] } - rest.reduce(0) { $0 + $1.contents[bin] }
        #expect(abs(missing - data[off].contents[bin]) < 1e-6 + 1e-12 * counts[bin])
      }
    }
    // Where they are not there at all, points of quadrature are placed for other fluxes.
    let less = try AnalysisFixture.analysis(Array(datasets.dropLast()), fitted: ["sin2_theta23", "delta_cp"]) {
      $0.eventsAt = reference
    }
    let rest = try less.farData(of: less.truth)
    for bin in counts.indices {
      let missing = data.reduce(0) { $0 + $1.contents[bin] } - rest.reduce(0) { $0 + $1.contents[bin] }
      #expect(abs(missing - data[2].contents[bin]) < 2e-3 * counts.reduce(0, +))
    }
  }

  /// What a figure shows of a sum: all components in events of the data, those of a model with the scale that near data of
  /// its neutrino sign give it; of shapes every distribution for itself.
  @Test(arguments: [Statistic.poisson, .shape]) func predictionsOfASum(statistic: Statistic) throws {
    let given: [(LeptonFlavor, NeutrinoSpecies, Double)] = [(.muon, .nue, 1092), (.muon, .nuebar, 400)]
    var far = try given.map { try component($0.0, $0.1, events: $0.2) }
    for index in far.indices { far[index].statistic = statistic }
    let analysis = try AnalysisFixture.analysis(
      try near() + far + [component(nil, .numu, of: "far-muons", events: 3000)])
    let near = try analysis.nearData(of: analysis.truth)
    let comparison = ModelComparison(
      analysis, nearData: near, farData: try analysis.farData(of: analysis.truth))
    var predictions = try comparison.predictions()
    let toy = try SmallNearProblem.detunedToy()
    let model = try ModelResponses(of: toy, in: analysis.folded)
    _ = try comparison.results(
      of: toy, model, record: nil, seconds: 0, fit: nil, label: "detuned", into: &predictions)
    // Muons are measured as they are, and stay where they were.
    #expect(predictions.sums?.count == 1 && predictions.samples.count == 5)
    let sum = try #require(predictions.sums?.first)
    #expect(sum.sample.name == "far-electrons" && sum.components.map(\.title) == ["ν_μ → ν_e", "ν̄_μ → ν̄_e"])
    #expect(sum.components.map(\.name) == predictions.samples[2...3].map(\.name))

    let truth = try analysis.closureTruth()
    let (trueFar, modelFar) = (try truth.farRates(ThreeFlavorModel()), try model.farRates(ThreeFlavorModel()))
    let scales = zip(truth.nearRates(), model.nearRates()).map { $0.reduce(0, +) / $1.reduce(0, +) }
    // Exposure times efficiency of a component is its events over its rate, for the truth and for the model.
    let factors = given.indices.map { given[$0].2 / trueFar[$0].reduce(0, +) }
    let bins = trueFar[0].indices
    let components = given.indices.map { part in bins.map { factors[part] * trueFar[part][$0] } }
    var predicted = bins.map { bin in given.indices.reduce(0) { $0 + factors[$1] * scales[$1] * modelFar[$1][bin] } }
    #expect(abs((sum.sample.events ?? 0) - 1492) < 1e-6)
    #expect(abs(predicted.reduce(0, +) / 1492 - 1) > 1e-3)
    if statistic == .shape { predicted = predicted.map { $0 * 1492 / predicted.reduce(0, +) } }
    for bin in bins {
      let whole = components[0][bin] + components[1][bin]
      #expect(abs(1492 * (sum.sample.truth?[bin] ?? 0) - whole) < 1e-8)
      #expect(abs(1492 * sum.sample.data[bin] - whole) < 1e-8)
      for part in 0...1 { #expect(abs(1492 * sum.components[part].truth[bin] - components[part][bin]) < 1e-8) }
      #expect(abs(1492 * (sum.sample.models["detuned"]?[bin] ?? 0) - predicted[bin]) < 1e-8)
    }
    let plain = try AnalysisFixture.analysis()
    let alone = ModelComparison(
      plain, nearData: try plain.nearData(of: plain.truth), farData: try plain.farData(of: plain.truth))
    #expect(try alone.predictions().sums == nil)
  }

  /// Components of one name share a number of events as their rates are.
  @Test func componentsShareEvents() throws {
    var parts = [try component(.electron, .nue, events: 200), try component(.electron, .nuebar, events: 200)]
    for index in parts.indices { parts[index].eventsOf = "beam" }
    let analysis = try AnalysisFixture.analysis(try near() + parts)
    let data = try analysis.farData(of: analysis.truth)
    let rates = try analysis.closureTruth().farRates(ThreeFlavorModel()).map { $0.reduce(0, +) }
    #expect(abs((data[0].events ?? 0) + (data[1].events ?? 0) - 200) < 1e-9)
    #expect(abs((data[0].events ?? 0) / (data[1].events ?? 0) / (rates[0] / rates[1]) - 1) < 1e-9)
    // Events of some components only make no sense.
    let other = [try component(.muon, .nue), try component(.electron, .nue, events: 200)]
    #expect(throws: NuTuneError.self) { try AnalysisFixture.analysis(try near() + other) }
  }

  /// What makes no sum is refused: other bins, another statistic, two datasets of one name, events that are no number.
  @Test func whatMakesNoSumIsRefused() throws {
    func refuses(_ change: (inout [Dataset]) throws -> Void) throws {
      var parts = [try component(.muon, .nue), try component(.electron, .nue)]
      try change(&parts)
      let datasets = try near() + parts
      #expect(throws: NuTuneError.self) { try AnalysisFixture.analysis(datasets) }
    }
    try refuses {
      $0[1].sample.binning = try Binning(
        Axis(.leptonEnergy, edges: [0.3, 1, 4]), Axis(.cosTheta, edges: [-1, 0, 1]))
    }
    try refuses { $0[1].statistic = .shape }
    try refuses { $0[1].roles = [.predict] }
    try refuses { $0[1].sample.component = $0[0].sample.component }
    try refuses {
      $0[1].observation = .events(
        contents: $0[1].sample.binning.grids.flatMap { [Double](repeating: 1, count: $0.count) })
    }
    for events in [-1, 0, Double.nan, .infinity] {
      try refuses { for index in 0..<2 { $0[index].events = events } }
    }
  }

  /// Muons and electrons in bins of E_l + E_had of their own, near muons in bins of E_had: −2lnL is that of Poisson numbers with all
  /// components in every bin, and a cross section that is learned comes close to it.
  @Test func samplesInReconstructedEnergy() throws {
    let detector = try HadronicEnergyTests.calorimeter()
    func measured(_ dataset: Dataset, _ observable: Observable, _ edges: [Double]) throws -> Dataset {
      var dataset = dataset
      dataset.detector = detector
      let lepton =
        observable == .hadronicEnergy
        ? dataset.sample.binning.grids
        : [BinGrid(try Axis(.leptonEnergy, edges: [0.3, 4]), try Axis(.cosTheta, edges: [-1, 1]))]
      dataset.sample.binning = try Binning(lepton, hadronic: Axis(observable, edges: edges))
      return dataset
    }
    let near = try near().map { try measured($0, .hadronicEnergy, [0, 0.3, 1, 3]) }
    let muons = try [NeutrinoSpecies.numu, .numubar].map {
      try measured(component(.muon, $0, of: "far-muons", events: 500), .reconstructedEnergy, [0, 1, 1.5, 2, 2.5, 3, 8])
    }
    let electrons = try [LeptonFlavor.muon, .electron].map {
      try measured(component($0, .nue, events: 100), .reconstructedEnergy, [0, 1.2, 2, 3, 8])
    }
    let analysis = try AnalysisFixture.analysis(near + muons + electrons, fitted: ["sin2_theta23", "delta_cp"]) {
      $0.near = .init(1e6, .asimov)
      $0.marginalizes = false
    }
    let data = try analysis.farData(of: analysis.truth)
    #expect(data.map(\.contents.count) == [6, 6, 4, 4])
    let there = try analysis.closureTruth().farRates(ThreeFlavorModel()).map { $0.reduce(0, +) }
    let place = [0.55, 1.0]
    let moved = try analysis.closureTruth().farRates(
      ThreeFlavorModel().setting(["sin2_theta23": place[0], "delta_cp": place[1]]))
    var deviance = 0.0
    for (components, events) in [([0, 1], 500.0), ([2, 3], 100)] {
      for bin in data[components[0]].contents.indices {
        let count = components.reduce(0) { $0 + data[$1].contents[bin] }
        let expected = components.reduce(0) { $0 + events / there[$1] * moved[$1][bin] }
        deviance += 2 * (expected - count) + (count > 0 ? 2 * count * log(count / expected) : 0)
      }
    }
    let found = try analysis.fit(try analysis.preparedTruth(), data).minusTwoLogLikelihood(at: place)
    #expect(deviance > 1 && abs(found - deviance) < 1e-6 * deviance, "\(found) and \(deviance)")
    let tuned = try analysis.tuned(
      AnalysisFixture.detunedProcess(), label: "process", on: analysis.nearData(of: analysis.truth), in: analysis.folded
    )
    let learned = try analysis.fit(tuned, data).minusTwoLogLikelihood(at: place)
    #expect(abs(learned - deviance) < 0.1 * deviance + 0.1, "\(learned) and \(deviance)")
  }

  /// A sample cut into two components of the same kind is that sample: −2lnL with posterior modes integrated out and norms
  /// profiled does not change.
  @Test(arguments: [Statistic.poisson, .shape]) func aSampleInPiecesIsTheSample(statistic: Statistic) throws {
    func value(_ far: [Dataset]) throws -> [Double] {
      var far = far
      for index in far.indices { far[index].statistic = statistic }
      let analysis = try AnalysisFixture.analysis(try Array(near().prefix(1)) + far) {
        $0.near = .init(1e5, .asimov)
        if statistic == .poisson { $0.nuisance.norms = [NormUncertainty(.common, sigma: 0.03)] }
      }
      let tuned = try analysis.tuned(
        try AnalysisFixture.smoothProcess(), label: "process",
        on: try analysis.nearData(of: analysis.truth), in: analysis.folded)
      let data = try analysis.farData(of: analysis.truth)
      return try [Analysis.Treatment.marginal, .atPosteriorMean].flatMap { treatment in
        let fit = try analysis.fit(tuned, data, treatment: treatment)
        return try [[0.47, 2.4381e-3], [0.55, 2.4e-3]].map { try fit.minusTwoLogLikelihood(at: $0) }
      }
    }
    let whole = try value([component(nil, .numu, of: "far-a"), component(nil, .nue, of: "far-b")])
    let pieces = try value([
      component(nil, .numu, of: "far-a", exposure: 0.3), component(nil, .nue, of: "far-b"),
      component(nil, .numu, of: "far-a", exposure: 0.7),
    ])
    // Modes are ranked by their effect on each component, so a few of the smallest differ.
    for (one, other) in zip(whole, pieces) { #expect(abs(one - other) < 0.02 + 2e-3 * abs(one), "\(one) and \(other)") }
  }

  /// The matter density as a pull: −2lnL is the minimum over it of Poisson numbers that are linear between rates behind
  /// 10 % more and 10 % less matter, written down again.
  @Test func theDensityIsProfiled() throws {
    let datasets = try near() + [component(.muon, .nue), component(.muon, .nuebar), component(.electron, .nue)]
    let analysis = try AnalysisFixture.analysis(datasets, fitted: ["delta_cp"]) { $0.nuisance.density = 0.1 }
    let data = try analysis.farData(of: analysis.truth)
    let model = try analysis.preparedTruth()
    #expect(model.nuisances?.names == ["density"])
    let oscillation = try ThreeFlavorModel().setting(["delta_cp": 1.0])
    func events(_ factor: Double) throws -> [Double] {
      var moved = datasets
      for index in 2..<5 { moved[index].baseline?.density *= factor }
      let rates = try AnalysisFixture.analysis(moved).closureTruth().farRates(oscillation)
      return rates[0].indices.map { bin in rates.reduce(0) { $0 + $1[bin] } }
    }
    let unit = 5000 / (try analysis.closureTruth().farRates(ThreeFlavorModel()).joined().reduce(0, +))
    let (middle, more, less) = (try events(1), try events(1.1), try events(0.9))
    let counts = data[0].contents.indices.map { bin in data.reduce(0) { $0 + $1.contents[bin] } }
    let brute = try Minimizer.bfgs(from: [0], gradientTolerance: 1e-6) { pull in
      counts.indices.reduce(pull[0] * pull[0]) { sum, bin in
        let mu = unit * (middle[bin] + 0.5 * pull[0] * (more[bin] - less[bin]))
        return sum + 2 * (mu - counts[bin]) + (counts[bin] > 0 ? 2 * counts[bin] * log(counts[bin] / mu) : 0)
      }
    }
    let found = try analysis.fit(model, data).minusTwoLogLikelihood(at: [1.0])
    #expect(abs(brute.position[0]) > 0.1)
    // Quadrature points are placed for the oscillation of each analysis.
    #expect(abs(found - brute.value) < 5e-3 * brute.value, "\(found) and \(brute.value)")
  }
}
