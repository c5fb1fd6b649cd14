/// A detector whose lepton-energy scale can be changed, as a systematic uncertainty of it.
public protocol EnergyScalableDetector: Detector {
  /// The same detector with its lepton-energy scale multiplied by a factor. For factors from 0.9 to 1.1 it has the same
  /// true bins, so that what is folded into them serves every scale.
  func scaled(energyBy factor: Double) -> any Detector
}
