import NuTuneCore
import Sound

/// An oscillation that happens before neutrinos go anywhere.
struct MovesAtSource: OscillationModel {
  static let descriptor = PluginDescriptor(
    kind: .oscillation, name: "moves-at-source", summary: "Half of everything.", parameters: [], citations: [])
  let fittableParameters: [String] = []
  init(_ configuration: PluginConfiguration) {}
  func value(of parameter: String) throws -> Double { throw unknown(parameter) }
  func setting(_ changes: [String: Double]) throws -> MovesAtSource { throw unknown(changes.keys.first ?? "") }
  func probabilities(at energies: [Double], over baseline: Baseline, helicity: Helicity) -> OscillationProbabilities {
    OscillationProbabilities(
      count: energies.count, values: [Double](repeating: 1.0 / 3, count: 9 * energies.count))
  }
  private func unknown(_ parameter: String) -> NuTuneError {
    NuTuneError(.badData, key: parameter, found: "an unknown parameter", expected: "none")
  }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(MovesAtSource.self)
}
