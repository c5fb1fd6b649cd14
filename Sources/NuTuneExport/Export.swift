import Foundation
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
    let files = try files(of: run, as: format, settings, runScript: runScript, skip: skip)
    try AtomicFile.makeFolder(folder)
    for file in files { try file.write(in: folder) }
    return files
  }

  private static func files(
    of run: ExportedRun, as format: ExportFormat, _ settings: ExportSettings,
    runScript: @escaping @Sendable (_ script: String, _ arguments: [String]) throws -> Data, skip: (String) -> Void
  ) throws -> [ExportedFile] {
    let labels = run.labels
    func ofModels(_ make: (ExportedModel) throws -> [ExportedFile]) throws -> [ExportedFile] {
      try ofLabels(run, format, skip) { try make(try run.model($0, settings)) }
    }
    switch format {
    case .csv:
      return DistributionExport.csv(run.finished, labels: labels)
        + (try ofModels { try CrossSectionExport.files($0, settings, format: format) })
    case .hdf5: return try ofModels { try CrossSectionExport.files($0, settings, format: format) }
    case .uhi: return try DistributionExport.histograms(run.finished, labels: labels)
    case .hepdata: return HepDataSubmission(run.finished, labels: labels).files
    case .globes: return try ofModels { [try GlobesCrossSection.file($0, settings)] }
    case .hadronTensor: return try ofModels { try HadronTensorExport.files($0, settings) }
    case .lhapdf: return try ofModels { try StructureFunctionGrid.fine.files($0, threads: settings.threads) }
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
