import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// The folder of an ensemble.
///
///     plan.json        list of members, and their study
///     reference.json   data of the study, fit with the true cross section, axes of the scans
///     members/         one file for each finished member
///     models/          the mean of the members as a trained model; members/ below it has theirs
///     claims/          locks of processes that compute a member
///     slurm/           job scripts, their output, and records of submitted jobs
///     ensemble.json    merged results; report.html, figures/
package struct EnsembleFolder: Sendable {
  static let planFile = "plan.json"
  static let referenceFile = "reference.json"
  static let resultsFile = "ensemble.json"
  static let folders = ["members", "claims", "models/\(TrainedModelFiles.members)"]

  /// The folder, shared with other processes that compute members.
  package let folder: RunFolder
  let plan: PlanFile

  /// Path of the folder.
  package var path: String { folder.path }

  /// The libraries of plugins with which the study was planned; a foreign folder may name any.
  package var plugins: [PluginLibrary] { plan.study.plugins ?? [] }

  /// Whether a folder holds a plan.
  package static func isPlanned(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: FilePath.join(path, planFile))
  }

  /// Opens a folder in which an ensemble was planned, waiting for a process that is planning there, and checks its
  /// plan.
  ///
  /// A folder without a plan is an exit-66 error, an invalid plan an exit-65 error.
  package init(path: String) throws {
    guard Self.isPlanned(path) else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: path), found: "no plan of an ensemble",
        expected: "a folder made by `nutune ensemble plan STUDY --out \(path)`")
    }
    folder = try RunFolder(path: path, folders: Self.folders, access: .shared)
    plan = try folder.readSealed(PlanFile.self, from: Self.planFile)
  }

  /// Returns the reference with which members are compared; only operations on members need it.
  func reference() throws -> EnsembleReference {
    let reference = try folder.readSealed(EnsembleReference.self, from: Self.referenceFile)
    guard reference.digest == plan.digest else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: folder.file(Self.referenceFile)), key: "digest",
        found: "the reference of another plan",
        expected: "that of plan.json; without the file `nutune ensemble plan` makes it")
    }
    return reference
  }

  /// Reads the study of the plan again; throws if it differs from the planned one.
  package func study(_ registry: Registry) throws -> StudyConfiguration {
    let study = try StudyConfiguration.load(
      plan.studyFile, overrides: plan.changes, registry: registry, catalog: Catalog(folders: plan.catalogs))
    guard study.ensembleDigest == plan.digest, EnsemblePlan(study).sets == plan.sets else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: plan.studyFile),
        found: "another study, other inputs or another build of nutune than \(path) was planned with",
        expected: "what was planned, or a new plan in a folder of its own")
    }
    return study
  }

  /// All members.
  package var tasks: [EnsembleTask] {
    plan.sets.flatMap { set in (1...set.members).map { EnsembleTask(set: set.name, member: $0) } }
  }

  /// Returns the set of a task.
  func set(of task: EnsembleTask) throws -> EnsemblePlan.MemberSet {
    guard let set = plan.sets.first(where: { $0.name == task.set }) else {
      throw NuTuneError(.internalError, found: "no set “\(task.set)”", expected: "one of the plan")
    }
    return set
  }

  /// Returns the file name of a member.
  static func file(of task: EnsembleTask) -> String { "members/\(task.name).json" }

  /// The content of the file of a member.
  enum MemberFile {
    /// No file, or one of another plan.
    case missing
    /// A finished member of this plan.
    case finished(EnsembleMember)
    /// Content that is not that member.
    case refused(NuTuneError)
  }

  /// Reads the file of a member, which must be of this set, number and plan, and unchanged.
  ///
  /// - Parameter reference: the reference of the plan; its own error makes every file unreadable.
  func memberFile(_ task: EnsembleTask, _ reference: Result<EnsembleReference, any Error>) -> MemberFile {
    let name = Self.file(of: task)
    guard FilePath.exists(folder.file(name)) else { return .missing }
    do {
      let member = try folder.readSealed(EnsembleMember.self, from: name)
      guard member.digest == plan.digest else { return .missing }
      let reference = try reference.get()
      do {
        try member.check(as: task, of: reference)
      } catch let error as NuTuneError {
        throw error.located(at: SourceLocation(file: folder.file(name)))
      }
      // Weights that are lost make a member again, and nothing else of it.
      let weights = folder.file(RunFolder.modelFiles(task.modelLabel).weights)
      if let digest = member.weightsDigest, Digest.sha256(ofFile: weights) != digest { return .missing }
      return .finished(member)
    } catch {
      var problems = NuTuneErrors()
      problems.add(error)
      return .refused(problems.errors[0])
    }
  }

  /// Whether a member is finished.
  func isFinished(_ task: EnsembleTask, _ reference: Result<EnsembleReference, any Error>) -> Bool {
    if case .finished = memberFile(task, reference) { true } else { false }
  }

  /// Whether merged results exist.
  var hasResults: Bool { FileManager.default.fileExists(atPath: folder.file(Self.resultsFile)) }
}

extension StudyConfiguration {
  /// Digest of everything that determines the members of this study's ensembles, including the program.
  var ensembleDigest: String {
    Digest.sha256(([NuTuneVersion.build, ensembleLabel] + inputs(.ensemble)).joined(separator: "\u{0}").utf8)
  }

  /// Makes the plugins, and the further parts that an ensemble needs.
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
