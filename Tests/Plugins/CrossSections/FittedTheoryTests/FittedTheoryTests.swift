import FittedTheory
import Foundation
import NuTuneCore
import NuTuneNumerics
import ResonanceStructureFunctions
import TestSupport
import Testing
import ToyStructureFunctions

/// A theory whose parameters are fitted: what is found, with which errors, against fits written out here.
@Suite struct FittedTheoryTests {
  /// toy-sf as it is, with five parameters that near data know, and values that are wrong.
  private static let wrong = [
    "quasi_elastic.axial_mass = 1.25 ± 0.3", "quasi_elastic.width_scale = 1.25 ± 0.3",
    "quasi_elastic.energy_shift = 0.015 ± 0.02", "quasi_elastic.width_floor = 40 MeV ± 20 MeV", "dis.scale = 0.8 ± 0.3",
  ]
  private static let truth = [
    "quasi_elastic.axial_mass": 1.03, "quasi_elastic.width_scale": 1, "quasi_elastic.energy_shift": 0.028,
    "quasi_elastic.width_floor": 0.03, "dis.scale": 1,
  ]

  private func model(
    _ free: [String], theory type: any Plugin.Type = ToyStructureFunctions.self,
    _ changes: [String: ParameterValue] = [:], more: [String: ParameterValue] = [:]
  ) throws -> FittedTheory {
    var configuration = PluginConfiguration(
      parameters: FittedTheory.descriptor.parameters.defaults().setting(["free": .texts(free)]).setting(more))
    try configuration.addComponent(
      "theory", type, from: PluginConfiguration(parameters: type.descriptor.parameters.defaults().setting(changes)))
    return try FittedTheory(configuration)
  }

  private func estimates(_ result: TuningResult) throws -> [String: ParameterEstimate] {
    try #require(result.record.parameters)
  }

  /// Expectations of the truth as data: the fit finds the truth, up to what the priors pull.
  @Test(arguments: [1e6, nil]) func findsTheTruth(events: Double?) throws {
    let small = try SmallNearProblem(events: events)
    let result = try model(Self.wrong).tuned(on: small.problem)
    #expect(result.record.converged, "\(result.record.verdict)")
    for (name, estimate) in try estimates(result) {
      let truth = try #require(Self.truth[name])
      #expect(abs(estimate.value - truth) < estimate.error, "\(name): \(estimate)")
      #expect(estimate.error < 0.7 * estimate.prior[1] && estimate.bound == nil, "\(name): \(estimate)")
    }
    let rates = try small.rates(
      of: try #require(result.model as? any StructureFunctionModel), small.problem.samples[0])
    let total = rates.reduce(0, +)
    let distance = zip(rates, small.problem.samples[0].probabilities).reduce(0) { $0 + abs($1.0 / total - $1.1) / 2 }
    #expect(distance < 2e-3)
  }

  /// Data that fluctuate: deviations from the truth, with their correlations, have the size that the covariance says.
  /// The χ² of six draws of five parameters is outside of 9 to 66 once in ten thousand.
  @Test func covarianceCoversTheTruth() throws {
    let events = 1_000_000
    var sum = 0.0
    for draw in 0..<6 {
      var small = try SmallNearProblem(events: Double(events))
      let stream = try RandomStream(seed: 11, purpose: "fitted-theory-draws", member: draw)
      let counts = try stream.multinomial(count: events, probabilities: small.problem.samples[0].probabilities)
      small.problem.samples[0].probabilities = counts.map { Double($0) / Double(events) }
      let result = try model(Self.wrong).tuned(on: small.problem)
      #expect(result.record.converged, "\(result.record.verdict)")
      let found = try estimates(result)
      let names = found.keys.sorted()
      let pulls = try names.map { name in
        let (estimate, truth) = (try #require(found[name]), try #require(Self.truth[name]))
        return (estimate.value - truth) / estimate.error
      }
      let correlations = try Matrix(
        try names.map { name in try names.map { try #require(result.record.correlations?[name]?[$0]) } })
      sum += zip(pulls, try Cholesky(correlations).solve(pulls)).reduce(0) { $0 + $1.0 * $1.1 }
    }
    #expect(sum > 9 && sum < 66, "\(sum)")
  }

  /// −2lnL and priors written out with bins, multinomial law and theory made here: the inverse of half their second
  /// derivatives is the covariance, at data that agree with the theory.
  @Test func errorsAreTheCurvatureOfChiSquare() throws {
    let (events, small) = (1e5, try SmallNearProblem(events: 1e5))
    let names = ["quasi_elastic.axial_mass", "quasi_elastic.width_scale", "dis.scale"]
    let (means, errors) = ([1.03, 1, 1], [0.2, 0.1, 0.3])
    let free = names.indices.map { "\(names[$0]) ± \(errors[$0])" }
    let result = try model(free).tuned(on: small.problem)
    let sample = small.problem.samples[0]
    func chiSquare(_ steps: [Double]) throws -> Double {
      let values = zip(zip(means, errors), steps).map { $0.0 + $0.1 * $1 }
      let toy = try SmallNearProblem.toy(
        Dictionary(uniqueKeysWithValues: zip(names, values).map { ($0, ParameterValue.number($1)) }))
      let rates = try small.rates(of: toy, sample)
      let total = rates.reduce(0, +)
      let deviance = zip(sample.probabilities, rates).reduce(0) { sum, bin in
        sum + (bin.0 > 0 && bin.1 > 1e-9 * total ? 2 * events * bin.0 * log(bin.0 * total / bin.1) : 0)
      }
      return deviance + steps.reduce(0) { $0 + $1 * $1 }
    }
    let step = 0.02
    var curvature = Matrix(rows: 3, columns: 3)
    for i in 0..<3 {
      for j in 0..<3 {
        func at(_ a: Double, _ b: Double) throws -> Double {
          var steps = [0.0, 0, 0]
          steps[i] += a * step
          steps[j] += b * step
          return try chiSquare(steps)
        }
        curvature[i, j] = (try at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (8 * step * step)
      }
    }
    let covariance = try Cholesky(curvature).inverse()
    let found = try estimates(result)
    for i in 0..<3 {
      let error = try #require(found[names[i]]).error
      #expect(abs(error / (errors[i] * covariance[i, i].squareRoot()) - 1) < 0.01, "\(names[i]): \(error)")
      for j in 0..<3 {
        let expected = covariance[i, j] / (covariance[i, i] * covariance[j, j]).squareRoot()
        let correlation = try #require(result.record.correlations?[names[i]]?[names[j]])
        #expect(abs(correlation - expected) < 0.01, "\(names[i]), \(names[j])")
      }
    }
  }

  /// What data say nothing about stays as it was: a parameter of hydrogen on argon, and a common factor of everything
  /// where the scale of the data is free.
  @Test func unconstrainedDirectionsKeepTheirPriors() throws {
    let small = try SmallNearProblem(events: 1e6)
    let result = try model([
      "quasi_elastic.free_proton_width = 0.02 ± 0.004", "quasi_elastic.scale ± 10 %", "dis.scale ± 10 %",
    ]).tuned(on: small.problem)
    let proton = try #require(try estimates(result)["quasi_elastic.free_proton_width"])
    #expect(abs(proton.value - 0.02) < 1e-9 && abs(proton.error - 0.004) < 1e-9)
    #expect(abs(result.record.correlations?["quasi_elastic.free_proton_width"]?["dis.scale"] ?? 1) < 1e-9)
    let tuned = try #require(result.model as? any GaussianModel)
    let factor = tuned.weightGroups[0].factor
    let covariance = try factor.multiplied(by: factor.transposed)
    let common = (covariance[1, 1] + covariance[2, 2] + 2 * covariance[1, 2]) / 2
    let difference = (covariance[1, 1] + covariance[2, 2] - 2 * covariance[1, 2]) / 2
    #expect(abs(common - 1) < 1e-5 && difference < 0.01, "\(common) \(difference)")
    // Two parameters are known, of which one together: the effective number is one.
    #expect(abs((result.record.effectiveParameters?.values.first?.trace ?? 0) - 1) < 0.02)
  }

  /// Quasi-elastic scattering a hundred times too strong wants 125 times the deep-inelastic part, and may have 100.
  @Test func endsAtTheEndOfARange() throws {
    var small = try SmallNearProblem(events: 1e6)
    let truth = try SmallNearProblem.toy(["quasi_elastic.scale": .number(0.8)])
    small.problem.samples[0].probabilities = try small.probabilities(of: truth)[0]
    let result = try model(
      ["dis.scale = 90 ± 20", "quasi_elastic.axial_mass = 1.1 ± 0.2"], ["quasi_elastic.scale": .number(100)]
    ).tuned(on: small.problem)
    let scale = try #require(try estimates(result)["dis.scale"])
    #expect(scale.value == 100 && scale.bound == 100 && scale.error > 0)
    #expect(result.record.converged, "\(result.record.verdict)")
    #expect(result.record.verdict.hasSuffix("; dis.scale ends at 100, an end of its range"), "\(result.record.verdict)")
    #expect(try estimates(result)["quasi_elastic.axial_mass"]?.bound == nil)
    // Steps go to an end, not ever shorter ones towards it.
    #expect(result.record.steps < 30, "\(result.record.steps)")
  }

  /// Values with a covariance have a scale: one scan of χ² written out finds the same minimum and width.
  @Test func learnsFromMeasuredValues() throws {
    var small = try SmallNearProblem()
    let sample = small.problem.samples[0]
    let kept = try small.rates(of: try SmallNearProblem.toy(), sample)
    let values = kept.enumerated().map { 0.5 * $1 * (1 + 0.03 * sin(Double(3 * $0))) }
    let floor = 0.02 * (values.max() ?? 0)
    var covariance = Matrix(rows: values.count, columns: values.count)
    for i in values.indices {
      for j in values.indices {
        covariance[i, j] = 0.01 * values[i] * values[j] + (i == j ? pow(0.05 * abs(values[i]) + floor, 2) : 0)
      }
    }
    let term = try NormShapeTerm(MeasuredValues(values: values, covariance: covariance, normalization: 0.5))
    small.problem.samples[0].term = term
    let result = try model(["quasi_elastic.axial_mass = 1.2 ± 0.4"]).tuned(on: small.problem)
    func chiSquare(_ mass: Double) throws -> Double {
      let toy = try SmallNearProblem.toy(["quasi_elastic.axial_mass": .number(mass)])
      return try term.minusTwoLogLikelihood(of: try small.rates(of: toy, sample)).value + pow((mass - 1.2) / 0.4, 2)
    }
    let minimum = try Brent.minimum(in: 0.7...1.6, chiSquare).position[0]
    let found = try #require(try estimates(result)["quasi_elastic.axial_mass"])
    #expect(abs(found.value - minimum) < 0.01 * found.error, "\(found) against \(minimum)")
    // Gauss and Newton's curvature leaves out what is proportional to residuals.
    let rise =
      try chiSquare(found.value + found.error) + chiSquare(found.value - found.error) - 2 * chiSquare(found.value)
    #expect(abs(rise / 2 - 1) < 0.2, "\(rise)")
  }

  /// Any theory with declared parameters: one of another plugin.
  @Test func fitsTheResonanceModel() throws {
    var small = try SmallNearProblem(events: 1e6)
    let fixed: [String: ParameterValue] = ["resonance.fermi_motion": .boolean(false)]
    let parameters = ResonanceStructureFunctions.descriptor.parameters.defaults().setting(fixed)
    let truth = try ResonanceStructureFunctions(
      PluginConfiguration(
        parameters: parameters.setting(["delta.c5_axial": .number(1.3), "meson_exchange.scale": .number(0.6)])))
    small.problem.samples[0].probabilities = try small.probabilities(of: truth)[0]
    let result = try model(
      ["delta.c5_axial ± 0.3", "meson_exchange.scale = 0 ± 1"], theory: ResonanceStructureFunctions.self, fixed
    ).tuned(on: small.problem)
    #expect(result.record.converged, "\(result.record.verdict)")
    let found = try estimates(result)
    for (name, value) in [("delta.c5_axial", 1.3), ("meson_exchange.scale", 0.6)] {
      let estimate = try #require(found[name])
      #expect(abs(estimate.value - value) < estimate.error && estimate.error < 0.1, "\(name): \(estimate)")
    }
  }

  /// Threads and further starts change nothing here, where there is one minimum.
  @Test func threadsAndStartsAgree() throws {
    let small = try SmallNearProblem(events: 1e5)
    let one = try model(Self.wrong).tunedAfresh(on: small.problem)
    let two = try model(Self.wrong).tunedAfresh(on: try SmallNearProblem(threads: 2, events: 1e5).problem)
    #expect(one.state == two.state && one.record == two.record)
    let several = try model(Self.wrong, more: ["starts": .integer(3)]).tuned(on: small.problem)
    #expect(several.record.verdict.hasSuffix("3 of 3 searches ended there"), "\(several.record.verdict)")
    for (name, estimate) in try estimates(several) {
      #expect(abs(estimate.value - (try estimates(one)[name]?.value ?? .nan)) < 0.02 * estimate.error)
    }
  }
}
