import NuTuneCore

extension Settings {
  /// Reads the kernels that are added: every key is a number for all of them, or a list with one for each.
  static func kernels(_ parameters: ParameterValues, hasPrior: Bool) throws -> [Kernel] {
    let lists = ["amplitude", "length_w2", "length_q2", "correlation", "mass_amplitude"].map { "kernel.\($0)" }
      .filter { parameters[$0] != nil }.map { (key: $0, count: parameters.numbers($0).count) }
    let count = lists.map(\.count).reduce(1, max)
    if let (key, other) = lists.first(where: { $0.count > 1 && $0.count < count }) {
      throw refusal(
        parameters, key, found: "a list of \(other)",
        expected: "one number for each of \(count) kernels, or one for all")
    }
    return (0..<count).map { index in
      func number(_ key: String) -> Double {
        let numbers = parameters.numbers(key)
        return numbers.count > 1 ? numbers[index] : numbers[0]
      }
      func optional(_ key: String) -> Double? { parameters[key].map { _ in number(key) } }
      return Kernel(
        tLength: optional("kernel.length_w2") ?? (hasPrior ? 0.5 : 1.4),
        uLength: optional("kernel.length_q2") ?? (hasPrior ? 0.7 : 2.8),
        amplitude: optional("kernel.amplitude") ?? (hasPrior ? 0.4 : 3), correlation: number("kernel.correlation"),
        massAmplitude: optional("kernel.mass_amplitude"))
    }
  }

  /// A list of values to choose from.
  private struct GridAxis: Sendable {
    let key: String
    /// Whether every kernel of a sum takes the value.
    let isOfAll: Bool
    let apply: @Sendable (inout Kernel, Double) -> Void
  }

  private static let axes = [
    GridAxis(key: "kernel.amplitudes", isOfAll: false) { $0.amplitude = $1 },
    GridAxis(key: "kernel.lengths_w2", isOfAll: false) { $0.tLength = $1 },
    GridAxis(key: "kernel.lengths_q2", isOfAll: false) { $0.uLength = $1 },
    GridAxis(key: "kernel.correlations", isOfAll: true) { $0.correlation = $1 },
    GridAxis(key: "kernel.scales", isOfAll: true) { kernel, factor in
      kernel.amplitude *= factor
      kernel.massAmplitude = kernel.massAmplitude.map { factor * $0 }
    },
  ]

  /// Reads the kernels, or sums of kernels, that a grid offers, amplitudes first; the given ones alone for another choice.
  static func candidates(
    _ parameters: ParameterValues, _ choice: Choice, around kernels: [Kernel], largestAmplitude: Double
  ) throws -> [[Kernel]] {
    let given = axes.filter { parameters.isGiven($0.key) }
    guard choice == .grid else {
      guard let first = given.first else { return [kernels] }
      throw refusal(
        parameters, first.key, found: "values to choose from with kernel.choice: \(choice.rawValue)",
        expected: "`kernel.choice: grid`")
    }
    guard !given.isEmpty else {
      throw refusal(
        parameters, "kernel.choice", found: "a grid without values",
        expected: "at least one of \(axes.map(\.key).joined(separator: ", "))")
    }
    if kernels.count > 1, let single = given.first(where: { !$0.isOfAll }) {
      throw refusal(
        parameters, single.key, found: "values to choose from for a sum of \(kernels.count) kernels",
        expected: axes.filter(\.isOfAll).map(\.key).joined(separator: " or ") + ", which concern all of them")
    }
    let candidates = given.reduce([kernels]) { candidates, axis in
      candidates.flatMap { candidate in
        parameters.numbers(axis.key).map { number in
          candidate.map { kernel in
            var changed = kernel
            axis.apply(&changed, number)
            return changed
          }
        }
      }
    }
    if let high = candidates.joined().map(\.amplitude).first(where: { $0 > largestAmplitude }) {
      throw refusal(
        parameters, parameters.isGiven("kernel.scales") ? "kernel.scales" : "kernel.amplitudes",
        found: "an amplitude of \(high)",
        expected: "at most \(largestAmplitude), or a larger kernel.largest_amplitude")
    }
    guard candidates.count <= mostCandidates else {
      throw refusal(
        parameters, given[0].key, found: "\(candidates.count) kernels to choose from",
        expected: "at most \(mostCandidates)")
    }
    return candidates
  }

  /// The error about the value of a key.
  static func refusal(_ parameters: ParameterValues, _ key: String, found: String, expected: String) -> NuTuneError {
    NuTuneError(.badData, at: parameters.location(of: key), key: key, found: found, expected: expected)
  }
}
