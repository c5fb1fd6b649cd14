import Foundation
import NuTuneFiles
import NuTuneImport
import Testing

/// A Python that is there already: nothing is installed by a test.
enum Python {
  private static let environment = ProcessInfo.processInfo.environment

  private static var candidates: [String] {
    let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
    return [
      environment["NUTUNE_PYTHON"], "\(cache)/nutune/uproot/bin/python", Subprocess.find("python3", in: environment),
    ]
    .compactMap { $0 }
  }

  /// The first interpreter that can import a module; nil without one.
  private static func interpreter(with module: String) -> String? {
    candidates.first { path in
      let run = try? Subprocess(
        path, ["-I", "-c", "import \(module)"], environment: environment, patience: .seconds(60))
      return run?.exitCode == 0
    }
  }

  /// Whether an interpreter can import a module.
  static func has(_ module: String) -> Bool { interpreter(with: module) != nil }

  /// Runs a program and gives what it prints.
  static func run(_ program: String, _ arguments: String...) throws -> String {
    let path = try #require(interpreter(with: "hepdata_validator"))
    let run = try Subprocess(
      path, ["-c", program] + arguments, environment: environment, patience: .seconds(120))
    try #require(run.exitCode == 0, "\(run.errors)")
    return run.output
  }

  /// The Python as the command would use it.
  static func withUproot() throws -> PythonWithUproot {
    let path = try #require(interpreter(with: "uproot"))
    return try PythonWithUproot.find(
      environment: environment.merging(["NUTUNE_PYTHON": path]) { $1 }, say: { Issue.record("\($0)") })
  }
}
