import NuTuneCore
import NuTuneFiles
import NuTuneNumerics

extension TunableModel {
  /// Tunes the model, again and again where a covariance follows its prediction (t0), until the predicted values stay.
  ///
  /// The first tuning is with the covariance of the data. Each further one starts from the model before where it can, and
  /// has no checkpoint.
  ///
  /// - Throws: `NuTuneError` for samples that are sums where the model learns none, and what the tuning throws.
  public func tunedRenewing(on problem: TuningProblem) throws -> TuningResult {
    if !learnsSums { try problem.requirePureSamples(for: Self.descriptor.name) }
    var result = try tuned(on: problem)
    guard problem.samples.contains(where: { ($0.term as? any ResidualTerm)?.followsPrediction ?? false }) else {
      return result
    }
    var (problem, steps, change) = (problem, result.record.steps, Double.infinity)
    problem.checkpoint = NoCheckpoint()
    var rates = try problem.rates(of: result.model)
    var renewals = 0
    while change > Renewing.tolerance, renewals < Renewing.most {
      for (index, sample) in problem.samples.enumerated() {
        guard let term = sample.term as? any ResidualTerm else { continue }
        problem.samples[index].term = try term.renewed(with: rates[index])
      }
      result = try ((result.model as? any TunableModel) ?? self).tuned(on: problem)
      steps += result.record.steps
      renewals += 1
      let found = try problem.rates(of: result.model)
      change = zip(found, rates).map(Renewing.change).max() ?? 0
      rates = found
    }
    result.record.steps = steps
    result.record.converged = result.record.converged && change <= Renewing.tolerance
    result.record.verdict +=
      "; the covariance followed the prediction \(renewals) times, at last over "
      + "\(SignificantDigits.text(100 * change, 2)) % of the rates"
    return result
  }
}

/// When the renewal of a covariance that follows a prediction ends.
private enum Renewing {
  /// Change of the rates of a sample, Σ|s − t| / Σ|t|, below which they stay: a tenth of what errors of a norm are known to.
  static let tolerance = 1e-3
  static let most = 30

  static func change(_ rates: [Double], _ before: [Double]) -> Double {
    zip(rates, before).reduce(0) { $0 + abs($1.0 - $1.1) }
      / max(before.reduce(0) { $0 + abs($1) }, .leastNormalMagnitude)
  }
}

extension TuningProblem {
  /// Rates of every sample with a model that has structure functions, shape [samples][bins].
  fileprivate func rates(of model: any CrossSectionModel) throws -> [[Double]] {
    guard let model = model as? any StructureFunctionModel else {
      throw NuTuneError(
        .badData, key: "likelihood.measured", found: "t0 with a model without structure functions",
        expected: "norm-shape, or a model that has them")
    }
    return try samples.map { sample in
      let ofComponents = try sample.components.map { component in
        try rates(of: model, sample.reactions(like: component.reaction), component.nodeOperator)
      }
      return ofComponents.dropFirst().reduce(ofComponents[0]) { zip($0, $1).map(+) }
    }
  }

  /// Rates of one component of a sample, of each reaction with its share of the nucleons; shape [bins].
  private func rates(
    of model: any StructureFunctionModel, _ reactions: [(reaction: Reaction, share: Double)],
    _ nodeOperator: any NodeOperator
  ) throws -> [Double] {
    var values = [Double](repeating: 0, count: 3 * nodes.count)
    for (reaction, share) in reactions {
      let functions = try model.structureFunctions(of: reaction, at: nodes)
      let ofReaction = LeptonTensor(reaction.species).nodeValues(of: functions, at: nodes)
      for (row, part) in ofReaction.enumerated() {
        for (node, value) in part.enumerated() { values[row * nodes.count + node] += share * value }
      }
    }
    var rates = [Double](repeating: 0, count: nodeOperator.binCount)
    rates.withUnsafeMutableBufferPointer { rates in
      values.withUnsafeBufferPointer { nodeOperator.apply($0, rates: rates, threads: threads) }
    }
    return rates
  }
}
