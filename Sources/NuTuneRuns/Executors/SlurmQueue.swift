import NuTuneCore

/// Slurm's queue: the states of submitted tasks.
package enum SlurmQueue {
  /// Returns the tasks of some job arrays, by job and number.
  ///
  /// Slurm forgets finished tasks after a while, and cancelled ones that never ran at once: a task missing in the
  /// answer is finished, well or badly.
  package static func states(jobs: [Int], client: SlurmClient = SlurmClient()) throws -> [SlurmTask] {
    guard !jobs.isEmpty else { return [] }
    let list = jobs.map(String.init).joined(separator: ",")
    // Waiting tasks come as one list, of any length with this variable; --array would expand it, but squeue 22.05 then
    // loses the last task of a list with steps.
    var client = client
    client.environment["SLURM_BITSTR_LEN"] = "0"
    let result = try client.run(
      "squeue", ["--noheader", "--states=all", "--format=%F %K %T", "--jobs=\(list)"], ignoring: ["SQUEUE_"])
    guard result.exitCode == 0 else {
      guard result.errors.contains("Invalid job id") else {
        throw client.failure(of: "squeue", result, expected: "a controller of Slurm that answers")
      }
      // Slurm knows none of them; or its error concerns one of several, and the jobs are asked for one by one.
      return jobs.count == 1 ? [] : try jobs.flatMap { try states(jobs: [$0], client: client) }
    }
    return try tasks(result.output.split(whereSeparator: \.isNewline))
  }

  /// Parses the tasks in squeue's lines: a job, one number or a list of them, the state.
  private static func tasks(_ lines: [Substring]) throws -> [SlurmTask] {
    var states: [[Int]: String] = [:]
    for line in lines {
      let words = line.split(separator: " ")
      guard words.count == 3, let job = Int(words[0]), let indices = indices(words[1]) else {
        throw NuTuneError(
          .runtime, key: "slurm", found: "the line “\(line)” from squeue",
          expected: "job, numbers of tasks and state of a job array")
      }
      // A line about one task overrides a line about many.
      for index in indices where indices.count == 1 || states[[job, index]] == nil {
        states[[job, index]] = String(words[2])
      }
    }
    return states.map { SlurmTask(job: $0.key[0], index: $0.key[1], state: $0.value) }.sorted {
      ($0.job, $0.index) < ($1.job, $1.index)
    }
  }

  /// Parses the numbers of `0-3,7,20-30:2%4`, nil when it is not such a list. An array all of whose tasks are rows of
  /// their own has a row of its own without numbers, `N/A`.
  private static func indices(_ list: Substring) -> [Int]? {
    if list == "N/A" { return [] }
    var indices: [Int] = []
    for piece in list.split(separator: "%")[0].split(separator: ",", omittingEmptySubsequences: false) {
      let parts = piece.split(separator: ":", omittingEmptySubsequences: false)
      let ends = parts[0].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
      guard let step = parts.count == 2 ? Int(parts[1]) : 1, step > 0, parts.count <= 2, (1...2).contains(ends.count),
        let first = ends[0], let last = ends[ends.count - 1], 0 <= first, first <= last, last <= 100_000_000
      else { return nil }
      indices += stride(from: first, through: last, by: step)
    }
    return indices
  }

  /// Removes tasks of a job array from the queue, and ends running ones; all tasks when none are named. Finished and
  /// unknown tasks are left unchanged.
  package static func cancel(job: Int, indices: [Int]? = nil, client: SlurmClient = SlurmClient()) throws {
    let names = indices.map { SlurmIndexList.pieces(of: $0).map { "\(job)_[\(SlurmIndexList.text(of: $0))]" } }
    guard names != [] else { return }
    let result = try client.run("scancel", names ?? ["\(job)"], ignoring: ["SCANCEL_"])
    guard result.exitCode == 0 || result.errors.contains("Invalid job id") else {
      throw client.failure(of: "scancel", result, expected: "jobs of this user, and a controller of Slurm that answers")
    }
  }
}
