import Foundation
import NuTuneCore
import NuTuneNumerics

/// The most probable response parameters and weights of all processes, by Newton steps along the profile
///
///     Φ(z) = Σ_processes min_η [−lnL + ½ |η|²] + ½ Σ τ z²
///
/// of displacements z with prior precisions τ: every step makes the operators at z anew, finds the weights there, and takes
/// slope and curvature of ``ResponseInformation``.
struct ResponseProfile {
  /// The processes with the covariance of their weights, marginal over the parameters.
  private(set) var processes: [LearnedProcess] = []
  /// The problem with the operators at the fitted parameters.
  private(set) var problem: TuningProblem
  /// Fitted numbers by name.
  private(set) var estimates: [String: ResponseEstimate] = [:]
  /// Their correlations, the diagonal included.
  private(set) var correlations: [String: [String: Double]] = [:]
  /// Why the search did not converge; nil if it did.
  private(set) var trouble: String?
  /// Number of steps in the parameters.
  private(set) var steps = 0

  private let nuclei: [LearnedNucleus]
  private let prior: (any StructureFunctionModel)?
  private let settings: Settings

  /// Twice the fall of Φ that a step predicts, below which parameters stay: a hundredth of a standard deviation.
  private static let tolerance = 1e-4
  private static let maximumSteps = 25
  /// Longest step, in units of a parameter.
  private static let longestStep = 4.0

  /// Searches from the start of every parameter and processes that are tuned already, if there are.
  init(
    _ problem: TuningProblem, prior: (any StructureFunctionModel)?, settings: Settings, processes: [LearnedProcess]
  ) throws {
    (self.problem, self.prior, self.settings) = (problem, prior, settings)
    nuclei = LearnedNucleus.all(of: problem.samples.map(\.sample.reaction))
    let parameters = problem.responseParameters
    var starts = nuclei.map { nucleus in processes.first { $0.nuclei == [nucleus] } }
    var point = try point(at: parameters.map(\.start), from: starts, keepsKernel: false)
    while true {
      let step = try bounded(try decomposed(point.precision).solve(point.slope), point)
      let decrement = zip(point.slope, step).reduce(0) { $0 + $1.0 * $1.1 }
      guard decrement > Self.tolerance else { break }
      guard steps < Self.maximumSteps else {
        trouble = "the response parameters still move after \(steps) steps"
        break
      }
      steps += 1
      problem.progress(TuningProgress(step: steps, steps: Self.maximumSteps))
      var next: Point?
      for length in [1, 0.5, 0.25, 0.125] {
        let change = step.map { length * $0 }
        starts = try point.parts.map { $0.found.start(movedBy: try $0.information.weightChange(change)) }
        let tried = try self.point(
          at: zip(point.displacements, change).map { $0 + $1 }, from: starts, keepsKernel: true)
        guard tried.value <= point.value else { continue }
        next = tried
        break
      }
      guard let next else {
        // Rounding is larger than what the step promises.
        if decrement > 1e-2 { trouble = "no better response parameters along a step that promises \(decrement)" }
        break
      }
      point = next
    }
    try finish(point)
  }

  /// The search at some displacements.
  private struct Point {
    let displacements: [Double]
    let parts: [(found: LearnedProcess.Found, information: ResponseInformation)]
    /// Φ.
    let value: Double
    /// Curvature of Φ, shape [parameters × parameters].
    let precision: Matrix
    /// −dΦ/dz, shape [parameters].
    let slope: [Double]
  }

  private func point(at displacements: [Double], from starts: [LearnedProcess?], keepsKernel: Bool) throws -> Point {
    let parameters = problem.responseParameters
    let operators = try problem.responseOperators(at: displacements)
    var value = zip(parameters, displacements).reduce(0) { $0 + 0.5 * $1.0.precision * $1.1 * $1.1 }
    var precision = Matrix(diagonal: parameters.map(\.precision))
    var slope = zip(parameters, displacements).map { -$0.precision * $1 }
    let parts = try zip(nuclei, starts).map { nucleus, start in
      let indices = problem.samples.indices.filter { nucleus.serves(problem.samples[$0].sample.reaction) }
      let samples = indices.map { index in
        var sample = problem.samples[index]
        if let moved = operators[index] { sample.nodeOperator = moved.operation }
        return sample
      }
      let found = try LearnedProcess.found(
        nuclei: [nucleus], samples: samples, nodes: problem.nodes, prior: prior, settings: settings, start: start,
        keepsKernel: keepsKernel, slopes: indices.map { operators[$0]?.slopes ?? [] }, threads: problem.threads
      ) { problem.progress(TuningProgress(step: $0, steps: 120)) }
      let information = try ResponseInformation(found.search, parameters: parameters.count)
      value += found.search.objective
      for i in slope.indices {
        slope[i] += information.slope[i]
        for j in slope.indices { precision[i, j] += information.information[i, j] }
      }
      return (found: found, information: information)
    }
    return Point(displacements: displacements, parts: parts, value: value, precision: precision, slope: slope)
  }

  /// A step that is not too long and ends within the ranges of the parameters.
  private func bounded(_ step: [Double], _ point: Point) throws -> [Double] {
    let longest = step.reduce(0) { max($0, abs($1)) }
    let factor = longest > Self.longestStep ? Self.longestStep / longest : 1
    return step.indices.map { index in
      let allowed = problem.responseParameters[index].displacements
      let place = point.displacements[index]
      return min(max(place + factor * step[index], allowed.lowerBound), allowed.upperBound) - place
    }
  }

  /// The decomposition of the curvature of Φ, where every combination of parameters has one.
  private func decomposed(_ precision: Matrix) throws -> Cholesky {
    guard let decomposition = try? Cholesky(precision) else {
      throw NuTuneError(
        .runtime, key: "near.nuisance.hadronic",
        found:
          "near data that do not determine \(problem.responseParameters.map(\.name).joined(separator: ", ")) together",
        expected: "a prior of each, or fewer of them")
    }
    return decomposition
  }

  private mutating func finish(_ point: Point) throws {
    let parameters = problem.responseParameters
    let covariance = try decomposed(point.precision).inverse()
    for (index, parameter) in parameters.enumerated() {
      estimates[parameter.name] = ResponseEstimate(
        of: parameter, value: parameter.value(at: point.displacements[index]),
        error: parameter.unit * covariance[index, index].squareRoot(), isConditional: false)
      for (other, second) in parameters.enumerated() {
        correlations[parameter.name, default: [:]][second.name] =
          covariance[index, other] / (covariance[index, index] * covariance[other, other]).squareRoot()
      }
    }
    processes = try point.parts.map { part in
      try LearnedProcess(
        part.found, response: try part.information.fitted(parameters, precision: point.precision))
    }
    for (index, moved) in try problem.responseOperators(at: point.displacements).enumerated() {
      if let moved { problem.samples[index].nodeOperator = moved.operation }
    }
  }
}

extension TuningProblem {
  /// The operators of every sample at some displacements of the response parameters, with derivatives there; nil for a
  /// sample that follows none.
  fileprivate func responseOperators(at displacements: [Double]) throws -> [ResponseOperators?] {
    try samples.map { sample in
      try sample.responseVariation?.expansion(around: displacements).operators(at: displacements)
    }
  }
}
