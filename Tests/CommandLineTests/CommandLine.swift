import Foundation
import Testing

/// The built executable, run as a user runs it.
struct CommandLineRun {
  let exitCode: Int32
  let output: String
  let errors: String

  /// Root of the package.
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().path

  /// The executable beside the test bundle.
  static let executable: String = {
    let test = URL(filePath: CommandLine.arguments[0]).standardizedFileURL.deletingLastPathComponent()
    let places = [test] + [Bundle.main.bundleURL, Bundle.main.executableURL?.deletingLastPathComponent() ?? test]
    let candidates = places.map { $0.appending(path: "nutune").path }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "\(root)/.build/release/nutune"
  }()

  /// Runs `nutune` with arguments.
  init(
    _ arguments: String..., in folder: String = CommandLineRun.root, catalogs: String? = nil,
    outputTo file: String? = nil
  ) throws {
    let process = Process()
    process.executableURL = URL(filePath: Self.executable)
    process.arguments = arguments
    process.currentDirectoryURL = URL(filePath: folder)
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["NUTUNE_CATALOGS": catalogs ?? "\(Self.root)/catalogs"]
    ) { $1 }
    // Files, not pipes: nothing has to be drained while the process runs.
    let temporary = NSTemporaryDirectory() + "nutune-output-\(UUID().uuidString)"
    let paths = [file ?? "\(temporary).out", "\(temporary).err"]
    for path in paths where path.hasPrefix(temporary) { try Data().write(to: URL(filePath: path)) }
    let handles = try paths.map { try FileHandle(forWritingTo: URL(filePath: $0)) }
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    try process.run()
    process.waitUntilExit()
    for handle in handles { try handle.close() }
    exitCode = process.terminationStatus
    output = file == nil ? try String(contentsOfFile: paths[0], encoding: .utf8) : ""
    errors = try String(contentsOfFile: paths[1], encoding: .utf8)
    for path in paths where path.hasPrefix(temporary) { try FileManager.default.removeItem(atPath: path) }
  }

  /// Runs a line of bash in which `$nutune` is the executable; standard error is that of the line, redirections and all.
  init(shell line: String, in folder: String = CommandLineRun.root) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", "set -o pipefail; nutune=\"$0\"; \(line)", Self.executable]
    process.currentDirectoryURL = URL(filePath: folder)
    let temporary = NSTemporaryDirectory() + "nutune-shell-\(UUID().uuidString)"
    let paths = ["\(temporary).out", "\(temporary).err"]
    defer { for path in paths { try? FileManager.default.removeItem(atPath: path) } }
    for path in paths { try Data().write(to: URL(filePath: path)) }
    let handles = try paths.map { try FileHandle(forWritingTo: URL(filePath: $0)) }
    process.standardOutput = handles[0]
    process.standardError = handles[1]
    try process.run()
    process.waitUntilExit()
    for handle in handles { try handle.close() }
    exitCode = process.terminationStatus
    output = try String(contentsOfFile: paths[0], encoding: .utf8)
    errors = try String(contentsOfFile: paths[1], encoding: .utf8)
  }

  /// Rows of CSV output, header first.
  var rows: [[String]] {
    output.split(separator: "\n").map { $0.split(separator: ",").map(String.init) }
  }

  /// A number of the CSV output; row 0 is the header.
  func number(_ row: Int, _ column: Int) throws -> Double {
    try #require(rows.count > row && rows[row].count > column, "\(errors)")
    return try #require(Double(rows[row][column]))
  }
}
