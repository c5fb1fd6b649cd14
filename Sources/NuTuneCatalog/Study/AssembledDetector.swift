import NuTuneCore

/// A detector with its fluxes.
package struct AssembledDetector: Sendable {
  /// The response.
  package var detector: any Detector
  /// The flux by horn mode.
  package var fluxes: [String: any FluxProvider]
}
