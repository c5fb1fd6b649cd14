import NuTuneCore

/// Neutrinos that keep their flavour: P(ν_α → ν_β) = δ_αβ. It has no parameters.
package struct NoOscillationModel: OscillationModel {
  /// Creates the model.
  package init() {}

  /// Creates the model; it has no parameters.
  package init(_ configuration: PluginConfiguration) throws {}

  /// Name and purpose.
  package static let descriptor = PluginDescriptor(
    kind: .oscillation, name: "no-oscillation", summary: "Every neutrino keeps its flavour.", parameters: [],
    citations: [])

  /// No names.
  package var fittableParameters: [String] { [] }

  /// Throws; there are no parameters.
  package func value(of parameter: String) throws -> Double { throw Self.noParameter(parameter) }

  /// Returns the model itself for no changes; throws for any other.
  package func setting(_ changes: [String: Double]) throws -> NoOscillationModel {
    if let name = changes.keys.min() { throw Self.noParameter(name) }
    return self
  }

  /// Returns the identity at every energy, shape [9][energies].
  package func probabilities(
    at energies: [Double], over baseline: Baseline, helicity: Helicity
  ) throws -> OscillationProbabilities {
    let rows = (0..<9).flatMap { [Double](repeating: $0 % 4 == 0 ? 1 : 0, count: energies.count) }
    return OscillationProbabilities(count: energies.count, values: rows)
  }

  private static func noParameter(_ name: String) -> NuTuneError {
    NuTuneError(
      .badData, key: name, found: "a parameter of no-oscillation", expected: "none, or the model three-flavor")
  }
}
