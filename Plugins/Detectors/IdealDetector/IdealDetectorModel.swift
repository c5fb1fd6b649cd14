import NuTuneCore

/// A detector that measures every lepton as it is. It has no parameters; any binning will do.
public struct IdealDetectorModel: Detector {
  /// The detector.
  public init() {}

  /// The detector; there is nothing to configure.
  public init(_ configuration: PluginConfiguration) throws {}

  /// Name and purpose.
  public static let descriptor = PluginDescriptor(
    kind: .detector, name: "ideal", summary: "Measures every lepton as it is: no smearing, no loss.", parameters: [],
    citations: [])

  /// The measured bins themselves.
  public func trueBinning(for measured: Binning) throws -> Binning { measured }

  /// The identity.
  public func response(for measured: Binning) throws -> DetectorResponse { .identity }
}
