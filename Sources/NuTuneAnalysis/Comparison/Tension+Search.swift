import NuTuneCore
import NuTuneNumerics
import NuTuneResults

extension Tension {
  /// Every way in which models of a study that learned from parts of the measurements of another one, with the same
  /// parameters, make up all of them.
  ///
  /// - Parameters:
  ///   - study: its labels and values; models are the same if all values but what they learn from and their seed are.
  ///   - models: results by label.
  package static func all(of study: EffectiveStudy, _ models: [String: ModelResults]) throws -> [Tension] {
    let learners = study.models.compactMap { label in models[label].flatMap { Learner(label, $0, study) } }
    return try learners.flatMap { joint in
      let parts = learners.filter { $0.settings == joint.settings && $0.samples.isStrictSubset(of: joint.samples) }
      return try covers(of: joint.samples, by: parts[...]).map { try Tension(joint, $0) }
    }
  }

  /// Every list of learners whose samples are disjoint and together are some samples, in order.
  private static func covers(of samples: Set<String>, by learners: ArraySlice<Learner>) -> [[Learner]] {
    guard !samples.isEmpty else { return [[]] }
    return learners.indices.flatMap { index -> [[Learner]] in
      let first = learners[index]
      guard first.samples.isSubset(of: samples) else { return [] }
      return covers(of: samples.subtracting(first.samples), by: learners[(index + 1)...]).map { [first] + $0 }
    }
  }

  private init(_ joint: Learner, _ alone: [Learner]) throws {
    self.init(
      joint: joint.label, alone: alone.map(\.label), samples: alone.map { $0.samples.sorted() },
      jointChiSquare: joint.chiSquare, aloneChiSquares: alone.map(\.chiSquare))
    let evidences = alone.compactMap(\.logEvidence)
    if let common = joint.logEvidence, evidences.count == alone.count {
      logBayesFactor = common - evidences.reduce(0, +)
    }
    let isCommon = joint.sharing.contains { vector in !alone.contains { $0.samples.isSuperset(of: vector) } }
    sharesErrors = isCommon ? true : nil
    let numbers = alone.compactMap(\.parameters)
    guard let jointly = joint.parameters, numbers.count == alone.count else { return }
    let saved = numbers.reduce(0, +) - jointly
    savedParameters = saved
    guard saved > 0, !isCommon else { return }
    pValue = try SpecialFunctions.chiSquareProbability(above: max(difference, 0), degreesOfFreedom: saved)
  }

  /// A model that learned from measured values.
  private struct Learner {
    var label: String
    var samples: Set<String>
    /// χ² of all samples as the model minimised it, with their weights.
    var chiSquare: Double
    /// Names of samples that share errors, shape [vectors][samples].
    var sharing: [[String]]
    /// ln of the evidence; nil where it is not known.
    var logEvidence: Double?
    /// Effective number of parameters; nil where it is not known.
    var parameters: Double?
    /// Its values without what it learns from.
    var settings: [String: ParameterValue]

    /// Nil for a model that learned nothing, or from something else.
    init?(_ label: String, _ results: ModelResults, _ study: EffectiveStudy) {
      guard results.training != nil, let measured = results.near.measured, !measured.isEmpty,
        measured.count == results.near.samples?.count
      else { return nil }
      self.label = label
      samples = Set(measured.map(\.sample))
      sharing = (results.near.together ?? []).map(\.samples)
      chiSquare = results.near.deviance
      logEvidence = results.training?.logEvidence
      parameters = results.near.goodnessOfFit?.effectiveParameters
      let prefix = "models.\(label)."
      settings = [:]
      for (key, value) in study.values where key.hasPrefix(prefix) {
        let name = String(key.dropFirst(prefix.count))
        if !["tune_on", "tune_on_channels", "network_seed"].contains(name) { settings[name] = value }
      }
    }
  }
}
