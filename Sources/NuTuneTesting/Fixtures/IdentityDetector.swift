import NuTuneCore

/// A perfect detector, in any bins.
public struct IdentityDetector: Detector {
  /// Name; it has no parameters.
  public static let descriptor = PluginDescriptor(
    kind: .detector, name: "identity", summary: "Measures every lepton as it is, for tests.", parameters: [],
    citations: [])

  /// Creates the detector.
  public init() {}

  /// Creates the detector; it has no parameters.
  public init(_ configuration: PluginConfiguration) {}

  /// Returns the measured bins.
  public func trueBinning(for measured: Binning) -> Binning { measured }

  /// Returns the identity.
  public func response(for measured: Binning) -> DetectorResponse { .identity }
}
