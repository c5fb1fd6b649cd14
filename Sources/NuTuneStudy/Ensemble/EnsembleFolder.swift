import Foundation
import NuTuneCore

/// `plan.json`, schema `nutune.ensemble-plan/1`: what the members of a folder are, and how to find the study again.
struct PlanFile: Codable, Sendable {
  var schema = "nutune.ensemble-plan/1"
  /// The study file, absolute, and the changes of the command line.
  var studyFile: String
  var changes: [String]
  /// The catalogs folders in which names are looked up.
  var catalogs: [String]
  /// Folder from which the plan was made.
  var workingFolder: String
  /// Digest of everything members depend on.
  var digest: String
  /// The sets.
  var sets: [EnsemblePlan.MemberSet]
  /// The effective study.
  var study: EffectiveStudy
  /// Its seeds by purpose.
  var seeds: [String: Int]

  enum CodingKeys: String, CodingKey {
    case schema
    case studyFile = "study_file"
    case changes
    case catalogs
    case workingFolder = "working_folder"
    case digest
    case sets
    case study
    case seeds
  }
}

/// The folder of an ensemble.
///
///     plan.json        which members there are, and the study they are of
///     reference.json   data of the study, fit with the true cross section, axes of the scans
///     members/         one file for each finished member
///     claims/          locks of those who compute a member
///     slurm/           job scripts, what they printed, and which jobs were submitted
///     ensemble.json    the answer; report.html, figures/
public struct EnsembleFolder: Sendable {
  static let planFile = "plan.json"
  static let referenceFile = "reference.json"
  static let resultsFile = "ensemble.json"
  private static let folders = ["members", "claims"]

  /// The folder, shared with whoever else computes members.
  public let folder: RunFolder
  let plan: PlanFile

  /// Path of the folder.
  public var path: String { folder.path }

  /// The libraries of plugins that the study was planned with.
  public var plugins: [PluginLibrary] { plan.study.plugins ?? [] }

  /// Whether a folder holds a plan.
  public static func isPlanned(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(path)/\(planFile)")
  }

  /// Opens a folder in which an ensemble was planned.
  public init(path: String) throws {
    guard Self.isPlanned(path) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: path), found: "no plan of an ensemble",
        expected: "a folder made by `nutune ensemble plan STUDY --out \(path)`")
    }
    folder = try RunFolder(path: path, folders: Self.folders, access: .shared)
    plan = try folder.read(PlanFile.self, from: Self.planFile)
  }

  /// Plans the ensembles of a study in a folder: checks everything, fits with the true cross section, and says which
  /// members there are. The members of an earlier plan of the same study stay, and more may be added.
  public static func plan(
    _ study: StudyConfiguration, changes: [String], catalog: Catalog, registry: Registry, in path: String,
    threads: Int, report: @escaping @Sendable (RunEvent) -> Void
  ) throws {
    let assembly = try study.assembleForEnsemble(registry)
    let digest = study.ensembleDigest
    let isNew = !isPlanned(path)
    if isNew, FileManager.default.fileExists(atPath: "\(path)/study.json") {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "a run of a study, or coverage",
        expected: "a folder of its own (--out)")
    }
    let folder = try RunFolder(path: path, folders: folders)
    folder.removeUnfinishedMembers()
    if !isNew {
      let known = try folder.read(PlanFile.self, from: planFile)
      guard known.digest == digest || folder.isWithoutMembers else {
        throw NuTuneError(
          .cannotWrite, at: SourceLocation(file: path),
          found: "members of another study, of other values or inputs, or of another build",
          expected: "a folder of its own (--out), or none left in members/")
      }
    }
    if (try? folder.read(EnsembleReference.self, from: referenceFile))?.digest != digest {
      report(.began(stage: "reference"))
      let clock = ContinuousClock()
      let start = clock.now
      let workshop = try EnsembleWorkshop(study, assembly, threads: threads)
      try folder.write(try workshop.reference(digest: digest, threads: threads), to: referenceFile)
      report(.ended(stage: "reference", seconds: (clock.now - start).seconds, reused: false))
    }
    let current = FileManager.default.currentDirectoryPath
    try folder.write(
      PlanFile(
        studyFile: URL(filePath: study.path).standardizedFileURL.path, changes: changes,
        catalogs: catalog.folders.map { URL(filePath: $0).standardizedFileURL.path }, workingFolder: current,
        digest: digest, sets: EnsemblePlan(study).sets, study: study.effective, seeds: study.seeds), to: planFile)
  }

  /// The study of the plan, read again; refused when it is not what was planned.
  public func study(_ registry: Registry) throws -> StudyConfiguration {
    let study = try StudyConfiguration.load(
      plan.studyFile, overrides: plan.changes, registry: registry, catalog: Catalog(folders: plan.catalogs))
    guard study.ensembleDigest == plan.digest else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: plan.studyFile),
        found: "another study, other inputs or another build of nutune than \(path) was planned with",
        expected: "what was planned, or a new plan in a folder of its own")
    }
    return study
  }

  /// All members.
  public var tasks: [EnsembleTask] {
    plan.sets.flatMap { set in (1...set.members).map { EnsembleTask(set: set.name, member: $0) } }
  }

  /// The set of a task.
  func set(of task: EnsembleTask) throws -> EnsemblePlan.MemberSet {
    guard let set = plan.sets.first(where: { $0.name == task.set }) else {
      throw NuTuneError(.internalError, found: "no set “\(task.set)”", expected: "one of the plan")
    }
    return set
  }

  /// File of a member.
  static func file(of task: EnsembleTask) -> String { "members/\(task.name).json" }

  /// A finished member of this plan; nil when it is not there, or of another plan.
  func member(_ task: EnsembleTask) -> EnsembleMember? {
    guard let known = try? folder.read(EnsembleMember.self, from: Self.file(of: task)), known.digest == plan.digest
    else { return nil }
    return known
  }

  /// Whether a member is finished.
  func isFinished(_ task: EnsembleTask) -> Bool { member(task) != nil }

  /// Whether members were put together.
  var hasResults: Bool { FileManager.default.fileExists(atPath: folder.file(Self.resultsFile)) }
}

extension RunFolder {
  /// Removes temporary files of processes that were killed while they wrote a member; nobody else is at work.
  fileprivate func removeUnfinishedMembers() {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: file("members"))) ?? []
    AtomicFile.keepOnly(names.filter { $0.hasSuffix(".json") }, in: file("members"))
  }

  /// Whether no member of an ensemble is there.
  fileprivate var isWithoutMembers: Bool {
    ((try? FileManager.default.contentsOfDirectory(atPath: file("members"))) ?? []).isEmpty
  }
}

extension StudyConfiguration {
  /// Digest of everything the members of this study's ensembles depend on, the program among it.
  var ensembleDigest: String {
    Digest.sha256(([NuTuneVersion.build] + ensembleInputs).joined(separator: "\u{0}").utf8)
  }

  /// The plugins, with what an ensemble needs beside.
  func assembleForEnsemble(_ registry: Registry) throws -> StudyAssembly {
    guard farDetector != nil, oscillation.fit.count >= 2 else {
      throw NuTuneError(
        .badData, key: "oscillation.fit",
        found: farDetector == nil ? "no far detector" : "\(oscillation.fit.count) fitted parameters",
        expected: "a far detector and at least two parameters, whose regions are combined")
    }
    return try assemble(registry)
  }
}
