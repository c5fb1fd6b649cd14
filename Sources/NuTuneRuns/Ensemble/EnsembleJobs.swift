import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneResults

/// The members of an ensemble as tasks of Slurm job arrays: each task is a block of consecutive members, so that
/// folding the study once serves all of them.
package struct EnsembleJobs: Sendable {
  /// A record of submitted jobs, in `slurm/jobs.json`.
  struct Submission: Codable, ReadBack {
    var job: Int
    var blocks: [Int]
    var membersPerTask: Int

    enum CodingKeys: String, CodingKey {
      case job
      case blocks
      case membersPerTask = "members_per_task"
    }

    package func check() throws {
      try ReadBackCheck.require(job > 0, "job", "\(job)", "the number of a job")
      try ReadBackCheck.require(
        (1...100_000).contains(membersPerTask), "members_per_task", "\(membersPerTask)", "a number from 1 to 100000")
    }
  }

  private static let file = "slurm/jobs.json"

  let ensemble: EnsembleFolder

  /// Creates the jobs of a planned folder.
  package init(_ ensemble: EnsembleFolder) {
    self.ensemble = ensemble
  }

  /// Returns the members of a block.
  package static func members(_ block: Int, of size: Int, _ tasks: [EnsembleTask]) -> [EnsembleTask] {
    let (start, isTooLarge) = block.multipliedReportingOverflow(by: size)
    let first = isTooLarge ? tasks.count : min(max(start, 0), tasks.count)
    return Array(tasks[first...].prefix(max(size, 0)))
  }

  /// Submits every block with members that are neither finished nor in the queue already.
  ///
  /// - Returns: the numbers of the jobs, and how many blocks and members they have; no job when nothing is left to
  ///   submit.
  package func submit(executable: String, _ study: StudyConfiguration, client: SlurmClient = SlurmClient()) throws -> (
    jobs: [Int], blocks: Int, members: Int
  ) {
    let settings = study.systematics
    let size = settings.integer("slurm.members_per_task")
    let tasks = ensemble.tasks
    let queued = try queued(client: client)
    let reference = Result<EnsembleReference, any Error>.success(try ensemble.reference())
    let wanted = (0..<(tasks.count + size - 1) / size).map { block in
      (block: block, members: Self.members(block, of: size, tasks).filter { !ensemble.isFinished($0, reference) })
    }.filter { wanted in !wanted.members.isEmpty && !wanted.members.contains { queued.contains($0) } }
    guard !wanted.isEmpty else { return ([], 0, 0) }
    let array = SlurmJobArray(
      name: "nutune-ensemble", indices: wanted.map(\.block), limit: settings.optionalInteger("slurm.most_at_a_time"),
      command: [
        .text(executable), "ensemble", "run", .text(FilePath.absolute(ensemble.path)), "--block",
        .index, "--block-size", .text("\(size)"), "--jobs", "1",
      ] + ensemble.plugins.flatMap { ["--plugin", .text($0.path)] }, workingFolder: ensemble.plan.workingFolder,
      runFolder: ensemble.path,
      settings: study.slurm)
    let jobs = try array.submit(client: client)
    let known = try submissions() + jobs.map { Submission(job: $0, blocks: wanted.map(\.block), membersPerTask: size) }
    try ensemble.folder.write(known, to: Self.file)
    return (jobs, wanted.count, wanted.reduce(0) { $0 + $1.members.count })
  }

  /// Reads the records of submitted jobs; throws for an invalid file.
  private func submissions() throws -> [Submission] {
    guard FileManager.default.fileExists(atPath: ensemble.folder.file(Self.file)) else { return [] }
    let list = try ensemble.folder.read([Submission].self, from: Self.file)
    for submission in list {
      do {
        try submission.check()
      } catch let error as NuTuneError {
        throw error.located(at: SourceLocation(file: ensemble.folder.file(Self.file)))
      }
    }
    return list
  }

  /// Returns the members that wait in the queue or run from there.
  func queued(client: SlurmClient) throws -> Set<EnsembleTask> {
    let submissions = try submissions()
    guard !submissions.isEmpty else { return [] }
    let sizes = Dictionary(submissions.map { ($0.job, $0.membersPerTask) }) { $1 }
    let active = try SlurmQueue.states(jobs: submissions.map(\.job), client: client).filter { !$0.isFinished }
    let tasks = ensemble.tasks
    return Set(active.flatMap { Self.members($0.index, of: sizes[$0.job] ?? 1, tasks) })
  }
}
