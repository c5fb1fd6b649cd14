import Foundation
import Testing

/// `nutune plugin` and `--plugin` as far as no library has to be built.
@Suite struct PluginCommandTests {
  private func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "nutune-plugin-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    return folder
  }

  @Test("what is no library is refused")
  func noLibrary() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try "not a library".write(toFile: "\(folder)/libText.so", atomically: true, encoding: .utf8)
    try Data().write(to: URL(filePath: "\(folder)/libEmpty.so"))
    for name in ["libText.so", "libEmpty.so"] {
      let run = try CommandLineRun("list", "--plugin", "\(folder)/\(name)")
      #expect(run.exitCode == 65 && run.output.isEmpty)
      #expect(run.errors.contains("\(name): found a file that cannot be loaded"), "\(run.errors)")
      #expect(run.errors.split(separator: "\n").count == 1)
    }
    let check = try CommandLineRun("plugin", "check", "\(folder)/libText.so")
    #expect(check.exitCode == 65 && check.errors.contains("found a file that cannot be loaded"))
    let missing = try CommandLineRun("list", "--plugin", "\(folder)/libTxt.so")
    #expect(missing.exitCode == 66 && missing.errors.contains("did you mean “libText.so”?"), "\(missing.errors)")
    let package = try CommandLineRun("plugin", "check", folder)
    #expect(package.exitCode == 66 && package.errors.contains("found a folder without a built library"))
    let name = try CommandLineRun("list", "--plugin", "Nobody")
    #expect(name.exitCode == 66 && name.errors.contains("found no libNobody.so in the search path"), "\(name.errors)")
  }

  @Test("a study's libraries are reported at their place")
  func study() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let study = try String(
      contentsOfFile: "\(CommandLineRun.root)/catalogs/studies/dune-closure.yaml", encoding: .utf8)
    try (study + "\nplugins: [lib/libNone.so]\n").write(
      toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let line = study.split(separator: "\n", omittingEmptySubsequences: false).count + 1
    let run = try CommandLineRun("check", "study.yaml", in: folder)
    #expect(run.exitCode == 66)
    #expect(
      run.errors.hasPrefix(
        "nutune: error: study.yaml:\(line):11: plugins: found no such file (\(folder)/lib/libNone.so)"),
      "\(run.errors)")
    let wrong = try CommandLineRun("check", "study.yaml", "--set", "plugins=libNone.so", in: folder)
    #expect(wrong.exitCode == 65 && wrong.errors.contains("plugins: found “libNone.so”; expected a list of libraries"))
  }

  @Test("a new package is written whole or not at all")
  func new() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let root = CommandLineRun.root
    for kind in ["cross-section", "flux", "detector", "oscillation"] {
      let run = try CommandLineRun("plugin", "new", kind, "MyOwn", "--out", kind, "--nutune", root, in: folder)
      #expect(run.exitCode == 0 && run.output.hasPrefix("\(kind): the \(kind) plugin my-own\n"), "\(run.errors)")
      let manifest = try String(contentsOfFile: "\(folder)/\(kind)/Package.swift", encoding: .utf8)
      #expect(manifest.contains("path: \"\(root)\"") && manifest.contains("type: .dynamic"))
      #expect(FileManager.default.fileExists(atPath: "\(folder)/\(kind)/Tests/MyOwnTests/MyOwnTests.swift"))
    }
    let again = try CommandLineRun("plugin", "new", "flux", "MyOwn", "--out", "flux", "--nutune", root, in: folder)
    #expect(again.exitCode == 73 && again.errors.contains("flux: found something that is there already"))
    let unwritable = try CommandLineRun("plugin", "new", "flux", "MyOwn", "--out", "/proc/no/MyOwn", "--nutune", root)
    #expect(unwritable.exitCode == 73)
    let address = try CommandLineRun(
      "plugin", "new", "flux", "Remote", "--nutune", "https://example.org/physics/nutune.git", in: folder)
    #expect(address.exitCode == 0)
    let manifest = try String(contentsOfFile: "\(folder)/Remote/Package.swift", encoding: .utf8)
    #expect(manifest.contains(".package(url: \"https://example.org/physics/nutune.git\", branch: \"main\")"))
    #expect(manifest.contains("package: \"nutune\""))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == ["Remote", "cross-section", "detector", "flux", "oscillation"])
  }

  @Test("bad names and kinds are mistakes of usage")
  func names() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func errors(_ kind: String, _ name: String) throws -> String {
      let run = try CommandLineRun("plugin", "new", kind, name, "--nutune", CommandLineRun.root, in: folder)
      #expect(run.exitCode == 64)
      return run.errors
    }
    #expect(try errors("flux", "my-flux").contains("did you mean “MyFlux”?"))
    #expect(try errors("flux", "../Evil").contains("expected the name of a Swift module"))
    #expect(try errors("flux", "NuTuneFlux").contains("found “NuTuneFlux”, which Swift or NuTune has"))
    #expect(try errors("detector", "Ideal").contains("called ideal like a built-in one"))
    #expect(try errors("fluxx", "Mine").contains("did you mean “flux”?"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    let missing = try CommandLineRun("plugin", "new", "flux", "Mine", "--nutune", folder, in: folder)
    #expect(missing.exitCode == 66 && missing.errors.contains("found no Package.swift of NuTune"))
  }

  @Test("help shows the visible verbs only")
  func help() throws {
    let run = try CommandLineRun("plugin", "--help")
    #expect(run.exitCode == 0 && run.output.contains("Example:\n  nutune plugin new"))
    #expect(run.output.contains("  check") && !run.output.contains("  probe") && !run.output.contains("  examine"))
  }
}
