import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneImport
import Testing

/// A Python with uproot, if there is one, to write ROOT files with; otherwise what the reading script would print.
enum RootPython {
  static let reason =
    "no Python with uproot; set NUTUNE_PYTHON, or let nutune import root prepare one in ~/.cache/nutune/uproot"

  /// Path of an interpreter that is there already: nothing is installed by a test.
  static let python: String? = {
    let environment = ProcessInfo.processInfo.environment
    let cache = environment["XDG_CACHE_HOME"] ?? "\(environment["HOME"] ?? "")/.cache"
    return [environment["NUTUNE_PYTHON"], "\(cache)/nutune/uproot/bin/python", "python3"].compactMap { $0 }
      .first { path in
        let found = path.contains("/") ? path : Subprocess.find(path, in: environment) ?? path
        let run = try? Subprocess(
          found, ["-I", "-c", "import numpy, uproot"], environment: environment, patience: .seconds(60))
        return run?.exitCode == 0
      }
  }()

  /// Runs a Python program and gives what it prints.
  static func run(_ program: String, _ arguments: String...) throws {
    let environment = ProcessInfo.processInfo.environment
    let path = try #require(python)
    let run = try Subprocess(
      path.contains("/") ? path : try #require(Subprocess.find(path, in: environment)),
      ["-c", program] + arguments, environment: environment, patience: .seconds(120))
    try #require(run.exitCode == 0, "\(run.errors)")
  }

  /// The Python as the command would use it.
  static func found() throws -> PythonWithUproot {
    try PythonWithUproot.find(
      environment: ProcessInfo.processInfo.environment.merging(["NUTUNE_PYTHON": try #require(python)]) { $1 },
      say: { Issue.record("\($0)") })
  }

  /// Histograms of one binning, read from a ROOT file that is written for it, or from the script's answer.
  static func file(
    histograms: [String: [Double]], edges: [Double], in folder: TemporaryFolder, real: Bool
  ) throws -> RootFile {
    guard real else {
      let objects = histograms.mapValues { contents in
        JSONValue.object([
          "kind": "histogram", "titles": ["a title"], "edges": .list(edges.map { .number($0) }),
          "contents": .list(contents.map { .number($0) }),
        ])
      }
      let answer = try JSONValue.object(["objects": .object(objects)]).rendered()
      return try RootFile(answer: Data(answer.utf8), file: "flux.root")
    }
    let data = JSONValue.object([
      "edges": .list(edges.map { .number($0) }),
      "histograms": .object(histograms.mapValues { .list($0.map { .number($0) }) }),
    ])
    let input = try folder.file("histograms.json", try data.rendered())
    try run(
      """
      import json, sys, numpy, uproot
      data = json.load(open(sys.argv[1]))
      with uproot.recreate(sys.argv[2]) as file:
        for name, contents in data["histograms"].items():
          file[name] = (numpy.array(contents), numpy.array(data["edges"]))
      """, input, "\(folder.path)/flux.root")
    return try RootFile("\(folder.path)/flux.root", names: histograms.keys.sorted(), python: try found())
  }
}
