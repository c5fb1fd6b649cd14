import NuTuneCore

/// A detector with its fluxes.
package struct AssembledDetector: Sendable {
  /// The response.
  package var detector: any Detector
  /// The responses of far samples that have their own, by name of the sample.
  package var ofSamples: [String: any Detector] = [:]
  /// The detector whose hadronic response makes the data; nil where it is the same.
  package var trueDetector: (any HadronicDetector)?
  /// The flux by horn mode.
  package var fluxes: [String: any FluxProvider]
}
