import Foundation
import NuTuneRuns

/// A folder with shell scripts that pretend to be Slurm's commands.
final class FakeSlurm: Sendable {
  let folder: String

  /// Each command by its lines of shell; what it is called with is kept line by line in a file of its name.
  init(_ commands: [String: String] = [:]) throws {
    folder = NSTemporaryDirectory() + "nutune-slurm-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: "\(folder)/bin", withIntermediateDirectories: true)
    for (name, lines) in commands {
      let path = "\(folder)/bin/\(name)"
      let script = "#!/bin/bash\nprintf '%s\\n' \"$@\" >> '\(folder)/\(name)'\n\(lines)\n"
      try script.write(toFile: path, atomically: false, encoding: .utf8)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Finds the commands of this folder and no others.
  func client(_ variables: [String: String] = [:], patience: Duration = .seconds(60)) -> SlurmClient {
    SlurmClient(environment: variables.merging(["PATH": "\(folder)/bin"]) { $1 }, patience: patience)
  }

  /// What a command was called with, over all calls.
  func arguments(of command: String) -> [String] {
    let text = FileManager.default.contents(atPath: "\(folder)/\(command)").map { String(decoding: $0, as: UTF8.self) }
    return (text ?? "").split(separator: "\n").map(String.init)
  }
}
