import Foundation
import NuTuneCore

/// gnuplot as a subprocess: scripts in, PDF and SVG bytes out.
struct Gnuplot: Sendable {
  /// A figure in both formats.
  struct Rendering: Sendable {
    /// PDF.
    var pdf: [UInt8]
    /// SVG.
    var svg: [UInt8]
  }

  private let executable: String
  private let environment: [String: String]

  /// Finds the gnuplot on the `PATH` of an environment.
  init(environment: [String: String]) throws {
    let folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init)
    let candidates = folders.map { FilePath.join($0, "gnuplot") }
    guard let found = candidates.first(where: { FileManager.default.isExecutableFile(atPath: $0) }) else {
      throw NuTuneError(
        .missingInput, key: "figures", found: "no gnuplot on the PATH",
        expected: "gnuplot, which draws the figures; “make deps” installs it (Debian: gnuplot-nox)")
    }
    executable = found
    // The date in a PDF is written in local time, and a user's own settings must not change a figure.
    self.environment = environment.merging(["TZ": "UTC", "LC_ALL": "C.UTF-8"]) { $1 }
  }

  private struct Running {
    var process: Process
    var name: String
    var messages: String
  }

  /// Runs every script once per format, at most `jobs` at a time.
  func render(
    _ scripts: [(name: String, text: String)], jobs: Int, progress: ((String) -> Void)?
  ) throws -> [Rendering] {
    let folder = FilePath.join(FileManager.default.temporaryDirectory.path, "nutune-\(UUID().uuidString)")
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder), found: "a folder that cannot be made",
        expected: "room for temporary files; TMPDIR names the place")
    }
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var running: [Running] = []
    defer { for left in running where left.process.isRunning { left.process.terminate() } }
    for (index, script) in scripts.enumerated() {
      progress?("figure \(script.name) (\(index + 1) of \(scripts.count))")
      for format in ["pdf", "svg"] {
        while running.count >= max(jobs, 1) { try finish(running.removeFirst()) }
        running.append(try start(script, format: format, in: folder))
      }
    }
    while !running.isEmpty { try finish(running.removeFirst()) }
    return try scripts.map {
      Rendering(
        pdf: try output("\($0.name).pdf", in: folder, of: $0.name),
        svg: try output("\($0.name).svg", in: folder, of: $0.name))
    }
  }

  private func start(
    _ script: (name: String, text: String), format: String, in folder: String
  ) throws -> Running {
    let path = "\(folder)/\(script.name).\(format).gnuplot"
    let messages = "\(folder)/\(script.name).\(format).messages"
    guard FileManager.default.createFile(atPath: path, contents: Data(script.text.utf8)),
      FileManager.default.createFile(atPath: messages, contents: nil),
      let messageFile = FileHandle(forWritingAtPath: messages)
    else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: path), found: "a file that cannot be written",
        expected: "room for temporary files; TMPDIR names the place")
    }
    let process = Process()
    process.executableURL = FilePath.url(of: executable)
    process.arguments = ["-d", "-e", "format='\(format)'", path]
    process.currentDirectoryURL = FilePath.url(of: folder)
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = messageFile
    do {
      try process.run()
    } catch {
      throw NuTuneError(
        .runtime, at: SourceLocation(file: executable), key: "figures",
        found: "a gnuplot that does not start (\(NuTuneError.reason(of: error)))", expected: "a working gnuplot")
    }
    return Running(process: process, name: script.name, messages: messages)
  }

  private func finish(_ running: Running) throws {
    running.process.waitUntilExit()
    guard running.process.terminationReason == .exit, running.process.terminationStatus == 0 else {
      throw failure(of: running.name, messages: running.messages)
    }
  }

  private func output(_ file: String, in folder: String, of name: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)"), !data.isEmpty else {
      throw failure(of: name, messages: "\(folder)/\(file).messages")
    }
    return Array(data)
  }

  /// Creates the error from gnuplot's messages: gnuplot first echoes the line with the error and marks the place; the
  /// message comes after.
  private func failure(of name: String, messages: String) -> NuTuneError {
    let text = FileManager.default.contents(atPath: messages).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    let line = lines.first { $0.contains("line ") && $0.contains(": ") } ?? lines.first ?? "no message"
    return NuTuneError(
      .runtime, key: "figures/\(name)", found: "a gnuplot failure: \(line)",
      expected: "gnuplot 5.2 or later with the pdfcairo and svg terminals")
  }
}
