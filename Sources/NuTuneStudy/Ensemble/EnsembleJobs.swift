import Foundation
import NuTuneCore

/// The members of an ensemble as tasks of Slurm job arrays: each task is a block of consecutive members, so that it pays
/// to fold the study for it.
public struct EnsembleJobs: Sendable {
  /// What was submitted, in `slurm/jobs.json`.
  struct Submission: Codable {
    var job: Int
    var blocks: [Int]
    var membersPerTask: Int

    enum CodingKeys: String, CodingKey {
      case job
      case blocks
      case membersPerTask = "members_per_task"
    }
  }

  private static let file = "slurm/jobs.json"

  let ensemble: EnsembleFolder

  /// The jobs of a planned folder.
  public init(_ ensemble: EnsembleFolder) {
    self.ensemble = ensemble
  }

  /// The members of a block.
  public static func members(_ block: Int, of size: Int, _ tasks: [EnsembleTask]) -> [EnsembleTask] {
    let first = min(block * size, tasks.count)
    return Array(tasks[first..<min(first + size, tasks.count)])
  }

  /// Submits every block with members that are neither finished nor in the queue already.
  ///
  /// - Returns: the numbers of the jobs, and how many blocks and members they have; no job when there is nothing to do.
  public func submit(executable: String, _ study: StudyConfiguration, client: SlurmClient = SlurmClient()) throws -> (
    jobs: [Int], blocks: Int, members: Int
  ) {
    let settings = study.systematics
    let size = settings.integer("slurm.members_per_task")
    let tasks = ensemble.tasks
    let queued = try queued(client: client)
    let wanted = (0..<(tasks.count + size - 1) / size).map { block in
      (block: block, members: Self.members(block, of: size, tasks).filter { !ensemble.isFinished($0) })
    }.filter { wanted in !wanted.members.isEmpty && !wanted.members.contains { queued.contains($0) } }
    guard !wanted.isEmpty else { return ([], 0, 0) }
    let array = SlurmJobArray(
      name: "nutune-ensemble", indices: wanted.map(\.block), limit: settings.optionalInteger("slurm.most_at_a_time"),
      command: [
        .text(executable), "ensemble", "run", .text(URL(filePath: ensemble.path).standardizedFileURL.path), "--block",
        .index, "--block-size", .text("\(size)"), "--jobs", "1",
      ], workingFolder: ensemble.plan.workingFolder, runFolder: ensemble.path,
      settings: study.slurm)
    let jobs = try array.submit(client: client)
    let known = submissions + jobs.map { Submission(job: $0, blocks: wanted.map(\.block), membersPerTask: size) }
    try ensemble.folder.write(known, to: Self.file)
    return (jobs, wanted.count, wanted.reduce(0) { $0 + $1.members.count })
  }

  private var submissions: [Submission] {
    (try? ensemble.folder.read([Submission].self, from: Self.file)) ?? []
  }

  /// Members that wait in the queue or run from there.
  func queued(client: SlurmClient) throws -> Set<EnsembleTask> {
    let submissions = submissions
    guard !submissions.isEmpty else { return [] }
    let sizes = Dictionary(submissions.map { ($0.job, $0.membersPerTask) }) { $1 }
    let active = try SlurmQueue.states(jobs: submissions.map(\.job), client: client).filter { !$0.isFinished }
    let tasks = ensemble.tasks
    return Set(active.flatMap { Self.members($0.index, of: sizes[$0.job] ?? 1, tasks) })
  }
}
