import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneRuns
import Testing

/// Job arrays on a Slurm that runs: that of `SLURM_CONF`, as `Tests/Slurm/start.sh` starts one.
@Suite(
  .serialized, .enabled(if: RealSlurm.answers, "SLURM_CONF names no Slurm that runs; make slurm-test starts one"))
struct RealSlurmTests {
  /// A run folder whose path has what a shell and Slurm could misread.
  private let folder: String

  init() throws {
    folder = NSTemporaryDirectory() + "nutune-real \"50%\" of it's $HOME #-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func array(_ script: String, _ indices: [Int]) -> SlurmJobArray {
    SlurmJobArray(
      name: "real", indices: indices, command: ["/bin/bash", "-c", .text(script), "task", .index],
      workingFolder: folder,
      runFolder: folder, environment: ["NUTUNE_DATA": "a 'b' $c"])
  }

  /// Asks until something is true, for a minute.
  private func wait(_ what: Comment, until isTrue: () throws -> Bool) throws {
    let end = ContinuousClock.now + .seconds(60)
    while try !isTrue() {
      try #require(ContinuousClock.now < end, what)
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: "\(folder)/\(name)") }

  @Test("tasks run, some are cancelled, and those whose results are missing are submitted again")
  func story() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Tasks from 3 on wait for a word; each leaves a file, says its number and shows what it was given.
    let script = """
      while [ "$1" -ge 3 ] && [ ! -e go ]; do sleep 0.1; done
      echo "task $1 has $NUTUNE_DATA"; echo "in $PWD" >&2; touch "result-$1"
      """
    let array = array(script, Array(0..<6))
    let jobs = try array.submit()
    let job = try #require(jobs.first)
    #expect(jobs.count == 1)
    func states() throws -> [Int: SlurmTask] {
      Dictionary(uniqueKeysWithValues: try SlurmQueue.states(jobs: jobs).map { ($0.index, $0) })
    }
    #expect(Set(try states().keys) == Set(0..<6))
    try wait("the first half to be finished and the next task to run") {
      let now = try states()
      return (0..<3).allSatisfy { now[$0]?.isFinished ?? true } && now[3]?.state == "RUNNING"
    }
    #expect((0..<6).map { exists("result-\($0)") } == [true, true, true, false, false, false])
    try SlurmQueue.cancel(job: job, indices: [4, 5])
    try wait("the cancelled tasks to be gone") {
      let now = try states()
      return [4, 5].allSatisfy { now[$0]?.isFinished ?? true }
    }
    #expect(try states()[3]?.isFinished == false)
    try Data().write(to: URL(filePath: "\(folder)/go"))
    try wait("all tasks to be finished") { try states().values.allSatisfy(\.isFinished) }
    #expect(try states()[3]?.state ?? "COMPLETED" == "COMPLETED")

    var again = array
    again.indices = (0..<6).filter { !exists("result-\($0)") }
    #expect(again.indices == [4, 5])
    let second = try again.submit()
    #expect(second != jobs)
    try wait("the missing tasks to be finished") {
      try SlurmQueue.states(jobs: jobs + second).allSatisfy(\.isFinished)
    }
    #expect((0..<6).allSatisfy { exists("result-\($0)") })
    let said = try String(contentsOfFile: "\(folder)/slurm/\(second[0])_5.out", encoding: .utf8)
    #expect(said == "task 5 has a 'b' $c\n")
    #expect(try String(contentsOfFile: "\(folder)/slurm/\(second[0])_5.err", encoding: .utf8) == "in \(folder)\n")
  }

  @Test("no more tasks than the limit run at a time; a task that fails says so")
  func limitAndFailure() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var array = array("mkdir busy; sleep 0.3; rmdir busy; exit $1", [0, 1, 2])
    array.limit = 1
    let jobs = try array.submit()
    var last: [Int: String] = [:]
    try wait("all tasks to be finished") {
      let tasks = try SlurmQueue.states(jobs: jobs)
      for task in tasks { last[task.index] = task.state }
      return tasks.allSatisfy(\.isFinished)
    }
    #expect(last == [0: "COMPLETED", 1: "FAILED", 2: "FAILED"])
    for index in 0..<3 {
      #expect(try String(contentsOfFile: "\(folder)/slurm/\(jobs[0])_\(index).err", encoding: .utf8) == "")
    }
  }

  @Test("settings reach Slurm, and what it refuses is told in its words")
  func settings() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var array = array("true", [0])
    array.settings = SlurmSettings(
      partition: "test", time: "0-0:05:00", memory: "20M", options: ["--comment=a \"b\" \\ # $c", "--nice=1"])
    let jobs = try array.submit()
    let text = try shell("scontrol show job \(jobs[0])")
    for part in [
      "Partition=test", "TimeLimit=00:05:00", "MinMemoryNode=20M", "Comment=a \"b\" \\ # $c", "Nice=1", "Requeue=1",
      "NumCPUs=1",
    ] {
      #expect(text.contains(part), "\(text)")
    }
    array.settings = SlurmSettings(partition: "nowhere")
    let error = try #require(throws: NuTuneError.self) { try array.submit() }
    #expect(error.category == .runtime)
    #expect(error.found.contains("nvalid partition"), "\(error)")
    array.settings = SlurmSettings()
    array.indices = [99_999_999]
    let outside = try #require(throws: NuTuneError.self) { try array.submit() }
    #expect(outside.expected.contains("MaxArraySize"), "\(outside)")
    #expect(try SlurmQueue.states(jobs: [999_999]) == [])
    try SlurmQueue.cancel(job: 999_999)
  }

  @Test("a long list of scattered tasks is taken")
  func scattered() throws {
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var array = array("true", Array(stride(from: 1, through: 3001, by: 2)))
    array.settings.options = ["--hold"]
    let jobs = try array.submit()
    defer { for job in jobs { try? SlurmQueue.cancel(job: job) } }
    #expect(jobs.count == 2)
    #expect(try SlurmQueue.states(jobs: jobs).map(\.index) == array.indices)
  }

  private func shell(_ line: String) throws -> String {
    let process = Process()
    let output = "\(folder)/shell-output"
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "\(line) > \"$0\"", output]
    try process.run()
    process.waitUntilExit()
    return try String(contentsOfFile: output, encoding: .utf8)
  }
}
