import NuTuneAnalysis
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// The reference with which members are compared: the data of the study and the fit with the true cross section and
/// nominal fluxes. Together with the members it contains everything for the merge, without the study.
struct EnsembleReference: Codable, Sendable {
  /// Digest of its inputs.
  package var digest: String
  /// Label of the model of the ensemble.
  var model: String
  /// Fitted parameters, in order, with their true values.
  var parameters: [String]
  var trueValues: [Double]
  /// Fit with the true cross section.
  var fit: OscillationFit.Record
  /// Near data of the study.
  var near: [SampleData]
  /// Far data of the study, with their bins.
  package var far: [SampleData]
  var farBinnings: [Binning]

  enum CodingKeys: String, CodingKey {
    case digest
    case model
    case parameters
    case trueValues = "true_values"
    case fit
    case near
    case far
    case farBinnings = "far_binnings"
  }
}

extension EnsembleReference: FormerNames {
  package static var formerNames: [String: String] { FormerKey.names }
}
