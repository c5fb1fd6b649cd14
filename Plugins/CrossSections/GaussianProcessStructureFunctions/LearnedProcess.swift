import NuTuneCore
import NuTuneNumerics

/// What near data say of the modulations of one nucleus, or of several together where samples are sums of them: a posterior
/// of all their weights, those of one nucleus after the other.
struct LearnedProcess: Sendable {
  /// Modulations of each nucleus.
  var parts: [LearnedModulations]
  /// F, where F Fᵀ is the posterior covariance of the weights, upper triangular, shape [weights × weights].
  let factor: Matrix
  /// What numbers of the detectors' response do to the weights that were fitted with them; nil where none were.
  var response: ProcessResponse?
  /// The outcome of the search for the weights; nil for a process that was read from a state.
  var search: ModeSearch.Outcome?

  /// Neutrino signs and targets.
  var nuclei: [LearnedNucleus] { parts.map(\.nucleus) }

  /// Name in files, `neutrino`, or `neutrino+antineutrino` of both together.
  var name: String { Self.name(of: nuclei) }

  /// Name in files of the process of some nuclei.
  static func name(of nuclei: [LearnedNucleus]) -> String { nuclei.map(\.name).joined(separator: "+") }

  /// Number of weights.
  var weightCount: Int { parts.reduce(0) { $0 + $1.weights.count } }

  /// The modulations that a reaction has, with the place of their weights; nil for a reaction of which nothing was learned.
  func part(for reaction: Reaction) -> (modulations: LearnedModulations, weights: Range<Int>)? {
    var first = 0
    for part in parts {
      if part.nucleus.serves(reaction) { return (part, first..<first + part.weights.count) }
      first += part.weights.count
    }
    return nil
  }

  /// The same with its weights changed, shape [weights].
  func moved(by change: [Double]) -> LearnedProcess {
    var (moved, rest) = (self, change[...])
    for (index, part) in parts.enumerated() {
      moved.parts[index].weights = zip(part.weights, rest).map { $0 + $1 }
      rest = rest.dropFirst(part.weights.count)
    }
    return moved
  }
}
