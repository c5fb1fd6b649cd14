import NuTuneCore

/// A perfect detector. It has no parameters and accepts any binning.
public struct IdealDetectorModel: Detector {
  /// Creates the detector.
  public init() {}

  /// Creates the detector; it has no parameters.
  public init(_ configuration: PluginConfiguration) throws {}

  /// Name and purpose.
  public static let descriptor = PluginDescriptor(
    kind: .detector, name: "ideal", summary: "Measures every lepton as it is: no smearing, no loss.", parameters: [],
    citations: [])

  /// Returns the measured bins.
  public func trueBinning(for measured: Binning) throws -> Binning { measured }

  /// Returns the identity.
  public func response(for measured: Binning) throws -> DetectorResponse { .identity }
}
