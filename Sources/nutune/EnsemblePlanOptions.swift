import ArgumentParser
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneRuns

/// Options that plan an ensemble.
struct EnsemblePlanOptions: ParsableArguments {
  @Option(name: .long, help: "The folder; runs/<name of the study> by default.", completion: .directory)
  var out: String?

  @OptionGroup var overrides: StudyChanges

  @OptionGroup
  var plugins: PluginOptions

  /// Plans a study in its folder; returns the path of that folder, and the plugins of the study.
  func plan(_ name: String, jobs: Int) throws -> (path: String, registry: Registry) {
    let registry = try plugins.registry(forStudy: name, overrides: overrides.changes)
    let study = try StudyConfiguration.load(name, overrides: overrides.changes, registry: registry)
    study.warnOfUnusedValues()
    let path = out ?? "runs/\(study.name)"
    try AtomicFile.makeFolder(path)
    let display = try ProgressDisplay(log: "\(path)/run.log")
    let catalog = Catalog.find(near: FilePath.folder(of: study.path))
    Interruption.resume(with: "the plan in \(path) is not finished; the same command makes it")
    try EnsembleFolder.plan(
      study, changes: overrides.changes, catalog: catalog, registry: registry, in: path, threads: jobs,
      report: { display.show($0) })
    try display.checkLog()
    return (path, registry)
  }
}
