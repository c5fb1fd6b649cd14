import Foundation

/// The Slurm that `SLURM_CONF` names, if any.
enum RealSlurm {
  /// Whether `sinfo` answers for the cluster that `SLURM_CONF` names.
  static let answers: Bool = {
    guard ProcessInfo.processInfo.environment["SLURM_CONF"] != nil else { return false }
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["timeout", "10", "sinfo", "--noheader"]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }()
}
