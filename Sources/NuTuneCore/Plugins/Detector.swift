/// How true lepton kinematics become measured bins.
public protocol Detector: Plugin {
  /// The bins in true observables from which the measured ones are made; the same bins for a perfect detector.
  func trueBinning(for measured: Binning) throws -> Binning

  /// Probability to be measured in each bin, given each true bin.
  func response(for measured: Binning) throws -> DetectorResponse
}
