import Foundation
import NuTuneCore
import NuTuneStatistics
import NuTuneResults

/// The fit of the far-detector data with one cross-section model, held fixed, and its comparison with the fit that uses
/// the true one.
public struct OscillationFit: Sendable {
  /// Axes of a scan, the same for all models of a study so that regions can be compared.
  public struct Axes: Codable, Sendable {
    /// Values of the first parameter.
    public var x: [Double]
    /// Values of the second parameter.
    public var y: [Double]
  }

  /// What is kept of a fit in the run folder.
  public struct Record: Codable, Sendable {
    /// The results of the fit.
    public var results: OscillationResults
    /// Parameters whose interval is their whole range; they have no bias.
    public var undetermined: [String]
    /// Axes of the scan; nil with fewer than two parameters.
    public var axes: Axes?
    /// Values of the scan, [y][x] flat; nil with fewer than two parameters.
    public var scan: [Double]?
    /// Intervals of Δ(−2lnL) = 4; nil unless they were asked for.
    public var intervalsAtTwoSigma: [String: OscillationResults.Interval]?
    /// Quantities that the oscillation model derives, by name: value at the nearest minimum and half width.
    public var derived: [String: Derived]?
  }

  /// A derived quantity at a minimum.
  public struct Derived: Codable, Sendable {
    /// Its value at the minimum.
    public var best: Double
    /// Half its spread over the interval of the parameter that moves it most.
    public var halfWidth: Double
  }

  /// Names of the fitted parameters.
  public let names: [String]
  let oscillation: any OscillationModel
  let responses: ModelResponses
  /// Posterior modes of the model that the fit integrates out; nil holds the model at its posterior mean.
  let modes: PosteriorModes?
  /// The term of each far sample: its events, and how rates are compared with them.
  var terms: [CountTerm]
  /// The far datasets that each sample is a sum of.
  let sums: SampleSums
  /// How the fitted parameters are scanned.
  let scan: ScanSettings
  /// Uncertainties of beam and detector that are profiled; nil for none.
  let nuisances: NuisanceParameters?
  /// Gaussian priors of fitted parameters.
  package var priors: [GaussianPrior] = []
  /// Discrete questions whose answers are compared.
  var questions: [String] = []
  /// Pseudo-experiments for regions after Feldman and Cousins; nil for none.
  var feldmanCousins: FeldmanCousinsRequest?
  private let pivots = KnownPivots()

  /// Fits, finds intervals, scans.
  ///
  /// - Parameter reference: the record of the fit with the truth; nil when this is it.
  public func record(against reference: Record?) throws -> Record {
    let parameters = try parameters()
    let ends = try names.map { try oscillation.fitDomain(of: $0).ends }
    let likelihood = try likelihood()
    let fit = try Fit.minimize(likelihood, parameters, jobs: responses.folded.threads)
    let chosen =
      reference.map { reference in fit.minimum(nearest: names.map { reference.results.nearestMinimum[$0] ?? 0 }) }
      ?? fit.best
    let named = try profileIntervals(fit, around: chosen, likelihood, level: 1)
    let intervals = names.compactMap { named[$0] }

    var results = OscillationResults(
      converged: true, verdict: "minimum found from \(fit.runs.count) starts", parameters: names,
      bestFit: dictionary(fit.best.position), nearestMinimum: dictionary(chosen.position), errors: [:],
      correlation: names.count > 1 ? chosen.correlation(0, 1) ?? 0 : 0, intervals: [:],
      minima: fit.minima.map {
        OscillationResults.Minimum(parameters: dictionary($0.position), delta: $0.value - fit.best.value)
      }, contours: [:])
    for minimum in [fit.best, chosen] {
      if case .notConverged(let reason) = minimum.status { results.fail("a minimum: \(reason)") }
      for (index, atBound) in minimum.atBound.enumerated() where atBound && ends[index] == .chosen {
        results.fail("\(names[index]) ends at \(minimum.position[index]), the end of the range that is searched")
      }
    }
    var undetermined: [String] = []
    for (name, interval) in zip(names, intervals) {
      if !interval.isConverged { results.fail("the interval of \(name): a profile was not minimised") }
      if interval.lower.isOpen, interval.upper.isOpen {
        results.fail("the data do not determine \(name)")
        undetermined.append(name)
      }
    }
    let limits = zip(names, intervals).compactMap { name, interval in interval.limit.map { "\(name) is \($0)" } }
    results.remarks =
      limits.isEmpty ? nil : limits.map { "the interval is one-sided, because it reaches the end of the range: \($0)" }
    for (index, name) in names.enumerated() {
      results.errors[name] = chosen.errors[index]
      results.intervals[name] = intervals[index].results
    }
    if nuisances != nil { try addPulls(likelihood, at: chosen.position, to: &results) }
    var record = Record(results: results, undetermined: undetermined)
    if scan.hasTwoSigmaIntervals {
      record.intervalsAtTwoSigma = try profileIntervals(fit, around: chosen, likelihood, level: 4).mapValues(\.results)
    }
    record.derived = try derived(at: chosen, in: intervals)
    record.results.correlations =
      names.count > 1 ? names.indices.map { i in names.indices.map { chosen.correlation(i, $0) } } : nil
    record.results.hypotheses = try hypotheses(&record.results)
    record.results.priors =
      priors.isEmpty ? nil : Dictionary(uniqueKeysWithValues: priors.map { ($0.parameter, [$0.mean, $0.sigma]) })
    if names.count >= 2 { try scan(&record, likelihood, parameters, fit, reference: reference) }
    if scan.hasEveryPair, scan.points > 2 { try scanOthers(&record, likelihood, parameters, fit) }
    record.results.addRemarksOnContours()
    if let reference { try compare(&record, with: reference) }
    return record
  }

  /// How far the fit puts the true parameters.
  public func test(truth: [Double]) throws -> TrueValueTest {
    try TrueValueTest(try likelihood(), try parameters(), truth: truth)
  }

  /// The fitted parameters with their domains.
  public func parameters() throws -> [FitParameter] {
    try names.map { try FitParameter($0, of: oscillation) }
  }

  /// Computes −2lnL at values of the fitted parameters, in order, relative to data that the model describes exactly.
  public func minusTwoLogLikelihood(at values: [Double]) throws -> Double {
    try likelihood().minusTwoLogLikelihood(at: values)
  }

  private func dictionary(_ position: [Double]) -> [String: Double] {
    Dictionary(uniqueKeysWithValues: zip(names, position))
  }

  /// Intervals of all parameters around a minimum, by name.
  func profileIntervals(
    _ fit: FitResult, around minimum: LocalMinimum, _ likelihood: any Likelihood, level: Double
  )
    throws -> [String: ProfileInterval]
  {
    Dictionary(
      uniqueKeysWithValues: try names.indices.map { index in
        (
          names[index],
          try ProfileInterval(of: index, in: fit, around: minimum, likelihood: likelihood, level: level)
        )
      })
  }

  /// The shape of every sample for itself: a model's scale is arbitrary, and its own for ν and ν̄. What near data left
  /// open is integrated out, nuisance parameters are profiled.
  public func likelihood() throws -> any Likelihood {
    guard let modes else { return try constrained(heldLikelihood()) }
    return try constrained(try marginalized(modes))
  }

  /// Multiplies a likelihood by the priors.
  func constrained(_ likelihood: any Likelihood) throws -> any Likelihood {
    priors.isEmpty ? likelihood : try ConstrainedLikelihood(likelihood, try parameters(), priors: priors)
  }

  /// The likelihood with what near data left open integrated out.
  func marginalized(_ modes: PosteriorModes) throws -> MarginalizedCountLikelihood {
    let (count, scaleCount) = (nuisances?.count ?? 0, nuisances?.free.count ?? 0)
    let slopes = modes.slopes.enumerated().map { $1.appending(nuisances?.scaleSlopes(of: $0) ?? []) }
    let prediction = MarginalPrediction(modes: modes, far: farPrediction, terms: terms)
    let likelihood = try MarginalizedCountLikelihood(
      terms: terms, slopes: sums.sum(slopes), directionCount: modes.count, scaleCount: scaleCount,
      pullCount: count - scaleCount, differentiable: { try prediction.differentiable(at: $0) }
    ) { try prediction.rates(at: $0) }
    return try likelihood.starting(at: try names.map { try oscillation.value(of: $0) })
  }

  /// Far rates as functions of the fitted parameters.
  package var farPrediction: FarPrediction {
    FarPrediction(
      names: names, oscillation: oscillation, responses: responses, nuisances: nuisances, sums: sums, pivots: pivots)
  }

  /// The likelihood with the model held as it is.
  private func heldLikelihood() -> any Likelihood {
    let far = farPrediction
    var likelihood = ProfiledCountLikelihood(
      terms: terms, directionCount: nuisances?.count ?? 0, differentiable: { try far.differentiable(at: $0) }
    ) { far.prediction(try far.beams(at: $0)) }
    likelihood.free = Set(nuisances?.free ?? [])
    return likelihood
  }

  private func scan(
    _ record: inout Record, _ likelihood: any Likelihood, _ parameters: [FitParameter], _ fit: FitResult,
    reference: Record?
  ) throws {
    let axes = try reference?.axes ?? axes(parameters, fit, likelihood)
    let grid = try GridScan(
      likelihood, parameters, x: (0, axes.x), y: (1, axes.y), others: .profiled(from: fit.best.position),
      reference: fit.best.value, jobs: responses.folded.threads)
    if grid.notConverged > 0 { record.results.fail("\(grid.notConverged) points of the scan were not minimised") }
    record.axes = axes
    record.scan = grid.field.values
    record.results.contours = try Self.contours(of: grid.field)
    if scan.hasEveryPair {
      record.results.profiles = [
        names[0]: .init(values: axes.x, delta: grid.field.profile(along: .first)),
        names[1]: .init(values: axes.y, delta: grid.field.profile(along: .second)),
      ]
    }
    if reference != nil, scan.hasOwnAxes, record.results.contours.values.contains(where: \.isCut) {
      // The axes that all models share are where the truth is; a model further away has its contours on its own.
      let own = try self.axes(parameters, fit, likelihood)
      let wider = try GridScan(
        likelihood, parameters, x: (0, own.x), y: (1, own.y), others: .profiled(from: fit.best.position),
        reference: fit.best.value, jobs: responses.folded.threads)
      if wider.notConverged == 0 { record.results.contours = try Self.contours(of: wider.field) }
    }
    if let feldmanCousins {
      record.results.feldmanCousins = try feldmanCousinsRegions(
        feldmanCousins, axes: axes, scan: grid.field, around: fit.best.position)
    }
    if let reference, let values = reference.scan {
      let other = try ScalarField(xs: axes.x, ys: axes.y, values: values)
      let level = try Contour.level(probability: 0.6827, parameters: 2)
      if grid.field.values.contains(where: { $0 <= level }) || values.contains(where: { $0 <= level }) {
        record.results.overlap1Sigma = try RegionOverlap(grid.field, other, level: level).ratio
      } else {
        record.results.fail("the scan is too coarse for the 68 % regions; more fit.scan_points would show them")
      }
    }
  }

  static func contours(of field: ScalarField) throws -> [String: OscillationResults.Contour] {
    var contours: [String: OscillationResults.Contour] = [:]
    for probability in [0.6827, 0.9545] {
      let level = try Contour.level(probability: probability, parameters: 2)
      contours[OscillationResults.contourKey(probability)] = OscillationResults.Contour(
        probability: probability, level: level,
        lines: field.contours(at: level).map(\.line),
        fillsScan: field.values.allSatisfy { $0 <= level } ? true : nil)
    }
    return contours
  }

  /// Axes that hold the 95 % regions around all minima with room for a shifted model, of the parameters at two places.
  func axes(
    _ parameters: [FitParameter], _ fit: FitResult, _ likelihood: any Likelihood, of places: [Int] = [0, 1]
  ) throws -> Axes {
    let limits = try places.map { index in
      let ends = try fit.minima.filter { $0.value - fit.best.value < 9 }.flatMap { minimum in
        let interval = try ProfileInterval(of: index, in: fit, around: minimum, likelihood: likelihood)
        let width = scan.room * interval.halfWidth
        return [minimum.position[index] - width, minimum.position[index] + width]
      }
      let bounds = parameters[index].bounds
      let (low, high) = (ends.min() ?? bounds.lowerBound, ends.max() ?? bounds.upperBound)
      if let period = parameters[index].period {
        // Around the minimum, no more than once around the circle.
        let center = fit.best.position[index]
        return high - low < period ? (low, high) : (center - period / 2, center + period / 2)
      }
      return (max(low, bounds.lowerBound), min(high, bounds.upperBound))
    }
    func points(_ range: (Double, Double)) -> [Double] {
      (0..<scan.points).map { range.0 + (range.1 - range.0) * Double($0) / Double(scan.points - 1) }
    }
    return Axes(x: points(limits[0]), y: points(limits[1]))
  }

  private func compare(_ record: inout Record, with reference: Record) throws {
    var periods: [String: Double] = [:]
    for name in names { periods[name] = try oscillation.fitDomain(of: name).period }
    var sigma: [String: Double] = [:]
    var bias: [String: Double] = [:]
    for name in names {
      guard let interval = reference.results.intervals[name], let truth = reference.results.nearestMinimum[name],
        let best = record.results.nearestMinimum[name],
        !(reference.undetermined + record.undetermined).contains(name)
      else { continue }
      sigma[name] = (interval.upper - interval.lower) / 2
      let difference = periods[name].map { (best - truth).remainder(dividingBy: $0) } ?? best - truth
      bias[name] = difference / ((interval.upper - interval.lower) / 2)
    }
    for (name, ours) in record.derived ?? [:] {
      let along = oscillation.derivedQuantities.first { $0.name == name }?.along ?? ""
      guard let truth = reference.derived?[name], truth.halfWidth > 0,
        !(reference.undetermined + record.undetermined).contains(along)
      else { continue }
      sigma[name] = truth.halfWidth
      bias[name] = (ours.best - truth.best) / truth.halfWidth
    }
    record.results.sigmaStat = sigma
    record.results.biasSigma = bias
  }

  /// Returns the derived quantities whose parameter is fitted: the value at a minimum and half the spread over the interval
  /// of that parameter, the others held.
  private func derived(at minimum: LocalMinimum, in intervals: [ProfileInterval]) throws -> [String: Derived]? {
    var derived: [String: Derived] = [:]
    for quantity in oscillation.derivedQuantities {
      guard let index = names.firstIndex(of: quantity.along) else { continue }
      func value(_ along: Double) throws -> Double {
        var position = minimum.position
        position[index] = along
        return try oscillation.setting(dictionary(position)).value(ofDerived: quantity.name)
      }
      let (low, high) = (intervals[index].lower.position, intervals[index].upper.position)
      let samples = try (0...200).map { try value(low + (high - low) * Double($0) / 200) }
      derived[quantity.name] = Derived(
        best: try value(minimum.position[index]), halfWidth: ((samples.max() ?? 0) - (samples.min() ?? 0)) / 2)
    }
    return derived.isEmpty ? nil : derived
  }
}

extension ProfileInterval {
  /// As it stands in results.
  fileprivate var results: OscillationResults.Interval {
    OscillationResults.Interval(
      lower: lower.position, upper: upper.position, spansSeveralMinima: spansSeveralMinima,
      reachesBound: lower.isOpen || upper.isOpen,
      oneSided: lower.isOpen == upper.isOpen ? nil : lower.isOpen ? .upperLimit : .lowerLimit)
  }

  /// What an interval with one end says.
  fileprivate var limit: String? {
    guard lower.isOpen != upper.isOpen else { return nil }
    return lower.isOpen ? "at most \(Self.text(upper.position))" : "at least \(Self.text(lower.position))"
  }

  private static func text(_ value: Double) -> String { String(format: "%.3g", value) }
}

extension OscillationResults.Contour {
  /// Whether the edge of the scan cut it, or left none of it.
  fileprivate var isCut: Bool { lines.isEmpty || lines.contains { $0.first != $0.last } }
}

extension OscillationResults {
  /// Key of the contour at a probability: 0.6827 → `68.27`.
  static func contourKey(_ probability: Double) -> String {
    "\((probability * 10000).rounded() / 100)"
  }
}
