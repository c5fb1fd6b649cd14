import NuTuneAnalysis
import NuTuneCatalog
import NuTuneCore
import NuTuneNumerics
import NuTuneStatistics

/// The far-detector likelihood of a study with one cross section; everything that does not depend on the parameters is
/// prepared.
final class FarLikelihood: Sendable {
  let fit: OscillationFit
  let parameters: [FitParameter]
  let values: [Double]
  let bins: [Int]
  let hasAnalyticGradient: Bool
  private let likelihood: any Likelihood

  init(_ fit: OscillationFit, values: [Double]) throws {
    self.fit = fit
    self.values = values
    parameters = try fit.parameters()
    bins = fit.samples.map(\.binning.count)
    likelihood = try fit.likelihood()
    hasAnalyticGradient = try likelihood.slope(at: values) != nil
  }

  convenience init(_ study: OpenStudy, _ model: String, atMean: Bool, _ listener: ProgressListener) throws {
    let analysis = study.analysis
    guard !analysis.options.fitted.isEmpty, analysis.folded.far.contains(where: { $0.dataset.roles.contains(.fit) })
    else {
      throw NuTuneError(
        .usage, key: "oscillation.fit", found: "a study that fits no oscillation parameters",
        expected: "a study with a far detector and parameters to fit")
    }
    let prepared = try study.prepared(model, listener)
    try self.init(
      try analysis.fit(prepared, study.farData, treatment: atMean ? .atPosteriorMean : .marginal),
      values: try analysis.options.fitted.map { try analysis.oscillation.value(of: $0) })
  }

  /// −2 ln L.
  func value(at parameters: [Double]) throws -> Double {
    try check(parameters)
    return try likelihood.minusTwoLogLikelihood(at: parameters)
  }

  /// −2 ln L with its derivatives.
  func slope(at position: [Double]) throws -> LikelihoodSlope {
    try check(position)
    if let slope = try likelihood.slope(at: position) { return slope }
    return LikelihoodSlope(
      value: try likelihood.minusTwoLogLikelihood(at: position),
      gradient: try CentralDifferences.gradient(
        at: position, steps: parameters.map { 1e-3 * $0.scale },
        { try likelihood.minusTwoLogLikelihood(at: $0) }))
  }

  /// Best values of the nuisance parameters.
  func pulls(at position: [Double]) throws -> [Double] {
    try check(position)
    return try fit.pulls(likelihood, at: position)
  }

  /// Expected events, shape [samples][bins].
  func rates(at position: [Double]) throws -> [[Double]] {
    try check(position)
    return try fit.expectedEvents(at: position)
  }

  /// The same likelihood of other events, of all samples one after another.
  func observing(_ events: UnsafePointer<Double>) throws -> FarLikelihood {
    var next = events
    let parts = bins.map { count in
      defer { next += count }
      return Array(UnsafeBufferPointer(start: next, count: count))
    }
    return try FarLikelihood(try fit.observing(parts), values: values)
  }

  private func check(_ position: [Double]) throws {
    guard let index = position.firstIndex(where: { !$0.isFinite }) else { return }
    throw NuTuneError(
      .badData, key: parameters[index].name, found: "\(position[index])", expected: "a finite number")
  }
}
