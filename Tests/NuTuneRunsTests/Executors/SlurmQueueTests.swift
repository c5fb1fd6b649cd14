import NuTuneCore
import NuTuneRuns
import Testing

@Suite("Slurm's queue is read, and what it no longer knows is finished")
struct SlurmQueueTests {
  @Test("tasks by job and number, with Slurm's words for their states")
  func states() throws {
    let slurm = try FakeSlurm([
      "squeue": "[ -z \"${SQUEUE_PARTITION:-}\" ] && printf '12 3 PENDING\\n4 10 RUNNING\\n4 9 COMPLETED\\n'"
    ])
    let tasks = try SlurmQueue.states(jobs: [12, 4], client: slurm.client(["SQUEUE_PARTITION": "long"]))
    #expect(
      tasks == [
        SlurmTask(job: 4, index: 9, state: "COMPLETED"), SlurmTask(job: 4, index: 10, state: "RUNNING"),
        SlurmTask(job: 12, index: 3, state: "PENDING"),
      ])
    #expect(tasks.map(\.isFinished) == [true, false, false])
    #expect(
      slurm.arguments(of: "squeue") == [
        "--noheader", "--states=all", "--format=%F %K %T", "--jobs=12,4",
      ])
    #expect(try SlurmQueue.states(jobs: [], client: slurm.client()) == [])
  }

  @Test("waiting tasks come as one list, with steps and a limit; a row without numbers is the array's own")
  func lists() throws {
    let slurm = try FakeSlurm([
      "squeue": "[ $SLURM_BITSTR_LEN = 0 ] && printf '5 0-2,4,20-26:2%%3 PENDING\\n5 4 RUNNING\\n6 N/A CANCELLED\\n'"
    ])
    let tasks = try SlurmQueue.states(jobs: [5, 6], client: slurm.client())
    #expect(tasks.map(\.job) == [Int](repeating: 5, count: 8))
    #expect(tasks.map(\.index) == [0, 1, 2, 4, 20, 22, 24, 26])
    #expect(tasks.filter { $0.state == "RUNNING" }.map(\.index) == [4])
  }

  @Test("jobs that are not known any more have no tasks, and hide no others")
  func unknown() throws {
    let slurm = try FakeSlurm([
      "squeue": """
      case "$4" in
      --jobs=7) echo '7 0 RUNNING' ;;
      *) echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1 ;;
      esac
      """
    ])
    #expect(try SlurmQueue.states(jobs: [5], client: slurm.client()) == [])
    #expect(
      try SlurmQueue.states(jobs: [5, 7], client: slurm.client()) == [SlurmTask(job: 7, index: 0, state: "RUNNING")])
  }

  @Test(arguments: [
    (
      "echo 'slurm_load_jobs error: Unable to contact slurm controller (connect failure)' >&2; exit 1",
      "slurm: found a failure of squeue: Unable to contact slurm controller (connect failure); "
        + "expected a controller of Slurm that answers"
    ),
    (
      "echo '5 1-3,... RUNNING'",
      "slurm: found the line “5 1-3,... RUNNING” from squeue; expected job, numbers of tasks and state of a job array"
    ),
  ])
  func failures(_ squeue: String, _ sentence: String) throws {
    let slurm = try FakeSlurm(["squeue": squeue])
    let error = try #require(throws: NuTuneError.self) { try SlurmQueue.states(jobs: [5], client: slurm.client()) }
    #expect(error.category == .runtime)
    #expect(error.description == sentence)
  }

  @Test("tasks are cancelled by their numbers, or all")
  func cancel() throws {
    let slurm = try FakeSlurm(["scancel": ""])
    try SlurmQueue.cancel(job: 5, indices: [3, 4, 5, 9], client: slurm.client())
    try SlurmQueue.cancel(job: 6, indices: [], client: slurm.client())
    try SlurmQueue.cancel(job: 7, client: slurm.client())
    #expect(slurm.arguments(of: "scancel") == ["5_[3-5,9]", "7"])
    let gone = try FakeSlurm([
      "scancel": "echo 'scancel: error: Kill job error on job id 5: Invalid job id specified' >&2; exit 1"
    ])
    try SlurmQueue.cancel(job: 5, client: gone.client())
    let denied = try FakeSlurm([
      "scancel": "echo 'scancel: error: Kill job error on job id 5: Access/permission denied' >&2; exit 1"
    ])
    let error = try #require(throws: NuTuneError.self) { try SlurmQueue.cancel(job: 5, client: denied.client()) }
    #expect(error.found == "a failure of scancel: Kill job error on job id 5: Access/permission denied")
  }
}
