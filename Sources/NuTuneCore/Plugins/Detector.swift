/// A detector response: the map from true lepton kinematics to measured bins.
///
/// It is asked about bins of the lepton alone (``Binning/lepton``); a ``HadronicDetector`` measures the hadronic energy too.
public protocol Detector: Plugin {
  /// Returns the bins in true observables from which the measured bins are computed; the same bins for a perfect
  /// detector.
  func trueBinning(for measured: Binning) throws -> Binning

  /// Returns the probability to be measured in each bin, given each true bin.
  func response(for measured: Binning) throws -> DetectorResponse
}
