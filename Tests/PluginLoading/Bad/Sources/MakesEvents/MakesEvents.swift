import NuTuneCore
import Sound

/// A detector that measures every event twice.
struct MakesEvents: Detector {
  static let descriptor = PluginDescriptor(
    kind: .detector, name: "makes-events", summary: "A detector with an echo.", parameters: [], citations: [])
  init(_ configuration: PluginConfiguration) {}
  func trueBinning(for measured: Binning) -> Binning { measured }
  func response(for measured: Binning) -> DetectorResponse { .rows((0..<measured.count).map { [($0, 2)] }) }
}

/// What this library has.
@c(nutune_plugin_register)
public func registerPlugins(_ host: UnsafeMutableRawPointer) {
  PluginRegistrar.at(host).add(MakesEvents.self)
}
