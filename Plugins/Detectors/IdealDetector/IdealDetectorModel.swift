import NuTuneCore

/// A perfect detector. It has no parameters and accepts any binning.
package struct IdealDetectorModel: Detector {
  /// Creates the detector.
  package init() {}

  /// Creates the detector; it has no parameters.
  package init(_ configuration: PluginConfiguration) throws {}

  /// Name and purpose.
  package static let descriptor = PluginDescriptor(
    kind: .detector, name: "ideal", summary: "Measures every lepton as it is: no smearing, no loss.", parameters: [],
    citations: [])

  /// Returns the measured bins.
  package func trueBinning(for measured: Binning) throws -> Binning { measured }

  /// Returns the identity.
  package func response(for measured: Binning) throws -> DetectorResponse { .identity }
}
