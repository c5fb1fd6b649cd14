import NuTuneCore
import Sound

/// A flux that does not end where it says.
struct LeaksOutside: FluxProvider {
  static let descriptor = PluginDescriptor(
    kind: .flux, name: "leaks-outside", summary: "A flux without an end.", parameters: [], citations: [])
  let species: [NeutrinoSpecies] = [.numu]
  let breakpoints = [0.5, 3.0]
  init(_ configuration: PluginConfiguration) {}
  func density(of species: NeutrinoSpecies, at energies: [Double]) throws -> [Double] { energies.map { _ in 1 } }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(LeaksOutside.self)
}
