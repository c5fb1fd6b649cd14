import Foundation
import NuTuneCore
import NuTuneFiles

/// A Python that can read ROOT files.
///
/// `NUTUNE_PYTHON` names an interpreter with uproot and numpy. Without it, a virtual environment is prepared once in
/// `${XDG_CACHE_HOME:-~/.cache}/nutune/uproot`.
package struct PythonWithUproot: Sendable {
  /// Path of the interpreter.
  package let executable: String
  private let environment: [String: String]

  /// Excludes the current folder, PYTHONPATH and packages of the user, so that no foreign numpy.py is run.
  private static let isolated = ["-I"]
  /// One thread: numpy's own threads would reserve memory for every core, of which the reading script has little.
  private static let settings = ["OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"]

  private static let advice =
    "python3 with venv and a network to install uproot once, or NUTUNE_PYTHON set to a Python that has uproot and numpy"

  /// Finds an interpreter, or prepares one and says so; without any, throws an exit-66 error.
  /// - Parameter say: is called with a sentence before anything is installed.
  package static func find(
    environment: [String: String] = ProcessInfo.processInfo.environment, say: (String) -> Void
  ) throws -> PythonWithUproot {
    if let named = environment["NUTUNE_PYTHON"], !named.isEmpty {
      let path = named.contains("/") ? named : Subprocess.find(named, in: environment) ?? named
      let python = PythonWithUproot(executable: path, environment: environment)
      guard python.isComplete else {
        throw NuTuneError(
          .missingInput, key: "NUTUNE_PYTHON", found: "“\(named)”, which cannot import uproot and numpy",
          expected: "a Python that can, without PYTHONPATH and packages of the user (python -I)")
      }
      return python
    }
    let home = environment["HOME"] ?? NSHomeDirectory()
    let cache = environment["XDG_CACHE_HOME"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(home)/.cache"
    let folder = "\(cache)/nutune/uproot"
    let python = PythonWithUproot(executable: "\(folder)/bin/python", environment: environment)
    if python.isComplete { return python }
    guard let interpreter = Subprocess.find("python3", in: environment) else {
      throw NuTuneError(.missingInput, found: "no python3 on the PATH", expected: advice)
    }
    say("preparing a Python environment with uproot in \(folder)")
    try prepare(folder, with: interpreter, environment: environment)
    guard python.isComplete else {
      throw NuTuneError(
        .missingInput, at: SourceLocation(file: folder), found: "an environment without uproot", expected: advice)
    }
    return python
  }

  /// Runs the script that reads objects; returns its answer as JSON.
  func readRoot(_ arguments: [String]) throws -> Data {
    try run(script: String(decoding: PackageResources.read_root_py, as: UTF8.self), arguments)
  }

  /// Runs the script that reads trees of events; returns its answer as JSON.
  func readEvents(_ path: String, format: String) throws -> Data {
    try run(script: String(decoding: PackageResources.read_events_py, as: UTF8.self), [path, format])
  }

  /// Runs a script with uproot, isolated from the current folder and from packages of the user; returns what it prints.
  /// A script that fails is an exit-1 error with its last line.
  package func run(script: String, _ arguments: [String]) throws -> Data {
    let run = try Subprocess(
      executable, Self.isolated + ["-c", script] + arguments,
      environment: environment.merging(Self.settings) { $1 }, patience: .seconds(300))
    guard run.exitCode == 0 else {
      throw NuTuneError(
        .runtime, at: SourceLocation(file: executable), found: Self.lastLine(of: run),
        expected: "a Python that can run uproot")
    }
    return Data(run.output.utf8)
  }

  private var isComplete: Bool {
    guard FileManager.default.isExecutableFile(atPath: executable) else { return false }
    let run = try? Subprocess(
      executable, Self.isolated + ["-c", "import numpy, uproot"],
      environment: environment.merging(Self.settings) { $1 },
      patience: .seconds(120))
    return run?.exitCode == 0
  }

  /// Makes the environment under another name first, so that a half-made one never counts as complete.
  private static func prepare(_ folder: String, with python: String, environment: [String: String]) throws {
    let temporary = "\(folder).tmp-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: temporary) }
    try AtomicFile.makeFolder(FilePath.folder(of: folder))
    let steps = [
      (python, isolated + ["-m", "venv", temporary]),
      (
        "\(temporary)/bin/python",
        isolated + ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uproot", "numpy"]
      ),
    ]
    for (executable, arguments) in steps {
      let run = try Subprocess(executable, arguments, environment: environment, patience: .seconds(570))
      guard run.exitCode == 0 else {
        throw NuTuneError(
          .missingInput, found: "no uproot: \(arguments[2]) failed (\(lastLine(of: run)))", expected: advice)
      }
    }
    try? FileManager.default.removeItem(atPath: folder)
    guard rename(temporary, folder) == 0 else {
      throw NuTuneError(
        .cannotWrite, at: SourceLocation(file: folder), found: "rename failed (\(String(cString: strerror(errno))))",
        expected: "a writable folder; XDG_CACHE_HOME names another")
    }
  }

  private static func lastLine(of run: Subprocess) -> String {
    let lines = (run.errors + "\n" + run.output).split(separator: "\n").filter { !$0.allSatisfy(\.isWhitespace) }
    return lines.last.map { String($0.prefix(200)) } ?? "exit code \(run.exitCode)"
  }
}
