import NuTuneCore

extension GaussianProcessStructureFunctions {
  /// The record of the tuning that led to this model.
  func record(of problem: TuningProblem) throws -> TuningRecord {
    let searches = processes.compactMap(\.search)
    let evidence = processes.reduce(0) { $0 + ($1.search?.logEvidence ?? .nan) }
    let shapes = problem.samples.filter { $0.term == nil || $0.term is ShapeTerm }
    var record = TuningRecord(
      converged: searches.allSatisfy { $0.trouble == nil },
      verdict: searches.compactMap(\.trouble).first
        ?? "at the most probable weights, ln evidence \(evidence.rounded())" + Self.sentence(of: searches),
      steps: searches.reduce(0) { $0 + $1.steps },
      loss: shapes.count == problem.samples.count ? try deviance(problem) : try loss(problem), history: [],
      effectiveParameters: effectiveParameters(problem),
      assumedEvents: shapes.contains { $0.events == nil } ? settings.infiniteEvents : nil)
    record.logEvidence = evidence.isFinite ? evidence : nil
    return record
  }

  /// Says what several starts led to; empty where each search had one.
  private static func sentence(of searches: [ModeSearch.Outcome]) -> String {
    searches.filter { $0.starts.count > 1 }.map { search in
      let found = search.starts.map { "\(($0.value * 10).rounded() / 10) from \($0.name)" }
      return "; the best of \(found.count) starts, −2lnL + |η|²: \(found.joined(separator: ", "))"
    }.joined()
  }

  /// Computes the effective number of parameters determined by the data of each sample, by its name.
  private func effectiveParameters(_ problem: TuningProblem) -> [String: EffectiveParameters] {
    var parameters: [String: EffectiveParameters] = [:]
    for process in processes {
      let samples = problem.samples.filter { process.part(for: $0.sample.reaction) != nil }
      for (sample, value) in zip(samples, process.search?.effectiveParameters ?? []) {
        parameters[sample.sample.name] = value
      }
    }
    return parameters
  }

  /// Computes the multinomial deviance per event of the near data, the mean over samples.
  private func deviance(_ problem: TuningProblem) throws -> Double {
    let deviances = try problem.samples.map { sample in
      let term = try ShapeTerm(data: sample.probabilities, sample: sample.sample.name)
      return try 0.5 * term.minusTwoLogLikelihood(of: try rates(in: sample, problem)).value
    }
    return deviances.reduce(0, +) / Double(max(deviances.count, 1))
  }

  /// Computes −2lnL / (2 · scale) of the near data, the mean over samples by the scales of their terms.
  private func loss(_ problem: TuningProblem) throws -> Double {
    try zip(problem.samples, problem.sampleWeights).reduce(0) { sum, pair in
      let term = try pair.0.likelihoodTerm()
      let found = try term.minusTwoLogLikelihood(of: try rates(in: pair.0, problem))
      return sum + pair.1 * found.value / (2 * term.scale)
    }
  }

  /// Computes the rates in the bins of a sample, all its components and nuclei of its detector together, shape [bins].
  private func rates(in sample: TuningSample, _ problem: TuningProblem) throws -> [Double] {
    var rates = [Double](repeating: 0, count: sample.nodeOperator.binCount)
    for component in sample.components {
      for (reaction, share) in sample.reactions(like: component.reaction) {
        let values = LeptonTensor(reaction.species).nodeValues(
          of: try structureFunctions(of: reaction, at: problem.nodes), at: problem.nodes
        ).flatMap { $0 }
        var part = rates
        part.withUnsafeMutableBufferPointer { part in
          values.withUnsafeBufferPointer { component.nodeOperator.apply($0, rates: part, threads: problem.threads) }
        }
        for bin in rates.indices { rates[bin] += share * part[bin] }
      }
    }
    // Interpolation leaves a bin that no lepton reaches with a rate that may be below zero.
    let least = 1e-12 * rates.reduce(0, +)
    return rates.map { max($0, least) }
  }
}
