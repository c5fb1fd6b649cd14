import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneResults

extension StudyRun {
  /// Refuses a folder that belongs to something else.
  func takeFolder() throws {
    func refuse(_ found: String, expected: String = "a folder of its own (--out)") -> NuTuneError {
      NuTuneError(.cannotWrite, at: SourceLocation(file: folder.path), found: found, expected: expected)
    }
    if let earlier = try? folder.read(EffectiveStudy.self, from: "study.json"), earlier.name != study.name {
      throw refuse("the run of another study, “\(earlier.name)”")
    }
    switch folder.kind {
    case .coverage: throw refuse("experiments of nutune coverage")
    case .ensemble: throw refuse("an ensemble")
    case .scan: throw refuse("a scan of nutune scan")
    case .foreign(let file):
      throw refuse(
        "files that are not of a run, \(file) among them", expected: "a new folder, or one of an earlier run (--out)")
    case .run, .new: break
    }
    if !resume, FileManager.default.fileExists(atPath: folder.file("results.json")) {
      report(.note("an earlier run in this folder is computed anew; --resume would reuse what has not changed"))
    }
  }

  /// Removes what belongs to no model of this study, results that will be written anew, and temporary files.
  func sweep() {
    for stale in ["results.json", "predictions.json", "structure_functions.json", "report.html"] {
      try? FileManager.default.removeItem(atPath: folder.file(stale))
    }
    let components = 0..<study.fit.integer("nuisance.flux")
    let labels = study.models.map(\.label)
    let tuned = labels + labels.flatMap { label in components.map { Self.shiftedLabel(label, $0 + 1) } }
    guard resume else {
      for name in RunFolder.folders { AtomicFile.keepOnly([], in: folder.file(name)) }
      return
    }
    let stages =
      ["near-data", "far-data", "fit-\(StudyConfiguration.truthLabel)"]
      + tuned.map { "tune-\($0)" } + labels.flatMap { ["fit-\($0)", "fit-\(FitLabel.atPosteriorMean(of: $0))"] }
    let checkpoints = (try? FileManager.default.contentsOfDirectory(atPath: folder.file("stages"))) ?? []
    let own = checkpoints.filter { name in
      name.hasSuffix(".checkpoint") && tuned.contains { name.hasPrefix("tune-\($0).") }
    }
    AtomicFile.keepOnly(stages.map { "\($0).json" } + own, in: folder.file("stages"))
    AtomicFile.keepOnly(tuned.flatMap { ["\($0).safetensors", "\($0).json"] }, in: folder.file("models"))
    let fits = [StudyConfiguration.truthLabel] + labels.flatMap { [$0, FitLabel.atPosteriorMean(of: $0)] }
    AtomicFile.keepOnly(fits.map { "\($0).json" }, in: folder.file("fits"))
    AtomicFile.keepOnly(["near.json", "far.json"], in: folder.file("data"))
  }

  /// Removes records and files of earlier runs that no stage of this one has made or taken.
  func removeFiles(notOf stages: Set<String>) {
    func labels(_ prefix: String) -> [String] {
      stages.filter { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    }
    AtomicFile.keepOnly(stages.map { "\($0).json" }, in: folder.file("stages"))
    AtomicFile.keepOnly(
      labels("tune-").flatMap { ["\($0).safetensors", "\($0).json"] }, in: folder.file("models"))
    AtomicFile.keepOnly(labels("fit-").map { "\($0).json" }, in: folder.file("fits"))
  }
}
