import Foundation
import Testing

/// A Slurm that the environment names.
private enum Cluster {
  static let answers =
    ProcessInfo.processInfo.environment["SLURM_CONF"] != nil
    && ((try? CommandLineRun(shell: "sinfo --noheader"))?.exitCode ?? 1) == 0
}

/// Ensembles on a real Slurm, where one answers.
@Suite(.serialized, .enabled(if: Cluster.answers, "no Slurm answers; `make slurm-test` starts one"))
struct SlurmEnsembleTests {
  /// Waits until no task of the user is in the queue.
  private func waitForQueue() throws {
    _ = try CommandLineRun(shell: "for i in $(seq 600); do [ -z \"$(squeue --noheader)\" ] && break; sleep 0.2; done")
  }

  @Test func jobArraysGiveTheSameBytesAndGoOnAfterScancel() throws {
    let fixture = try EnsembleFixture()
    defer { fixture.remove() }
    _ = try fixture.ensemble("run $study --out $out", out: "local")
    let members = try fixture.members("local")

    #expect(try fixture.ensemble("plan $study --out $out").exitCode == 0)
    let submitted = try fixture.ensemble("run $out --slurm")
    #expect(submitted.exitCode == 0 && submitted.output.contains("5 tasks, 10 members"), "\(submitted.errors)")
    let job = try #require(submitted.output.firstMatch(of: /job (\d+)/)?.output.1)
    // While they are in the queue nothing is submitted again.
    #expect(try fixture.ensemble("run $out --slurm").output.contains("nothing to submit"))
    _ = try CommandLineRun(shell: "scancel \(job)_[2-4]")
    try waitForQueue()
    let status = try fixture.ensemble("status $out")
    #expect(status.exitCode == 1, "\(status.output)")
    let before = try fixture.members("a")
    #expect(before.count < members.count && before.allSatisfy { members[$0.key] == $0.value })

    // The same command computes what is missing, once.
    let again = try fixture.ensemble("run $out --slurm")
    #expect(again.exitCode == 0 && again.output.contains("job"), "\(again.errors)")
    try waitForQueue()
    #expect(try fixture.ensemble("status $out").exitCode == 0)
    #expect(try fixture.members("a") == members)
    #expect(try fixture.computed("a") == members.count)
    let merged = try fixture.ensemble("merge $out")
    #expect(merged.exitCode == 0 || merged.exitCode == 2, "\(merged.errors)")
  }
}
