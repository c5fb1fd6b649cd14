import ArgumentParser
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneReport
import NuTuneResults
import NuTuneRuns

/// `nutune scan`.
struct ScanCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scan",
    abstract: "Runs variants of a study that differ in one value, and draws what that value is worth.",
    discussion: """
      Distances to the truth, biases and errors of every model are drawn against the value. The value is that of the study's \
      scan, or one said here; edges of bins count as their number. Variants are runs in DIR/variants, which nutune report, \
      compare and export take; nutune report DIR makes the page of the scan again; --resume reuses their finished stages. Exit code 2: a training or fit of one of them did not \
      converge.

      Example:
        nutune scan catalogs/studies/hadronic/resolution.yaml --out runs/resolution
        nutune scan dune-closure --over near.events --values 1e6 --values 1e7 --values 1e8
        nutune scan catalogs/studies/real-data/calibration.yaml
        nutune scan dune-hadronic --over experiment.near.binning.hadronic_energy \\
          --values '[0, 20]' --values '[0, 0.3, 20]' --values '[0, 0.1, 0.3, 1, 20]'
      """)

  @Argument(help: "A study file, or the name of a study in the catalog.", completion: .file())
  var study: String

  @Option(
    name: .long,
    help: ArgumentHelp("The key that differs; that of the study's scan by default.", valueName: "path.to.key"))
  var over: String?

  @Option(
    name: .long, parsing: .unconditionalSingleValue,
    help: ArgumentHelp("What stands there in a variant, as in YAML; repeated for each.", valueName: "value"))
  var values: [String] = []

  @Option(name: .long, help: "The folder; runs/<name of the study> by default.", completion: .directory)
  var out: String?

  @OptionGroup var overrides: StudyChanges

  @OptionGroup
  var plugins: PluginOptions

  @OptionGroup var threads: JobsOption

  @Flag(name: .long, help: "Reuse the finished stages of the variants.")
  var resume = false

  @OptionGroup var end: ReportOption

  func run() throws {
    let registry = try plugins.registry(forStudy: study, overrides: overrides.changes)
    let base = try StudyConfiguration.load(study, overrides: overrides.changes, registry: registry)
    let scan = try asked(of: base)
    // The seed of the data changes neither what is read nor how it is folded.
    let isOfSeeds = scan.key == EffectiveStudy.dataSeedKey
    // All variants are checked before the first is run.
    var problems = NuTuneErrors()
    let variants = scan.changes.enumerated().compactMap { number, change in
      problems.attempt {
        let variant = try StudyConfiguration.load(
          study, overrides: overrides.changes, variant: change, registry: registry)
        if number == 0 || !isOfSeeds { try variant.check(registry) }
        return variant
      }
    }
    try problems.throwIfAny()
    try RunScan.check(variants.map(\.effective), key: scan.key)
    if end.hasReport { try Report.checkTools() }
    let folder = out ?? "runs/\(base.name)"
    try RunFolder.requireNone(in: folder)
    try AtomicFile.makeFolder(folder)
    let record = ScanRecord(key: scan.key, count: variants.count)
    try record.write(to: folder)
    let shared = isOfSeeds ? SharedFold() : nil
    for (number, (variant, place)) in zip(variants, record.variants).enumerated() {
      try run(
        variant, in: FilePath.join(folder, place), "\(number + 1) of \(variants.count)", registry, sharing: shared)
    }
    let finished = try RunScan(folder: folder)
    try StandardOutput.write(finished.text)
    if end.hasReport {
      try finished.write(to: folder, jobs: threads.jobs)
      try StandardOutput.write("\nreport: \(folder)/report.html\n")
    }
    guard finished.converged else { throw ExitCode(2) }
  }

  /// What the command line says, or the study.
  private func asked(of study: StudyConfiguration) throws -> ScanConfiguration {
    guard over != nil || !values.isEmpty else {
      guard let scan = study.scan else {
        throw NuTuneError(
          .usage, key: "--over", found: "a study without a scan",
          expected: "--over path.to.key with --values, or scan in the study")
      }
      return scan
    }
    guard let over, !values.isEmpty else {
      throw NuTuneError(
        .usage, key: over == nil ? "--over" : "--values", found: "one of --over and --values", expected: "both, or none"
      )
    }
    return try ScanConfiguration(over: over, values: values)
  }

  /// Runs a variant.
  private func run(
    _ variant: StudyConfiguration, in path: String, _ place: String, _ registry: Registry, sharing shared: SharedFold?
  ) throws {
    let folder = try RunFolder(path: path)
    let display = try ProgressDisplay(log: folder.file("run.log"))
    display.note(folder.heading("\(variant.title), variant \(place)"))
    try display.checkLog()
    Interruption.resume(
      with: "finished stages are kept in \(folder.path); the same command with --resume goes on with them")
    let results = try StudyRun(
      variant, registry: registry, folder: folder, threads: threads.jobs, resume: resume, sharing: shared,
      report: { display.show($0) }
    ).run()
    try folder.checkPresence()
    try display.checkLog()
    for warning in ResultTable.warnings(results) { display.note("warning: \(warning)") }
  }
}
