import NuTuneCore

/// A format in which a finished run or its models leave for other programs.
package enum ExportFormat: String, Sendable, CaseIterable {
  /// Tables of d²σ and σ, distributions, contours and covariances in CSV.
  case csv
  /// Tables of d²σ in HDF5, which the model `tabulated` reads.
  case hdf5
  /// Histograms in the JSON of the Unified Histogram Interface, with variances.
  case uhi
  /// A HEPData submission.
  case hepdata
  /// A cross-section file of GLoBES.
  case globes
  /// Hadron tensors of GENIE.
  case hadronTensor = "hadron-tensor"
  /// Grids of F₂, F_L and xF₃ of LHAPDF.
  case lhapdf
  /// Weights and card.
  case safetensors
  /// A ROOT file with histograms and matrices.
  case root

  /// Finds the format named `name`; throws an error that suggests the nearest.
  package init(named name: String, key: String) throws {
    guard let format = ExportFormat(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue)
      throw NuTuneError(
        .usage, key: key, found: "the format “\(name)”", expected: "one of \(names.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: names))
    }
    self = format
  }
}
