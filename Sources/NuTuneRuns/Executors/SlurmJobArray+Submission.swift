import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension SlurmJobArray {
  /// Writes the job script and submits it to Slurm; returns the number of the job. Returns several when the list of
  /// tasks is too long for one job (each with the limit of its own), none when there are no tasks.
  ///
  /// Missing Slurm commands are an exit-66 error; a rejection by Slurm is an error with its own words, and no part of
  /// the job stays in the queue.
  package func submit(client: SlurmClient = SlurmClient()) throws -> [Int] {
    var jobs: [Int] = []
    do {
      for (part, indices) in SlurmIndexList.pieces(of: indices).enumerated() {
        var array = self
        array.indices = indices
        jobs.append(try array.submit(script: part == 0 ? "\(name).sh" : "\(name)-\(part + 1).sh", client: client))
      }
    } catch {
      for job in jobs { try? SlurmQueue.cancel(job: job, client: client) }
      throw error
    }
    return jobs
  }

  private func submit(script file: String, client: SlurmClient) throws -> Int {
    let path = "\(folder)/\(file)"
    let script = try script()
    try AtomicFile.makeFolder(folder)
    try AtomicFile.write(script, to: path)
    let result = try client.run("sbatch", ["--parsable", path], ignoring: Self.overridingVariables(settings))
    guard result.exitCode == 0 else {
      throw client.failure(of: "sbatch", result, expected: expectation(result.errors))
    }
    // The output is JOB, or JOB;CLUSTER if there are several clusters.
    guard let word = result.output.split(whereSeparator: { $0 == ";" || $0.isNewline }).first, let job = Int(word)
    else {
      throw NuTuneError(
        .runtime, key: "slurm", found: "the answer “\(result.output.prefix(80))” from sbatch",
        expected: "the number of a job")
    }
    return job
  }

  private func expectation(_ message: String) -> String {
    guard message.contains("Invalid job array specification") else { return "a job array that this cluster takes" }
    return "numbers of tasks below the cluster's MaxArraySize (scontrol show config)"
  }

  /// Returns environment variables that override lines of the script.
  private static func overridingVariables(_ settings: SlurmSettings) -> [String] {
    var names = ["ARRAY_INX", "JOB_NAME", "OUTPUT", "ERROR", "INPUT", "OPEN_MODE", "REQUEUE", "NO_REQUEUE", "WAIT"]
    if settings.partition != nil { names.append("PARTITION") }
    if settings.account != nil { names.append("ACCOUNT") }
    if settings.time != nil { names.append("TIMELIMIT") }
    if settings.memory != nil { names.append("MEM_PER_") }
    return names.map { "SBATCH_\($0)" }
  }
}
