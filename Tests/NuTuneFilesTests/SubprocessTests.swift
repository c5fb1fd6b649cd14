import Foundation
import NuTuneFiles
import Testing

/// Commands that run out of time take everything with them that they started.
@Suite struct SubprocessTests {
  private func isRunning(_ file: String) throws -> Bool {
    let process = try #require(Int32(try String(contentsOfFile: file, encoding: .utf8).filter(\.isNumber)))
    let state = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    return !state.isEmpty && !state.contains(") Z ")
  }

  @Test(arguments: [(true, false, false), (false, true, false), (false, false, true)])
  func whatItForkedEndsToo(_ runsOutOfTime: Bool, _ endsDescendants: Bool, _ survives: Bool) throws {
    let file = NSTemporaryDirectory() + "nutune-subprocess-\(UUID().uuidString)"
    defer { unlink(file) }
    // A process of its own session, as a daemon has.
    let script =
      "setsid sh -c 'echo $$ > \(file).new; mv \(file).new \(file); exec sleep 600' & "
      + "while [ ! -f \(file) ]; do sleep 0.01; done; \(runsOutOfTime ? "exec sleep 600" : "exit 3")"
    let run = try Subprocess.run(
      "/bin/sh", ["-c", script], environment: ["PATH": "/usr/bin:/bin"], patience: .seconds(runsOutOfTime ? 3 : 60),
      endsDescendants: endsDescendants)
    #expect(run.ranOutOfTime == runsOutOfTime && (runsOutOfTime || run.exitCode == 3))
    #expect(try isRunning(file) == survives)
    if let process = Int32(try String(contentsOfFile: file, encoding: .utf8).filter(\.isNumber)) {
      kill(process, SIGKILL)
    }
  }
}
