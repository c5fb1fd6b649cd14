import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

/// The files of one format, made from a finished run.
package enum Export {
  /// Makes the files and writes them below a folder, which is made.
  ///
  /// - Parameters:
  ///   - runScript: runs a Python script with uproot and returns what it prints; used by `root` alone.
  ///   - skip: is called with a sentence for every model that the format cannot hold, when no model was named.
  /// - Returns: the files that were written, in order.
  package static func write(
    _ run: ExportedRun, as format: ExportFormat, settings: ExportSettings, to folder: String,
    runScript: @escaping @Sendable (_ script: String, _ arguments: [String]) throws -> Data,
    skip: (String) -> Void
  ) throws -> [ExportedFile] {
    try write(files(of: run, as: format, settings, runScript: runScript, skip: skip), to: folder)
  }

  /// Makes the files of a trained model outside of a run, and writes them below a folder, which is made.
  ///
  /// - Parameters:
  ///   - weights: its own files, for `safetensors`.
  /// - Throws: `NuTuneError` for formats that hold distributions of a run.
  /// - Returns: the files that were written, in order.
  package static func write(
    _ model: ExportedModel, weights: TrainedModelFiles, as format: ExportFormat, settings: ExportSettings,
    to folder: String
  ) throws -> [ExportedFile] {
    if format == .safetensors { return try write(WeightsExport.files(weights, label: model.label), to: folder) }
    guard let files = try files(of: model, as: format, settings) else {
      throw NuTuneError(
        .badData, key: "--format \(format.rawValue)", found: "“\(model.label)”, a model without the data of a run",
        expected: "the folder of a run; csv, hdf5, globes, hadron-tensor, lhapdf and safetensors take a model")
    }
    return try write(files, to: folder)
  }

  private static func write(_ files: [ExportedFile], to folder: String) throws -> [ExportedFile] {
    try AtomicFile.makeFolder(folder)
    for file in files { try file.write(in: folder) }
    return files
  }

  /// The files of a model; nil for a format that holds distributions.
  private static func files(
    of model: ExportedModel, as format: ExportFormat, _ settings: ExportSettings
  ) throws -> [ExportedFile]? {
    switch format {
    case .csv, .hdf5: try CrossSectionExport.files(model, settings, format: format)
    case .globes: [try GlobesCrossSection.file(model, settings)]
    case .hadronTensor: try HadronTensorExport.files(model, settings)
    case .lhapdf:
      try lhapdfFiles(of: model, threads: settings.threads)
    case .uhi, .hepdata, .safetensors, .root: nil
    }
  }

  private static func lhapdfFiles(of model: ExportedModel, threads: Int) throws -> [ExportedFile] {
    let (grid, errors) = try StructureFunctionGrid.fitting(model, threads: threads)
    return try grid.files(model, errors: errors, threads: threads)
  }

  private static func files(
    of run: ExportedRun, as format: ExportFormat, _ settings: ExportSettings,
    runScript: @escaping @Sendable (_ script: String, _ arguments: [String]) throws -> Data, skip: (String) -> Void
  ) throws -> [ExportedFile] {
    let labels = run.labels
    func ofModels() throws -> [ExportedFile] {
      try ofLabels(run, format, skip) { try self.files(of: try run.model($0, settings), as: format, settings) ?? [] }
    }
    switch format {
    case .csv:
      return DistributionExport.csv(run.finished, labels: labels)
        + (try ofModels())
    case .hdf5, .globes, .hadronTensor, .lhapdf: return try ofModels()
    case .uhi: return try DistributionExport.histograms(run.finished, labels: labels)
    case .hepdata: return HepDataSubmission(run.finished, labels: labels).files
    case .safetensors: return try ofLabels(run, format, skip) { try WeightsExport.files($0, of: run) }
    case .root:
      let content = RootExport(run.finished, labels: labels)
      return [
        ExportedFile(
          name: "\(ExportedFile.name(of: run.study.name)).root",
          note: "\(content.histograms.count) histograms, \(content.contours.count) trees of contours",
          content: .written { try content.write(to: $0, with: runScript) })
      ]
    }
  }

  /// Makes the files of every model that leaves. One that was named has to fit the format; of all others of a run those
  /// that do not are left out, unless none fits.
  private static func ofLabels(
    _ run: ExportedRun, _ format: ExportFormat, _ skip: (String) -> Void,
    _ make: (String) throws -> [ExportedFile]
  ) throws -> [ExportedFile] {
    var files: [ExportedFile] = []
    var refusals: [any Error] = []
    for label in run.labels {
      do {
        files += try make(label)
      } catch let error as NuTuneError where !run.isOneModel && run.labels.count > 1 {
        refusals.append(error)
        skip("“\(label)” is left out: \(error)")
      }
    }
    if files.isEmpty, let first = refusals.first { throw first }
    return files
  }
}
