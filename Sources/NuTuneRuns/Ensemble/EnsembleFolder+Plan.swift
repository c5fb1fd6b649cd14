import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension EnsembleFolder {
  /// Plans the ensembles of a study in a folder: checks everything, fits with the true cross section, and writes the
  /// list of members. The members of an earlier plan of the same study stay, and more may be added.
  ///
  /// While other processes compute members of the same plan there is nothing to do; it waits for a process that is
  /// planning.
  package static func plan(
    _ study: StudyConfiguration, changes: [String], catalog: Catalog, registry: Registry, in path: String,
    threads: Int, report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    let assembly = try study.assembleForEnsemble(registry)
    if !isPlanned(path), FileManager.default.fileExists(atPath: FilePath.join(path, "study.json")) {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "a run of a study, or coverage",
        expected: "a folder of its own (--out)")
    }
    let plan = PlanFile(
      studyFile: FilePath.absolute(study.path), changes: changes,
      catalogs: catalog.folders.map { FilePath.absolute($0) },
      workingFolder: FileManager.default.currentDirectoryPath, digest: study.ensembleDigest,
      sets: EnsemblePlan(study).sets, study: study.effective, seeds: study.seeds)
    guard let folder = try folder(for: plan, in: path, report) else { return }
    folder.removeUnfinishedMembers()
    if isPlanned(path), !folder.isWithoutMembers {
      let known = try folder.readSealed(PlanFile.self, from: planFile)
      guard known.digest == plan.digest else {
        throw NuTuneError(
          .cannotWrite, at: SourceLocation(file: path),
          found: "members of another study, of other values or inputs, or of another build",
          expected: "a folder of its own (--out), or none left in members/")
      }
    }
    if (try? folder.readSealed(EnsembleReference.self, from: referenceFile))?.digest != plan.digest {
      if FileManager.default.fileExists(atPath: folder.file(referenceFile)) {
        report(.note("\(referenceFile) is of another plan or was changed; it is computed anew"))
      }
      try RunEvent.stage("reference", report) {
        let workshop = try EnsembleWorkshop(study, assembly, threads: threads)
        try folder.writeSealed(try workshop.reference(digest: plan.digest, threads: threads), to: referenceFile)
      }
    }
    try folder.writeSealed(plan, to: planFile)
  }

  /// Opens the folder for planning, for this process alone; returns nil when other processes compute members of this
  /// very plan.
  private static func folder(
    for plan: PlanFile, in path: String, _ report: @Sendable (RunEvent) -> Void
  ) throws -> RunFolder? {
    var isTold = false
    while true {
      if let folder = try RunFolder(ifFree: path, folders: folders, access: .alone) { return folder }
      if let shared = try RunFolder(ifFree: path, folders: folders, access: .shared),
        let known = try? shared.readSealed(PlanFile.self, from: planFile), known.digest == plan.digest,
        known.sets == plan.sets
      {
        return nil
      }
      if !isTold { report(.note("waiting for another process that is at work in \(path)")) }
      isTold = true
      usleep(200_000)
    }
  }
}

extension RunFolder {
  /// Removes temporary files of processes that were killed while they wrote a member; no other process may be at work.
  fileprivate func removeUnfinishedMembers() {
    TemporaryFile.removeLeftovers(in: file("members"))
  }

  /// Whether there is no file of a member.
  fileprivate var isWithoutMembers: Bool {
    ((try? FileManager.default.contentsOfDirectory(atPath: file("members"))) ?? []).isEmpty
  }
}
