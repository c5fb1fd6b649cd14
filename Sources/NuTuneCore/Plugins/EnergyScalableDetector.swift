/// A detector whose lepton-energy scale can be varied as a systematic uncertainty.
public protocol EnergyScalableDetector: Detector {
  /// Returns the same detector with its lepton-energy scale multiplied by a factor. For factors from 0.9 to 1.1 it has
  /// the same true bins, so that one fold into them serves every scale.
  func scaled(energyBy factor: Double) -> any Detector

  /// Whether the scale does anything: a detector made of others has one only if its lepton response has.
  var hasEnergyScale: Bool { get }
}

extension EnergyScalableDetector {
  /// True, for a detector that is not made of others.
  public var hasEnergyScale: Bool { true }
}
