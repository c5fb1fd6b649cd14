import NuTuneCore

/// A detector that measures every lepton as it is, in any bins.
public struct IdentityDetector: Detector {
  /// Name; it has no parameters.
  public static let descriptor = PluginDescriptor(
    kind: .detector, name: "identity", summary: "Measures every lepton as it is, for tests.", parameters: [],
    citations: [])

  /// The detector.
  public init() {}

  /// The detector; there is nothing to configure.
  public init(_ configuration: PluginConfiguration) {}

  /// The measured bins.
  public func trueBinning(for measured: Binning) -> Binning { measured }

  /// The identity.
  public func response(for measured: Binning) -> DetectorResponse { .identity }
}
