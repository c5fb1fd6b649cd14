import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneRuns
import Testing

@Suite("Job arrays of Slurm: script and submission")
struct SlurmJobArrayTests {
  private func array(_ change: (inout SlurmJobArray) -> Void = { _ in }) -> SlurmJobArray {
    var array = SlurmJobArray(
      name: "ensemble", indices: [0, 1, 2, 3, 7], command: ["/opt/nutune", "run", "--member", .index],
      workingFolder: "/home/me", runFolder: "/data/run", environment: [:])
    change(&array)
    return array
  }

  @Test("a script, word by word")
  func golden() throws {
    #expect(
      try array().script() == """
        #!/usr/bin/env bash
        #SBATCH --job-name=ensemble
        #SBATCH --array=0-3,7
        #SBATCH --output=/data/run/slurm/%A_%a.out
        #SBATCH --error=/data/run/slurm/%A_%a.err
        #SBATCH --open-mode=append
        #SBATCH --requeue
        #SBATCH --ntasks=1
        #SBATCH --cpus-per-task=1
        set -euo pipefail
        cd -- /home/me
        exec /opt/nutune run --member "$SLURM_ARRAY_TASK_ID"

        """)
  }

  @Test("a script with everything, and with paths that a shell would take apart")
  func goldenWithEverything() throws {
    let array = array {
      $0.limit = 2
      $0.runFolder = "/data/50% \"of\" my $HOME"
      $0.workingFolder = "/home/it's me"
      $0.environment = ["NUTUNE_DATA": "/d", "NUTUNE_CATALOGS": "a:/b c"]
      $0.settings = SlurmSettings(
        partition: "short,long", account: "nu", time: "1-12:30", memory: "2G",
        options: ["--exclusive", "--comment=a \"b\" \\ # $c", "--qos=low"])
    }
    #expect(
      try array.script() == #"""
        #!/usr/bin/env bash
        #SBATCH --job-name=ensemble
        #SBATCH --array=0-3,7%2
        #SBATCH --output="/data/50%% \"of\" my $HOME/slurm/%A_%a.out"
        #SBATCH --error="/data/50%% \"of\" my $HOME/slurm/%A_%a.err"
        #SBATCH --open-mode=append
        #SBATCH --requeue
        #SBATCH --ntasks=1
        #SBATCH --cpus-per-task=1
        #SBATCH --partition=short,long
        #SBATCH --account=nu
        #SBATCH --time=1-12:30
        #SBATCH --mem=2G
        #SBATCH --exclusive
        #SBATCH --comment="a \"b\" \\ # $c"
        #SBATCH --qos=low
        set -euo pipefail
        export NUTUNE_CATALOGS='a:/b c'
        export NUTUNE_DATA=/d
        cd -- '/home/it'\''s me'
        exec /opt/nutune run --member "$SLURM_ARRAY_TASK_ID"

        """#)
  }

  @Test("bash reads back every word, the folder and the variables")
  func quoting() throws {
    let slurm = try FakeSlurm()
    let awkward = "a b'c\"d$HOME `id` \\ * ~ ; & | (é) !x #y -z"
    let folder = "\(slurm.folder)/-\(awkward)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let words = [awkward, "", "$SLURM_ARRAY_TASK_ID", "two\nlines", "--set=x=[1,2]", "tab\there"]
    let array = SlurmJobArray(
      name: "x", indices: [7],
      command: ["/bin/bash", "-c", #"printf '%s\0' "$PWD" "$NUTUNE_DATA" "$@" > out"#, "name"]
        + words.map { .text($0) } + [.index], workingFolder: folder, runFolder: "/run",
      environment: ["NUTUNE_DATA": awkward])
    let script = "\(slurm.folder)/script"
    try array.script().write(toFile: script, atomically: false, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = [script]
    process.environment = ["SLURM_ARRAY_TASK_ID": "7", "PATH": "/usr/bin:/bin"]
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let out = try String(contentsOfFile: "\(folder)/out", encoding: .utf8)
    #expect(
      out.split(separator: "\0", omittingEmptySubsequences: false).map(String.init).dropLast() == [
        folder, awkward,
      ] + words + ["7"])
  }

  @Test("folders are made absolute; the variables of NuTune come along")
  func defaults() throws {
    let array = SlurmJobArray(name: "x", indices: [0], command: ["true"], runFolder: "runs/x")
    let here = FileManager.default.currentDirectoryPath
    #expect(array.folder == "\(here)/runs/x/slurm")
    #expect(array.workingFolder == here)
    #expect(Set(array.environment.keys).isSubset(of: SlurmJobArray.carriedVariables))
  }

  @Test("what cannot stand in a script is refused")
  func refused() throws {
    for (change, found) in [
      ({ $0.name = "a/b" }, "the name “a/b”"),
      ({ $0.runFolder = "/data/a\\b" }, "a backslash or a line break in the path"),
      ({ $0.runFolder = "/data/a\n#SBATCH --uid=0" }, "a backslash or a line break in the path"),
      ({ $0.settings.time = "1h" }, "“1h”"),
    ] as [((inout SlurmJobArray) -> Void, String)] {
      let error = try #require(throws: NuTuneError.self) { try array(change).script() }
      #expect(error.category == .badData)
      #expect(error.found == found)
    }
  }

  @Test("the script is given to sbatch and stays beside the messages; variables that would override it do not count")
  func submission() throws {
    let slurm = try FakeSlurm([
      "sbatch": "env=$(declare -px); echo \"$env\" > \"$0.env\"; echo 'lua: welcome' >&2; echo '4711;cluster'"
    ])
    let array = array {
      $0.runFolder = "\(slurm.folder)/my run"
      $0.settings.partition = "short"
    }
    let variables = [
      "SLURM_CONF": "/etc/x", "SBATCH_ARRAY_INX": "9", "SBATCH_WAIT": "1", "SBATCH_PARTITION": "long",
      "SBATCH_ACCOUNT": "mine",
    ]
    #expect(try array.submit(client: slurm.client(variables)) == [4711])
    let script = "\(slurm.folder)/my run/slurm/ensemble.sh"
    #expect(slurm.arguments(of: "sbatch") == ["--parsable", script])
    #expect(try String(contentsOfFile: script, encoding: .utf8) == array.script())
    let environment = try String(contentsOfFile: "\(slurm.folder)/bin/sbatch.env", encoding: .utf8)
    #expect(environment.contains("SLURM_CONF=\"/etc/x\""))
    #expect(environment.contains("SBATCH_ACCOUNT=\"mine\""))
    #expect(!environment.contains("SBATCH_ARRAY_INX"))
    #expect(!environment.contains("SBATCH_WAIT"))
    #expect(!environment.contains("SBATCH_PARTITION"))
  }

  @Test("long lists of tasks become several jobs; where one is refused, none stays; no tasks are no job")
  func severalJobs() throws {
    let slurm = try FakeSlurm(["sbatch": "read -r _ < <(echo); echo $((100 + ${#2}))", "scancel": ""])
    var array = array {
      $0.runFolder = slurm.folder
      $0.indices = Array(stride(from: 1, through: 3001, by: 2))
    }
    let jobs = try array.submit(client: slurm.client())
    #expect(jobs.count == 2)
    #expect(slurm.arguments(of: "sbatch").filter { $0.hasSuffix("ensemble-2.sh") }.count == 1)
    let refusing = try FakeSlurm(["sbatch": "[[ $2 != *-2.sh ]] || exit 3; echo 12", "scancel": ""])
    let error = try #require(throws: NuTuneError.self) { try array.submit(client: refusing.client()) }
    #expect(error.found == "a failure of sbatch: exit code 3 without a word")
    #expect(refusing.arguments(of: "scancel") == ["12"])
    array.indices = []
    #expect(try array.submit(client: slurm.client()) == [])
  }

  @Test(
    "failures are told in Slurm's words",
    arguments: [
      (
        "echo 'sbatch: error: invalid partition specified: nope' >&2; "
          + "echo 'sbatch: error: Batch job submission failed: Invalid partition name specified' >&2; exit 1",
        "slurm: found a failure of sbatch: invalid partition specified: nope; Batch job submission failed: Invalid "
          + "partition name specified; expected a job array that this cluster takes"
      ),
      (
        "echo \"sbatch: unrecognized option '--foo'\" >&2; echo 'Try \"sbatch --help\" for more information' >&2; exit 1",
        "slurm: found a failure of sbatch: unrecognized option '--foo'; expected a job array that this cluster takes"
      ),
      (
        "echo 'sbatch: error: Batch job submission failed: Invalid job array specification' >&2; exit 1",
        "slurm: found a failure of sbatch: Batch job submission failed: Invalid job array specification; expected numbers "
          + "of tasks below the cluster's MaxArraySize (scontrol show config)"
      ),
      ("echo hello", "slurm: found the answer “hello\\n” from sbatch; expected the number of a job"),
      (
        "kill -9 $$",
        "slurm: found a failure of sbatch: exit code 137 without a word; expected a job array that this cluster takes"
      ),
    ])
  func failures(_ sbatch: String, _ sentence: String) throws {
    let slurm = try FakeSlurm(["sbatch": sbatch])
    let error = try #require(throws: NuTuneError.self) {
      try array { $0.runFolder = slurm.folder }.submit(client: slurm.client())
    }
    #expect(error.category == .runtime)
    #expect(error.description == sentence)
  }

  @Test("without Slurm it is a missing input; without a writable folder a result that cannot be written")
  func absent() throws {
    let slurm = try FakeSlurm()
    let error = try #require(throws: NuTuneError.self) {
      try array { $0.runFolder = slurm.folder }.submit(client: slurm.client())
    }
    #expect(error.category == .missingInput)
    #expect(
      error.description
        == "slurm: found no sbatch on the PATH; expected Slurm's client commands, which a cluster's login node has "
        + "(Debian: slurm-client)")
    let folder = try #require(throws: NuTuneError.self) {
      try array { $0.runFolder = "/dev/null/x" }.submit(client: slurm.client())
    }
    #expect(folder.category == .cannotWrite)
  }

  @Test("a command that does not answer is given up; one that says very much is heard to its end")
  func patience() throws {
    let silent = try FakeSlurm(["sbatch": "exec /bin/sleep 60"])
    let error = try #require(throws: NuTuneError.self) {
      try array { $0.runFolder = silent.folder }.submit(client: silent.client(patience: .milliseconds(300)))
    }
    #expect(error.category == .runtime)
    #expect(error.found == "no answer within 1 s")
    let talkative = try FakeSlurm([
      "sbatch": "for i in {1..3000}; do echo \"a line on standard error, number $i\" >&2; done; echo 5"
    ])
    #expect(try array { $0.runFolder = talkative.folder }.submit(client: talkative.client()) == [5])
  }
}
