import Foundation
import NuTuneCore
import NuTuneNumerics

extension FittedTheory {
  /// A minimum counts as converged when χ² could still fall by less than this: 0.03 standard deviations.
  private static let largestDistance = 1e-3

  /// Fits of this process that were made lately.
  private static let recent = RecentResults<Question, TuningResult>(capacity: 8)

  /// Everything that a fit depends on.
  private struct Question: Hashable, Sendable {
    let theory: ObjectIdentifier
    /// Values of the theory's declared parameters, with the folders to which file names among them refer.
    let values: [ParameterValue?]
    let directory: String
    let directories: [String: String]
    let free: [FreeParameter]
    let infiniteEvents: Double
    /// Where searches start, shape [searches][parameters].
    let starts: [[Double]]
    let near: NearResiduals.Identity
    let events: [Double?]
    let weights: [Double]
  }

  /// Fits the free parameters; the same for any number of threads. A model that is tuned already continues from its
  /// parameters. A fit that another model of the study has made, alone or as a prior, is not made again.
  package func tuned(on problem: TuningProblem) throws -> TuningResult {
    try named {
      let near = try NearResiduals(problem, infiniteEvents: infiniteEvents)
      let starts = try startingValues(seed: problem.seed)
      // Components have values of their own.
      guard theory.configuration.components.isEmpty else { return try fitted(to: problem, near, from: starts) }
      let question = Question(
        theory: ObjectIdentifier(type(of: theory.base)), values: theory.values,
        directory: theory.configuration.directory, directories: theory.configuration.directories,
        free: theory.parameters, infiniteEvents: infiniteEvents, starts: starts, near: try near.identity(),
        events: problem.samples.map(\.events), weights: problem.sampleWeights)
      return try Self.recent.value(question) { try fitted(to: problem, near, from: starts) }
    }
  }

  /// Fits the free parameters, whatever was fitted before.
  package func tunedAfresh(on problem: TuningProblem) throws -> TuningResult {
    try named {
      try fitted(
        to: problem, try NearResiduals(problem, infiniteEvents: infiniteEvents),
        from: try startingValues(seed: problem.seed))
    }
  }

  /// Errors of numbers and likelihoods with the key that they belong to.
  private func named(_ fit: () throws -> TuningResult) throws -> TuningResult {
    do {
      return try fit()
    } catch let error as NumericsError {
      throw NuTuneError(
        .runtime, key: "free", found: "\(error)", expected: "a fit that can be solved; try narrower priors")
    } catch let error as TermError {
      throw NuTuneError(.runtime, key: "free", found: "\(error)", expected: error.expectation)
    }
  }

  private func fitted(to problem: TuningProblem, _ near: NearResiduals, from starts: [[Double]]) throws -> TuningResult
  {
    var minima: [ParameterFit.Minimum] = []
    for start in starts {
      let done = minima.reduce(0) { $0 + $1.history.count }
      let search = ParameterFit(theory: theory, near: near, threads: problem.threads) { step, chiSquare in
        problem.progress(
          TuningProgress(step: done + step, steps: done + max(step, ParameterFit.maximumSteps), loss: chiSquare))
      }
      minima.append(try search.minimum(from: start))
    }
    let fit = ParameterFit(theory: theory, near: near, threads: problem.threads) { _, _ in }
    let best = minima.dropFirst().reduce(minima[0]) { $1.chiSquare < $0.chiSquare ? $1 : $0 }
    let posterior = try fit.posterior(best)
    let model = try FittedTheory(self, values: best.values, factor: posterior.factor)
    return TuningResult(
      model: model, state: model.state(),
      record: try record(best, posterior, among: minima, problem, near))
  }

  /// The means of the priors, or the parameters of a model that is tuned; further starts are drawn from the priors.
  private func startingValues(seed: UInt64) throws -> [[Double]] {
    let first = fit?.values ?? theory.parameters.map(\.priorMean)
    return try [first]
      + (1..<max(starts, 1)).map { member in
        let stream = try RandomStream(seed: seed, purpose: "fitted-theory", member: member)
        return theory.parameters.map { $0.held(stream.gaussian(mean: $0.priorMean, standardDeviation: $0.priorError)) }
      }
  }

  private func record(
    _ best: ParameterFit.Minimum, _ posterior: ParameterFit.Posterior, among minima: [ParameterFit.Minimum],
    _ problem: TuningProblem, _ near: NearResiduals
  ) throws -> TuningRecord {
    let factor = posterior.factor
    let covariance = try factor.multiplied(by: factor.transposed)
    let parameters = theory.parameters
    var estimates: [String: ParameterEstimate] = [:]
    var correlations: [String: [String: Double]] = [:]
    for (i, parameter) in parameters.enumerated() {
      estimates[parameter.name] = ParameterEstimate(
        value: best.values[i], error: parameter.priorError * covariance[i, i].squareRoot(),
        prior: [parameter.priorMean, parameter.priorError], unit: parameter.unit,
        bound: best.isHeld[i] ? best.values[i] : nil)
      for (j, other) in parameters.enumerated() {
        correlations[parameter.name, default: [:]][other.name] =
          i == j ? 1 : covariance[i, j] / (covariance[i, i] * covariance[j, j]).squareRoot()
      }
    }
    // Within a hundredth of a standard deviation of the minimum.
    let converged = posterior.distance < Self.largestDistance
    return TuningRecord(
      converged: converged, verdict: verdict(best, posterior, among: minima, converged),
      steps: minima.reduce(0) { $0 + $1.history.count },
      loss: near.loss(posterior.residuals, weights: problem.sampleWeights),
      history: best.history.enumerated().map { TuningRecord.Point(step: $0 + 1, loss: $1) },
      effectiveParameters: Dictionary(zip(near.names, posterior.effectiveParameters)) { first, _ in first },
      assumedEvents: problem.samples.contains { $0.events == nil && !($0.term is any ResidualTerm) }
        ? infiniteEvents : nil,
      parameters: estimates, correlations: correlations)
  }

  private func verdict(
    _ best: ParameterFit.Minimum, _ posterior: ParameterFit.Posterior, among minima: [ParameterFit.Minimum],
    _ converged: Bool
  ) -> String {
    func text(_ value: Double) -> String { String(format: "%.4g", value) }
    let data = ParameterFit.sumOfSquares(posterior.residuals)
    var sentence =
      converged
      ? "at the minimum, χ² \(text(data)) of the data and \(text(best.chiSquare - data)) of the priors"
      : "not at the minimum: another step would lower χ² of \(text(best.chiSquare)) by \(text(posterior.distance))"
    if minima.count > 1 {
      let same = minima.count { $0.chiSquare < best.chiSquare + 0.01 }
      sentence += "; \(same) of \(minima.count) searches ended there"
    }
    for (index, parameter) in theory.parameters.enumerated() where best.isHeld[index] {
      sentence +=
        "; \(parameter.name) ends at \(text(best.values[index]))\(parameter.unit.isEmpty ? "" : " \(parameter.unit)"), "
        + "an end of its range"
    }
    return sentence
  }
}
