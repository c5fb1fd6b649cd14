import NuTuneCatalog
import NuTuneCore
import NuTuneFiles

extension SlurmJobArray {
  /// Writes the job script and gives it to Slurm; the job's number. Several where the list of tasks is too long for one
  /// job (each with the limit of its own), none when there are no tasks.
  ///
  /// Without Slurm's commands it is an exit-66 error; what Slurm refuses is one with its own words, and nothing of it
  /// stays in the queue.
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
    // JOB, or JOB;CLUSTER where there are several.
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

  /// Environment variables that have more weight than a line of the script.
  private static func overridingVariables(_ settings: SlurmSettings) -> [String] {
    var names = ["ARRAY_INX", "JOB_NAME", "OUTPUT", "ERROR", "INPUT", "OPEN_MODE", "REQUEUE", "NO_REQUEUE", "WAIT"]
    if settings.partition != nil { names.append("PARTITION") }
    if settings.account != nil { names.append("ACCOUNT") }
    if settings.time != nil { names.append("TIMELIMIT") }
    if settings.memory != nil { names.append("MEM_PER_") }
    return names.map { "SBATCH_\($0)" }
  }
}
